# SPDX-License-Identifier: GPL-2.0-or-later
"""A real server as its own process, as a plugin starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from inference_backend.service.client import Client

TOKEN = "a-token-for-tests-only-0123456789"


class ServerProcess:
    """`ocsge serve` on a free port; `stderr` is kept in a file."""

    def __init__(self, folder: Path, *options: str, token: str = TOKEN) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "server.log"
        environment = {**os.environ, "OCSGE_TOKEN": token, "OCSGE_LANG": "en"}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "inference_backend", "serve", "--data", str(folder), *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
            )
        self.handshake = json.loads(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.handshake['port']}"

    def client(self, language: str = "en", token: str = TOKEN) -> Client:
        return Client(self.url, token, language)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
        self.process.stdin.close()
        self.process.stdout.close()


def children(pid: int) -> list[int]:
    """Process ids of the children of `pid`, zombies left out."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        state, parent = rest.split()[:2]
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def exists(pid: int) -> bool:
    """Whether a process lives (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, timeout_s: float = 60.0) -> None:
    limit = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.02)
