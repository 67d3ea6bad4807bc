# SPDX-License-Identifier: GPL-2.0-or-later
"""The border nearest to a point, so that a line begins and ends on it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ocsge_pi_review.domain.rings import Point, Polygon, segments


def snapped(point: Point, polygons: Iterable[Polygon], reach_m: float) -> Point | None:
    """The nearest vertex within reach, else the nearest place on a side; None where nothing is near.

    A vertex wins over a nearer side: a line that leaves from it makes no new corner beside it.
    """
    vertex: tuple[float, Point] | None = None
    place: tuple[float, Point] | None = None
    for polygon in polygons:
        for ring in polygon:
            for a, b in segments(ring):
                if not _is_near(point, a, b, reach_m):
                    continue
                foot = foot_on(a, b, point)
                vertex = _nearer(vertex, point, a, reach_m)
                vertex = _nearer(vertex, point, b, reach_m)
                place = _nearer(place, point, foot, reach_m)
    found = vertex or place
    return None if found is None else found[1]


def foot_on(a: Point, b: Point, point: Point) -> Point:
    """The place on a side that is nearest to a point."""
    ux, uy = b[0] - a[0], b[1] - a[1]
    length2 = ux * ux + uy * uy
    t = 0.0 if length2 == 0 else ((point[0] - a[0]) * ux + (point[1] - a[1]) * uy) / length2
    t = min(max(t, 0.0), 1.0)
    return a[0] + t * ux, a[1] + t * uy


def thinned(line: list[Point], tolerance_m: float) -> list[Point]:
    """A line drawn by hand with the vertices that matter (Douglas and Peucker), both ends kept."""
    kept = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        a, b = line[first], line[last]
        worst = max(range(first + 1, last), key=lambda i: math.dist(line[i], foot_on(a, b, line[i])))
        if math.dist(line[worst], foot_on(a, b, line[worst])) > tolerance_m:
            kept.add(worst)
            spans += [(first, worst), (worst, last)]
    return [line[i] for i in sorted(kept)]


def _is_near(point: Point, a: Point, b: Point, reach_m: float) -> bool:
    x, y = point
    return (
        min(a[0], b[0]) - reach_m <= x <= max(a[0], b[0]) + reach_m
        and min(a[1], b[1]) - reach_m <= y <= max(a[1], b[1]) + reach_m
    )


def _nearer(
    best: tuple[float, Point] | None, point: Point, candidate: Point, reach_m: float
) -> tuple[float, Point] | None:
    distance = math.dist(point, candidate)
    if distance > reach_m or (best is not None and best[0] <= distance):
        return best
    return distance, candidate
