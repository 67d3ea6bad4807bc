# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends polygons of a rejected lot back to the interpreter: items of the queue, never a polygon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from inference_backend.contracts.control import ErrorKind
from inference_backend.contracts.control_report import FoundError
from inference_backend.contracts.lot import REVIEW_ITEM, ItemState, Reason
from inference_backend.control.lot_source import LotTables

REDO_RANK = -(2**30)
"""Rank of the first item that comes back: before all others, those of remarks included."""
_REDO_END = REDO_RANK // 2
_ROWS_AT_ONCE = 500
_KIND_NAMES = {
    ErrorKind.OMISSION: ("an object is missing", "objet omis"),
    ErrorKind.GEOMETRY: ("wrong outline", "contour erroné"),
    ErrorKind.THRESHOLD: ("below its threshold", "sous le seuil"),
}
_KEYS = {"cs": "code_cs", "us": "code_us"}


def send_errors_back(tables: LotTables, errors: Sequence[FoundError], language: str = "fr") -> int:
    """Let the units that were found wrong be decided again, inside a transaction.

    Args:
        tables: the lot.
        errors: what the control found.
        language: of the text that the interpreter reads.

    Returns:
        Number of polygons sent back.
    """
    words: dict[str, list[str]] = {}
    places: dict[str, tuple[float, float]] = {}
    for error in errors:
        words.setdefault(error.polygon_id, []).append(words_of(error, language))
        places.setdefault(error.polygon_id, (error.x, error.y))
    texts = {polygon: " ".join(dict.fromkeys(said)) for polygon, said in words.items()}
    _send_back(tables, texts, places)
    return len(texts)


def send_class_back(tables: LotTables, dimension: str, code: str, language: str = "fr") -> int:
    """Let every polygon of a class be decided again but those sent back already, inside a transaction.

    Args:
        tables: the lot.
        dimension: `cs` or `us`.
        code: the delivered class; longer codes belong to it.
        language: of the text that the interpreter reads.

    Returns:
        Number of polygons sent back.
    """
    margin = "margin_of IS NULL AND " if "margin_of" in tables.columns("occupation_sol") else ""
    column = _KEYS[dimension]
    query = f"SELECT fid, id FROM {{occupation_sol}} WHERE {margin}({column} = ? OR {column} LIKE ?)"  # nosec B608
    rows = dict(tables.select(query, (code, f"{code}.%")))
    open_ids = {row[0] for row in tables.select(
        "SELECT polygon_id FROM {review_item} WHERE state = ?", (ItemState.REDO.value,))}  # fmt: skip
    wanted = {fid: str(polygon) for fid, polygon in rows.items() if polygon not in open_ids}
    points = _points(tables, wanted)
    text = _text(
        language,
        f"Control: class {code} did not pass; look at every polygon of it.",
        f"Contrôle : la classe {code} n'est pas acceptée ; revoyez tous ses polygones.",
    )
    _send_back(tables, dict.fromkeys(wanted.values(), text), points)
    return len(wanted)


def words_of(error: FoundError, language: str = "fr") -> str:
    """What the interpreter reads at an item: what was seen instead, and the controller's own words."""
    parts = []
    for name, (kind, given, seen) in {
        ("cover", "couverture"): (ErrorKind.COVER, error.map_cs, error.control_cs),
        ("use", "usage"): (ErrorKind.USE, error.map_us, error.control_us),
    }.items():
        if kind.value in error.kinds:
            parts.append(
                _text(
                    language, f"{name[0]} {seen} instead of {given}", f"{name[1]} {seen} au lieu de {given}"
                )
            )
    parts += [_text(language, *names) for kind, names in _KIND_NAMES.items() if kind.value in error.kinds]
    head = _text(language, "Control: ", "Contrôle : ") + ", ".join(parts) + "."
    quote = _text(language, f" “{error.comment}”", f" « {error.comment} »") if error.comment else ""
    return head + quote


