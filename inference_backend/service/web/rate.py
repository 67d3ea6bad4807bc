# SPDX-License-Identifier: GPL-2.0-or-later
"""How often somebody may ask: a bucket that fills at a steady rate, and a drop of it for each request."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

MOST_KEYS = 10_000
"""Addresses that are remembered; the oldest are forgotten, so that strangers cannot fill the memory."""


class Buckets:
    """One bucket a key.

    Args:
        burst_s: seconds' worth of requests that may come at once.
    """

    def __init__(self, burst_s: float = 10.0) -> None:
        self._burst_s = burst_s
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, per_minute: float) -> float:
        """Take a drop; 0 where there was one, else seconds to wait for the next."""
        rate = per_minute / 60
        most = max(1.0, rate * self._burst_s)
        with self._lock:
            now = time.monotonic()
            level, seen = self._buckets.pop(key, (most, now))
            level = min(most, level + (now - seen) * rate)
            taken = level >= 1
            self._buckets[key] = (level - 1 if taken else level, now)
            if len(self._buckets) > MOST_KEYS:
                self._buckets.popitem(last=False)
        return 0.0 if taken else (1 - level) / rate
