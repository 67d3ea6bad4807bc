# SPDX-License-Identifier: GPL-2.0-or-later
"""Forgiveness for a cut whose end was clicked just short of the border."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from ocsge_pi_review.domain.outlines import Outline
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.rings import Point, Polygon, contains, segments
from ocsge_pi_review.domain.sides import project

BEYOND_M = 0.05
"""How far past the border a lengthened end goes, so that the crossing is certain, m."""


def lengthen_ends(polygon: Polygon, line: Sequence[Point], reach_m: float) -> list[Point]:
    """The line, each end inside the polygon but within `reach_m` of its border moved on across it."""
    points = list(line)
    first, last = _across(polygon, points[0], reach_m), _across(polygon, points[-1], reach_m)
    return [*([first] if first else []), *points, *([last] if last else [])]


def _across(polygon: Polygon, end: Point, reach_m: float) -> Point | None:
    if not contains(polygon, end):
        return None
    foot = min(
        (_foot(a, b, end) for ring in polygon for a, b in segments(ring)), key=lambda f: math.dist(f, end)
    )
    distance = math.dist(foot, end)
    if distance > reach_m or distance == 0.0:
        return None
    scale = (distance + BEYOND_M) / distance
    return end[0] + (foot[0] - end[0]) * scale, end[1] + (foot[1] - end[1]) * scale


def _foot(a: Point, b: Point, point: Point) -> Point:
    ux, uy = b[0] - a[0], b[1] - a[1]
    length2 = ux * ux + uy * uy
    t = 0.0 if length2 == 0 else ((point[0] - a[0]) * ux + (point[1] - a[1]) * uy) / length2
    t = min(max(t, 0.0), 1.0)
    return a[0] + t * ux, a[1] + t * uy


def reach_borders(rows: Iterable[PolygonRow], line: Sequence[Point], reach_m: float) -> list[Point]:
    """The line, each end within `reach_m` of a border led on to the nearest place of it."""
    points = list(line)
    if not points:
        return []
    ends = np.array([points[0], points[-1]], dtype=np.float64)
    feet, far = ends.copy(), np.full(2, np.inf)
    for outline in map(Outline.of_row, rows):
        if np.all(np.any((ends < outline.low - reach_m) | (ends > outline.high + reach_m), axis=1)):
            continue
        origin = outline.low
        sides = np.hstack([outline.start - origin, outline.end - origin])
        for k in range(2):
            t, away = project(np.broadcast_to(ends[k] - origin, (len(sides), 2)), sides)
            nearest = int(np.argmin(away))
            if away[nearest] < far[k]:
                a, b = outline.start[nearest], outline.end[nearest]
                feet[k], far[k] = a + t[nearest] * (b - a), away[nearest]
    found = [(float(x), float(y)) for x, y in feet]
    first = [found[0]] if 0 < far[0] <= reach_m else []
    last = [found[1]] if 0 < far[1] <= reach_m else []
    return [*first, *points, *last]
