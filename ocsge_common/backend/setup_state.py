# SPDX-License-Identifier: GPL-2.0-or-later
"""The set-up in hand, on the disk: other windows of QGIS see it, and a killed one is found later."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from qgis.PyQt.QtCore import QLockFile

from inference_backend.contracts.backend_home import LOGS_FOLDER, SETUP_FILE, write_whole

LOCK_FILE = "setup.lock"
LOG_FILE = "setup.log"
SCRATCH_FOLDER = "setup-tmp"


@dataclass(frozen=True)
class SetupState:
    """What a set-up is doing.

    Attributes:
        source: index, bundle or wheel, as `parse_source` reads it; to do it again.
        folder: name of the environment in the making.
        stage: text of the step.
        share: done, 0..1.
    """

    source: str
    folder: str
    stage: str = ""
    share: float = 0.0


class SetupLock:
    """One set-up at a time in a home, in whichever window of QGIS or plugin.

    Args:
        home: of the environments.
    """

    def __init__(self, home: Path) -> None:
        self._lock = QLockFile(str(home / LOCK_FILE))
        self._lock.setStaleLockTime(0)  # stale when its process has gone, however long a download takes

    def take(self) -> bool:
        """Whether the home is ours now."""
        return bool(self._lock.tryLock(0))

    def release(self) -> None:
        """Let others in."""
        self._lock.unlock()


def write_state(home: Path, state: SetupState) -> None:
    """Publish what the set-up is doing."""
    write_whole(home / SETUP_FILE, json.dumps(asdict(state)))


def clear_state(home: Path) -> None:
    """The set-up has ended, well or not."""
    (home / SETUP_FILE).unlink(missing_ok=True)


def read_state(home: Path) -> SetupState | None:
    """What a set-up is doing or was doing when it was killed; None where there is none."""
    try:
        raw = json.loads((home / SETUP_FILE).read_text(encoding="utf-8"))
        return SetupState(str(raw["source"]), str(raw["folder"]), str(raw["stage"]), float(raw["share"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_running(home: Path) -> bool:
    """Whether a set-up runs at this moment, here or in another window."""
    if not home.is_dir():
        return False
    lock = SetupLock(home)
    if lock.take():
        lock.release()
        return False
    return True


def interrupted(home: Path) -> SetupState | None:
    """A set-up that was killed half-way; None while one runs."""
    state = read_state(home)
    return state if state is not None and not is_running(home) else None


def log_path(home: Path) -> Path:
    """Everything that the last set-up said."""
    return home / LOGS_FOLDER / LOG_FILE
