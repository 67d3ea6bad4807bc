# SPDX-License-Identifier: GPL-2.0-or-later
"""Which courses of arcs cannot stay: those that touch each other anywhere but at their nodes."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.borders.segment_grid import (
    cell_cols,
    cell_rows,
    cells_of,
    distance_to_segment,
)
from inference_backend.postprocess.types import BOOL, I32

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
_APART_PX = 0.02
"""Courses that come nearer than this to each other count as touching; a node of theirs apart."""


def touching(points: F64, starts: I64, changed: BOOL, cells: tuple[int, int]) -> tuple[I32, F64]:
    """Pairs of arcs that touch, each pair once or several times; an arc may touch itself.

    Args:
        points: (p, 2) row and column, px.
        starts: (a + 1,) start of each arc.
        changed: (a,) arcs that have changed; pairs of two others are not looked at.
        cells: size of the grid of cells, see `cell_shape`.

    Returns:
        (q, 2) int32 arcs; (q, 2) row and column of a point where they do, px.
    """
    segments, arcs = _segments_of(points, starts, changed)
    cell_starts, cell_items = cells_of(segments, _APART_PX, *cells)
    found: tuple[I32, F64] = _touching(
        points, starts, changed, segments, arcs, cell_starts, cell_items, *cells
    )
    return found


@njit(cache=True, nogil=True)
def _segments_of(points: F64, starts: I64, wanted: BOOL) -> tuple[F64, I32]:
    count = 0
    for arc in range(len(wanted)):
        if wanted[arc]:
            count += starts[arc + 1] - starts[arc] - 1
    segments, arcs = np.empty((count, 4)), np.empty(count, np.int32)
    m = 0
    for arc in range(len(wanted)):
        if wanted[arc]:
            for i in range(starts[arc], starts[arc + 1] - 1):
                segments[m, 0], segments[m, 1] = points[i, 0], points[i, 1]
                segments[m, 2], segments[m, 3] = points[i + 1, 0], points[i + 1, 1]
                arcs[m] = arc
                m += 1
    return segments, arcs


@njit(cache=True, nogil=True)
def _touching(
    points: F64,
    starts: I64,
    changed: BOOL,
    segments: F64,
    arcs: I32,
    cell_starts: I64,
    cell_items: I32,
    rows: int,
    cols: int,
) -> tuple[I32, F64]:
    pairs, where = np.empty((1024, 2), np.int32), np.empty((1024, 2))
    count = mine = 0
    a = np.empty(4)
    for arc in range(len(changed)):
        for i in range(starts[arc], starts[arc + 1] - 1):
            a[0], a[1], a[2], a[3] = points[i, 0], points[i, 1], points[i + 1, 0], points[i + 1, 1]
            if a[0] == a[2] and a[1] == a[3]:
                pairs, where = _with_room(pairs, where, count)
                pairs[count, 0] = pairs[count, 1] = arc
                where[count, 0], where[count, 1] = a[0], a[1]
                count += 1
            top, bottom = cell_rows(a, _APART_PX, rows)
            for row in range(top, bottom + 1):
                left, right = cell_cols(a, row, _APART_PX, cols)
                for col in range(left, right + 1):
                    cell = row * cols + col
                    for k in range(cell_starts[cell], cell_starts[cell + 1]):
                        other = cell_items[k]
                        # A pair of two changed segments is looked at once.
                        if changed[arc] and other <= mine:
                            continue
                        if _touch(a, segments[other]):
                            pairs, where = _with_room(pairs, where, count)
                            pairs[count, 0], pairs[count, 1] = arc, arcs[other]
                            _place_of(a, segments[other], where[count])
                            count += 1
            if changed[arc]:
                mine += 1
    return pairs[:count].copy(), where[:count].copy()


@njit(cache=True, nogil=True)
def _with_room(pairs: I32, where: F64, count: int) -> tuple[I32, F64]:
    if count < len(pairs):
        return pairs, where
    return np.concatenate((pairs, np.empty_like(pairs))), np.concatenate((where, np.empty_like(where)))


@njit(cache=True, nogil=True)
def _place_of(a: F64, b: F64, place: F64) -> None:
    """Write where two segments that touch do so: where they cross, else the end nearest to the other."""
    across = (a[2] - a[0]) * (b[3] - b[1]) - (a[3] - a[1]) * (b[2] - b[0])
    if across != 0.0:
        t = ((b[0] - a[0]) * (b[3] - b[1]) - (b[1] - a[1]) * (b[2] - b[0])) / across
        if 0.0 <= t <= 1.0:
            place[0], place[1] = a[0] + t * (a[2] - a[0]), a[1] + t * (a[3] - a[1])
            return
    nearest = math.inf
    for one, other in ((a, b), (b, a)):
        for end in range(0, 4, 2):
            distance = distance_to_segment(one[end], one[end + 1], other)
            if distance < nearest:
                nearest = distance
                place[0], place[1] = one[end], one[end + 1]


@njit(cache=True, nogil=True)
def _touch(a: F64, b: F64) -> bool:
    """Whether two segments touch elsewhere than at a common end, or run the same way from there."""
    if (
        max(a[0], a[2]) + _APART_PX < min(b[0], b[2])
        or max(b[0], b[2]) + _APART_PX < min(a[0], a[2])
        or max(a[1], a[3]) + _APART_PX < min(b[1], b[3])
        or max(b[1], b[3]) + _APART_PX < min(a[1], a[3])
    ):
        return False
    shared = 0
    for i in range(0, 4, 2):
        for j in range(0, 4, 2):
            if a[i] == b[j] and a[i + 1] == b[j + 1]:
                shared += 1
                u0, v0 = a[2 - i] - a[i], a[3 - i] - a[i + 1]
                u1, v1 = b[2 - j] - b[j], b[3 - j] - b[j + 1]
                along = u0 * u1 + v0 * v1
                if along > 0.0 and abs(u0 * v1 - v0 * u1) < 1e-4 * along:
                    return True
    if shared:
        return bool(shared > 1)
    if _crosses(a, b):
        return True
    nearest = min(distance_to_segment(a[0], a[1], b), distance_to_segment(a[2], a[3], b))
    nearest = min(nearest, distance_to_segment(b[0], b[1], a), distance_to_segment(b[2], b[3], a))
    return bool(nearest < _APART_PX)


@njit(cache=True, nogil=True)
def _crosses(a: F64, b: F64) -> bool:
    """Whether each segment has the ends of the other on both of its sides."""
    u, v = a[2] - a[0], a[3] - a[1]
    first = u * (b[1] - a[1]) - v * (b[0] - a[0])
    second = u * (b[3] - a[1]) - v * (b[2] - a[0])
    if (first > 0.0) == (second > 0.0):
        return False
    u, v = b[2] - b[0], b[3] - b[1]
    first = u * (a[1] - b[1]) - v * (a[0] - b[0])
    second = u * (a[3] - b[1]) - v * (a[2] - b[0])
    return bool((first > 0.0) != (second > 0.0))


@njit(cache=True, nogil=True)
def out_of_order(points: F64, starts: I64, leaving: I64) -> BOOL:
    """(k,) nodes whose arcs no longer leave them in the order of their traced headings.

    Args:
        points: courses, row and column.
        starts: start of each arc in `points`.
        leaving: (k, 4) see `Nodes`.
    """
    wrong = np.zeros(len(leaving), np.bool_)
    angles = np.empty(4)
    for node in range(len(leaving)):
        n = 0
        for heading in range(4):
            half = leaving[node, heading]
            if half < 0:
                continue
            first, last = starts[half // 2], starts[half // 2 + 1] - 1
            if half % 2 == 0:
                a, b = first, first + 1
            else:
                a, b = last, last - 1
            angles[n] = math.atan2(points[b, 0] - points[a, 0], points[b, 1] - points[a, 1])
            n += 1
        if n < 3:
            continue
        turned = 0.0
        for i in range(n):
            step = angles[(i + 1) % n] - angles[i]
            turned += step if step > 0.0 else step + 2.0 * math.pi
        wrong[node] = turned > 3.0 * math.pi
    return wrong
