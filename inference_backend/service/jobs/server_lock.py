# SPDX-License-Identifier: GPL-2.0-or-later
"""Tells a living server from a dead one: each holds a lock that the system drops when it dies."""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path


class ServerLock:
    """Lock of this server; `server_id` goes into its jobs.

    Args:
        folder: where the locks of all servers of one user are.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.server_id = uuid.uuid4().hex
        self._path = folder / f"{self.server_id}.lock"
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try_lock(self._file)

    def release(self) -> None:
        """Give the lock back at the end of the server."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)


def is_alive(folder: Path, server_id: str) -> bool:
    """Whether the server of that id still runs."""
    path = folder / f"{server_id}.lock"
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        alive = not try_lock(file)
    finally:
        os.close(file)
    if not alive:
        path.unlink(missing_ok=True)
    return alive


def try_lock(file: int) -> bool:
    """Lock an open file for this process; False where another process holds it."""
    os.lseek(file, 0, os.SEEK_SET)  # Windows locks from the position on: everybody the same byte
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
