# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest


def serve(tmp_path, *options, **environment):
    base = {name: value for name, value in os.environ.items() if not name.startswith("OCSGE")}
    return subprocess.run(
        [sys.executable, "-m", "inference_backend", "serve", "--data", str(tmp_path), *options],
        env={**base, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("token", [None, "", "short"])
@pytest.mark.parametrize(("language", "expected"), [("en", "missing or shorter"), ("fr", "manque ou compte")])
def test_no_server_without_a_token_of_some_length(tmp_path, token, language, expected):
    environment = {"OCSGE_LANG": language} | ({} if token is None else {"OCSGE_TOKEN": token})
    ended = serve(tmp_path, **environment)
    assert ended.returncode == 2
    assert expected in ended.stderr
    assert ended.stdout == ""


def test_a_port_in_use_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = serve(tmp_path, "--port", port, OCSGE_TOKEN="0123456789abcdef")
    assert ended.returncode == 2
    assert port in ended.stderr
    assert "--port 0" in ended.stderr
