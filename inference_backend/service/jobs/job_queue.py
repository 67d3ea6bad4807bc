# SPDX-License-Identifier: GPL-2.0-or-later
"""The order of waiting jobs: first come first served, but nobody beyond their share."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable


class JobQueue:
    """Jobs that wait for a thread.

    Args:
        share: how many jobs of an owner may run at the same time, by the owner's name.
    """

    def __init__(self, share: Callable[[str], int]) -> None:
        self._share = share
        self._changed = threading.Condition()
        self._waiting: list[tuple[str, str]] = []
        self._running: Counter[str] = Counter()
        self._closed = False

    def put(self, job_id: str, owner: str) -> None:
        """Add a job at the end."""
        with self._changed:
            self._waiting.append((job_id, owner))
            self._changed.notify_all()

    def take(self) -> tuple[str, str] | None:
        """Wait for the next job that may run; its id and owner, None once the queue is closed."""
        with self._changed:
            while not self._closed:
                for position, (job_id, owner) in enumerate(self._waiting):
                    if self._running[owner] < self._share(owner):
                        del self._waiting[position]
                        self._running[owner] += 1
                        return job_id, owner
                self._changed.wait()
            return None

    def done(self, owner: str) -> None:
        """A job of that owner does not run any more."""
        with self._changed:
            self._running[owner] -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let every waiting thread go; what waits stays in the table of jobs."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
