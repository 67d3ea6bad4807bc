# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the backend's command is, and the per-user home of the environments that the set-up button makes.

The backend never shares QGIS's Python: its numpy and GDAL are its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from qgis.PyQt.QtCore import QLockFile

from inference_backend.contracts.backend_home import (
    backend_home,
    environment_command,
    environments,
    read_current,
)

from ..errors import BackendNotFoundError
from ..settings import BackendSettings

COMMAND_ENVIRONMENT = "OCSGE_BACKEND"
"""Path of an `ocsge` executable, for developers and administrators."""
USE_PATTERN = "in-use-*.lock"


def current_command(home: Path) -> Path | None:
    """The command of the environment that counts; None where no set-up was finished."""
    installed = read_current(home)
    return environment_command(home / installed.folder) if installed is not None else None


def find_command(settings: BackendSettings) -> Path:
    """The command to start: from the settings, else `OCSGE_BACKEND`, else the per-user environment.

    Raises:
        BackendNotFoundError: there is no such file; a wrong explicit choice is not replaced by another.
    """
    explicit = settings.command or os.environ.get(COMMAND_ENVIRONMENT, "")
    command = Path(explicit) if explicit else current_command(backend_home())
    if command is None or not command.is_file():
        raise BackendNotFoundError(tried=command or backend_home())
    return command


def claim_use(command: Path) -> QLockFile | None:
    """Tell other windows of QGIS that an environment of ours runs; None for a command from elsewhere.

    The claim ends with `unlock`, or with this process.
    """
    folder = command.parent.parent
    if folder.parent != backend_home():
        return None
    lock = _lock(folder / f"in-use-{os.getpid()}-{os.urandom(3).hex()}.lock")
    return lock if lock.tryLock(0) else None


def is_in_use(folder: Path) -> bool:
    """Whether a window of QGIS, this one included, runs the backend of an environment."""
    for path in folder.glob(USE_PATTERN):
        lock = _lock(path)
        if not lock.tryLock(0):
            return True
        lock.unlock()
    return False


def _lock(path: Path) -> QLockFile:
    lock = QLockFile(str(path))
    lock.setStaleLockTime(0)  # a lock is stale when its process has gone, however old it is
    return lock


def remove_environment(folder: Path) -> bool:
    """Remove an environment unless it runs; False where something of it stays, to be swept later."""
    if is_in_use(folder):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def sweep(home: Path) -> None:
    """Remove every environment but the one that counts and those that run; the home's set-up is locked."""
    installed = read_current(home)
    for folder in environments(home):
        if installed is None or folder.name != installed.folder:
            remove_environment(folder)


def folder_bytes(folder: Path) -> int:
    """Size of the files under a folder; those that vanish meanwhile count for nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(parent, name).lstat().st_size
    return total
