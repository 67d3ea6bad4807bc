# SPDX-License-Identifier: GPL-2.0-or-later
"""Vertices on common borders: two people who add some to the same border must end with all of them.

Valid input is a coverage whose borders run along the same lines, be it with different vertices on them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

ON_LINE_M = 1e-4
"""How far a vertex may lie from a straight side that it was put on, m: the rounding of large coordinates and
of what was computed from them, far under the snapping distance of 1 cm."""
_FEWEST = 3
Points = NDArray[np.float64]
Point = tuple[float, float]


def is_same_shape(first: shapely.Polygon, second: shapely.Polygon) -> bool:
    """Whether two polygons differ by nothing but vertices on straight sides."""
    if len(first.interiors) != len(second.interiors):
        return False
    holes = [shapely.get_coordinates(ring) for ring in second.interiors]
    pairs = [(shapely.get_coordinates(first.exterior), shapely.get_coordinates(second.exterior))]
    for ring in first.interiors:
        points = shapely.get_coordinates(ring)
        known = set(map(tuple, points.tolist()))
        shared = [sum(tuple(p) in known for p in hole.tolist()) for hole in holes]
        pairs.append((points, holes.pop(int(np.argmax(shared)))))
    return all(_is_same_ring(a, b) for a, b in pairs)


def with_vertices_of(
    shapes: Sequence[shapely.Polygon], others: Sequence[shapely.Polygon]
) -> list[shapely.Polygon]:
    """`shapes` with every vertex of `others` on one of their sides; the same object where there is none."""
    if not len(shapes) or not len(others):
        return list(shapes)
    candidates = np.unique(shapely.get_coordinates(list(others)), axis=0)
    frame = _box_of(shapes)
    inside = ((candidates >= frame[:2]) & (candidates <= frame[2:])).all(axis=1)
    return [_with_points(shape, candidates[inside]) for shape in shapes]


def _box_of(shapes: Sequence[shapely.Polygon]) -> Points:
    xmin, ymin, xmax, ymax = shapely.total_bounds(list(shapes))
    return np.array([xmin - ON_LINE_M, ymin - ON_LINE_M, xmax + ON_LINE_M, ymax + ON_LINE_M])


def _with_points(shape: shapely.Polygon, candidates: Points) -> shapely.Polygon:
    own = set(map(tuple, shapely.get_coordinates(shape).tolist()))
    new = np.array([p for p in candidates.tolist() if tuple(p) not in own]).reshape(-1, 2)
    boundary = shape.boundary
    shapely.prepare(boundary)
    near = new[shapely.dwithin(boundary, shapely.points(new), ON_LINE_M)] if len(new) else new
    if not len(near):
        return shape
    rings = [_ring_with(shapely.get_coordinates(ring), near) for ring in (shape.exterior, *shape.interiors)]
    return shapely.Polygon(rings[0], rings[1:])


def _ring_with(ring: Points, points: Points) -> Points:
    """The ring with the points that lie on its sides, each on the nearest one."""
    start, end = ring[:-1], ring[1:]
    sides = shapely.linestrings(np.stack((start, end), axis=1))
    distance = shapely.distance(sides[:, None], shapely.points(points)[None, :])
    side = distance.argmin(axis=0)
    on_line = distance[side, np.arange(len(points))] <= ON_LINE_M
    points, side = points[on_line], side[on_line]
    along = np.hypot(*(points - start[side]).T)
    order = np.lexsort((along, side))
    result: Points = np.insert(ring, side[order] + 1, points[order], axis=0)
    return result


def _is_same_ring(first: Points, second: Points) -> bool:
    if len(first) == len(second) and (first == second).all():
        return True
    a, b = list(map(tuple, first[:-1].tolist())), list(map(tuple, second[:-1].tolist()))
    shared = set(a) & set(b)
    common_a, common_b = [p for p in a if p in shared], [p for p in b if p in shared]
    if len(shared) < _FEWEST or len(common_a) != len(common_b) or len(shared) != len(common_a):
        return False
    turned = common_b.index(common_a[0])
    if common_b[turned:] + common_b[:turned] != common_a:
        return False
    return _is_straight_between(a, shared) and _is_straight_between(b, shared)


def _is_straight_between(ring: list[Point], kept: set[Point]) -> bool:
    """Whether the other vertices lie on the straight lines between those that are kept."""
    first = next(i for i, point in enumerate(ring) if point in kept)
    turned = [*ring[first:], *ring[: first + 1]]
    between: list[Point] = []
    last = turned[0]
    for point in turned[1:]:
        if point not in kept:
            between.append(point)
            continue
        if between:
            side = shapely.LineString([last, point])
            if shapely.distance(side, shapely.points(between)).max() > ON_LINE_M:
                return False
        last, between = point, []
    return True
