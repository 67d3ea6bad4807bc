# SPDX-License-Identifier: GPL-2.0-or-later
"""Points on a surface that polygons cover: at random, or on a square grid."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.quality.sampling.numbers import Stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_TRIES_AT_ONCE = 64
_MOST_TRIES = 1 << 16


def hit_polygons(area_m2: Floats, size: int, stream: Stream) -> Ints:
    """(size,) rows that points thrown on the surface hit, in the order thrown; one may come again.

    Args:
        area_m2: (n,) of the polygons.
        size: points.
        stream: random numbers.
    """
    ends = np.cumsum(area_m2)
    places = stream.uniform(size) * ends[-1]
    rows: Ints = np.searchsorted(ends, places, side="right").clip(max=len(ends) - 1)
    return rows


def point_inside(shape: shapely.Geometry, stream: Stream) -> tuple[float, float]:
    """A point thrown at random on a polygon.

    Thrown on its box until it falls inside; of a shape that fills too little of its box, on its triangles.
    """
    xmin, ymin, xmax, ymax = shape.bounds
    shapely.prepare(shape)
    tries, count = 0, _TRIES_AT_ONCE
    while tries < _MOST_TRIES:
        numbers = stream.uniform(2 * count)
        x, y = xmin + numbers[::2] * (xmax - xmin), ymin + numbers[1::2] * (ymax - ymin)
        inside = np.flatnonzero(shapely.contains_xy(shape, x, y))
        if len(inside):
            return float(x[inside[0]]), float(y[inside[0]])
        tries, count = tries + count, min(count * 4, _MOST_TRIES)
    return _on_triangles(shape, stream)


def _on_triangles(shape: shapely.Geometry, stream: Stream) -> tuple[float, float]:
    parts = shapely.get_parts(shapely.constrained_delaunay_triangles(shape))
    corners = shapely.get_coordinates(parts).reshape(len(parts), 4, 2)
    row = int(hit_polygons(shapely.area(parts), 1, stream)[0])
    a, b, c = corners[row, 0], corners[row, 1], corners[row, 2]
    root, along = math.sqrt(float(stream.uniform(1)[0])), float(stream.uniform(1)[0])
    point = (1 - root) * a + root * (1 - along) * b + root * along * c
    return float(point[0]), float(point[1])


class Grid:
    """A square grid with a random origin.

    Args:
        spacing_m: side of its squares.
        stream: random numbers of the origin.
    """

    def __init__(self, spacing_m: float, stream: Stream) -> None:
        self.spacing_m = spacing_m
        self.x, self.y = (stream.uniform(2) * spacing_m).tolist()

    def boxes_hit(self, boxes: Floats) -> Ints:
        """Rows of (n, 4) boxes xmin, ymin, xmax, ymax that hold a node."""
        columns = self._first(boxes[:, 0], self.x) * self.spacing_m + self.x <= boxes[:, 2]
        rows = self._first(boxes[:, 1], self.y) * self.spacing_m + self.y <= boxes[:, 3]
        found: Ints = np.flatnonzero(columns & rows)
        return found

    def inside(self, shape: shapely.Geometry) -> tuple[Ints, Ints, Floats, Floats]:
        """Columns, rows and coordinates of the nodes inside a polygon."""
        xmin, ymin, xmax, ymax = shape.bounds
        columns = np.arange(int(self._first(xmin, self.x)), math.floor((xmax - self.x) / self.spacing_m) + 1)
        rows = np.arange(int(self._first(ymin, self.y)), math.floor((ymax - self.y) / self.spacing_m) + 1)
        c, r = (part.ravel().astype(np.int64) for part in np.meshgrid(columns, rows))
        x, y = self.x + c * self.spacing_m, self.y + r * self.spacing_m
        shapely.prepare(shape)
        hit = shapely.contains_xy(shape, x, y)
        return c[hit], r[hit], x[hit], y[hit]

    def _first(self, low: Floats | float, origin: float) -> Floats:
        numbers: Floats = np.ceil((np.asarray(low) - origin) / self.spacing_m)
        return numbers
