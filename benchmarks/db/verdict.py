# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges what interpreters left in the database by their own notes, with plain SQL, nothing of the store."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import psycopg2
from psycopg2 import sql

TURNS = ("undo", "redo")


def notes_of(folder: Path) -> list[dict[str, Any]]:
    """All lines of all people; the last of a killed one may be torn."""
    notes = []
    for path in sorted(folder.glob("person_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                notes.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    return notes


def judge(conninfo: str, schema: str, notes: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts of what must not happen, and how long things took."""
    with psycopg2.connect(conninfo) as connection, connection.cursor() as cursor:
        journal = _read(
            cursor,
            schema,
            "edit_journal",
            'seq, gesture_id, operation, item_id, operator, in_force, "before", "after", item_after',
        )
        journal.sort(key=lambda row: row["seq"])
        touched = {
            row["id"] for entry in journal for row in json.loads(entry["after"]) + json.loads(entry["before"])
        }
        items = _read(
            cursor,
            schema,
            "review_item",
            "item_id, state, operator, decision_cs",
            "item_id",
            sorted({entry["item_id"] for entry in journal}),
        )
        polygons = _polygons(cursor, schema, sorted(touched))
    confirmed = [note for note in notes if note["what"] == "confirmed"]
    lost = _lost(journal, confirmed)
    twice = _given_twice(notes) + _decided_twice(journal) + _made_twice(journal, notes)
    taken_ms = [note["ms"] for note in notes if note["what"] == "taken"]
    gesture_ms = [note["ms"] for note in confirmed]
    return {
        "db_items_twice": twice,
        "db_items_lost": lost + _items_wrong(journal, items) + _polygons_wrong(journal, polygons),
        "db_next_item_ms_p50": _percentile(taken_ms, 50),
        "db_next_item_ms_p99": _percentile(taken_ms, 99),
        "db_gesture_ms_p50": _percentile(gesture_ms, 50),
        "db_gesture_ms_p99": _percentile(gesture_ms, 99),
        "db_items_taken": len(taken_ms),
        "db_gestures_confirmed": len(confirmed),
        "db_journal_rows": len(journal),
        "db_journal_holes": len(journal) - (journal[-1]["seq"] if journal else 0),
        "db_refused": dict(Counter(note["reason"] for note in notes if note["what"] == "refused")),
        "db_no_answer": sum(note["what"] == "no_answer" for note in notes),
    }


def _read(
    cursor: Any, schema: str, table: str, columns: str, key: str = "", values: Iterable[int] = ()
) -> list[dict[str, Any]]:
    names = [name.strip().strip('"') for name in columns.split(",")]
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    statement = sql.SQL("SELECT {} FROM {}").format(listed, sql.Identifier(schema, table))
    if key:
        statement += sql.SQL(" WHERE {} = ANY(%s)").format(sql.Identifier(key))
    cursor.execute(statement, (list(values),) if key else None)
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _polygons(cursor: Any, schema: str, ids: list[str]) -> dict[str, tuple[str, str]]:
    table = sql.Identifier(schema, "occupation_sol")
    statement = sql.SQL(
        "SELECT id, code_cs, encode(ST_AsBinary(geom, 'NDR'), 'hex') FROM {} WHERE id = ANY(%s)"
    )
    cursor.execute(statement.format(table), (ids,))
    return {polygon_id: (code, wkb) for polygon_id, code, wkb in cursor.fetchall()}


def _lost(journal: list[dict[str, Any]], confirmed: list[dict[str, Any]]) -> int:
    """Confirmed gestures that the journal lacks, or has under another number."""
    there = {(entry["seq"], entry["gesture_id"], entry["operation"]) for entry in journal}
    return sum((note["seq"], note["gesture"], note["operation"]) not in there for note in confirmed)


def _made_twice(journal: list[dict[str, Any]], notes: list[dict[str, Any]]) -> int:
    """Rows of one gesture beyond the times that it was sent."""
    sent = Counter((note["gesture"], note["operation"]) for note in notes if note["what"] == "sent")
    made = Counter((entry["gesture_id"], entry["operation"]) for entry in journal)
    return sum(max(0, count - sent[key]) for key, count in made.items())


def _decided_twice(journal: list[dict[str, Any]]) -> int:
    """Items with more than one gesture in force that settles them."""
    settled: Counter[int] = Counter()
    for entry in journal:
        if entry["in_force"] and entry["operation"] not in TURNS:
            decisions = json.loads(entry["item_after"] or "[]")
            settled.update(d["item_id"] for d in decisions if d["state"] == "done")
    return sum(count > 1 for count in settled.values())


def _given_twice(notes: list[dict[str, Any]]) -> int:
    """Items that two people had in hand at one instant, by the machine's one clock."""
    spans: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
    in_hand: dict[tuple[str, int], float] = {}
    for note in notes:
        key = (note["who"], note.get("item", 0))
        if note["what"] == "taken":
            in_hand[key] = note["shown"]
        elif note["what"] in ("confirmed", "given_up") and key in in_hand:
            spans[note["item"]].append((in_hand.pop(key), note["at"], note["who"]))
        elif note["what"] == "left" and key in in_hand:
            # From here on he has nothing to say about it any more.
            spans[note["item"]].append((in_hand.pop(key), note["at"], note["who"]))
    twice = 0
    for held in spans.values():
        held.sort()
        for i, (_, end, who) in enumerate(held):
            twice += any(start < end and other != who for start, _, other in held[i + 1 :])
    return twice


def _items_wrong(journal: list[dict[str, Any]], items: list[dict[str, Any]]) -> int:
    """Items that are not as the journal's last word on them says."""
    last: dict[int, dict[str, Any]] = {}
    for entry in journal:
        last.update({d["item_id"]: d for d in json.loads(entry["item_after"] or "[]")})
    there = {item["item_id"]: item for item in items}
    return sum(
        item_id in there
        and any(there[item_id][name] != said[name] for name in ("state", "operator", "decision_cs"))
        for item_id, said in last.items()
    )


def _polygons_wrong(journal: list[dict[str, Any]], polygons: dict[str, tuple[str, str]]) -> int:
    """Polygons that are not as a replay of the journal leaves them."""
    last: dict[str, tuple[str, str] | None] = {}
    for entry in journal:
        after = {row["id"]: row for row in json.loads(entry["after"])}
        last.update({row["id"]: None for row in json.loads(entry["before"]) if row["id"] not in after})
        last.update({key: (row["attributes"]["code_cs"], row["wkb_hex"]) for key, row in after.items()})
    return sum(polygons.get(polygon_id) != row for polygon_id, row in last.items())


def _percentile(values: list[float], percent: float) -> float | None:
    return round(float(np.percentile(values, percent)), 1) if values else None
