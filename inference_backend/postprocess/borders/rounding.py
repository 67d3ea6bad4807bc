# SPDX-License-Identifier: GPL-2.0-or-later
"""Blunt vertices of a fitted course rounded, so that the edge of a wood has no facets; corners stay.

A vertex becomes a parabola between a point on each of its lines. It is first moved outwards by as much as the
parabola cuts off, so that areas stay.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

F64 = NDArray[np.float64]
_CORNER = math.cos(math.radians(60.0))
"""What turns more than this is meant as a corner."""
_STRAIGHT = math.cos(math.radians(4.0))
_FEW = math.cos(math.radians(30.0))
"""What turns less than this is round in two steps, what turns more in four."""
_SHARE = 0.45
"""Of the way to the next vertex, so that a rest of each line stays."""
MOST = 5
"""Points that a vertex becomes."""


@njit(cache=True, nogil=True)
def round_off(points: F64, count: int, start: F64, stop: F64, reach: float) -> int:
    """Replace each blunt vertex, in place; returns how many points there are then.

    Args:
        points: (>= MOST * count, 2) vertices.
        count: how many.
        start: (2,) what comes before the first one.
        stop: (2,) what comes after the last one.
        reach: how far from a vertex the line is left at most.
    """
    sharp = points[:count].copy()
    n = 0
    for k in range(count):
        before = sharp[k - 1] if k > 0 else start
        after = sharp[k + 1] if k < count - 1 else stop
        n += _vertex(before, sharp[k], after, reach, points[n:])
    return n


@njit(cache=True, nogil=True)
def _vertex(before: F64, vertex: F64, after: F64, reach: float, out: F64) -> int:
    """Write what becomes of one vertex; returns the number of points."""
    u, v = before[0] - vertex[0], before[1] - vertex[1]
    r, c = after[0] - vertex[0], after[1] - vertex[1]
    one, two = math.hypot(u, v), math.hypot(r, c)
    straightness = -(u * r + v * c)
    # With the equals: nothing is rounded where two vertices are in one place.
    if straightness <= _CORNER * one * two or straightness >= _STRAIGHT * one * two:
        out[0] = vertex
        return 1
    steps = 2 if straightness > _FEW * one * two else 4
    far = min(reach, _SHARE * one, _SHARE * two)
    p, q = far / one, far / two
    # A parabola in steps cuts this share of the triangle off; a vertex moved by d adds d times half the base.
    share = 1.0 - (1.0 - 1.0 / steps**2) * 2.0 / 3.0
    taken = share * abs(u * c - v * r) * p * q / 2.0
    base = math.hypot(after[0] - before[0], after[1] - before[1])
    d_row, d_col = u / one + r / two, v / one + c / two
    push = 2.0 * taken / (base * math.hypot(d_row, d_col))
    row, col = vertex[0] - push * d_row, vertex[1] - push * d_col
    for step in range(steps + 1):
        t = step / steps
        a, b = (1.0 - t) ** 2 * p, t**2 * q
        out[step, 0], out[step, 1] = row + a * u + b * r, col + a * v + b * c
    return steps + 1
