# SPDX-License-Identifier: GPL-2.0-or-later
"""One worker a job, ever: a second one waits until the first is gone, and ends it where it does not go.

A worker ends by itself when its server dies. The next server may start the job again within that second; two
workers on one output would then write over each other.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from inference_backend.service.jobs.server_lock import try_lock

PATIENCE_S = 3.0
"""How long a worker of a dead server may take to end by itself, s."""
LONGEST_WAIT_S = 20.0
POLL_S = 0.05
_PID_AT = 16
"""The process id stands behind the locked byte: Windows refuses to read that one."""


def hold(path: Path) -> int:
    """Take the lock of a job for the life of this process; returns the file, which the caller keeps open.

    Raises:
        TimeoutError: another worker of the same job would not end.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    started = time.monotonic()
    while not try_lock(file):
        waited = time.monotonic() - started
        if waited > LONGEST_WAIT_S:
            os.close(file)
            raise TimeoutError("another worker of this job does not end")
        if waited > PATIENCE_S:
            _end_holder(file)
        time.sleep(POLL_S)
    os.lseek(file, _PID_AT, os.SEEK_SET)
    os.write(file, f"{os.getpid():<12}".encode())
    return file


def _end_holder(file: int) -> None:
    os.lseek(file, _PID_AT, os.SEEK_SET)
    text = os.read(file, 12).strip()
    # The lock is held, so that its process lives and the number is its own.
    if text.isdigit() and int(text) != os.getpid() and sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(int(text), signal.SIGKILL)
