# SPDX-License-Identifier: GPL-2.0-or-later
"""Forgiveness for a cut whose end was clicked just short of the border."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ocsge_pi_review.domain.rings import Point, Polygon, contains, segments

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
