# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons as flat arrays: in pixel coordinates of the whole raster, as kernels read them, or of the CRS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import I64, Window
from inference_backend.work.spooled_array import spool

FLOATS = NDArray[np.float64]
OBJECTS = NDArray[np.object_]


@dataclass(frozen=True)
class Ragged:
    """n polygons.

    Attributes:
        x, y: (p,) float64 columns and rows of the whole raster, ring after ring, rings closed.
        rings: (r + 1,) int64 positions in `x` and `y`.
        parts: (n + 1,) int64 positions in `rings`.
        box: (n, 4) float64 first column, first row, last column, last row.
    """

    x: FLOATS
    y: FLOATS
    rings: I64
    parts: I64
    box: FLOATS

    def __len__(self) -> int:
        return len(self.parts) - 1

    @classmethod
    def of(cls, polygons: OBJECTS, grid: Grid) -> Ragged:
        """Single polygons of `grid`'s CRS; none may be missing or empty."""
        return Outlines.of(polygons, grid).in_pixels()

    def take(self, index: NDArray[Any]) -> Ragged:
        """The polygons at positions `index`, in that order."""
        point_of, rings, parts = _taken(self.rings, self.parts, index)
        return Ragged(self.x[point_of], self.y[point_of], rings, parts, self.box[index])

    def joined(self, other: Ragged) -> Ragged:
        """These polygons, then the other ones."""
        return Ragged(
            np.concatenate([self.x, other.x]),
            np.concatenate([self.y, other.y]),
            np.concatenate([self.rings, self.rings[-1] + other.rings[1:]]),
            np.concatenate([self.parts, self.parts[-1] + other.parts[1:]]),
            np.concatenate([self.box, other.box]),
        )

    def scaled(self, factor: float) -> Ragged:
        """The same polygons on a raster whose pixels are `factor` times as wide."""
        return Ragged(self.x / factor, self.y / factor, self.rings, self.parts, self.box / factor)

    def hits(self, window: Window) -> I64:
        """Positions of the polygons whose box meets `window`, ascending."""
        return boxes_in(self.box, window)


@dataclass(frozen=True)
class Outlines:
    """n single polygons in the CRS of a raster; a geometry of each is made where it is asked for.

    A lot has hundreds of thousands: as geometries they would take several times the memory.

    Attributes:
        points: (p, 2) float64 x and y in the CRS, ring after ring, rings closed; they may lie in a file.
        rings: (r + 1,) int64 positions in `points`.
        parts: (n + 1,) int64 positions in `rings`.
        box: (n, 4) float64, see `Ragged`.
        grid: the whole raster.
    """

    points: FLOATS
    rings: I64
    parts: I64
    box: FLOATS
    grid: Grid

    def __len__(self) -> int:
        return len(self.parts) - 1

    @classmethod
    def of(cls, polygons: OBJECTS, grid: Grid) -> Outlines:
        """Of shapely polygons; none may be missing or empty."""
        if not len(polygons):
            start = np.zeros(1, np.int64)
            return cls(np.zeros((0, 2)), start, start, np.zeros((0, 4)), grid)
        _, points, (rings, parts) = shapely.to_ragged_array(polygons, include_z=False)
        rings, parts = rings.astype(np.int64), parts.astype(np.int64)
        x, y = in_pixels(points, grid)
        first = rings[parts[:-1]]
        low, high = np.minimum.reduceat, np.maximum.reduceat
        box = np.stack([low(x, first), low(y, first), high(x, first), high(y, first)], axis=1)
        return cls(points, rings, parts, box, grid)

    def take(self, index: NDArray[Any]) -> Outlines:
        """The polygons at positions `index`, in that order, in memory."""
        point_of, rings, parts = _taken(self.rings, self.parts, index)
        return Outlines(self.points[point_of], rings, parts, self.box[index], self.grid)

    def joined(self, other: Outlines) -> Outlines:
        """These polygons, then the other ones."""
        return Outlines(
            np.concatenate([self.points, other.points]),
            np.concatenate([self.rings, self.rings[-1] + other.rings[1:]]),
            np.concatenate([self.parts, self.parts[-1] + other.parts[1:]]),
            np.concatenate([self.box, other.box]),
            self.grid,
        )

    def in_pixels(self) -> Ragged:
        """The same on the raster."""
        x, y = in_pixels(np.asarray(self.points), self.grid)
        return Ragged(x, y, self.rings, self.parts, self.box)

    def polygons(self) -> OBJECTS:
        """(n,) shapely polygons, vertex for vertex those that these were made of."""
        if not len(self):
            return np.zeros(0, object)
        kind = shapely.GeometryType.POLYGON
        made: OBJECTS = shapely.from_ragged_array(kind, np.asarray(self.points), (self.rings, self.parts))
        return made

    def hits(self, window: Window) -> I64:
        """Positions of the polygons whose box meets `window`, ascending."""
        return boxes_in(self.box, window)

    def spooled(self, path: Path) -> Outlines:
        """The same with its points in a file, see `spool`."""
        return replace(self, points=spool(self.points, path))


def boxes_in(box: FLOATS, window: Window) -> I64:
    """Positions of the boxes (see `Ragged.box`) that meet `window`, ascending."""
    inside = (box[:, 0] < window.col + window.width) & (box[:, 2] > window.col)
    inside &= (box[:, 1] < window.row + window.height) & (box[:, 3] > window.row)
    return np.flatnonzero(inside)


def widened(window: Window, margin_px: int) -> Window:
    """`window` with a margin, beyond the raster's edges as well."""
    return Window(
        window.row - margin_px,
        window.col - margin_px,
        window.height + 2 * margin_px,
        window.width + 2 * margin_px,
    )


def in_pixels(points: FLOATS, grid: Grid) -> tuple[FLOATS, FLOATS]:
    """Columns and rows of (p, 2) points in the CRS of `grid`."""
    x = (points[:, 0] - grid.transform.c) / grid.transform.a
    y = (points[:, 1] - grid.transform.f) / grid.transform.e
    return x, y


def _taken(rings: I64, parts: I64, index: NDArray[Any]) -> tuple[I64, I64, I64]:
    """Positions of the points of the polygons `index`, and their own `rings` and `parts`."""
    ring_of = ranges(parts, index)
    lengths = rings[ring_of + 1] - rings[ring_of]
    sizes = parts[1:][index] - parts[:-1][index]
    return ranges(rings, ring_of), np.append(0, np.cumsum(lengths)), np.append(0, np.cumsum(sizes))


def ranges(starts: I64, index: NDArray[Any]) -> I64:
    """Positions `starts[i]..starts[i + 1]` of every i of `index`, one after the other."""
    length = starts[1:][index] - starts[:-1][index]
    ends = np.cumsum(length)
    total = int(ends[-1]) if len(ends) else 0
    offset = np.repeat(starts[:-1][index] - (ends - length), length)
    positions: I64 = np.arange(total, dtype=np.int64) + offset
    return positions
