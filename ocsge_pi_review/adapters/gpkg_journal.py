# SPDX-License-Identifier: GPL-2.0-or-later
"""The table `edit_journal` of a GeoPackage: appended to, never changed but for what is in force."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from inference_backend.contracts.lot import EDIT_JOURNAL, JournalState, Operation
from ocsge_pi_review.adapters.gpkg_blob import multi_polygon_blob
from ocsge_pi_review.adapters.gpkg_table import GpkgTable, quoted
from ocsge_pi_review.domain.decisions import now_utc
from ocsge_pi_review.domain.item import decisions_from_json, decisions_to_json
from ocsge_pi_review.domain.journal import TURNS, Gesture, JournalRow, fold
from ocsge_pi_review.domain.patch import Patch, rows_from_json, rows_to_json

_TURNS = ", ".join(f"'{operation.value}'" for operation in TURNS)


class JournalTable(GpkgTable):
    """Writes gestures, and reads them back.

    Args:
        connection: of `gpkg.connect`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, EDIT_JOURNAL.name)

    def append(self, gesture: Gesture, operator: str, duration_s: float) -> int:
        """Add a row, inside the caller's transaction.

        Returns:
            Its number.
        """
        is_turn = gesture.operation in TURNS
        values = {
            "seq": self.last_seq() + 1,
            "gesture_id": gesture.gesture_id,
            "time_utc": now_utc(),
            "operator": operator,
            "operation": gesture.operation.value,
            "item_id": gesture.item_id,
            "duration_s": round(duration_s, 3),
            "before": rows_to_json(gesture.patch.before),
            "after": rows_to_json(gesture.patch.after),
            "item_before": decisions_to_json(gesture.items_before),
            "item_after": decisions_to_json(gesture.items_after),
            "state": JournalState.APPLIED.value,
            "in_force": int(not is_turn),
            "reasons": ",".join(gesture.reasons) or None,
            "changed_m2": gesture.changed_m2,
            str(self.geometry): multi_polygon_blob(gesture.patch.touched, self.srs_id),
        }
        names, marks = ", ".join(map(quoted, values)), ", ".join("?" * len(values))
        statement = f"INSERT INTO edit_journal ({names}) VALUES ({marks})"  # nosec B608 - the contract's names
        self.connection.execute(statement, tuple(values.values()))
        if is_turn:
            self.set_in_force(gesture.gesture_id, gesture.operation is Operation.REDO)
        return int(values["seq"])

    def last_seq(self) -> int:
        """Number of the last row; 0 without any."""
        return int(self.connection.execute("SELECT coalesce(max(seq), 0) FROM edit_journal").fetchone()[0])

    def last_time(self) -> str | None:
        """When the last row was written."""
        found = next(self.select("seq = ?", (self.last_seq(),)), None)
        return None if found is None else str(found["time_utc"])

    def last_done(self, operator: str) -> Gesture | None:
        """The operator's newest gesture in force."""
        condition = "operator = ? AND in_force = 1 ORDER BY seq DESC LIMIT 1"
        found = next(self.select(condition, (operator,)), None)
        return None if found is None else _row(found).gesture

    def last_undone(self, operator: str) -> Gesture | None:
        """The operator's newest gesture taken back since the last new one."""
        # The sign keeps SQLite on the index of numbers: from the end, it soon meets the last new gesture.
        mine = "FROM edit_journal WHERE +operator = :name"
        new = f"SELECT seq {mine} AND operation NOT IN ({_TURNS}) ORDER BY seq DESC LIMIT 1"
        rows = self.connection.execute(
            f"SELECT operation, gesture_id {mine} AND seq >= coalesce(({new}), 0) ORDER BY seq",  # nosec B608 - constants
            {"name": operator},
        )
        undone = fold((Operation(row["operation"]), row["gesture_id"]) for row in rows).undone
        return self.made(undone[-1]) if undone else None

    def made(self, gesture_id: str) -> Gesture:
        """A gesture as it was first made."""
        condition = f"gesture_id = ? AND operation NOT IN ({_TURNS}) ORDER BY seq"
        return _row(next(self.select(condition, (gesture_id,)))).gesture

    def rows(self, after_seq: int = 0) -> Iterator[JournalRow]:
        """Rows in order, read as they are asked for."""
        seq = after_seq
        while True:
            # Row by row: a cursor left open would keep QGIS and the next gesture waiting.
            found = next(self.select("seq > ? ORDER BY seq LIMIT 1", (seq,)), None)
            if found is None:
                return
            yield _row(found)
            seq = found["seq"]

    def rows_where(self, condition: str, values: tuple[object, ...]) -> Iterator[JournalRow]:
        """Rows in order that meet a condition made of constants and marks."""
        return map(_row, self.select(f"{condition} ORDER BY seq", values))

    def set_in_force(self, gesture_id: str, is_in_force: bool) -> None:
        """Say whether a gesture holds, inside the caller's transaction."""
        self.connection.execute(
            f"UPDATE edit_journal SET in_force = ? WHERE gesture_id = ? AND operation NOT IN ({_TURNS})",  # nosec B608 - constants
            (int(is_in_force), gesture_id),
        )


def _row(found: sqlite3.Row) -> JournalRow:
    try:
        return _read(found)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # As any other damage is told: a lot comes from outside.
        raise sqlite3.DataError(f"row {found['seq']} of the journal: {error!r}") from error


def _read(found: sqlite3.Row) -> JournalRow:
    gesture = Gesture(
        found["gesture_id"],
        Operation(found["operation"]),
        Patch(rows_from_json(found["before"]), rows_from_json(found["after"])),
        decisions_from_json(found["item_before"]),
        decisions_from_json(found["item_after"]),
        found["item_id"],
        tuple(part for part in (found["reasons"] or "").split(",") if part),
        found["changed_m2"] or 0.0,
    )
    return JournalRow(
        found["seq"],
        gesture,
        found["time_utc"],
        found["operator"],
        found["duration_s"] or 0.0,
        bool(found["in_force"]),
    )
