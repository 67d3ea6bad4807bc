# SPDX-License-Identifier: GPL-2.0-or-later
"""The walk with curl in docs/service.md, run as it is printed."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backend.quality.layers import board, write_ocsge

PAGE = Path(__file__).resolve().parents[3] / "docs" / "service.md"
PRINTED_PORT = "4711"


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="needs curl and openssl")
def test_the_walk_with_curl_works_as_printed(tmp_path):
    walk = next(
        code for code in re.findall(r"```bash\n(.*?)```", PAGE.read_text(), re.DOTALL) if "SERVICE" in code
    )
    for step in ("/processes/check/execution", "/results", "DELETE", "$JOB"):
        assert step in walk
    write_ocsge(tmp_path / "lot.gpkg", board())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = str(probe.getsockname()[1])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", walk.replace(PRINTED_PORT, free)],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "OCSGE_DATA_DIR": str(tmp_path / "data"),
        },
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((tmp_path / "service.json").read_text())["port"] == int(free)
    assert json.loads((tmp_path / "status.json").read_text())["status"] == "successful"
    assert '"polygons":9' in done.stdout.replace(" ", "")
    assert done.stdout.rstrip().endswith("}"), "the last answer is that of DELETE"
