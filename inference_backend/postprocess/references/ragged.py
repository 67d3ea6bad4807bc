# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons as flat arrays in pixel coordinates of the whole raster, as kernels read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import I64, Window

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
        if not len(polygons):
            nothing, start = np.zeros(0), np.zeros(1, np.int64)
            return cls(nothing, nothing, start, start, np.zeros((0, 4)))
        _, points, (rings, parts) = shapely.to_ragged_array(polygons, include_z=False)
        x = (points[:, 0] - grid.transform.c) / grid.transform.a
        y = (points[:, 1] - grid.transform.f) / grid.transform.e
        rings, parts = rings.astype(np.int64), parts.astype(np.int64)
        first = rings[parts[:-1]]
        low, high = np.minimum.reduceat, np.maximum.reduceat
        box = np.stack([low(x, first), low(y, first), high(x, first), high(y, first)], axis=1)
        return cls(x, y, rings, parts, box)

    def take(self, index: NDArray[Any]) -> Ragged:
        """The polygons at positions `index`, in that order."""
        ring_of = _ranges(self.parts, index)
        point_of = _ranges(self.rings, ring_of)
        rings = np.append(0, np.cumsum(np.diff(self.rings)[ring_of]))
        parts = np.append(0, np.cumsum(np.diff(self.parts)[index]))
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


def _ranges(starts: I64, index: NDArray[Any]) -> I64:
    """Positions `starts[i]..starts[i + 1]` of every i of `index`, one after the other."""
    length = starts[1:][index] - starts[:-1][index]
    ends = np.cumsum(length)
    total = int(ends[-1]) if len(ends) else 0
    offset = np.repeat(starts[:-1][index] - (ends - length), length)
    positions: I64 = np.arange(total, dtype=np.int64) + offset
    return positions
