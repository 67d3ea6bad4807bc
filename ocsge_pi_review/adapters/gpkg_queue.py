# SPDX-License-Identifier: GPL-2.0-or-later
"""The table `review_item` of a GeoPackage: a page, a place, the next one, without reading it whole.

The order of ranks is asked of an index, and of a temporary table for a filter by more than states; both
hold the state beside the rank, so that the next item is found without reading rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from statistics import median
from typing import Any

from inference_backend.contracts.lot import REVIEW_ITEM, ItemState
from ocsge_pi_review.adapters.gpkg_blob import box_of
from ocsge_pi_review.adapters.gpkg_filter import FilterTables
from ocsge_pi_review.adapters.gpkg_table import GpkgTable
from ocsge_pi_review.domain.item import DECISION_FIELDS, ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.queue import QueueCounts

_RECENT = 200
"""Newest decided items whose median time stands for the typical one."""


class QueueTable(GpkgTable):
    """Reads items by index, and writes decisions.

    Args:
        connection: of `gpkg.connect`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, REVIEW_ITEM.name)
        self._filters = FilterTables(self)

    def item(self, item_id: int) -> ReviewItem | None:
        """An item as it stands."""
        return next(self._items("item_id = ?", (item_id,)), None)

    def items(self, item_ids: Iterable[int]) -> dict[int, ReviewItem]:
        """Those that are there, by id."""
        found = map(self._item_of, self.select_ids("item_id", item_ids))
        return {item.item_id: item for item in found}

    def items_of(self, polygon_ids: Iterable[str]) -> dict[str, ReviewItem]:
        """Items of polygons, by polygon id."""
        found = map(self._item_of, self.select_ids("polygon_id", polygon_ids))
        return {item.polygon_id: item for item in found}

    def counts(self, wanted: ItemFilter) -> QueueCounts:
        """Items of a filter by state, and the time spent on those decided."""
        by_state, spent_s = self._filters.counts(wanted)
        states = wanted.states or tuple(ItemState)
        by_state = {state: by_state[state] for state in states if by_state.get(state)}
        typical_s = self._typical_s() if ItemState.DONE in states else None
        return QueueCounts(by_state, spent_s if ItemState.DONE in states else 0.0, typical_s)

    def page(self, wanted: ItemFilter, offset: int, limit: int) -> list[ReviewItem]:
        """Items of a filter by rank."""
        chosen = self._filters.chosen(wanted)
        return self._ranked(chosen.ids(chosen.states, (), "rank", limit, offset))

    def place(self, wanted: ItemFilter, item_id: int) -> int | None:
        """Place of an item in a filter's order, from 0."""
        item = self.item(item_id)
        chosen = self._filters.chosen(wanted)
        if item is None or not chosen.holds(item):
            return None
        return self._filters.place(chosen, item.rank)

    def neighbour(self, wanted: ItemFilter, rank: int, step: int) -> ReviewItem | None:
        """The item `step` places after a rank."""
        chosen = self._filters.chosen(wanted)
        condition, order = ("rank > ?", "rank") if step > 0 else ("rank < ?", "rank DESC")
        ids = chosen.ids(f"{condition} AND {chosen.states}", (rank,), order, 1, abs(step) - 1)
        return next(iter(self._ranked(ids)), None) if step else None

    def next_open(
        self, wanted: ItemFilter, after_rank: int, states: Iterable[ItemState]
    ) -> ReviewItem | None:
        """The first item in one of the states after a rank, from the top again after the end."""
        served = [state for state in states if not wanted.states or state in wanted.states]
        chosen = self._filters.chosen(wanted)
        for condition in ("rank > ?", "rank <= ?"):
            rowids: list[int] = []
            for state in served:
                # One state at a time: the index of states and ranks then gives the first one at once.
                one = f"{condition} AND state = '{state.value}'"
                rowids += chosen.ids(one, (after_rank,), "rank", 1, 0)
            if rowids:
                return min(self._ranked(rowids), key=lambda item: item.rank)
        return None

    def write(self, decisions: Iterable[Mapping[str, Any]]) -> None:
        """Write decision columns, inside the caller's transaction."""
        columns = [name for name in DECISION_FIELDS if name in self.columns]
        sets = ", ".join(f"{name} = :{name}" for name in columns)
        statement = f"UPDATE review_item SET {sets} WHERE item_id = :item_id"  # nosec B608 - the contract's names
        for decision in decisions:
            values = {name: decision.get(name) for name in DECISION_FIELDS}
            self.connection.execute(statement, {**values, "item_id": decision["item_id"]})

    def on_written(self, before: Mapping[int, ReviewItem]) -> None:
        """Bring counts and filters up to date once the transaction is over.

        Args:
            before: the items written, as they were.
        """
        try:
            after = self.items(before)
            for item_id, item in before.items():
                self._filters.replace(item, after[item_id])
        except sqlite3.Error:
            # What was written is written: count anew rather than say that it failed.
            self._filters = FilterTables(self)

    def start_anew(self) -> None:
        """Read counts and filters again: items were added, or stand elsewhere in the order."""
        self._filters.forget()

    def _typical_s(self) -> float | None:
        statement = (
            # The sign keeps SQLite off the index of states: it would look at every item that is done.
            "SELECT duration_s FROM review_item WHERE duration_s IS NOT NULL AND +state = 'done' "
            "AND item_id IN (SELECT item_id FROM edit_journal WHERE item_id IS NOT NULL "
            "ORDER BY seq DESC LIMIT ?)"
        )
        times = [row[0] for row in self.connection.execute(statement, (_RECENT,))]
        return median(times) if times else None

    def _ranked(self, rowids: list[int]) -> list[ReviewItem]:
        found = {row[0]: self._item_of(row) for row in self._select_rowids(rowids)}
        return [found[rowid] for rowid in rowids]

    def _select_rowids(self, rowids: list[int]) -> Iterator[sqlite3.Row]:
        marks = ", ".join("?" * len(rowids))
        statement = f"SELECT rowid, * FROM review_item WHERE rowid IN ({marks})"  # nosec B608 - marks
        yield from self.connection.execute(statement, rowids)

    def _items(self, condition: str, values: Iterable[object]) -> Iterator[ReviewItem]:
        return map(self._item_of, self.select(condition, values))

    def _item_of(self, found: sqlite3.Row) -> ReviewItem:
        row = dict(found)
        box = box_of(row.pop(self.geometry, None))
        return ReviewItem.from_row({**row, "x": box and box[0], "y": box and box[1]})
