# SPDX-License-Identifier: GPL-2.0-or-later
"""The order of work: which item is next, how many are left, how long that takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.domain.item import ReviewItem


@dataclass(frozen=True)
class QueueProgress:
    """Where the work stands.

    Attributes:
        done: items decided.
        total: items.
        spent_s: time in front of decided items, s.
        left_s: expected time for the others, s; None before the first decision.
    """

    done: int
    total: int
    spent_s: float
    left_s: float | None


class ReviewQueue:
    """Items by rank, with a current one."""

    def __init__(self, items: Iterable[ReviewItem]) -> None:
        ordered = sorted(items, key=lambda item: (item.rank, item.item_id))
        self._items = {item.item_id: item for item in ordered}
        self._by_polygon = {item.polygon_id: item.item_id for item in reversed(ordered)}
        self._order = [item.item_id for item in ordered]
        self._position = {item_id: i for i, item_id in enumerate(self._order)}

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, item_id: int) -> ReviewItem:
        return self._items[item_id]

    @property
    def items(self) -> list[ReviewItem]:
        """In order of rank."""
        return [self._items[item_id] for item_id in self._order]

    def replace(self, item: ReviewItem) -> None:
        """Store a changed item."""
        self._items[item.item_id] = item

    def of_polygon(self, polygon_id: str) -> ReviewItem | None:
        """The item of a polygon, None where it is not in the queue."""
        item_id = self._by_polygon.get(polygon_id)
        return None if item_id is None else self._items[item_id]

    def neighbour(self, item_id: int | None, step: int) -> int | None:
        """The item `step` places further (negative: before); None at the end of the queue."""
        if item_id is None:
            return self._order[0] if self._order else None
        position = self._position[item_id] + step
        return self._order[position] if 0 <= position < len(self._order) else None

    def next_todo(self, item_id: int | None) -> int | None:
        """The next untouched item, from the top again after the end; None when none is left."""
        start = -1 if item_id is None else self._position[item_id]
        for candidate in self._order[start + 1 :] + self._order[: start + 1]:
            if candidate != item_id and self._items[candidate].state is ItemState.TODO:
                return candidate
        return None

    def progress(self) -> QueueProgress:
        """Where the work stands; the time left is the median time of an item times the items left."""
        done = [item for item in self._items.values() if not item.is_open]
        times = [item.duration_s for item in done if item.duration_s]
        left = len(self._items) - len(done)
        left_s = median(times) * left if times else None
        return QueueProgress(len(done), len(self._items), sum(times), left_s)
