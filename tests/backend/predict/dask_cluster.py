# SPDX-License-Identifier: GPL-2.0-or-later
"""A real Dask cluster of processes on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

START_TIMEOUT_S = 120


class DaskCluster:
    """A scheduler and workers of one thread, each a process that a test may kill."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder, self._log = folder, (folder / "log.txt").open("ab")
        file = folder / "scheduler.json"
        command = ["dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
        self.scheduler = self._start([*command, "--scheduler-file", str(file)])
        self.address = str(_read_when_there(file)["address"])
        self.workers = [self.add_worker() for _ in range(workers)]

    def add_worker(self) -> subprocess.Popen[bytes]:
        command = ["dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        return self._start([*command, "--local-directory", str(self._folder)])

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self._log.close()

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        module = f"distributed.cli.{command[0]}"
        whole = [sys.executable, "-m", module, *command[1:]]
        return subprocess.Popen(whole, stdout=self._log, stderr=self._log)


def _read_when_there(file: Path) -> dict[str, str]:
    end = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end:
        if file.exists() and file.stat().st_size:
            return dict(json.loads(file.read_text()))
        time.sleep(0.05)
    raise TimeoutError(f"{file} does not appear")
