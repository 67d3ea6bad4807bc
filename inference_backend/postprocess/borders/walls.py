# SPDX-License-Identifier: GPL-2.0-or-later
"""Walls of predicted buildings: lines along one axis or across it, so that corners are square.

A row of numbers stands for a line: a point on it, its direction, the number of samples that it stands for,
and the place where it begins.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

F64 = NDArray[np.float64]
_ASKEW = math.sin(math.radians(22.5))
"""Halfway between along the axis and its diagonal: a wall that is farther off has its own direction."""


class Bending(NamedTuple):
    """How freely borders are drawn anew, px.

    Attributes:
        tolerance: distance of candidate breaks.
        price: of one more line, px³.
        wall_price: the same for the walls of a building.
        corner: longest oblique line between two walls that is a cut corner.
        tooth: length of a pointed spike that is no part of a border.
        thin: how far a vertex of a reference may be off the line of its neighbours to be left out.
        run: shortest course along a reference that is laid on it.
        gap: longest part of such a course that may be off the edge.
        rounding: how far from a blunt vertex a line is left at most; 0 for no rounding.
    """

    tolerance: float
    price: float
    wall_price: float
    corner: float
    tooth: float
    thin: float
    run: int
    gap: int
    rounding: float


@njit(cache=True, nogil=True)
def square(lines: F64, n: int, axis: F64, style: Bending, closed: bool) -> int:
    """Turn walls to the axis, in place; returns the new number of lines.

    Args:
        lines: (>= 2n + 2, 7) the first n rows are lines in the order of the border.
        n: number of lines.
        axis: (2,) unit vector along the walls.
        style: tolerances.
        closed: whether the last line meets the first one.
    """
    out = np.empty_like(lines)
    turn = _first_wall(lines, n, axis) if closed else 0
    m = 0
    cut = False
    near = np.empty(2)
    for k in range(n):
        line = lines[(turn + k) % n].copy()
        if cut:
            line[5:7] = near
        cut = False
        on_axis = _turn(line, axis)
        inner = closed or 0 < k < n - 1
        if not on_axis and inner and line[4] <= style.corner and n > 3:
            near[:] = line[:2]
            cut = True
            continue
        m = _add(out, m, line, style)
    if closed and m > 2 and _parallel(out[m - 1], out[0]):
        first = out[0].copy()
        if _apart(out[m - 1], first) <= style.tolerance:
            _blend(out[m - 1], first, out[0])
            out[0, 5:7] = out[m - 1, 5:7]
            m -= 1
        else:
            _connector(out[m - 1], first, out[m])
            m += 1
    if closed and cut:
        out[0, 5:7] = near
    lines[:m] = out[:m]
    return m


@njit(cache=True, nogil=True)
def _add(out: F64, m: int, line: F64, style: Bending) -> int:
    """Append a line; one that goes on with the last is blended with it, one beside it is connected."""
    if m > 0 and _parallel(out[m - 1], line):
        if _apart(out[m - 1], line) <= style.tolerance:
            begin_row, begin_col = out[m - 1, 5], out[m - 1, 6]
            _blend(out[m - 1].copy(), line, out[m - 1])
            out[m - 1, 5], out[m - 1, 6] = begin_row, begin_col
            return m
        _connector(out[m - 1], line, out[m])
        m += 1
    out[m] = line
    return m + 1


@njit(cache=True, nogil=True)
def _first_wall(lines: F64, n: int, axis: F64) -> int:
    """The longest line that is along the axis or across it."""
    best, length = 0, -1.0
    for k in range(n):
        if lines[k, 4] > length and _turn(lines[k].copy(), axis):
            best, length = k, lines[k, 4]
    return best


@njit(cache=True, nogil=True)
def _turn(line: F64, axis: F64) -> bool:
    """Turn a line that is nearly along or across the axis, in place; False where it is oblique."""
    along = line[2] * axis[0] + line[3] * axis[1]
    across = line[3] * axis[0] - line[2] * axis[1]
    if abs(across) <= _ASKEW:
        sign = 1.0 if along > 0.0 else -1.0
        line[2], line[3] = sign * axis[0], sign * axis[1]
        return True
    if abs(along) <= _ASKEW:
        sign = 1.0 if across > 0.0 else -1.0
        line[2], line[3] = -sign * axis[1], sign * axis[0]
        return True
    return False


@njit(cache=True, nogil=True)
def _parallel(a: F64, b: F64) -> bool:
    return bool(abs(a[2] * b[3] - a[3] * b[2]) < 1e-6)


@njit(cache=True, nogil=True)
def _apart(a: F64, b: F64) -> float:
    """Distance between two parallel lines."""
    return float(abs((b[0] - a[0]) * a[3] - (b[1] - a[1]) * a[2]))


@njit(cache=True, nogil=True)
def _blend(a: F64, b: F64, out: F64) -> None:
    """Write one line for two: the direction of the longer, through the mean of their points."""
    total = a[4] + b[4]
    longer = a if a[4] >= b[4] else b
    row, col = (a[0] * a[4] + b[0] * b[4]) / total, (a[1] * a[4] + b[1] * b[4]) / total
    out[2], out[3] = longer[2], longer[3]
    out[0], out[1], out[4] = row, col, total


@njit(cache=True, nogil=True)
def _connector(a: F64, b: F64, out: F64) -> None:
    """Write the line across two parallel ones, at the break between them."""
    out[0], out[1] = b[5], b[6]
    step = (b[0] - a[0]) * -a[3] + (b[1] - a[1]) * a[2]
    sign = 1.0 if step > 0.0 else -1.0
    out[2], out[3] = -a[3] * sign, a[2] * sign
    out[4] = abs(step)
    out[5], out[6] = b[5], b[6]
