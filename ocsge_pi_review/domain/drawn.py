# SPDX-License-Identifier: GPL-2.0-or-later
"""What a person draws, made fit for the coverage: lines without loops, closed rings, points inside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocsge_pi_review.domain.errors import LineCrossesItselfError, SliverError
from ocsge_pi_review.domain.rings import Point, Polygon, Ring


def require_simple(line: Sequence[Point]) -> None:
    """Accept a line that does not cross itself; it may touch itself, as the ends of a ring do.

    Raises:
        LineCrossesItselfError: it does.
    """
    xy = np.array(line, dtype=np.float64).reshape(-1, 2)
    xy = xy[np.concatenate([[True], np.any(np.diff(xy, axis=0) != 0, axis=1)])] if len(xy) else xy
    if len(xy) < 4:
        return
    start, end = xy[:-1], xy[1:]
    i, j = np.triu_indices(len(start), 2)
    if np.array_equal(xy[0], xy[-1]):
        first_last = (i == 0) & (j == len(start) - 1)
        i, j = i[~first_last], j[~first_last]
    a, b, c, d = start[i], end[i], start[j], end[j]
    meet = (_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)
    boxes = np.all((np.minimum(a, b) <= np.maximum(c, d)) & (np.minimum(c, d) <= np.maximum(a, b)), axis=1)
    if np.any(meet & boxes):
        raise LineCrossesItselfError()


def _side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    turn = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return np.asarray(turn)


def closed(shape: Sequence[Sequence[Point]]) -> Polygon:
    """Drawn rings, each closed and without repeated vertices.

    Raises:
        LineCrossesItselfError: a ring crosses itself.
        SliverError: a ring has fewer than three vertices.
    """
    rings: list[Ring] = []
    for drawn in shape:
        points = [point for i, point in enumerate(drawn) if i == 0 or point != drawn[i - 1]]
        if len(points) > 1 and points[0] == points[-1]:
            points.pop()
        if len(points) < 3:
            raise SliverError(area_m2=0.0, minimum_m2=1.0)
        ring = (*points, points[0])
        require_simple(ring)
        rings.append(ring)
    return tuple(rings)


def nearest_on(a: Point, b: Point, point: Point) -> Point:
    """The place of a segment that is nearest to a point."""
    ux, uy = b[0] - a[0], b[1] - a[1]
    length2 = ux * ux + uy * uy
    t = 0.0 if length2 == 0 else ((point[0] - a[0]) * ux + (point[1] - a[1]) * uy) / length2
    t = min(max(t, 0.0), 1.0)
    return a[0] + t * ux, a[1] + t * uy
