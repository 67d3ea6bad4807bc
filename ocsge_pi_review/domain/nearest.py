# SPDX-License-Identifier: GPL-2.0-or-later
"""The border nearest to a point, so that a line begins and ends on it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ocsge_pi_review.domain.rings import Point

Floats = npt.NDArray[np.float64]


def snapped(point: Point, rings: Iterable[Floats], reach_m: float) -> Point | None:
    """The nearest vertex within reach, else the nearest place on a side; None where nothing is near.

    A vertex wins over a nearer side: a line that leaves from it makes no new corner beside it.

    Args:
        point: where the pointer is.
        rings: (n, 2) vertices of closed rings.
        reach_m: how far is near.
    """
    sides = [_near(point, ring, reach_m) for ring in rings]
    if not any(len(side) for side in sides):
        return None
    near = np.concatenate(sides)
    return _nearest(point, near.reshape(-1, 2), reach_m) or _nearest(point, _feet(point, near), reach_m)


def _near(point: Point, ring: Floats, reach_m: float) -> Floats:
    """Sides of a ring whose box meets the square around a point, (n, 2, 2)."""
    start, end = ring[:-1], ring[1:]
    low, high = np.minimum(start, end) - reach_m, np.maximum(start, end) + reach_m
    is_near = ((low <= point) & (high >= point)).all(axis=1)
    return np.stack([start[is_near], end[is_near]], axis=1)


def _feet(point: Point, sides: Floats) -> Floats:
    """On each side the place nearest to a point, (n, 2)."""
    start, along = sides[:, 0], sides[:, 1] - sides[:, 0]
    length2 = np.maximum((along**2).sum(axis=1), 1e-18)
    share = np.clip(((np.asarray(point) - start) * along).sum(axis=1) / length2, 0.0, 1.0)
    feet: Floats = start + share[:, None] * along
    return feet


def _nearest(point: Point, places: Floats, reach_m: float) -> Point | None:
    distances = np.hypot(*(places - point).T)
    best = int(np.argmin(distances))
    if distances[best] > reach_m:
        return None
    return float(places[best, 0]), float(places[best, 1])


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
