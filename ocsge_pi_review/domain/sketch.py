# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody drew with a comment, as the column `sketch` keeps it: one GeoJSON GeometryCollection."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ocsge_pi_review.domain.rings import Point

MOST_POINTS = 5000
"""A drawing with more comes from no hand."""
CENTIMETRES = 2
"""Digits kept of a coordinate."""


@dataclass(frozen=True)
class Stroke:
    """One line of a drawing; a single point is a mark.

    Attributes:
        points: x, y in the lot's CRS.
    """

    points: tuple[Point, ...]

    @property
    def is_mark(self) -> bool:
        """Whether it is a point."""
        return len(self.points) == 1


def sketch_to_json(strokes: Iterable[Stroke]) -> str | None:
    """Text of the column; null for an empty drawing."""
    geometries = [_geometry(stroke) for stroke in strokes if stroke.points]
    if not geometries:
        return None
    return json.dumps({"type": "GeometryCollection", "geometries": geometries})


def sketch_from_json(text: str | None) -> tuple[Stroke, ...]:
    """The strokes of a drawing; what is not a point or a line of numbers is left out.

    A lot comes from outside: a drawing that nobody can read must not keep its item from being seen.
    """
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return ()
    strokes = tuple(stroke for raw in _geometries(found) if (stroke := _stroke(raw)) is not None)
    return strokes if sum(len(stroke.points) for stroke in strokes) <= MOST_POINTS else ()


def thinned(points: Sequence[Point], least_m: float) -> tuple[Point, ...]:
    """A stroke of the hand without points nearer to the one before than `least_m`; both ends stay."""
    kept: list[Point] = []
    for point in points:
        if not kept or math.dist(kept[-1], point) >= least_m:
            kept.append(point)
    if len(points) > 1 and kept[-1] != points[-1]:
        kept.append(points[-1])
    return tuple(kept)


def _geometry(stroke: Stroke) -> dict[str, Any]:
    points = [[round(value, CENTIMETRES) for value in point] for point in stroke.points]
    if stroke.is_mark:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "LineString", "coordinates": points}


def _geometries(found: Any) -> list[Any]:
    if isinstance(found, dict) and found.get("type") == "GeometryCollection":
        found = found.get("geometries")
    if isinstance(found, dict):
        return [found]
    return found if isinstance(found, list) else []


def _stroke(raw: Any) -> Stroke | None:
    if not isinstance(raw, dict):
        return None
    places = raw.get("coordinates")
    if raw.get("type") == "Point":
        places = [places]
    elif raw.get("type") == "Polygon" and isinstance(places, list):
        places = places[0] if places else None
    elif raw.get("type") != "LineString":
        return None
    if not isinstance(places, list) or not places or not all(_is_place(place) for place in places):
        return None
    return Stroke(tuple((float(place[0]), float(place[1])) for place in places))


def _is_place(place: Any) -> bool:
    return (
        isinstance(place, list)
        and len(place) >= 2
        and all(isinstance(v, int | float) and math.isfinite(v) for v in place[:2])
    )
