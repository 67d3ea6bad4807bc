# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables `signalement` and, for their items, `review_item` of a GeoPackage."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from inference_backend.contracts.signalement import SIGNALEMENT
from ocsge_pi_review.adapters.gpkg_blob import box_of, point_blob
from ocsge_pi_review.adapters.gpkg_queue import QueueTable
from ocsge_pi_review.adapters.gpkg_table import GpkgTable, quoted
from ocsge_pi_review.adapters.signalement_store import (
    FIRST_RANK,
    Placed,
    item_number,
    item_values,
    with_reason,
)
from ocsge_pi_review.domain.errors import DamagedLotError
from ocsge_pi_review.domain.signalement import Signalement
from ocsge_pi_review.domain.signalement_errors import StaleSignalementError


class GpkgSignalements(GpkgTable):
    """See `signalement_store.SignalementStore`; nobody else sends what this file holds.

    Args:
        connection: of `gpkg.connect`.
        writing: a transaction of the store.
        queue: is told of new items.
        label: what messages call the file.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        writing: Callable[[], AbstractContextManager[None]],
        queue: QueueTable,
        label: str,
    ) -> None:
        super().__init__(connection, SIGNALEMENT.name)
        self._writing, self._queue, self._label = writing, queue, label

    def of_item(self, item_id: int) -> list[Signalement]:
        """Remarks of an item."""
        return self._found("item_id = ?", (item_id,))

    def all(self) -> list[Signalement]:
        """Every remark."""
        return self._found("1")

    def known(self, source: str, remote_ids: Sequence[str]) -> dict[str, Signalement]:
        """Those of a source that are there."""
        wanted = set(remote_ids)
        return {one.remote_id: one for one in self._found("source = ?", (source,)) if one.remote_id in wanted}

    def bring_in(self, placed: Sequence[Placed]) -> dict[str, int]:
        """Write remarks and their items."""
        items: dict[str, int] = {}
        with self._writing():
            for one in placed:
                values = one.signalement.row
                if one.polygon is not None:
                    if one.polygon.id not in items:
                        items[one.polygon.id] = self._item_of(one, one.polygon.id)
                    values["item_id"] = items[one.polygon.id]
                self._write(values, one.signalement)
        if items:
            self._queue.start_anew()
        return items

    def replace(self, before: Signalement, after: Signalement) -> None:
        """Write a row in the place of another state of it."""
        with self._writing():
            there = self._found("source = ? AND remote_id = ?", before.key)
            if there != [before]:
                raise StaleSignalementError(remote_id=before.remote_id)
            self._write(after.row, after)

    def hold(self, signalement: Signalement) -> bool:
        """Nobody else has the file open."""
        return True

    def let_go(self, signalement: Signalement) -> None:
        """Nothing: nothing is held."""

    def gestures_of(self, item_id: int) -> list[Mapping[str, Any]]:
        """Gestures in force made while an item was in front."""
        statement = (
            "SELECT operation, operator, time_utc, changed_m2 FROM edit_journal "
            "WHERE item_id = ? AND in_force = 1 ORDER BY seq"
        )
        return [dict(row) for row in self.connection.execute(statement, (item_id,))]

    def _found(self, condition: str, values: Sequence[object] = ()) -> list[Signalement]:
        try:
            rows = list(self.select(f"{condition} ORDER BY opened_at, remote_id", values))
        except sqlite3.Error as error:
            raise DamagedLotError(path=self._label, reason=error) from error
        return [self._read(row) for row in rows]

    def _read(self, row: sqlite3.Row) -> Signalement:
        box = box_of(row[self.geometry])
        x, y = (None, None) if box is None else box[:2]
        return Signalement.from_row({**dict(row), "x": x, "y": y})

    def _write(self, values: dict[str, Any], signalement: Signalement) -> None:
        """Put a row in the place of its own, or add it."""
        x, y = signalement.x, signalement.y
        values[str(self.geometry)] = None if x is None or y is None else point_blob(x, y, self.srs_id)
        names = tuple(values)
        sets = ", ".join(f"{quoted(name)} = ?" for name in names)
        statement = f"UPDATE {quoted(self.name)} SET {sets} WHERE source = ? AND remote_id = ?"  # nosec B608
        if self.connection.execute(statement, (*values.values(), *signalement.key)).rowcount == 0:
            listed, marks = ", ".join(map(quoted, names)), ", ".join("?" * len(names))
            statement = f"INSERT INTO {quoted(self.name)} ({listed}) VALUES ({marks})"  # nosec B608 - quoted
            self.connection.execute(statement, tuple(values.values()))

    def _item_of(self, placed: Placed, polygon_id: str) -> int:
        """The item of a polygon, made where it has none."""
        found = self.connection.execute(
            "SELECT item_id, rank, reasons, state FROM review_item WHERE polygon_id = ?", (polygon_id,)
        ).fetchone()
        if found is None:
            return self._add_item(placed)
        rank = self._rank() if placed.is_first and found["rank"] > 0 else found["rank"]
        self.connection.execute(
            "UPDATE review_item SET reasons = ?, rank = ?, priority = max(priority, ?) WHERE item_id = ?",
            (with_reason(found["reasons"]), rank, placed.priority, found["item_id"]),
        )
        return int(found["item_id"])

    def _add_item(self, placed: Placed) -> int:
        (last,) = self.connection.execute("SELECT coalesce(max(rank), 0) FROM review_item").fetchone()
        values = item_values(placed, self._rank() if placed.is_first else last + 1)
        values["item_id"] = item_number(placed.signalement)
        while self._queue.item(values["item_id"]) is not None:
            values["item_id"] += 1
        one = placed.signalement
        items = GpkgTable(self.connection, "review_item")
        values[str(items.geometry)] = point_blob(one.x or 0.0, one.y or 0.0, items.srs_id)
        known = {name: value for name, value in values.items() if name in items.columns}
        names, marks = ", ".join(map(quoted, known)), ", ".join("?" * len(known))
        statement = f"INSERT INTO review_item ({names}) VALUES ({marks})"  # nosec B608 - quoted
        self.connection.execute(statement, tuple(known.values()))
        return int(values["item_id"])

    def _rank(self) -> int:
        statement = "SELECT coalesce(max(rank) + 1, ?) FROM review_item WHERE rank < 0"
        return int(self.connection.execute(statement, (FIRST_RANK,)).fetchone()[0])
