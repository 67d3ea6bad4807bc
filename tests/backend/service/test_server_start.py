# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from inference_backend.service.jobs.job_store import JobStore


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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows protects the user's folder by inheritance")
def test_other_accounts_cannot_read_the_jobs(tmp_path):
    JobStore(tmp_path / "service" / "jobs.sqlite").close()
    assert (tmp_path / "service").stat().st_mode & 0o077 == 0
