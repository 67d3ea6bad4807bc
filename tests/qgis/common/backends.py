# SPDX-License-Identifier: GPL-2.0-or-later
"""Real services of the backend, on this computer or as if they were elsewhere."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import QgsApplication

from ocsge_common.backend.client import BackendClient
from ocsge_common.backend.token_store import save_token
from ocsge_common.settings import BackendSettings, backend_settings

COMMAND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"
TOKEN = secrets.token_hex(20)


@contextmanager
def serving(folder: Path, host: str, *options: str) -> Iterator[str]:
    """A real service; its address."""
    environment = {**os.environ, "OCSGE_TOKEN": TOKEN, "OCSGE_DATA_DIR": str(folder)}
    process = subprocess.Popen(
        [str(COMMAND), "serve", "--host", host, "--port", "0", "--stop-with-stdin", *options],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(folder / "log.txt").open("w"),
    )
    try:
        yield f"http://{host}:{json.loads(process.stdout.readline())['port']}"
    finally:
        process.stdin.close()
        process.wait(20)


def use(address: str) -> BackendClient:
    """Make a service that of the settings, its token in QGIS's authentication database."""
    assert QgsApplication.authManager().setMasterPassword("master password", True)
    authcfg = save_token(address, TOKEN)
    backend_settings().save(BackendSettings(url=address, authcfg=authcfg))
    return BackendClient(address, authcfg=authcfg)
