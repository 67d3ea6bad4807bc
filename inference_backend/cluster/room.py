# SPDX-License-Identifier: GPL-2.0-or-later
"""Room for tasks in a worker process: those that need more memory than others run fewer at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_POLL_S = 0.1


class Room:
    """Lets tasks in while the sum of their weights is within a capacity.

    Attributes:
        capacity: how many tasks of weight 1 there is room for.
    """

    def __init__(self, capacity: float) -> None:
        self.capacity = capacity
        self._weights: list[float] = []
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, weight: float, is_wanted: Callable[[], bool]) -> Iterator[None]:
        """Wait for room, and hold it; a task heavier than the capacity takes all of it.

        Args:
            weight: of the task.
            is_wanted: asked ten times a second; once it says no, the task is let in, to see that itself.
        """
        needed = min(weight, self.capacity)
        with self._changed:
            while sum(self._weights) + needed > self.capacity and is_wanted():
                self._changed.wait(_POLL_S)
            self._weights.append(needed)
        try:
            yield
        finally:
            with self._changed:
                # Not subtracted from a sum: what rounding left of it would shut out a task that needs all.
                self._weights.remove(needed)
                self._changed.notify_all()
