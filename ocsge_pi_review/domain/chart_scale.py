# SPDX-License-Identifier: GPL-2.0-or-later
"""Round marks of an axis, and places of dates on it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MONTHS = (1, 2, 3, 6, 12, 24, 60)


def round_marks(top: float, most: int = 5) -> list[float]:
    """Marks from 0 to the first round one at or above `top`, at most `most` + 1 of them."""
    if not math.isfinite(top) or top <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(top / most))
    step = next(power * step for step in _STEPS if power * step * most >= top * (1 - 1e-12))
    return [step * number for number in range(math.ceil(top / step - 1e-9) + 1)]


def day_number(day: str) -> int:
    """Number of an ISO 8601 date.

    Raises:
        ValueError: no date.
    """
    return date.fromisoformat(day[:10]).toordinal()


def month_marks(days: Iterable[int], most: int = 8) -> list[date]:
    """Firsts of months, evenly spaced, within the days and at most `most` of them."""
    known = sorted(days)
    if not known:
        return []
    first, last = date.fromordinal(known[0]), date.fromordinal(known[-1])
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((step for step in _MONTHS if months / step <= most - 1), _MONTHS[-1])
    marks = (date(number // 12, number % 12 + 1, 1) for number in _months(first, last, step))
    return [mark for mark in marks if known[0] <= mark.toordinal() <= known[-1]]


def _months(first: date, last: date, step: int) -> range:
    start = (first.year * 12 + first.month - 1) // step * step
    return range(start, last.year * 12 + last.month, step)
