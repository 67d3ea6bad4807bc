# SPDX-License-Identifier: GPL-2.0-or-later
"""Progress of a set-up: to the task, to the disk for other windows, and its log."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

from ..tasks import TaskProgress
from ..translation import tr
from .setup_state import SetupState, log_path, write_state
from .time_left import TimeLeft, duration_text

WRITE_EVERY_S = 1.0


class SetupProgress:
    """What is being done, how far it is and how long it will take.

    Args:
        progress: of the task; raises when the user cancels.
        home: of the environments.
        state: of the set-up that begins.
    """

    def __init__(self, progress: TaskProgress, home: Path, state: SetupState) -> None:
        self._progress, self._home, self._state = progress, home, state
        self._span = (0.0, 1.0)
        self._stage = ""
        self._left = TimeLeft()
        self._written_s = 0.0
        self._shown = ""
        path = log_path(home)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._log = path.open("w", encoding="utf-8")
        self._write(force=True)

    def start(self, stage: str, begin: float, end: float) -> None:
        """Begin a stage that takes the share from `begin` to `end` of the whole."""
        self._stage, self._span, self._left = stage, (begin, end), TimeLeft()
        self.log(f"== {stage}")
        self.update(0.0)

    def update(self, share: float, detail: str = "") -> None:
        """Report the share of the stage, 0..1.

        Raises:
            TaskCancelledError: the user asked to stop.
        """
        begin, end = self._span
        share = min(max(share, 0.0), 1.0)
        left_s = self._left.update(share)
        left = tr("about {} left").format(duration_text(left_s)) if left_s is not None else ""
        text = " · ".join(part for part in (self._stage, detail, left) if part)
        self._progress.update(begin + (end - begin) * share, text if text != self._shown else "")
        self._shown = text
        self._state = dataclasses.replace(self._state, stage=text, share=begin + (end - begin) * share)
        self._write()

    def log(self, line: str) -> None:
        """Write a line for those who look for a cause."""
        self._log.write(f"{time.strftime('%H:%M:%S')} {line}\n")
        self._log.flush()

    def close(self) -> None:
        """End the log."""
        self._log.close()

    def _write(self, force: bool = False) -> None:
        now = time.monotonic()
        if force or now - self._written_s > WRITE_EVERY_S:
            self._written_s = now
            write_state(self._home, self._state)
