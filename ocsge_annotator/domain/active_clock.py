# SPDX-License-Identifier: GPL-2.0-or-later
"""Time of active work: a pause longer than the limit counts as that limit."""

from __future__ import annotations

import time
from collections.abc import Callable

IDLE_LIMIT_S = 60.0


class ActiveClock:
    """Adds up the time between signs of life of the operator.

    Args:
        active_s: work already done, s.
        now: monotonic clock, s.
    """

    def __init__(self, active_s: float = 0.0, now: Callable[[], float] = time.monotonic) -> None:
        self._active_s = active_s
        self._now = now
        self._last = now()

    @property
    def active_s(self) -> float:
        """Active work up to the last sign of life, s."""
        return self._active_s

    def touch(self) -> None:
        """The operator has just done something."""
        moment = self._now()
        self._active_s += min(moment - self._last, IDLE_LIMIT_S)
        self._last = moment

    def resume(self, active_s: float) -> None:
        """Go on from a recorded amount of work, s."""
        self._active_s = active_s
        self._last = self._now()
