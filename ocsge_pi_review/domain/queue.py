# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the work on a queue stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inference_backend.contracts.lot import ItemState

LOWEST_RANK = -(2**31)
"""Before every item: those made with a lot have ranks from 1 on, those made of remarks far below."""


@dataclass(frozen=True)
class QueueCounts:
    """Items of a filter by state.

    Attributes:
        by_state: number of items.
        spent_s: time in front of the decided ones, s.
        typical_s: median time of a decided one (of the newest, in a large lot), s; None before the first.
    """

    by_state: Mapping[ItemState, int]
    spent_s: float = 0.0
    typical_s: float | None = None

    @property
    def total(self) -> int:
        """Items that count: those whose polygon is still there."""
        return sum(n for state, n in self.by_state.items() if state is not ItemState.GONE)

    @property
    def done(self) -> int:
        """Items decided."""
        return self.by_state.get(ItemState.DONE, 0)

    @property
    def left(self) -> int:
        """Items that somebody still has to decide, postponed and asked ones included."""
        return self.total - self.done

    @property
    def left_s(self) -> float | None:
        """Expected time for the rest, s: the typical time of an item times the items left."""
        return None if self.typical_s is None else self.typical_s * self.left
