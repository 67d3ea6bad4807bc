# SPDX-License-Identifier: GPL-2.0-or-later
"""Few straight lines that fit a stepped border, and the vertices where they meet.

Segmented least squares: breaks are placed where the squared distance of the border to its fitted lines, plus
a price for each line, is least. Straight walls stay straight, corners stay corners because neighbouring lines
are prolonged until they meet, and area is kept because a fitted line leaves as much on one side as on the
other. All lengths are in pixels, all functions work on one border at a time.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.borders.rounding import MOST, round_off
from inference_backend.postprocess.borders.segment_grid import distance_to_segment
from inference_backend.postprocess.borders.walls import Bending, square

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
_POINTED = math.cos(math.radians(60.0))
_LOOP = 8
"""How many vertices a loop may have that a course makes by mistake."""
_REACH = 48
"""How many candidate breaks one line may span."""


@njit(cache=True, nogil=True)
def middles(corners: NDArray[np.int32]) -> F64:
    """(l, 2) middles of the pixel sides that a line of corners passes, one by one."""
    n = 0
    for i in range(len(corners) - 1):
        n += abs(corners[i + 1, 0] - corners[i, 0]) + abs(corners[i + 1, 1] - corners[i, 1])
    out = np.empty((n, 2))
    p = 0
    for i in range(len(corners) - 1):
        d_row, d_col = corners[i + 1, 0] - corners[i, 0], corners[i + 1, 1] - corners[i, 1]
        steps = abs(d_row) + abs(d_col)
        s_row, s_col = np.sign(d_row), np.sign(d_col)
        for k in range(steps):
            out[p, 0] = corners[i, 0] + (k + 0.5) * s_row
            out[p, 1] = corners[i, 1] + (k + 0.5) * s_col
            p += 1
    return out


@njit(cache=True, nogil=True)
def moments(samples: F64) -> F64:
    """(l + 1, 5) running sums of row, col, row², row·col and col², from the first sample."""
    n = len(samples)
    sums = np.zeros((n + 1, 5))
    for i in range(n):
        r, c = samples[i, 0] - samples[0, 0], samples[i, 1] - samples[0, 1]
        sums[i + 1, 0] = sums[i, 0] + r
        sums[i + 1, 1] = sums[i, 1] + c
        sums[i + 1, 2] = sums[i, 2] + r * r
        sums[i + 1, 3] = sums[i, 3] + r * c
        sums[i + 1, 4] = sums[i, 4] + c * c
    return sums


@njit(cache=True, nogil=True)
def _misfit(sums: F64, i: int, j: int) -> float:
    """Squared distances of samples i..j-1 to their best line, summed."""
    n = j - i
    r, c = sums[j, 0] - sums[i, 0], sums[j, 1] - sums[i, 1]
    rr = sums[j, 2] - sums[i, 2] - r * r / n
    rc = sums[j, 3] - sums[i, 3] - r * c / n
    cc = sums[j, 4] - sums[i, 4] - c * c / n
    half = (rr - cc) / 2.0
    return float(max(0.0, (rr + cc) / 2.0 - math.sqrt(half * half + rc * rc)))


@njit(cache=True, nogil=True)
def fitted_line(samples: F64, sums: F64, i: int, j: int, line: F64) -> None:
    """Write the best line of samples i..j-1: a point, its direction along the border, and their number."""
    n = j - i
    r, c = (sums[j, 0] - sums[i, 0]) / n, (sums[j, 1] - sums[i, 1]) / n
    rr = (sums[j, 2] - sums[i, 2]) / n - r * r
    rc = (sums[j, 3] - sums[i, 3]) / n - r * c
    cc = (sums[j, 4] - sums[i, 4]) / n - c * c
    d_row, d_col = samples[j - 1, 0] - samples[i, 0], samples[j - 1, 1] - samples[i, 1]
    if n >= 3:
        angle = 0.5 * math.atan2(2.0 * rc, rr - cc)
        u, v = math.cos(angle), math.sin(angle)
        if u * d_row + v * d_col < 0.0:
            u, v = -u, -v
    else:
        length = math.hypot(d_row, d_col)
        u, v = (d_row / length, d_col / length) if length > 0.0 else (0.0, 0.0)
    line[0], line[1] = samples[0, 0] + r, samples[0, 1] + c
    line[2], line[3], line[4] = u, v, float(n)


@njit(cache=True, nogil=True)
def _point_at(samples: F64, position: int, first: int, last: int, out: F64) -> None:
    """Where the border is between sample `position` - 1 and sample `position`, without its steps."""
    a, b = max(position - 1, first), min(position, last - 1)
    out[0] = (samples[a, 0] + samples[b, 0]) / 2.0
    out[1] = (samples[a, 1] + samples[b, 1]) / 2.0


@njit(cache=True, nogil=True)
def candidates(samples: F64, first: int, last: int, tolerance: float) -> I64:
    """Positions that a Douglas-Peucker line through the border keeps, `first` and `last` included."""
    kept = np.zeros(last - first + 1, np.bool_)
    kept[0] = kept[last - first] = True
    stack = np.empty((64, 2), np.int64)
    stack[0, 0], stack[0, 1] = first, last
    depth = 1
    a, b, p = np.empty(2), np.empty(2), np.empty(2)
    limit = tolerance * tolerance
    while depth > 0:
        depth -= 1
        i, j = stack[depth, 0], stack[depth, 1]
        _point_at(samples, i, first, last, a)
        _point_at(samples, j, first, last, b)
        u, v = b[0] - a[0], b[1] - a[1]
        norm = u * u + v * v
        worst, where = limit, -1
        for k in range(i + 1, j):
            _point_at(samples, k, first, last, p)
            r, c = p[0] - a[0], p[1] - a[1]
            if norm > 0.0:
                t = min(1.0, max(0.0, (r * u + c * v) / norm))
                r -= t * u
                c -= t * v
            distance = r * r + c * c
            if distance > worst:
                worst, where = distance, k
        if where >= 0:
            kept[where - first] = True
            if depth + 2 > len(stack):
                stack = np.concatenate((stack, np.empty_like(stack)))
            # The longer half first, so that the stack stays small.
            long_left = where - i > j - where
            stack[depth, 0], stack[depth, 1] = (i, where) if long_left else (where, j)
            stack[depth + 1, 0], stack[depth + 1, 1] = (where, j) if long_left else (i, where)
            depth += 2
    positions = np.empty(kept.sum(), np.int64)
    positions[:] = np.flatnonzero(kept) + first
    return positions


@njit(cache=True, nogil=True)
def breaks_of(samples: F64, sums: F64, first: int, last: int, tolerance: float, price: float) -> I64:
    """Positions where samples first..last-1 are best cut into straight lines, both ends included."""
    at: I64 = candidates(samples, first, last, tolerance)
    m = len(at)
    if m == 2:
        return at
    cost = np.empty(m)
    previous = np.zeros(m, np.int64)
    cost[0] = 0.0
    for j in range(1, m):
        best, where = math.inf, j - 1
        for i in range(j - 1, max(-1, j - 1 - _REACH), -1):
            total = cost[i] + _misfit(sums, at[i], at[j]) + price
            if total < best:
                best, where = total, i
        cost[j], previous[j] = best, where
    count, j = 1, m - 1
    while j > 0:
        j = previous[j]
        count += 1
    out = np.empty(count, np.int64)
    j = m - 1
    for k in range(count - 1, -1, -1):
        out[k] = at[j]
        j = previous[j]
    return out


@njit(cache=True, nogil=True)
def meet(a: F64, b: F64, near: F64, reach: float, out: F64) -> None:
    """Where two lines meet, or between them beside `near` where they do so too far from it."""
    across = a[2] * b[3] - a[3] * b[2]
    if abs(across) > 0.1:
        t = ((b[0] - a[0]) * b[3] - (b[1] - a[1]) * b[2]) / across
        out[0], out[1] = a[0] + t * a[2], a[1] + t * a[3]
        if math.hypot(out[0] - near[0], out[1] - near[1]) <= reach:
            return
    t = (near[0] - a[0]) * a[2] + (near[1] - a[1]) * a[3]
    s = (near[0] - b[0]) * b[2] + (near[1] - b[1]) * b[3]
    out[0] = (a[0] + t * a[2] + b[0] + s * b[2]) / 2.0
    out[1] = (a[1] + t * a[3] + b[1] + s * b[3]) / 2.0


@njit(cache=True, nogil=True)
def lines_through(samples: F64, sums: F64, at: I64, lines: F64) -> None:
    """Write the best line between each two breaks, and behind it the place of its first break."""
    for k in range(len(at) - 1):
        fitted_line(samples, sums, at[k], at[k + 1], lines[k])
        _point_at(samples, at[k], at[0], at[len(at) - 1], lines[k, 5:7])


@njit(cache=True, nogil=True)
def bend(
    samples: F64, sums: F64, first: int, last: int, style: Bending, axis: F64, points: F64, ends: F64
) -> int:
    """Write the vertices between both ends of samples first..last-1; returns how many.

    Args:
        samples: (l, 2) middles of pixel sides.
        sums: their `moments`.
        first: start of the piece.
        last: its end.
        style: tolerances.
        axis: (2,) direction of the walls, (0, 0) for a border that is none.
        points: (>= 2 * (last - first), 2) receives vertices.
        ends: (2, 5) receives the first and the last line, see `fitted_line`.
    """
    walled = axis[0] != 0.0 or axis[1] != 0.0
    price = style.wall_price if walled else style.price
    at = breaks_of(samples, sums, first, last, style.tolerance, price)
    lines = np.zeros((2 * len(at) + 2, 7))
    lines_through(samples, sums, at, lines)
    n = len(at) - 1
    if walled:
        n = square(lines, n, axis, style, False)
    for k in range(1, n):
        meet(lines[k - 1], lines[k], lines[k, 5:7], _reach(lines[k - 1], lines[k], style), points[k - 1])
    ends[0], ends[1] = lines[0, :5], lines[n - 1, :5]
    if n > 2 and not walled:
        n = 1 + _without_teeth(points, n - 1, samples[first], samples[last - 1], style.tooth)
    if style.rounding > 0.0 and not walled and MOST * (n - 1) <= 2 * (last - first):
        n = 1 + round_off(points, n - 1, samples[first], samples[last - 1], style.rounding)
    return n - 1


@njit(cache=True, nogil=True)
def _without_teeth(points: F64, count: int, start: F64, stop: F64, tooth: float) -> int:
    """Leave out, in place, vertices that are the tip of a short and pointed tooth; how many are left."""
    n = 0
    for k in range(count):
        before = points[n - 1] if n else start
        after = points[k + 1] if k < count - 1 else stop
        u, v = before[0] - points[k, 0], before[1] - points[k, 1]
        r, c = after[0] - points[k, 0], after[1] - points[k, 1]
        one, two = math.hypot(u, v), math.hypot(r, c)
        if min(one, two) < tooth and u * r + v * c > _POINTED * one * two:
            continue
        points[n] = points[k]
        n += 1
    return n


@njit(cache=True, nogil=True)
def bend_loop(samples: F64, style: Bending, axis: F64, points: F64) -> int:
    """Write the vertices of an island; returns how many, fewer than three where nothing is left of it."""
    n = len(samples)
    walled = axis[0] != 0.0 or axis[1] != 0.0
    price = style.wall_price if walled else style.price
    at = breaks_of(samples, moments(samples), 0, n, style.tolerance, price)
    # The start was no choice of the fit: cut the loop at a break of the first try and fit again.
    shift = at[len(at) // 2] % n
    turned = np.concatenate((samples[shift:], samples[:shift]))
    sums = moments(turned)
    at = breaks_of(turned, sums, 0, n, style.tolerance, price)
    lines = np.zeros((2 * len(at) + 2, 7))
    lines_through(turned, sums, at, lines)
    lines[0, 5:7] = (turned[0] + turned[n - 1]) / 2.0
    count = len(at) - 1
    if walled:
        count = square(lines, count, axis, style, True)
    for k in range(count):
        meet(
            lines[k - 1 if k else count - 1],
            lines[k],
            lines[k, 5:7],
            _reach(lines[k - 1 if k else count - 1], lines[k], style),
            points[k],
        )
    if count > 3 and not walled:
        count = 1 + _without_teeth(points[1:], count - 1, points[0], points[0], style.tooth)
    if style.rounding > 0.0 and not walled and count >= 3 and MOST * count <= n:
        last, first = points[count - 1].copy(), points[0].copy()
        count = round_off(points, count, last, first, style.rounding)
    return count


@njit(cache=True, nogil=True)
def _reach(a: F64, b: F64, style: Bending) -> float:
    """How far from its break two lines may meet: farther at a right angle, which is meant."""
    right = abs(a[2] * b[2] + a[3] * b[3]) < 1e-6
    return 2.0 * style.corner if right else 3.0 * style.tolerance


@njit(cache=True, nogil=True)
def untangle(points: F64, count: int) -> int:
    """Cut out, in place, the small loops of a course that crosses itself; how many points are left."""
    i = 0
    while i < count - 3:
        for j in range(min(count - 2, i + _LOOP), i + 1, -1):
            a, b, c, d = points[i], points[i + 1], points[j], points[j + 1]
            across = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
            if across == 0.0:
                continue
            t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / across
            s = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / across
            if 0.0 < t < 1.0 and 0.0 < s < 1.0:
                points[i + 1] = a + t * (b - a)
                points[i + 2 : count - j + i + 1] = points[j + 1 : count].copy()
                count -= j - i - 1
                break
        i += 1
    return count


@njit(cache=True, nogil=True)
def thin_out(points: F64, count: int, thin: float) -> int:
    """Leave out, in place, vertices that are less than `thin` off; returns how many of `count` are left."""
    if count < 3:
        return count
    kept = np.zeros(count, np.bool_)
    kept[0] = kept[count - 1] = True
    stack = [(0, count - 1)]
    while stack:
        i, j = stack.pop()
        segment = np.array((points[i, 0], points[i, 1], points[j, 0], points[j, 1]))
        worst, where = thin, -1
        for k in range(i + 1, j):
            distance = distance_to_segment(points[k, 0], points[k, 1], segment)
            if distance > worst:
                worst, where = distance, k
        if where >= 0:
            kept[where] = True
            stack.append((i, where))
            stack.append((where, j))
    n = 0
    for k in range(count):
        if kept[k]:
            points[n] = points[k]
            n += 1
    return n
