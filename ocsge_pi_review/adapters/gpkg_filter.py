# SPDX-License-Identifier: GPL-2.0-or-later
"""Filters of a queue in SQL: which items, in the order of ranks, and how many in each state."""

from __future__ import annotations

import sqlite3
from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from itertools import count

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.adapters.gpkg_table import GpkgTable
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter, matches
from ocsge_pi_review.domain.queue import LOWEST_RANK

_KEPT = 6
"""Filters whose items are remembered at once."""

Totals = tuple["Counter[ItemState]", float]


@dataclass(frozen=True)
class Chosen:
    """The items of one filter.

    Attributes:
        table: holds columns `rank` and `state`, and the row ids of `review_item` as `key`.
        states: condition on `state`, without marks: its values are the contract's.
        wanted: the filter.
    """

    connection: sqlite3.Connection
    table: str
    key: str
    states: str
    wanted: ItemFilter

    def ids(
        self, condition: str, values: tuple[object, ...], order: str, limit: int, offset: int
    ) -> list[int]:
        """Row ids of `review_item` in an order."""
        statement = (
            f"SELECT {self.key} FROM {self.table} WHERE {condition} "  # nosec B608 - constants of this package
            f"ORDER BY {order} LIMIT ? OFFSET ?"
        )
        return [row[0] for row in self.connection.execute(statement, (*values, limit, offset))]

    def count_between(self, rank: int, end: int) -> int:
        """Number of items from a rank on and before another."""
        between = f"rank >= ? AND rank < ? AND {self.states}"
        statement = f"SELECT count(*) FROM {self.table} WHERE {between}"  # nosec B608 - constants
        return int(self.connection.execute(statement, (rank, end)).fetchone()[0])

    def holds(self, item: ReviewItem) -> bool:
        """Whether the filter lets an item through."""
        if not matches(item, replace(self.wanted, box=None)):
            return False
        if self.wanted.box is None:
            return True
        statement = f"SELECT 1 FROM {self.table} WHERE rank = ?"  # nosec B608 - constants of this package
        return self.connection.execute(statement, (item.rank,)).fetchone() is not None


