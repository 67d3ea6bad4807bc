# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons as rings of exact coordinates, and the directed edges between them.

A polygon is a tuple of closed rings, the shell first. Coordinates are compared bit for bit: in a valid
coverage two neighbours hold the same vertices along their border.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]
Edge = tuple[Point, Point]

FEW = 40
"""Rings with more vertices than this are summed as arrays, which is faster from there on."""


def signed_area(ring: Ring) -> float:
    """Area in square units, positive for a counter-clockwise ring."""
    # Relative to the first vertex: at Lambert-93 magnitudes the plain formula loses seven digits.
    if len(ring) > FEW:
        x, y = np.array(tuple(zip(*ring)), dtype=np.float64)
        x, y = x - x[0], y - y[0]
        return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2.0
    x0, y0 = ring[0]
    total = 0.0
    for (ax, ay), (bx, by) in segments(ring):
        total += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
    return total / 2.0


def area(polygon: Polygon) -> float:
    """Area in square units, holes taken off."""
    shell, *holes = polygon
    return abs(signed_area(shell)) - sum(abs(signed_area(hole)) for hole in holes)


def segments(ring: Ring) -> Iterator[Edge]:
    """The sides of a closed ring in order."""
    return zip(ring, ring[1:])


def oriented(polygon: Polygon) -> Polygon:
    """The same polygon with its interior on the left of every ring."""
    rings = []
    for i, ring in enumerate(polygon):
        is_ccw = signed_area(ring) > 0
        rings.append(ring if is_ccw == (i == 0) else ring[::-1])
    return tuple(rings)


def edges(polygon: Polygon) -> Iterator[Edge]:
    """Directed edges with the interior on the left."""
    for ring in oriented(polygon):
        yield from segments(ring)


def contains(polygon: Polygon, point: Point) -> bool:
    """Whether a point that is not on the border is inside, by the even-odd rule."""
    return sum(_crossings(ring, point) for ring in polygon) % 2 == 1


def _crossings(ring: Ring, point: Point) -> int:
    x, y = point
    count = 0
    for (ax, ay), (bx, by) in segments(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            count += 1
    return count


def outer_border(polygons: Iterable[Polygon]) -> set[Edge]:
    """Directed edges that no neighbour shares in the other direction.

    Raises:
        ValueError: two polygons hold the same directed edge, so they overlap.
    """
    seen: set[Edge] = set()
    count = 0
    for polygon in polygons:
        for ring in oriented(polygon):
            seen.update(segments(ring))
            count += len(ring) - 1
            if len(seen) < count:
                raise ValueError(f"overlap along a side of the ring at {ring[0]}")
    return {edge for edge in seen if edge[::-1] not in seen}
