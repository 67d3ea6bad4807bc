# SPDX-License-Identifier: GPL-2.0-or-later
"""How fast the work goes: items an hour, time left, what was decided today and by whom.

Counts follow each decision without asking the store again: counting a million items takes longer than
deciding one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.queue import QueueCounts

MOST_REMEMBERED = 20_000
"""Items whose last state is kept in mind; a change of another one asks for a new count."""


@dataclass(frozen=True)
class Day:
    """What one person decided today.

    Attributes:
        name: of the operator.
        count: items decided.
        spent_s: time in front of them, s.
    """

    name: str
    count: int
    spent_s: float


def per_hour(counts: QueueCounts) -> int | None:
    """Items an hour at the typical time of one; None before the first decision."""
    return round(3600 / counts.typical_s) if counts.typical_s else None


def own_day(days: Iterable[Day], operator: str) -> Day:
    """What the operator decided, nothing where nothing was."""
    return next((day for day in days if day.name == operator), Day(operator, 0, 0.0))


def others(days: Iterable[Day], operator: str, show_names: bool) -> tuple[Day, ...]:
    """What the others decided: one sum without a name unless names are wanted, most first."""
    rest = sorted((day for day in days if day.name != operator and day.count), key=lambda day: -day.count)
    if show_names or not rest:
        return tuple(rest)
    return (Day("", sum(day.count for day in rest), sum(day.spent_s for day in rest)),)


class LiveCounts:
    """Counts of a filter, kept up to date by the changes of single items.

    Attributes:
        counts: as they stand.
        done_here: items decided since the day was last read, less those taken back.
        spent_here_s: time in front of them, s.
    """

    def __init__(self) -> None:
        self.counts = QueueCounts({})
        self.done_here, self.spent_here_s = 0, 0.0
        self._states: dict[int, tuple[ItemState, float]] = {}

    def restart(self, counts: QueueCounts) -> None:
        """Begin with what the store counted."""
        self.counts = counts

    def forget_here(self) -> None:
        """What was decided is part of the day that was read again."""
        self.done_here, self.spent_here_s = 0, 0.0

    def see(self, items: Iterable[ReviewItem]) -> None:
        """Remember the states of items, before they change."""
        for item in items:
            self._states[item.item_id] = (item.state, item.duration_s or 0.0)
        while len(self._states) > MOST_REMEMBERED:
            del self._states[next(iter(self._states))]

    def change(self, item: ReviewItem) -> bool:
        """Count an item as it is now; False where its earlier state is unknown and a new count is due."""
        known = self._states.get(item.item_id)
        self.see((item,))
        if known is None:
            return False
        state, spent_s = known
        by_state = dict(self.counts.by_state)
        by_state[state] = max(by_state.get(state, 0) - 1, 0)
        by_state[item.state] = by_state.get(item.state, 0) + 1
        was, is_now = state is ItemState.DONE, item.state is ItemState.DONE
        self.done_here += is_now - was
        more_s = (item.duration_s or 0.0) * is_now - spent_s * was
        self.spent_here_s = max(self.spent_here_s + more_s, 0.0)
        total_s = max(self.counts.spent_s + more_s, 0.0)
        self.counts = replace(self.counts, by_state=by_state, spent_s=total_s)
        if self.counts.typical_s is None and self.counts.done and total_s:
            self.counts = replace(self.counts, typical_s=total_s / self.counts.done)
        return True