class FilterTables:
    """A temporary table per filter by more than states, and the totals of each.

    Args:
        items: the table `review_item`.
    """

    def __init__(self, items: GpkgTable) -> None:
        self._items, self._connection = items, items.connection
        self._tables: OrderedDict[ItemFilter, str] = OrderedDict()
        self._totals: dict[ItemFilter, Totals] = {}
        self._places: dict[ItemFilter, tuple[int, int]] = {}
        self._numbers = count(1)

    def chosen(self, wanted: ItemFilter) -> Chosen:
        """The items of a filter."""
        states = ", ".join(f"'{state.value}'" for state in wanted.states)
        # The sign keeps SQLite off the index of states, which would make it sort.
        condition = f"+state IN ({states})" if states else "1"
        whole = replace(wanted, states=())
        if whole == ItemFilter():
            return Chosen(self._connection, "review_item", "rowid", condition, wanted)
        return Chosen(self._connection, self._table(whole), "key", condition, wanted)

    def counts(self, wanted: ItemFilter) -> Totals:
        """Items by state and the time spent on those done, states of the filter left aside."""
        whole = replace(wanted, states=())
        if whole not in self._totals:
            self._totals[whole] = self._count(self.chosen(whole))
        return self._totals[whole]

    def place(self, chosen: Chosen, rank: int) -> int:
        """Number of items of a filter before a rank, counted from where it was asked last."""
        known, place = self._places.get(chosen.wanted, (LOWEST_RANK, 0))
        if rank >= known:
            place += chosen.count_between(known, rank)
        # Ranks follow each other from 1 on; the few below stand far from each other.
        elif max(rank, 0) < known - rank:
            place = chosen.count_between(LOWEST_RANK, rank)
        else:
            place -= chosen.count_between(rank, known)
        self._places[chosen.wanted] = rank, place
        return place

    def forget(self) -> None:
        """Ask everything again: items were added, or stand elsewhere in the order."""
        for table in self._tables.values():
            self._connection.execute(f"DROP TABLE {table}")
        self._tables.clear()
        self._totals.clear()
        self._places.clear()

    def replace(self, before: ReviewItem, after: ReviewItem) -> None:
        """An item changed its state or its time."""
        for table in self._tables.values():
            statement = f"UPDATE {table} SET state = ? WHERE rank = ?"  # nosec B608 - our own name
            self._connection.execute(statement, (after.state.value, after.rank))
        for wanted, (rank, place) in self._places.items():
            if after.rank < rank and self.chosen(replace(wanted, states=())).holds(after):
                self._places[wanted] = rank, place + _counts(wanted, after) - _counts(wanted, before)
        for whole, (by_state, spent_s) in self._totals.items():
            if self.chosen(whole).holds(after):
                by_state[before.state] -= 1
                by_state[after.state] += 1
                self._totals[whole] = by_state, spent_s + _spent_s(after) - _spent_s(before)

    def _count(self, chosen: Chosen) -> Totals:
        statement = f"SELECT state, count(*) FROM {chosen.table} GROUP BY 1"  # nosec B608 - our own name
        by_state = Counter({ItemState(row[0]): row[1] for row in self._connection.execute(statement)})
        statement = "SELECT total(duration_s) FROM review_item WHERE state = 'done'"
        if chosen.table != "review_item":
            statement += f" AND rowid IN (SELECT key FROM {chosen.table})"  # nosec B608 - our own name
        spent_s = self._connection.execute(statement).fetchone()[0] if by_state[ItemState.DONE] else 0.0
        return by_state, float(spent_s)

    def _table(self, whole: ItemFilter) -> str:
        if whole in self._tables:
            self._tables.move_to_end(whole)
            return self._tables[whole]
        name = f"temp.chosen_{next(self._numbers)}"
        condition, values = _condition(whole, self._items)
        self._connection.execute(
            f"CREATE TEMP TABLE {name[5:]} (rank INTEGER, key INTEGER, state TEXT, PRIMARY KEY (rank, key)) "
            "WITHOUT ROWID"
        )
        chosen = f"SELECT rank, rowid, coalesce(state, 'todo') FROM review_item WHERE {condition}"  # nosec B608 - constants and marks
        self._connection.execute(f"INSERT INTO {name} {chosen}", values)  # nosec B608 - the same
        self._tables[whole] = name
        if len(self._tables) > _KEPT:
            oldest, dropped = self._tables.popitem(last=False)
            self._totals.pop(oldest, None)
            self._places = {w: at for w, at in self._places.items() if replace(w, states=()) != oldest}
            self._connection.execute(f"DROP TABLE {dropped}")
        return name


def _counts(wanted: ItemFilter, item: ReviewItem) -> int:
    return int(not wanted.states or item.state in wanted.states)


def _spent_s(item: ReviewItem) -> float:
    return item.duration_s or 0.0 if item.state is ItemState.DONE else 0.0


def _condition(wanted: ItemFilter, items: GpkgTable) -> tuple[str, tuple[object, ...]]:
    """SQL of everything but the states."""
    parts: list[str] = []
    values: list[object] = []
    if wanted.reasons:
        parts.append(" OR ".join(["instr(',' || reasons || ',', ?) > 0"] * len(wanted.reasons)))
        values += [f",{reason.value}," for reason in wanted.reasons]
    for column, codes in (("proposed_cs", wanted.covers), ("proposed_us", wanted.uses)):
        if codes:
            below = f"{column} = ? OR substr({column}, 1, length(?)) = ?"
            parts.append(" OR ".join([below] * len(codes)))
            values += [value for code in codes for value in (code, f"{code}.", f"{code}.")]
    if wanted.communes:
        parts.append(f"commune IN ({', '.join('?' * len(wanted.communes))})")
        values += wanted.communes
    if wanted.box is not None:
        condition, box_values = items.in_box(wanted.box)
        parts.append(condition)
        values += box_values
    return " AND ".join(f"({part})" for part in parts), tuple(values)
