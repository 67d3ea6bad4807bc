# SPDX-License-Identifier: GPL-2.0-or-later
"""The journal of a lot in PostGIS: numbered without hole while fifty people write."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from inference_backend.contracts.lot import EDIT_JOURNAL, JournalState, Operation
from ocsge_pi_review.adapters.postgis_connection import Database
from ocsge_pi_review.domain.item import decisions_from_json, decisions_to_json
from ocsge_pi_review.domain.journal import Gesture, JournalRow
from ocsge_pi_review.domain.patch import Patch, rows_from_json, rows_to_json

_COLUMNS = ", ".join(f'"{name}"' for name in EDIT_JOURNAL.column_names)
_TURNS = (Operation.UNDO.value, Operation.REDO.value)
_PAGE_ROWS = 500
_NUMBERING = 0x0C56E
"""First half of the advisory lock under which rows get their number; the other is the table's oid."""


class JournalRows:
    """Reads and writes journal rows.

    Args:
        database: connected, with the lot's names.
        oid: of the table `edit_journal`.
        srid: of its geometry.
        operator: whose gestures are undone and redone.
    """

    def __init__(self, database: Database, oid: int, srid: int, operator: str) -> None:
        self._database, self._oid, self._srid, self._operator = database, oid, srid, operator

    def wait_for_turn(self) -> None:
        """Let one transaction at a time number a row or change the lot's state, until its commit."""
        self._database.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_NUMBERING, _signed(self._oid)))

    def append(self, gesture: Gesture, duration_s: float) -> tuple[int, int, str | None]:
        """Write a row in the caller's transaction; numbers are given one transaction after the other.

        Returns:
            The row's number, the transaction's, and the state that the lot has now.
        """
        self._mark(gesture)
        values = self._values(gesture, duration_s)
        # The server's clock, which is the same for everybody.
        clock = {"seq": "coalesce(max(seq), 0) + 1", "time_utc": "clock_timestamp()"}
        marks = ", ".join(clock.get(name, f"%({name})s") for name in EDIT_JOURNAL.column_names)
        # As late as possible: whoever comes next waits from here to the commit. The second statement looks
        # anew once the first has its turn.
        (row,) = self._database.execute(
            "SELECT pg_advisory_xact_lock(%(numbering)s, %(table)s); "
            f"INSERT INTO {{edit_journal}} ({_COLUMNS}, geom) "  # nosec B608 - the contract's own names
            f"SELECT {marks}, ST_GeomFromWKB(%(wkb)s, %(srid)s) FROM {{edit_journal}} "
            "RETURNING seq, txid_current() AS transaction_id, "
            "(SELECT value FROM {lot} WHERE key = 'state') AS lot_state",
            values,
        )
        return int(row["seq"]), int(row["transaction_id"]), row["lot_state"]

    def last_done(self) -> Gesture | None:
        """The operator's newest gesture in force."""
        return self._one("operator = %(me)s AND in_force = 1 ORDER BY seq DESC LIMIT 1")

    def last_undone(self) -> Gesture | None:
        """The newest gesture taken back since the operator's last new one."""
        return self._one(
            "seq = (SELECT made.seq FROM {edit_journal} AS undo JOIN {edit_journal} AS made "
            "ON made.gesture_id = undo.gesture_id AND NOT made.operation = ANY(%(turns)s) "
            "WHERE undo.operator = %(me)s AND undo.operation = 'undo' AND made.in_force = 0 "
            "AND undo.seq > (SELECT coalesce(max(seq), 0) FROM {edit_journal} "
            "WHERE operator = %(me)s AND NOT operation = ANY(%(turns)s)) "
            "ORDER BY undo.seq DESC LIMIT 1)"
        )

    def rows(self, after_seq: int = 0) -> Iterator[JournalRow]:
        """Rows in order, some hundreds at a time."""
        while True:
            found = self._select(
                "seq > %(seq)s ORDER BY seq LIMIT %(limit)s", seq=after_seq, limit=_PAGE_ROWS
            )
            yield from map(_row_of, found)
            if len(found) < _PAGE_ROWS:
                return
            after_seq = found[-1]["seq"]

    def outcome(self, transaction_id: int) -> str | None:
        """What became of a transaction: `committed`, `aborted`, `in progress`, or None if too old to tell."""
        rows = self._database.rows("SELECT txid_status(%s) AS status", (transaction_id,))
        return rows[0]["status"]

    def last_seq(self) -> int:
        """Number of the newest row; 0 without any."""
        return int(self._database.rows("SELECT coalesce(max(seq), 0) AS seq FROM {edit_journal}")[0]["seq"])

    def _one(self, where: str) -> Gesture | None:
        found = self._select(where)
        return _row_of(found[0]).gesture if found else None

    def _select(self, where: str, **values: Any) -> list[dict[str, Any]]:
        statement = f"SELECT {_COLUMNS} FROM {{edit_journal}} WHERE {where}"  # nosec B608 - text of our own
        return self._database.rows(statement, {"me": self._operator, "turns": list(_TURNS), **values})

    def _mark(self, gesture: Gesture) -> None:
        """Say of the gesture that an undo or redo concerns whether it is in force."""
        if gesture.operation.value in _TURNS:
            self._database.execute(
                "UPDATE {edit_journal} SET in_force = %(force)s "
                "WHERE gesture_id = %(id)s AND NOT operation = ANY(%(turns)s)",
                {
                    "force": int(gesture.operation is Operation.REDO),
                    "id": gesture.gesture_id,
                    "turns": list(_TURNS),
                },
            )

    def _values(self, gesture: Gesture, duration_s: float) -> dict[str, Any]:
        return {
            "gesture_id": gesture.gesture_id,
            "operator": self._operator,
            "operation": gesture.operation.value,
            "item_id": gesture.item_id,
            "duration_s": round(duration_s, 3),
            "before": rows_to_json(gesture.patch.before),
            "after": rows_to_json(gesture.patch.after),
            "item_before": decisions_to_json(gesture.items_before),
            "item_after": decisions_to_json(gesture.items_after),
            "state": JournalState.APPLIED.value,
            "in_force": int(gesture.operation.value not in _TURNS),
            "reasons": ",".join(gesture.reasons) or None,
            "changed_m2": gesture.changed_m2,
            "wkb": self._database.driver.Binary(_touched(gesture.patch)),
            "srid": self._srid,
            "numbering": _NUMBERING,
            "table": _signed(self._oid),
        }


def _row_of(row: dict[str, Any]) -> JournalRow:
    gesture = Gesture(
        row["gesture_id"],
        Operation(row["operation"]),
        Patch(rows_from_json(row["before"]), rows_from_json(row["after"])),
        decisions_from_json(row["item_before"]),
        decisions_from_json(row["item_after"]),
        row["item_id"],
        tuple(part for part in (row["reasons"] or "").split(",") if part),
        row["changed_m2"] or 0.0,
    )
    in_force = bool(row["in_force"])
    return JournalRow(
        row["seq"], gesture, row["time_utc"], row["operator"], row["duration_s"] or 0.0, in_force
    )


def _touched(patch: Patch) -> bytes:
    """WKB of the polygons touched, side by side, as they become."""
    rows = patch.after or patch.before
    return struct.pack("<BII", 1, 6, len(rows)) + b"".join(row.wkb for row in rows)


def _signed(oid: int) -> int:
    return oid - 2**32 if oid >= 2**31 else oid
