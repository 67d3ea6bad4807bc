# SPDX-License-Identifier: GPL-2.0-or-later
"""Outlines through the centres of an area's border pixels, and the fill that gives its pixels back.

This is how the readers of YOLO's polygons fill them: the outline itself is inside.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

_STEPS = np.array([(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)], dtype=np.int64)
"""The eight neighbours clockwise, (row, column), from the right one."""
CORNERS_MIN = 3
"""Points that a polygon needs; a smaller outline repeats its last one."""


def trace_outline(inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Outer outline of one area as (N, 2) columns and rows, N >= 3, without points inside straight lines.

    Args:
        inside: (H, W), one area whose pixels share sides or corners.
    """
    padded = np.pad(inside, 1)
    chain: NDArray[np.int64] = _trace(padded, _STEPS) - 1
    corners: NDArray[np.int64] = _without_straight(chain)
    missing = max(CORNERS_MIN - len(corners), 0)
    points: NDArray[np.int64] = np.pad(corners, ((0, missing), (0, 0)), mode="edge")
    return points


@numba.njit(cache=True)
def _trace(inside: NDArray[np.bool_], steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Moore's walk around an area: (N, 2) columns and rows, each border pixel once per passage."""
    height, width = inside.shape
    row = col = -1
    for index in range(height * width):
        if inside[index // width, index % width]:
            row, col = index // width, index % width
            break
    first_row, first_col = row, col
    found = [(col, row)]
    heading = 0  # the walk came from the left
    first_move = -1
    closed = False
    while not closed:
        moved = False
        for turn in range(8):
            direction = (heading + 5 + turn) % 8  # start behind, on the left hand
            next_row, next_col = row + steps[direction, 0], col + steps[direction, 1]
            if inside[next_row, next_col]:
                if row == first_row and col == first_col:
                    if direction == first_move:
                        found = found[:-1]
                        closed = True
                        break
                    if first_move < 0:
                        first_move = direction
                row, col, heading, moved = next_row, next_col, direction, True
                found.append((col, row))
                break
        if not moved:
            break
    outline: NDArray[np.int64] = np.empty((len(found), 2), dtype=np.int64)
    for index in range(len(found)):
        outline[index, 0], outline[index, 1] = found[index]
    return outline


def _without_straight(chain: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(chain) < CORNERS_MIN:
        return chain
    before = chain - np.roll(chain, 1, axis=0)
    after = np.roll(chain, -1, axis=0) - chain
    corners: NDArray[np.int64] = chain[(before != after).any(axis=1)]
    return corners


def fill_outline(points: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """(H, W), whether each pixel is inside an outline or on it.

    Args:
        points: (N, 2) columns and rows, inside the image.
        shape: of the image.
    """
    filled = np.zeros(shape, dtype=np.bool_)
    if len(points):
        _fill(filled, np.ascontiguousarray(points, dtype=np.int64))
    return filled


@numba.njit(cache=True)
def _fill(filled: NDArray[np.bool_], points: NDArray[np.int64]) -> None:
    height, width = filled.shape
    count = len(points)
    top, bottom = points[:, 1].min(), points[:, 1].max()
    for row in range(max(top, 0), min(bottom + 1, height)):
        crossings = [0.0 for _ in range(0)]
        for index in range(count):
            x0, y0 = points[index]
            x1, y1 = points[(index + 1) % count]
            if (y0 <= row) != (y1 <= row):
                crossings.append(x0 + (row - y0) * (x1 - x0) / (y1 - y0))
        crossings.sort()
        for pair in range(0, len(crossings) - 1, 2):
            start, stop = int(np.ceil(crossings[pair])), int(np.floor(crossings[pair + 1]))
            filled[row, max(start, 0) : min(stop + 1, width)] = True
    for index in range(count):
        x0, y0 = points[index]
        x1, y1 = points[(index + 1) % count]
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            col = int(np.floor(x0 + (x1 - x0) * step / steps + 0.5))
            row = int(np.floor(y0 + (y1 - y0) * step / steps + 0.5))
            if 0 <= row < height and 0 <= col < width:
                filled[row, col] = True
