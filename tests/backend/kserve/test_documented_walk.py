# SPDX-License-Identifier: GPL-2.0-or-later
"""The walk with curl in docs/kserve.md, as printed."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]


def walk() -> str:
    text = (ROOT / "docs" / "kserve.md").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```bash\n(.*?)```", text, re.DOTALL))


@pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl", "openssl", "od"))), reason="a walk for a shell"
)
def test_the_walk_with_curl_works_as_printed(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "OCSGE_DATA_DIR": str(tmp_path / "jobs"),
        "OCSGE_LANG": "en",
    }
    # Job control, which `kill %1` needs, is what a terminal has. Another port: tests run side by side.
    script = "set -m\n" + walk().replace("8321", port)
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert '"extensions":["binary_tensor_data"]' in done.stdout
    assert '"name":"ocsge-baseline"' in done.stdout
    binary = (tmp_path / "answer.bin").read_bytes()[-4 * 512 * 512 :]
    (planes,) = json.loads((tmp_path / "answer.json").read_text())["outputs"]
    assert planes["shape"] == [1, 4, 512, 512]
    np.testing.assert_array_equal(np.frombuffer(binary, np.uint8), planes["data"])
    counted = re.findall(r"^ +(\d+) +(\d+)$", done.stdout, re.MULTILINE)
    assert sum(int(count) for count, _ in counted) == 512 * 512, done.stdout[-2000:]
