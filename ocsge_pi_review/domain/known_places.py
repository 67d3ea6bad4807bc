# SPDX-License-Identifier: GPL-2.0-or-later
"""Places of a queue that are known, so that others are counted from the nearest one before them."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict

from ocsge_pi_review.domain.item_filter import ItemFilter

START = (-(2**62), 0)
"""Rank and place before the first item."""
KEPT_FILTERS = 6
APART = 100
"""Ranks between two that are kept: so many are counted in no time, and a long day adds few."""


class KnownPlaces:
    """Ranks and places of the last filters asked for, each in the order of its items."""

    def __init__(self) -> None:
        self._known: OrderedDict[ItemFilter, list[tuple[int, int]]] = OrderedDict()

    def __len__(self) -> int:
        """How many are kept."""
        return sum(map(len, self._known.values()))

    def keep(self, wanted: ItemFilter, rank: int, place: int) -> None:
        """Remember where a rank stands in a filter by anything but states: they change from item to item."""
        if wanted.states:
            return
        known = self._of(wanted)
        at = bisect_right(known, (rank, place))
        if rank >= (known[at - 1] if at else START)[0] + APART:
            known.insert(at, (rank, place))

    def before_rank(self, wanted: ItemFilter, rank: int) -> tuple[int, int]:
        """The nearest rank and place known, at `rank` or before."""
        known = self._known.get(wanted, [])
        at = bisect_right(known, rank, key=lambda found: found[0])
        return known[at - 1] if at else START

    def before_place(self, wanted: ItemFilter, place: int) -> tuple[int, int]:
        """The nearest rank and place known, at `place` or before."""
        known = self._known.get(wanted, [])
        at = bisect_right(known, place, key=lambda found: found[1])
        return known[at - 1] if at else START

    def forget(self) -> None:
        """Forget all: items were added, or stand elsewhere in the order."""
        self._known.clear()

    def _of(self, wanted: ItemFilter) -> list[tuple[int, int]]:
        known = self._known.setdefault(wanted, [])
        self._known.move_to_end(wanted)
        if len(self._known) > KEPT_FILTERS:
            self._known.popitem(last=False)
        return known
