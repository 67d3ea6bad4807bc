# SPDX-License-Identifier: GPL-2.0-or-later
"""Edges of reference polygons beside a border, so that the border takes their exact course."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from inference_backend.grid import Grid
from inference_backend.postprocess.borders.segment_grid import (
    CELL_PX,
    cell_shape,
    cells_of,
    distance_to_segment,
)
from inference_backend.postprocess.types import BOOL, I32

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Geometries = NDArray[np.object_]
_STEPS = 24
"""How many vertices of a ring may lie between two neighbouring samples of a border."""
_ON_OUTLINE_PX = 1e-3
_STICKY_PX = 0.3
"""How much nearer another edge must be before a border leaves the one that it follows."""


class EdgeIndex(NamedTuple):
    """Edges of rings on a raster, in its pixels.

    Attributes:
        segments: (m, 4) float64 row, col, row, col.
        following, preceding: (m,) int32 neighbours along the ring.
        cell_starts, cell_items: see `cells_of`; edges within `reach_px` of each cell.
        rows, cols: number of cells.
        reach_px: how near a border must be to be laid on an edge.
        height: rows of the raster.
        width: its columns.
    """

    segments: F64
    following: I32
    preceding: I32
    cell_starts: I64
    cell_items: I32
    rows: int
    cols: int
    reach_px: float
    height: int
    width: int


def index_edges(polygons: Geometries, grid: Grid, reach_px: float) -> EdgeIndex:
    """Index the rings of polygons in the CRS of `grid`, in the order in which they are given."""
    rings = shapely.get_rings(polygons) if len(polygons) else np.empty(0, dtype=object)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    pixels = np.empty_like(points)
    pixels[:, 0] = (points[:, 1] - grid.transform.f) / grid.transform.e
    pixels[:, 1] = (points[:, 0] - grid.transform.c) / grid.transform.a
    segments, following, preceding = _segments(pixels, ring.astype(np.int64))
    rows, cols = cell_shape(grid.shape)
    inner = np.flatnonzero(_is_inside(segments, grid.shape)).astype(np.int32)
    starts, items = cells_of(segments[inner], reach_px, rows, cols)
    return EdgeIndex(segments, following, preceding, starts, inner[items], rows, cols, reach_px, *grid.shape)


def _is_inside(segments: F64, shape: tuple[int, int]) -> BOOL:
    """Edges that are not beyond the raster, nor along its outline, where references may have been cut."""
    low = np.maximum(segments[:, :2], segments[:, 2:])
    high = np.minimum(segments[:, :2], segments[:, 2:])
    inside: BOOL = np.all((low > _ON_OUTLINE_PX) & (high < np.array(shape) - _ON_OUTLINE_PX), axis=1)
    return inside


@njit(cache=True, nogil=True)
def _segments(points: F64, ring: I64) -> tuple[F64, I32, I32]:
    """Edges of closed rings and their neighbours; edges without length are left out."""
    n = len(points)
    segments = np.empty((n, 4))
    following, preceding = np.empty(n, np.int32), np.empty(n, np.int32)
    m = i = 0
    while i < n:
        first = m
        while i + 1 < n and ring[i + 1] == ring[i]:
            if points[i, 0] != points[i + 1, 0] or points[i, 1] != points[i + 1, 1]:
                segments[m, 0], segments[m, 1] = points[i, 0], points[i, 1]
                segments[m, 2], segments[m, 3] = points[i + 1, 0], points[i + 1, 1]
                following[m], preceding[m] = m + 1, m - 1
                m += 1
            i += 1
        i += 1
        if m > first:
            following[m - 1], preceding[first] = first, m - 1
    return segments[:m].copy(), following[:m].copy(), preceding[:m].copy()


@njit(cache=True, nogil=True)
def edges_beside(samples: F64, index: EdgeIndex) -> I32:
    """(l,) edge that each sample of a border follows, -1 for none."""
    n = len(samples)
    out = np.full(n, -1, np.int32)
    segments, reach, current = index.segments, index.reach_px, np.int32(-1)
    for i in range(n):
        row, col = samples[i, 0], samples[i, 1]
        cell_row, cell_col = int(row / CELL_PX), int(col / CELL_PX)
        cell = cell_row * index.cols + cell_col
        best, distance = np.int32(-1), reach
        for k in range(index.cell_starts[cell], index.cell_starts[cell + 1]):
            d = distance_to_segment(row, col, segments[index.cell_items[k]])
            if d < distance:
                best, distance = index.cell_items[k], d
        if best >= 0 and current >= 0 and best != current:
            for other in (current, index.following[current], index.preceding[current]):
                if distance_to_segment(row, col, segments[other]) <= min(reach, distance + _STICKY_PX):
                    best = other
                    break
        if best >= 0:
            current = best
        out[i] = best
    return out


@njit(cache=True, nogil=True)
def keep_inside(points: F64, count: int, index: EdgeIndex) -> int:
    """Leave out, in place, vertices between both ends that are on the raster's outline or beyond."""
    n = min(count, 1)
    for i in range(1, count):
        row, col = points[i, 0], points[i, 1]
        inside = min(row, col) > _ON_OUTLINE_PX
        inside &= row < index.height - _ON_OUTLINE_PX
        inside &= col < index.width - _ON_OUTLINE_PX
        if inside or i == count - 1:
            points[n] = points[i]
            n += 1
    return n


