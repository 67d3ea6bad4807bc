# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons of a coverage with their sides as arrays too: many questions about many points, asked at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.rings import Edge, Point, Polygon, segments
from ocsge_pi_review.domain.wkb import ring_arrays

Floats = NDArray[np.float64]


class Outline:
    """A polygon with its interior on the left of every ring.

    Args:
        polygon: its rings, the shell first.
        arrays: the same, one (n, 2) array for each.

    Attributes:
        polygon: rings, oriented.
        start: (m, 2) where the sides begin, ring after ring.
        end: (m, 2) where they end.
        low: (2,) smallest coordinates.
        high: (2,) largest ones.
    """

    def __init__(self, polygon: Polygon, arrays: list[Floats]) -> None:
        rings, sides = [], []
        for i, (ring, xy) in enumerate(zip(polygon, arrays)):
            forwards = (_signed_area(xy) > 0) == (i == 0)
            rings.append(ring if forwards else ring[::-1])
            sides.append(xy if forwards else xy[::-1])
        self.polygon: Polygon = tuple(rings)
        self.start = np.vstack([xy[:-1] for xy in sides])
        self.end = np.vstack([xy[1:] for xy in sides])
        self.low, self.high = sides[0].min(axis=0), sides[0].max(axis=0)

    @classmethod
    def of_row(cls, row: PolygonRow) -> Outline:
        """The outline of a row.

        Raises:
            WkbError: not one plain polygon.
        """
        return cls(row.polygon, ring_arrays(row.wkb))

    @classmethod
    def of_polygon(cls, polygon: Polygon) -> Outline:
        """The outline of rings that are in no row."""
        # Two long tuples become an array three times as fast as many pairs.
        return cls(polygon, [np.array(tuple(zip(*ring)), dtype=np.float64).T for ring in polygon])

    def edges_near(self, low: Floats, high: Floats) -> list[Edge]:
        """Directed sides whose box meets a box."""
        if np.any(self.low > high) or np.any(self.high < low):
            return []
        near = np.all(
            (np.minimum(self.start, self.end) <= high) & (np.maximum(self.start, self.end) >= low), axis=1
        )
        sides = [edge for ring in self.polygon for edge in segments(ring)]
        return [sides[k] for k in np.nonzero(near)[0]]

    def contains(self, points: Floats) -> NDArray[np.bool_]:
        """Which of (n, 2) points that are not on the border are inside, by the even-odd rule."""
        inside = np.zeros(len(points), dtype=bool)
        near = np.nonzero(np.all((points >= self.low) & (points <= self.high), axis=1))[0]
        if near.size:
            x, y = points[near, 0][:, None], points[near, 1][:, None]
            (ax, ay), (bx, by) = self.start.T, self.end.T
            with np.errstate(divide="ignore", invalid="ignore"):
                at = (bx - ax) * ((y - ay) / (by - ay)) + ax
                hit = ((ay > y) != (by > y)) & (x < at)
            inside[near] = np.count_nonzero(hit, axis=1) % 2 == 1
        return inside

    def inner_point(self) -> Point:
        """A point well inside: the middle of the widest stretch along lines half way between vertices.

        A vertex where the polygon is too thin to have an inside in floating point.
        """
        levels = np.unique(self.start[:, 1])
        heights = (levels[:-1] + levels[1:]) / 2
        # A few levels are enough: those between vertices farthest apart.
        heights = heights[np.argsort(np.diff(levels))[::-1][:8]]
        best, width = (float(self.start[0, 0]), float(self.start[0, 1])), -1.0
        for y in heights:
            spans = (self.start[:, 1] > y) != (self.end[:, 1] > y)
            s, e = self.start[spans], self.end[spans]
            x = np.sort((e[:, 0] - s[:, 0]) * ((y - s[:, 1]) / (e[:, 1] - s[:, 1])) + s[:, 0])
            widths = x[1::2] - x[::2]
            # Half way between two neighbouring numbers is one of them, and may be the topmost.
            k = int(np.argmax(widths)) if widths.size else 0
            if widths.size and widths[k] > width:
                best, width = (float(x[2 * k] + x[2 * k + 1]) / 2, float(y)), float(widths[k])
        return best


def contains_points(shape: Polygon, points: Floats) -> NDArray[np.bool_]:
    """Which of (n, 2) points are inside rings that need no orientation."""
    return Outline.of_polygon(shape).contains(points)


def _signed_area(xy: Floats) -> float:
    at = xy - xy[0]
    return float(np.dot(at[:-1, 0], at[1:, 1]) - np.dot(at[1:, 0], at[:-1, 1])) / 2.0
