# SPDX-License-Identifier: GPL-2.0-or-later
"""What a person at a terminal sees: progress on standard error, results on standard output."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import TextIO

from inference_backend.cli.language import choose, language
from inference_backend.progress import Progress
from inference_backend.step_names import step_name

BAR_WIDTH = 24
REDRAW_S = 0.1
LINE_INTERVAL_S = 10.0
"""Between two plain lines of the same step where there is no terminal, s."""
MIN_SHARE_FOR_ESTIMATE = 0.02
CLEAR_LINE = "\r\x1b[K"


def console_progress(label: str = "", stream: TextIO | None = None) -> Progress:
    """A bar with the time left on a terminal, plain lines elsewhere (logs, pipes).

    Args:
        label: name of the work, in front of the bar.
        stream: standard error by default.
    """
    target = stream or sys.stderr
    return Bar(label, target) if target.isatty() else Lines(label, target)


class Bar:
    """Redraws one line; the line disappears when the share reaches 1."""

    def __init__(self, label: str, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._label, self._stream, self._clock = label, stream, clock
        self._started = clock()
        self._drawn = float("-inf")
        self._lock = threading.Lock()

    def update(self, share: float, message: str = "") -> None:
        """Redraw, at most ten times a second."""
        with self._lock:
            now = self._clock()
            if share >= 1.0:
                self._stream.write(CLEAR_LINE)
            elif now - self._drawn >= REDRAW_S:
                self._drawn = now
                self._stream.write(CLEAR_LINE + self._line(share, message, now - self._started))
            self._stream.flush()

    def _line(self, share: float, message: str, elapsed_s: float) -> str:
        filled = round(BAR_WIDTH * min(max(share, 0.0), 1.0))
        parts = [
            self._label,
            f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}]",
            f"{100 * share:3.0f} %",
            time_left(share, elapsed_s),
            step_name(message, language()),
        ]
        return " ".join(part for part in parts if part)[: shutil.get_terminal_size().columns - 1]


class Lines:
    """One line per step, and one now and then inside a long step."""

    def __init__(self, label: str, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._label, self._stream, self._clock = label, stream, clock
        self._started = clock()
        self._written = float("-inf")
        self._step: str | None = None
        self._lock = threading.Lock()

    def update(self, share: float, message: str = "") -> None:
        """Write a line where the step is new, or the last line is old."""
        with self._lock:
            now = self._clock()
            step = message.rstrip("0123456789/ ")  # "window 3/40" is the same step as "window 4/40"
            if step == self._step and now - self._written < LINE_INTERVAL_S:
                return
            self._step, self._written = step, now
            left = time_left(share, now - self._started)
            parts = [self._label, f"{100 * share:3.0f} %", left, step_name(message, language())]
            self._stream.write(" ".join(part for part in parts if part) + "\n")
            self._stream.flush()


def time_left(share: float, elapsed_s: float) -> str:
    """`0:42 left`, empty while too little is done to tell."""
    if not MIN_SHARE_FOR_ESTIMATE <= share < 1.0:
        return ""
    minutes, seconds = divmod(round(elapsed_s * (1.0 - share) / share), 60)
    clock = f"{minutes}:{seconds:02d}"
    return choose(f"{clock} left", f"reste {clock}")


def table(rows: Sequence[tuple[str, str]]) -> str:
    """Two columns, the second aligned."""
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)