@njit(cache=True, nogil=True)
def project(row: float, col: float, segment: F64, out: F64) -> None:
    """Write the point of a segment that is nearest to (row, col)."""
    u, v = segment[2] - segment[0], segment[3] - segment[1]
    t = ((row - segment[0]) * u + (col - segment[1]) * v) / (u * u + v * v)
    t = min(1.0, max(0.0, t))
    out[0], out[1] = segment[0] + t * u, segment[1] + t * v


@njit(cache=True, nogil=True)
def crossing(a: F64, b: F64, out: F64) -> bool:
    """Write where the lines of two segments meet; False where they hardly do."""
    u0, v0, u1, v1 = a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]
    across = u0 * v1 - v0 * u1
    if abs(across) < 0.05 * math.hypot(u0, v0) * math.hypot(u1, v1):
        return False
    t = ((b[0] - a[0]) * v1 - (b[1] - a[1]) * u1) / across
    out[0], out[1] = a[0] + t * u0, a[1] + t * v0
    return True


@njit(cache=True, nogil=True)
def lead(here: int, there: int, p: F64, q: F64, index: EdgeIndex, points: F64) -> int:
    """Write the vertices between edge `here` at `p` and edge `there` at `q`; -1 where no short way leads.

    The way goes along the ring, or over the point where the two edges meet.
    """
    if here == there:
        return 0
    segments, following, preceding = index.segments, index.following, index.preceding
    straight = math.hypot(q[0] - p[0], q[1] - p[1])
    limit = 1.5 * straight + 4.0
    best, forward = limit, True
    for direction in range(2):
        edge, length, r, c = here, 0.0, p[0], p[1]
        for _ in range(_STEPS):
            end = 2 if direction == 0 else 0
            length += math.hypot(segments[edge, end] - r, segments[edge, end + 1] - c)
            r, c = segments[edge, end], segments[edge, end + 1]
            edge = following[edge] if direction == 0 else preceding[edge]
            if length > best:
                break
            if edge == there:
                length += math.hypot(q[0] - r, q[1] - c)
                if length < best:
                    best, forward = length, direction == 0
                break
    if best < limit:
        edge, n = here, 0
        while edge != there:
            end = 2 if forward else 0
            points[n, 0], points[n, 1] = segments[edge, end], segments[edge, end + 1]
            n += 1
            edge = following[edge] if forward else preceding[edge]
        return n
    if crossing(segments[here], segments[there], points[0]):
        way = math.hypot(points[0, 0] - p[0], points[0, 1] - p[1])
        way += math.hypot(points[0, 0] - q[0], points[0, 1] - q[1])
        if way <= limit:
            return 1
    return -1
