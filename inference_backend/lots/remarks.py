# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks of the territory travel with their lots: out with the items they made, back with their answers.

The same remark is in the parent and in the lot; what decides is who answered it last. An answer keeps its
UUID, so that one that is sent from both is found on the server by whoever comes second.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from inference_backend.contracts.lot import REVIEW_ITEM
from inference_backend.contracts.signalement import SIGNALEMENT, Outbox
from inference_backend.lots.errors import LotFileError
from inference_backend.lots.lot_file import LotFile

_KEY = ("source", "remote_id")
_ANSWER = (
    "answer_status",
    "answer",
    "motive",
    "answered_by",
    "answered_at",
    "outbox",
    "answer_id",
    "sent_at",
)
_READ = ("status", "text", "replies", "updated_at", "themes", "attachments")
_CAUTION = (Outbox.READY, Outbox.NONE, Outbox.REFUSED, Outbox.SENDING, Outbox.SENT)
"""States of one and the same answer; which of two counts, the later here: none leaves that was held back."""
_ABOVE = -1_000_000_000
"""Where the ranks of items made of remarks begin: before those that a lot is made with."""


def has_remarks(database: sqlite3.Connection, schema: str = "main") -> bool:
    """Whether a lot has the table; those of schema 2 lack it."""
    query = f"SELECT 1 FROM {schema}.sqlite_master WHERE name = ?"  # nosec B608 - our own
    return database.execute(query, (SIGNALEMENT.name,)).fetchone() is not None


def bring_remarks(lot: LotFile, parent: LotFile) -> int:
    """Put remarks of a lot and their answers into its parent, inside the parent's transaction.

    Call it before the gestures are merged: decisions on items that came with remarks then find them.

    Returns:
        How many rows of the parent were added or changed.

    Raises:
        LotFileError: the parent is of a schema that holds none.
    """
    if not has_remarks(lot.database):
        return 0
    rows, changed = _rows(lot.database, SIGNALEMENT.name, "item_id IS NOT NULL"), 0
    if rows and not has_remarks(parent.database):
        raise _too_old(parent)
    for row in rows:
        found = _rows(parent.database, SIGNALEMENT.name, "source = ? AND remote_id = ?", *_key(row))
        if not found:
            row["item_id"] = _item(lot, parent, row["item_id"])
            _insert(parent.database, SIGNALEMENT.name, row)
            changed += 1
            continue
        news = _news(found[0], row)
        if news:
            _update(parent.database, SIGNALEMENT.name, news, "source = ? AND remote_id = ?", *_key(row))
            changed += 1
    return changed


def _too_old(parent: LotFile) -> LotFileError:
    return LotFileError(
        path=parent.path,
        problem_en="an earlier release wrote it, which had no place for the remarks of this lot",
        problem_fr="une version antérieure l'a écrit, sans place pour les signalements de ce lot",
        remedy_en="Open it once in OCS GE Review, then merge again.",
        remedy_fr="Ouvrez-le une fois dans OCS GE Review, puis fusionnez à nouveau.",
    )


def _news(theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """Columns of the parent's row that the lot knows better."""
    news: dict[str, Any] = {}
    is_sent = theirs["outbox"] == Outbox.SENT.value
    if (ours["answered_at"] or "") > (theirs["answered_at"] or "") and not is_sent:
        news = {name: ours[name] for name in _ANSWER}
    elif ours["answer_id"] and ours["answer_id"] == theirs["answer_id"] and _counts_over(ours, theirs):
        news = {name: ours[name] for name in ("outbox", "sent_at")}
    if (ours["updated_at"] or "") > (theirs["updated_at"] or ""):
        news |= {name: ours[name] for name in _READ}
    return {name: value for name, value in news.items() if theirs[name] != value}


def _counts_over(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether the state of an answer in the lot counts, rather than that of the same one in the parent."""
    order = [state.value for state in _CAUTION]
    if ours["outbox"] not in order:
        return False
    return theirs["outbox"] not in order or order.index(ours["outbox"]) > order.index(theirs["outbox"])


def _item(lot: LotFile, parent: LotFile, item_id: int) -> int | None:
    """The parent's item of a remark that came to the lot after it was cut."""
    (item,) = _rows(lot.database, REVIEW_ITEM.name, "item_id = ?", item_id) or [{}]
    if not item:
        return None
    there = _rows(parent.database, REVIEW_ITEM.name, "polygon_id = ?", item["polygon_id"])
    if there:
        return int(there[0]["item_id"])
    if _rows(parent.database, REVIEW_ITEM.name, "item_id = ?", item_id):
        return None
    highest = parent.one("SELECT max(rank) FROM review_item WHERE rank < 0")
    # As it was before anybody decided: what was decided comes with the gestures.
    undecided = {
        "state": "todo",
        "decision_cs": None,
        "decision_us": None,
        "holder": None,
        "held_until": None,
    }
    undecided |= dict.fromkeys(("operator", "decided_at", "duration_s", "comment", "sketch", "answer"))
    rank = _ABOVE if highest is None else highest + 1
    _insert(parent.database, REVIEW_ITEM.name, {**item, **undecided, "rank": rank})
    return item_id


def _rows(database: sqlite3.Connection, table: str, condition: str, *values: object) -> list[dict[str, Any]]:
    """Rows without their row number."""
    cursor = database.execute(f'SELECT * FROM "{table}" WHERE {condition}', values)  # nosec B608 - our own
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [{name: value for name, value in row.items() if name != "fid"} for row in found]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _KEY)


def _insert(database: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    known = {found[1] for found in database.execute(f'PRAGMA table_info("{table}")')}
    values = {name: value for name, value in row.items() if name in known}
    listed, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
    database.execute(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', tuple(values.values()))  # nosec B608


def _update(
    database: sqlite3.Connection, table: str, values: dict[str, Any], condition: str, *key: object
) -> None:
    sets = ", ".join(f'"{name}" = ?' for name in values)
    database.execute(f'UPDATE "{table}" SET {sets} WHERE {condition}', (*values.values(), *key))  # nosec B608
