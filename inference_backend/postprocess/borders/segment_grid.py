# SPDX-License-Identifier: GPL-2.0-or-later
"""Line segments by cells of a square grid, so that those near a place are found at once."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
CELL_PX = 32.0


def cell_shape(shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of cells that hold every pixel corner of a raster of `shape`."""
    return int(shape[0] // CELL_PX) + 1, int(shape[1] // CELL_PX) + 1


@njit(cache=True, nogil=True)
def cell_rows(segment: F64, margin: float, rows: int) -> tuple[int, int]:
    """First and last row of cells that a segment (row, col, row, col) comes within `margin` of."""
    low = min(segment[0], segment[2]) - margin
    high = max(segment[0], segment[2]) + margin
    return max(0, math.floor(low / CELL_PX)), min(rows - 1, math.floor(high / CELL_PX))


@njit(cache=True, nogil=True)
def cell_cols(segment: F64, cell_row: int, margin: float, cols: int) -> tuple[int, int]:
    """First and last cell in a row of cells that a segment comes within `margin` of."""
    low, high = cell_row * CELL_PX - margin, (cell_row + 1) * CELL_PX + margin
    r0, c0, r1, c1 = segment[0], segment[1], segment[2], segment[3]
    if abs(r1 - r0) > 1e-9:
        t0, t1 = (low - r0) / (r1 - r0), (high - r0) / (r1 - r0)
        if t0 > t1:
            t0, t1 = t1, t0
        t0, t1 = max(0.0, t0), min(1.0, t1)
        c0, c1 = c0 + t0 * (segment[3] - segment[1]), segment[1] + t1 * (segment[3] - segment[1])
    first = math.floor((min(c0, c1) - margin) / CELL_PX)
    last = math.floor((max(c0, c1) + margin) / CELL_PX)
    return max(0, first), min(cols - 1, last)


@njit(cache=True, nogil=True)
def cells_of(segments: F64, margin: float, rows: int, cols: int) -> tuple[I64, I32]:
    """Segments of each cell.

    Args:
        segments: (m, 4) row, col, row, col of both ends, px.
        margin: a segment is also in the cells that it comes this near to, px.
        rows: rows of cells of the grid, which starts at pixel (0, 0).
        cols: columns of cells.

    Returns:
        (rows * cols + 1,) starts, and the segments cell by cell, in rising order.
    """
    starts = np.zeros(rows * cols + 1, np.int64)
    for m in range(len(segments)):
        top, bottom = cell_rows(segments[m], margin, rows)
        for row in range(top, bottom + 1):
            left, right = cell_cols(segments[m], row, margin, cols)
            for col in range(left, right + 1):
                starts[row * cols + col + 1] += 1
    for i in range(len(starts) - 1):
        starts[i + 1] += starts[i]
    fill = starts[:-1].copy()
    items = np.empty(starts[-1], np.int32)
    for m in range(len(segments)):
        top, bottom = cell_rows(segments[m], margin, rows)
        for row in range(top, bottom + 1):
            left, right = cell_cols(segments[m], row, margin, cols)
            for col in range(left, right + 1):
                items[fill[row * cols + col]] = m
                fill[row * cols + col] += 1
    return starts, items


@njit(cache=True, nogil=True)
def distance_to_segment(row: float, col: float, segment: F64) -> float:
    """Distance of a point to a segment, px."""
    u, v = segment[2] - segment[0], segment[3] - segment[1]
    r, c = row - segment[0], col - segment[1]
    norm = u * u + v * v
    if norm > 0.0:
        t = min(1.0, max(0.0, (r * u + c * v) / norm))
        r -= t * u
        c -= t * v
    return math.hypot(r, c)
