# SPDX-License-Identifier: GPL-2.0-or-later
"""How many items of a filter are in which state, without counting a million of them after every gesture.

Counts are asked for now and then, the less often the longer it takes; between, the operator's own decisions
are carried into them, and those of colleagues show a little later.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.adapters.postgis_connection import Database
from ocsge_pi_review.adapters.postgis_filter import FilterText
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter, matches
from ocsge_pi_review.domain.queue import QueueCounts

_TYPICAL_OF = 200
"""The typical time is the median of so many newest decisions."""
_AGAIN_AFTER = 50.0
"""Counts are asked for again after so many times the time that they took: they cost two percent."""


class Counts:
    """Counts items.

    Args:
        database: connected, with the lot's names.
        filters: writes conditions on items.
    """

    def __init__(self, database: Database, filters: FilterText) -> None:
        self._database, self._filters = database, filters
        self._known: dict[ItemFilter, tuple[float, QueueCounts]] = {}

    def of(self, wanted: ItemFilter) -> QueueCounts:
        """Items of a filter by state."""
        known = self._known.get(wanted)
        if known is not None and time.monotonic() < known[0]:
            return known[1]
        started = time.monotonic()
        counts = self._counted(wanted)
        now = time.monotonic()
        self._known[wanted] = (now + _AGAIN_AFTER * (now - started), counts)
        return counts

    def note(self, changes: Iterable[tuple[ReviewItem, ReviewItem]]) -> None:
        """Carry decisions of the operator, as items before and after, into what is known."""
        steps = list(changes)
        now = time.monotonic()
        self._known = {
            wanted: (until, _carried(counts, wanted, steps))
            for wanted, (until, counts) in self._known.items()
            if now < until
        }

    def forget(self) -> None:
        """Count again: items were added."""
        self._known.clear()

    def _counted(self, wanted: ItemFilter) -> QueueCounts:
        text, values = self._filters.condition(wanted)
        # Two questions: the first is answered by an index alone.
        rows = self._database.rows(
            f"SELECT state, count(*) AS n FROM {{review_item}} WHERE {text} GROUP BY state",  # nosec B608 - our own
            values,
        )
        spent = self._database.rows(
            f"SELECT coalesce(sum(duration_s), 0) AS s FROM {{review_item}} WHERE state = 'done' AND {text}",  # nosec B608 - text of our own
            values,
        )
        by_state = {ItemState(row["state"]): int(row["n"]) for row in rows}
        with_done = not wanted.states or ItemState.DONE in wanted.states
        return QueueCounts(by_state, float(spent[0]["s"]), self._typical_s() if with_done else None)

    def _typical_s(self) -> float | None:
        rows = self._database.rows(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_s) AS s FROM (SELECT duration_s "
            "FROM {review_item} WHERE state = 'done' AND duration_s IS NOT NULL AND decided_at IS NOT NULL "
            "ORDER BY decided_at DESC LIMIT %(newest)s) AS newest",
            {"newest": _TYPICAL_OF},
        )
        return None if rows[0]["s"] is None else float(rows[0]["s"])


def _carried(
    counts: QueueCounts, wanted: ItemFilter, steps: Iterable[tuple[ReviewItem, ReviewItem]]
) -> QueueCounts:
    by_state, spent_s = dict(counts.by_state), counts.spent_s
    for pair in steps:
        for sign, item in zip((-1, 1), pair):
            if not matches(item, wanted):
                continue
            by_state[item.state] = by_state.get(item.state, 0) + sign
            if item.state is ItemState.DONE:
                spent_s += sign * (item.duration_s or 0.0)
    return replace(counts, by_state={state: n for state, n in by_state.items() if n > 0}, spent_s=spent_s)