def _send_back(tables: LotTables, texts: dict[str, str], places: dict[str, tuple[float, float]]) -> None:
    """Reopen the items of these polygons, and make items for those that have none."""
    found = _items(tables, texts)
    rank = _free_rank(tables)
    for polygon, (item_id, reasons) in found.items():
        tables.execute(
            "UPDATE {review_item} SET state = ?, answer = ?, reasons = ?, rank = ? WHERE item_id = ?",
            (ItemState.REDO.value, texts[polygon], _with_reason(reasons), rank, item_id),
        )
        rank += 1
    missing = [polygon for polygon in texts if polygon not in found]
    tables.insert(REVIEW_ITEM, _new_items(tables, missing, texts, places, rank))


def _items(tables: LotTables, polygons: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Item and its reasons by polygon, in the order of `polygons`; without those whose polygon is gone."""
    found: dict[str, tuple[int, str]] = {}
    for some in _portions(list(polygons)):
        query = (
            "SELECT polygon_id, item_id, reasons FROM {review_item} "  # nosec B608 - marks alone
            "WHERE coalesce(state, 'todo') <> ? "
            f"AND polygon_id IN ({', '.join('?' * len(some))}) ORDER BY item_id DESC"
        )
        for polygon, item, reasons in tables.select(query, (ItemState.GONE.value, *some)):
            found[str(polygon)] = int(item), str(reasons or "")
    return {polygon: found[polygon] for polygon in polygons if polygon in found}


def _new_items(
    tables: LotTables,
    polygons: Sequence[str],
    texts: dict[str, str],
    places: dict[str, tuple[float, float]],
    rank: int,
) -> Iterator[dict[str, Any]]:
    (last,) = next(iter(list(tables.select("SELECT coalesce(max(item_id), 0) FROM {review_item}"))))
    codes = _codes(tables, polygons)
    for place, polygon in enumerate(polygons):
        yield {
            "item_id": int(last) + 1 + place,
            "polygon_id": polygon,
            "rank": rank + place,
            "reasons": Reason.CONTROL_ERROR.value,
            "proposed_cs": codes[polygon][0],
            "proposed_us": codes[polygon][1],
            "state": ItemState.REDO.value,
            "answer": texts[polygon],
            "geom": shapely.to_wkb(shapely.Point(places[polygon])),
        }


def _codes(tables: LotTables, polygons: Sequence[str]) -> dict[str, tuple[str, str]]:
    found = {}
    for some in _portions(polygons):
        query = (
            f"SELECT id, code_cs, code_us FROM {{occupation_sol}} WHERE id IN ({', '.join('?' * len(some))})"  # nosec B608
        )
        found.update({str(row[0]): (row[1], row[2]) for row in tables.select(query, tuple(some))})
    return found


def _points(tables: LotTables, wanted: dict[int, str]) -> dict[str, tuple[float, float]]:
    """A point inside each polygon, by its id."""
    fids = np.array(sorted(wanted), dtype=np.int64)
    inside = shapely.get_coordinates(shapely.point_on_surface(tables.polygons(fids)))
    return {wanted[fid]: (x, y) for fid, (x, y) in zip(fids.tolist(), inside.tolist(), strict=True)}


def _free_rank(tables: LotTables) -> int:
    rows = tables.select(
        "SELECT coalesce(max(rank) + 1, ?) FROM {review_item} WHERE rank < ?", (REDO_RANK, _REDO_END)
    )
    return max(REDO_RANK, *(int(row[0]) for row in rows))


def _with_reason(reasons: str) -> str:
    kept = [reason for reason in reasons.split(",") if reason and reason != Reason.CONTROL_ERROR.value]
    return ",".join([Reason.CONTROL_ERROR.value, *kept])


def _portions(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _ROWS_AT_ONCE):
        yield values[start : start + _ROWS_AT_ONCE]


def _text(language: str, english: str, french: str) -> str:
    return english if language.startswith("en") else french
