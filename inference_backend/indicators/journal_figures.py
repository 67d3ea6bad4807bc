# SPDX-License-Identifier: GPL-2.0-or-later
"""Which polygons of the automatic layer people changed, from the rows of a journal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import shapely

from inference_backend.indicators.lot_summary import Rework

_CODES = ("code_cs", "code_us")


def rework_of(
    rows: Iterable[tuple[str | None, str | None, float | None]], polygons: int, changed_area_m2: float
) -> Rework:
    """Count the automatic polygons that are no longer what they were.

    A polygon counts once, however often it was touched. One that people drew is none of the automatic layer.
    A vertex that a neighbour's cut adds to a border changes nothing.

    Args:
        rows: (before, after, changed m2) of the gestures in force, in their order; JSON of the journal.
        polygons: of the lot as it is now.
        changed_area_m2: a polygon whose area changes by more is changed.
    """
    made: set[str] = set()
    changed: set[str] = set()
    balance, area_m2 = 0, 0.0
    for before_text, after_text, ground_m2 in rows:
        before, after = _rows(before_text), _rows(after_text)
        for polygon_id, row in before.items():
            if polygon_id not in made and polygon_id not in changed:
                new = after.get(polygon_id)
                if new is None or _differs(row, new, changed_area_m2):
                    changed.add(polygon_id)
        made |= after.keys() - before.keys()
        balance += len(after) - len(before)
        area_m2 += ground_m2 or 0.0
    return Rework(polygons - balance, len(changed), area_m2)


def _rows(text: str | None) -> dict[str, dict[str, Any]]:
    return {str(row["id"]): row for row in json.loads(text or "[]")}


def _differs(old: dict[str, Any], new: dict[str, Any], changed_area_m2: float) -> bool:
    first, second = old["attributes"], new["attributes"]
    if any(first.get(name) != second.get(name) for name in _CODES):
        return True
    if old["wkb_hex"] == new["wkb_hex"]:
        return False
    areas = [shapely.area(shapely.from_wkb(bytes.fromhex(row["wkb_hex"]))) for row in (old, new)]
    return bool(abs(areas[0] - areas[1]) > changed_area_m2)
