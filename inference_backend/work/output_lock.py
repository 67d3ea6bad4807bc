# SPDX-License-Identifier: GPL-2.0-or-later
"""One process at a time works on an output; the system drops the lock of a process that dies."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference_backend.work.errors import OutputInUseError

_ATTEMPTS = 20


@contextmanager
def output_lock(path: Path, output: Path) -> Iterator[None]:
    """Hold the lock file `path`, in a folder that exists, which the holder may remove with the lock.

    Raises:
        OutputInUseError: another process holds it.
        OSError: it cannot be made.
    """
    file = _locked(path, output)
    try:
        os.truncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(file)


def remove_lock_folder(folder: Path, lock: str) -> None:
    """Remove a folder that holds nothing but the lock: by its holder, so that nobody else takes it meanwhile.

    Where an open file cannot be removed (Windows), a second call after the lock was given back does it.
    """
    with contextlib.suppress(OSError):
        if {path.name for path in folder.iterdir()} <= {lock}:
            (folder / lock).unlink(missing_ok=True)
            folder.rmdir()


def _locked(path: Path, output: Path) -> int:
    for _ in range(_ATTEMPTS):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:
            continue  # the holder has just removed the folder
        try:
            is_ours = _try_lock(file)
        except OSError:  # a network drive that knows no locks
            os.close(file)
            raise
        if not is_ours:
            holder = _holder(path)
            os.close(file)
            raise OutputInUseError(path=output, pid=holder)
        with contextlib.suppress(OSError):
            # Whoever held it may have removed the file between our opening and our locking.
            if os.path.samestat(os.fstat(file), path.stat()):
                return file
        os.close(file)
    raise OutputInUseError(path=output, pid="?")


def _try_lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, 1024, os.SEEK_SET)  # beyond the text, which others then can read
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip() or "?"
    except OSError:
        return "?"
