# SPDX-License-Identifier: GPL-2.0-or-later
"""Well-known text of points, lines and polygons as GeoJSON geometries, one for each part."""

from __future__ import annotations

import json
import math
import re
from typing import Any

LONGEST = 2_000_000
"""Characters; a longer text comes from no hand."""
_HEAD = re.compile(
    r"^\s*(?:SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:ZM?|M)?\s*(\(.*\))\s*$", re.I | re.S
)
_NUMBERS = re.compile(r"[-+0-9.eE]+(?:\s+[-+0-9.eE]+)+")
_NAMES = {"POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon"}
_DEPTHS = {"POINT": 0, "LINESTRING": 1, "POLYGON": 2}


def geometries_of(text: str | None) -> list[dict[str, Any]]:
    """The parts of a geometry; empty where the text is none."""
    match = _HEAD.match(text or "") if len(text or "") <= LONGEST else None
    if match is None:
        return []
    is_multi, kind, body = bool(match[1]), match[2].upper(), match[3]
    try:
        # A group of numbers becomes a position, a bracket a list.
        found = json.loads(_NUMBERS.sub(_position, body.replace("(", "[").replace(")", "]")))
    except (ValueError, RecursionError):
        return []
    if kind == "POINT":
        parts = [_only(part) for part in found] if is_multi else [_only(found)]
    else:
        parts = found if is_multi else [found]
    return [{"type": _NAMES[kind], "coordinates": part} for part in parts if _fits(part, _DEPTHS[kind])]


def _position(match: re.Match[str]) -> str:
    numbers = [float(number) for number in match[0].split()]
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError(match[0])
    return json.dumps(numbers[:2])


def _only(found: Any) -> Any:
    """A point, be it written with brackets of its own or without."""
    is_wrapped = isinstance(found, list) and len(found) == 1 and isinstance(found[0], list)
    return found[0] if is_wrapped else found


def _fits(found: Any, depth: int) -> bool:
    if depth == 0:
        return isinstance(found, list) and len(found) == 2 and all(isinstance(v, float) for v in found)
    return isinstance(found, list) and bool(found) and all(_fits(part, depth - 1) for part in found)
