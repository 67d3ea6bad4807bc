# SPDX-License-Identifier: GPL-2.0-or-later
"""Time left of something whose progress is known, and how people write amounts."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from qgis.PyQt.QtCore import QLocale

from ..translation import tr

WINDOW_S = 30.0
LEAST_S = 3.0
"""No estimate before this much time and before `LEAST_SHARE`: it would only frighten."""
LEAST_SHARE = 0.02
MB = 1_000_000


class TimeLeft:
    """Estimates from the speed of the last half minute.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start_s = clock()
        self._seen: deque[tuple[float, float]] = deque()

    @property
    def elapsed_s(self) -> float:
        """Since the start, s."""
        return self._clock() - self._start_s

    def update(self, share: float) -> float | None:
        """Note `share` done, in [0, 1]; seconds left, None while nobody can tell."""
        now = self._clock()
        self._seen.append((now, share))
        while len(self._seen) > 2 and now - self._seen[1][0] > WINDOW_S:
            self._seen.popleft()
        then, share_then = self._seen[0]
        gained = share - share_then
        if now - then < LEAST_S or gained <= 0 or share < LEAST_SHARE:
            return None
        return (1.0 - share) * (now - then) / gained


def duration_text(seconds: float) -> str:
    """For instance `1 min 20 s`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return tr("{} s").format(whole)
    if whole < 3600:
        return tr("{} min {} s").format(whole // 60, whole % 60)
    return tr("{} h {} min").format(whole // 3600, whole % 3600 // 60)


def size_text(count: float) -> str:
    """Bytes as megabytes or gigabytes."""
    if count >= 1000 * MB:
        return tr("{} GB").format(QLocale().toString(count / MB / 1000, "f", 1))
    return tr("{} MB").format(round(count / MB))
