# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of a lot's journal: gestures with the polygons and items they touched, before and after."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import shapely

from inference_backend.contracts.fingerprint import row_fingerprint
from inference_backend.contracts.lot import EDIT_JOURNAL, JournalState, Operation
from inference_backend.lots.errors import LotFileError
from inference_backend.postprocess.lot.gpkg_functions import blob_of, wkb_of
from inference_backend.postprocess.lot.gpkg_tables import GEOMETRY_COLUMN

TURNS = (Operation.UNDO.value, Operation.REDO.value)
_COLUMNS = (*EDIT_JOURNAL.column_names, GEOMETRY_COLUMN)


@dataclass(frozen=True)
class Row:
    """A polygon of `occupation_sol`.

    Attributes:
        id: its id.
        attributes: every other column.
        wkb: its geometry, bit for bit.
    """

    id: str
    attributes: dict[str, Any]
    wkb: bytes

    @property
    def shape(self) -> shapely.Polygon:
        """Its geometry."""
        return shapely.from_wkb(self.wkb)

    @property
    def fingerprint(self) -> int:
        """Its number, as `contracts.fingerprint` reckons it."""
        return row_fingerprint(self.id, self.attributes, self.wkb)

    @property
    def codes(self) -> str:
        """Cover and use."""
        return f"{self.attributes.get('code_cs')}/{self.attributes.get('code_us')}"

    def to_dict(self) -> dict[str, Any]:
        """Form in which the journal holds it."""
        return {"id": self.id, "attributes": self.attributes, "wkb_hex": self.wkb.hex()}


@dataclass(frozen=True)
class JournalEntry:
    """One row of `edit_journal`; see `contracts.lot.EDIT_JOURNAL`.

    Attributes:
        values: the plain columns by name.
        before: polygons touched, as they were.
        after: the same, as they become.
        items_before: decision columns of the items touched, as they were.
        items_after: the same, as they become.
        touched: WKB of what the gesture touched, or None.
    """

    values: dict[str, Any]
    before: tuple[Row, ...]
    after: tuple[Row, ...]
    items_before: tuple[dict[str, Any], ...]
    items_after: tuple[dict[str, Any], ...]
    touched: bytes | None

    @property
    def seq(self) -> int:
        """Its number."""
        return int(self.values["seq"])

    @property
    def gesture_id(self) -> str:
        """UUID of the gesture; an undo or redo carries that of the one it concerns."""
        return str(self.values["gesture_id"])

    @property
    def is_turn(self) -> bool:
        """Whether it is an undo or a redo."""
        return self.values["operation"] in TURNS

    @property
    def is_in_force(self) -> bool:
        """Whether the gesture holds."""
        return bool(self.values["in_force"])


def read_journal(database: sqlite3.Connection, condition: str = "", *values: Any) -> Iterator[JournalEntry]:
    """Rows in order.

    Args:
        database: the lot.
        condition: in SQL, of the caller's own constants.
        values: what its marks stand for.
    """
    listed = ", ".join(f'"{name}"' for name in _COLUMNS)
    where = f" WHERE {condition}" if condition else ""
    query = f'SELECT {listed} FROM "{EDIT_JOURNAL.name}"{where} ORDER BY seq'  # nosec B608 - the contract's names
    for found in database.execute(query, values):
        values_of = dict(zip(_COLUMNS, found, strict=True))
        seq = values_of["seq"]
        try:
            entry = _entry(values_of)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise unreadable_row(database, seq, error) from error
        yield entry


def unreadable_row(database: sqlite3.Connection, seq: object, reason: object) -> LotFileError:
    """A journal row that is not as the contract says."""
    (path,) = (row[2] for row in database.execute("PRAGMA database_list") if row[1] == "main")
    return LotFileError(
        path=path,
        problem_en=f"row {seq} of the journal cannot be read ({reason!r})",
        problem_fr=f"la ligne {seq} du journal est illisible ({reason!r})",
        remedy_en="Have the lot sent again as the plugin left it.",
        remedy_fr="Faites renvoyer le lot tel que l'extension l'a laissé.",
    )


def append(database: sqlite3.Connection, entry: JournalEntry, srs_id: int) -> None:
    """Write a row at the end of a journal, inside the caller's transaction; its number is given here."""
    (last,) = database.execute(f'SELECT coalesce(max(seq), 0) FROM "{EDIT_JOURNAL.name}"').fetchone()  # nosec B608
    values = {
        **entry.values,
        "seq": last + 1,
        "before": _rows_text(entry.before),
        "after": _rows_text(entry.after),
        "item_before": _items_text(entry.items_before),
        "item_after": _items_text(entry.items_after),
        "state": JournalState.APPLIED.value,
        GEOMETRY_COLUMN: None if entry.touched is None else blob_of(entry.touched, srs_id),
    }
    names, marks = ", ".join(f'"{name}"' for name in _COLUMNS), ", ".join("?" * len(_COLUMNS))
    insert = f'INSERT INTO "{EDIT_JOURNAL.name}" ({names}) VALUES ({marks})'  # nosec B608
    database.execute(insert, tuple(values[name] for name in _COLUMNS))


def set_in_force(database: sqlite3.Connection, gesture_id: str, *, is_in_force: bool) -> None:
    """Say whether a gesture holds, inside the caller's transaction."""
    database.execute(
        f'UPDATE "{EDIT_JOURNAL.name}" SET in_force = ? '  # nosec B608
        "WHERE gesture_id = ? AND operation NOT IN (?, ?)",
        (int(is_in_force), gesture_id, *TURNS),
    )


def _entry(found: dict[str, Any]) -> JournalEntry:
    blob = found.pop(GEOMETRY_COLUMN)
    return JournalEntry(
        found,
        _rows(found.pop("before")),
        _rows(found.pop("after")),
        _items(found.pop("item_before")),
        _items(found.pop("item_after")),
        None if blob is None else wkb_of(blob),
    )


def _rows(text: str | None) -> tuple[Row, ...]:
    raw = json.loads(text or "[]")
    return tuple(Row(str(r["id"]), dict(r["attributes"]), bytes.fromhex(r["wkb_hex"])) for r in raw)


def _items(text: str | None) -> tuple[dict[str, Any], ...]:
    raw = json.loads(text or "[]")
    return tuple(dict(value) for value in ([raw] if isinstance(raw, dict) else raw))


def _rows_text(rows: tuple[Row, ...]) -> str:
    return json.dumps([row.to_dict() for row in rows], ensure_ascii=False)


def _items_text(items: tuple[dict[str, Any], ...]) -> str | None:
    return json.dumps(list(items), ensure_ascii=False) if items else None
