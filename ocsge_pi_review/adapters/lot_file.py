# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of a lot that the review writes itself: journal and queue. Knows SQLite, not QGIS."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from inference_backend.contracts.lot import (
    ADDED_COLUMNS,
    EDIT_JOURNAL,
    LOT,
    OCCUPATION_SOL,
    REVIEW_ITEM,
    SCHEMA_VERSION,
    JournalState,
    LotKey,
    Operation,
)
from ocsge_pi_review.adapters.gpkg import connect, leave_write_ahead_log, transaction, use_write_ahead_log
from ocsge_pi_review.domain.errors import JournalError, LotError
from ocsge_pi_review.domain.item import DECISION_FIELDS, ReviewItem, decision_from_json, decision_to_json
from ocsge_pi_review.domain.journal import Gesture, History, fold
from ocsge_pi_review.domain.patch import Patch, rows_from_json, rows_to_json

_TURNS = (Operation.UNDO, Operation.REDO)


def now_utc() -> str:
    """The time as a GeoPackage stores it."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class LotFile:
    """An open lot.

    Args:
        path: an existing `lot.gpkg`.

    Raises:
        LotError: missing, not a lot, or of another version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._connection = connect(path)
            self._require_tables()
            self.metadata = {row["key"]: row["value"] for row in self._read("SELECT key, value FROM lot")}
        except sqlite3.Error as error:
            raise LotError(
                path=path,
                problem_en=f"not a readable GeoPackage ({error})",
                problem_fr=f"GeoPackage illisible ({error})",
                remedy_en="Choose a lot written by ocsge postprocess.",
                remedy_fr="Choisissez un lot écrit par ocsge postprocess.",
            ) from error
        self._require_version()

    def share(self) -> bool:
        """Allow QGIS and this connection to work on the file together; call before layers are loaded."""
        return use_write_ahead_log(self._connection)

    def close(self) -> bool:
        """Close; True if the lot is one plain file again, ready to be copied."""
        try:
            return leave_write_ahead_log(self._connection)
        finally:
            self._connection.close()

    def items(self) -> list[ReviewItem]:
        """The whole queue."""
        return [ReviewItem.from_row(dict(row)) for row in self._read("SELECT * FROM review_item")]

    def history(self) -> History:
        """What can be undone and done again, over all sessions."""
        rows = self._read("SELECT operation, gesture_id FROM edit_journal ORDER BY seq")
        return fold((Operation(row["operation"]), row["gesture_id"]) for row in rows)

    def append(self, gesture: Gesture, operator: str, duration_s: float) -> int:
        """Journal a gesture and write its decision, on disk when this returns.

        Returns:
            The row's number.

        Raises:
            JournalError: the disk is full or another program holds the file.
        """
        try:
            return self._append(gesture, operator, duration_s)
        except sqlite3.Error as error:
            raise JournalError(path=self.path, reason=error) from error

    def _append(self, gesture: Gesture, operator: str, duration_s: float) -> int:
        with transaction(self._connection) as connection:
            last = connection.execute("SELECT coalesce(max(seq), 0) FROM edit_journal").fetchone()[0]
            values = {
                "seq": last + 1,
                "gesture_id": gesture.gesture_id,
                "time_utc": now_utc(),
                "operator": operator,
                "operation": gesture.operation.value,
                "item_id": gesture.item_id,
                "duration_s": round(duration_s, 3),
                "before": rows_to_json(gesture.patch.before),
                "after": rows_to_json(gesture.patch.after),
                "item_before": decision_to_json(gesture.item_before),
                "item_after": decision_to_json(gesture.item_after),
                "state": JournalState.WRITTEN.value,
            }
            columns = ", ".join(f'"{name}"' for name in EDIT_JOURNAL.column_names)
            marks = ", ".join(f":{name}" for name in EDIT_JOURNAL.column_names)
            # Names are the contract's, never a user's.
            connection.execute(f"INSERT INTO edit_journal ({columns}) VALUES ({marks})", values)  # nosec B608
            if gesture.item_after is not None:
                self._write_decision(gesture.item_after)
        return int(last) + 1

    def mark_applied(self) -> None:
        """Say that the layer on disk contains every gesture journalled so far."""
        with transaction(self._connection) as connection:
            connection.execute(
                "UPDATE edit_journal SET state = ? WHERE state = ?",
                (JournalState.APPLIED.value, JournalState.WRITTEN.value),
            )

    def pending(self) -> list[Patch]:
        """Patches that the layer on disk may lack, in order."""
        return [gesture.patch for gesture in self._gestures("state = ?", JournalState.WRITTEN.value)]

    def gestures(self) -> list[Gesture]:
        """The whole journal, undone gestures and undos included."""
        return list(self._gestures("1"))

    def gesture(self, gesture_id: str) -> Gesture:
        """A gesture as it was first made."""
        made = (g for g in self._gestures("gesture_id = ?", gesture_id) if g.operation not in _TURNS)
        return next(made)

    def journal_table(self) -> list[dict[str, Any]]:
        """The journal without geometries: ids touched, and the first polygon's codes before and after."""
        table = []
        for row in self._read("SELECT * FROM edit_journal ORDER BY seq"):
            before, after = rows_from_json(row["before"]), rows_from_json(row["after"])
            plain = {name: row[name] for name in EDIT_JOURNAL.column_names}
            plain["polygons"] = ", ".join(Patch(before, after).ids)
            for moment, rows in (("before", before), ("after", after)):
                plain[f"cs_{moment}"] = rows[0].cs if rows else None
                plain[f"us_{moment}"] = rows[0].us if rows else None
            table.append(plain)
        return table

    def highest_id(self) -> str:
        """The greatest polygon id ever given, in the layer or in the journal."""
        rows = self._read("SELECT max(id) AS id FROM occupation_sol")
        known = [row["id"] for row in rows if row["id"]]
        for gesture in self._gestures("operation = ?", Operation.SPLIT.value):
            known += [row.id for row in gesture.patch.after]
        return max(known, key=_number_of, default="OCSGE0000000000")

    def _gestures(self, condition: str, *values: str) -> Iterator[Gesture]:
        # Conditions are constants of this class.
        rows = self._read(f"SELECT * FROM edit_journal WHERE {condition} ORDER BY seq", *values)  # nosec B608
        for row in rows:
            yield Gesture(
                row["gesture_id"],
                Operation(row["operation"]),
                Patch(rows_from_json(row["before"]), rows_from_json(row["after"])),
                decision_from_json(row["item_before"]),
                decision_from_json(row["item_after"]),
            )

    def _write_decision(self, decision: dict[str, Any]) -> None:
        columns = ", ".join(f"{name} = :{name}" for name in DECISION_FIELDS)
        statement = f"UPDATE review_item SET {columns} WHERE item_id = :item_id"  # nosec B608
        self._connection.execute(statement, decision)

    def _read(self, statement: str, *values: str) -> list[sqlite3.Row]:
        return self._connection.execute(statement, values).fetchall()

    def _require_tables(self) -> None:
        for table in (OCCUPATION_SOL, REVIEW_ITEM, EDIT_JOURNAL, LOT):
            present = {row["name"] for row in self._read(f"PRAGMA table_info({table.name})")}
            missing = [n for n in table.column_names if n not in present and n not in ADDED_COLUMNS]
            if missing:
                raise LotError(
                    path=self.path,
                    problem_en=f"table {table.name} lacks {', '.join(missing)}",
                    problem_fr=f"il manque {', '.join(missing)} à la table {table.name}",
                    remedy_en="Choose a lot written by ocsge postprocess, or make it again.",
                    remedy_fr="Choisissez un lot écrit par ocsge postprocess, ou refaites-le.",
                )

    def _require_version(self) -> None:
        version = self.metadata.get(LotKey.SCHEMA.value)
        if version != SCHEMA_VERSION:
            raise LotError(
                path=self.path,
                problem_en=f"schema version {version}, this plugin reads {SCHEMA_VERSION}",
                problem_fr=f"version de schéma {version}, cette extension lit la {SCHEMA_VERSION}",
                remedy_en="Use the plugin and the backend of one release.",
                remedy_fr="Utilisez l'extension et le moteur d'une même version.",
            )


def _number_of(polygon_id: str) -> int:
    match = re.search(r"(\d+)$", polygon_id)
    return int(match.group(1)) if match else 0


class IdSeries:
    """New polygon ids, above every id known.

    Args:
        highest: the greatest id in use; its prefix and number of digits are kept.
    """

    def __init__(self, highest: str) -> None:
        match = re.search(r"^(.*?)(\d+)$", highest)
        self._prefix, digits = match.groups() if match else (highest, "0" * 10)
        self._width, self._last = len(digits), int(digits)

    def __call__(self) -> str:
        """The next id."""
        self._last += 1
        return f"{self._prefix}{self._last:0{self._width}d}"
