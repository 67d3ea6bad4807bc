# SPDX-License-Identifier: GPL-2.0-or-later
"""Surface accepted, day by day, as the histories of the lots tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from inference_backend.contracts.lot import LotState
from inference_backend.indicators.standing import CountedLot

_ACCEPTED = LotState.ACCEPTED.value


def accepted_km2(lots: Iterable[CountedLot]) -> float:
    """Surface of the lots that are accepted now."""
    return sum(lot.summary.area_km2 for lot in lots if lot.is_accepted)


def acceptance_curve(lots: Iterable[CountedLot], as_of: date) -> tuple[tuple[date, float], ...]:
    """Cumulated accepted surface, km2, at every day it changed and on `as_of`.

    A lot adds its surface on the day it is accepted, and takes it away when it leaves that state again. One
    that is accepted without its history saying when counts from `as_of`.
    """
    changes: dict[date, float] = defaultdict(float)
    for lot in lots:
        is_accepted = False
        for time, state in lot.summary.history:
            if time and (state == _ACCEPTED) != is_accepted:
                is_accepted = not is_accepted
                day = min(date.fromisoformat(time[:10]), as_of)
                changes[day] += lot.summary.area_km2 if is_accepted else -lot.summary.area_km2
        if is_accepted != lot.is_accepted:
            changes[as_of] += lot.summary.area_km2 if lot.is_accepted else -lot.summary.area_km2
    total, points = 0.0, []
    for day in sorted({*changes, as_of}):
        total += changes[day]
        points.append((day, max(total, 0.0)))
    return tuple(points)


def accepted_on(lot: CountedLot) -> str:
    """Day of the last acceptance, ISO 8601; empty where the lot is not accepted or does not say."""
    if not lot.is_accepted:
        return ""
    return next((time[:10] for time, state in reversed(lot.summary.history) if state == _ACCEPTED), "")
