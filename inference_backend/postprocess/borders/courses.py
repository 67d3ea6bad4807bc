# SPDX-License-Identifier: GPL-2.0-or-later
"""The course of each arc between its two ends: laid on references where it follows one, else straight lines.

A course is a function of the arc as traced, of the kinds of its sides and of the reference edges beside it.
Its first and last point are left at the traced nodes; `nodes` says where these go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.borders.bends import (
    bend,
    bend_loop,
    candidates,
    fitted_line,
    middles,
    moments,
    thin_out,
    untangle,
)
from inference_backend.postprocess.borders.reference_edges import (
    EdgeIndex,
    edges_beside,
    keep_inside,
    lead,
    project,
)
from inference_backend.postprocess.borders.walls import Bending
from inference_backend.postprocess.types import BOOL, I32, U8

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

TRACED, FREE = 0, 1
"""Kinds of arcs: the outline of the image, kept as it is; any other border."""
_NODE_PX = 3
"""A border that follows an edge this near to its end follows it to its end."""


@dataclass
class Courses:
    """Courses of a arcs.

    Attributes:
        points: (p, 2) float64 row and column, px.
        starts: (a + 1,) int64.
        edges: (a, 2) int32 reference edge at the first and the last point, -1 for none.
        laid: (a,) bool, whether any part of the course is laid on a reference.
        lines: (a, 2, 5) float64 line that the course follows at its ends: point, direction, length, see
            `fitted_line`; length 0 where there is none.
    """

    points: F64
    starts: I64
    edges: I32
    lines: F64
    laid: BOOL

    def carried(self, whole: I64, new: I64, drawn: Courses) -> Courses:
        """Courses of n arcs: `drawn` for those in `new`, for any other i those that `whole[i]` has here."""
        points, starts = _carried(self.points, self.starts, whole, new, drawn.points, drawn.starts)
        edges, lines, laid = self.edges[whole], self.lines[whole], self.laid[whole]
        edges[new], lines[new], laid[new] = drawn.edges, drawn.lines, drawn.laid
        return Courses(points, starts, edges, lines, laid)


def courses_of(
    corners: I32, starts: I64, kinds: U8, islands: BOOL, axes: F64, index: EdgeIndex, bending: Bending
) -> Courses:
    """Courses of arcs given by their corners.

    Args:
        corners: see `BlockBorders`.
        starts: see `BlockBorders`.
        kinds: (a,) `TRACED` or `FREE`.
        islands: (a,) whether the arc is a loop without node.
        axes: (a, 2) unit vector along the walls of the building beside it, (0, 0) for none.
        index: edges of references.
        bending: tolerances.
    """
    return Courses(*_courses(corners, starts, kinds, islands, axes, index, bending))


@njit(cache=True, nogil=True)
def _carried(
    points: F64, starts: I64, whole: I64, new: I64, others: F64, other_starts: I64
) -> tuple[F64, I64]:
    source = np.full(len(whole), -1, np.int64)
    source[new] = np.arange(len(new))
    out_starts = np.zeros(len(whole) + 1, np.int64)
    for i in range(len(whole)):
        k, j = source[i], whole[i]
        length = other_starts[k + 1] - other_starts[k] if k >= 0 else starts[j + 1] - starts[j]
        out_starts[i + 1] = out_starts[i] + length
    out = np.empty((out_starts[-1], 2))
    for i in range(len(whole)):
        k, j = source[i], whole[i]
        if k >= 0:
            out[out_starts[i] : out_starts[i + 1]] = others[other_starts[k] : other_starts[k + 1]]
        else:
            out[out_starts[i] : out_starts[i + 1]] = points[starts[j] : starts[j + 1]]
    return out, out_starts


@njit(cache=True, nogil=True)
def _courses(
    corners: I32, starts: I64, kinds: U8, islands: BOOL, axes: F64, index: EdgeIndex, bending: Bending
) -> tuple[F64, I64, I32, F64, BOOL]:
    n = len(starts) - 1
    points = np.empty((max(1024, len(corners)), 2))
    out_starts = np.zeros(n + 1, np.int64)
    ends = np.full((n, 2), -1, np.int32)
    lines = np.zeros((n, 2, 5))
    laid = np.zeros(n, np.bool_)
    p = 0
    for arc in range(n):
        line = corners[starts[arc] : starts[arc + 1]]
        out_starts[arc] = p
        count = len(line)
        if kinds[arc] != TRACED:
            samples = middles(line)
            work = np.empty((4 * len(samples) + 64, 2))
            if islands[arc]:
                count, laid[arc] = _island(samples, index, bending, axes[arc], work)
            else:
                beside = edges_beside(samples, index)
                runs = _runs(samples, beside, index, bending)
                laid[arc] = len(runs) > 0
                count = _open_arc(
                    line, samples, beside, runs, index, bending, axes[arc], work, ends[arc], lines[arc]
                )
            if laid[arc]:
                count = keep_inside(work, count, index)
                count = thin_out(work, untangle(work, count), bending.thin)
        if p + count > len(points):
            larger = np.empty((2 * len(points) + count, 2))
            larger[:p] = points[:p]
            points = larger
        if kinds[arc] == TRACED:
            for i in range(count):
                points[p + i, 0], points[p + i, 1] = line[i, 0], line[i, 1]
        else:
            points[p : p + count] = work[:count]
        p += count
    out_starts[n] = p
    return points[:p].copy(), out_starts, ends, lines, laid


@njit(cache=True, nogil=True)
def _runs(samples: F64, beside: I32, index: EdgeIndex, bending: Bending) -> I64:
    """(k, 2) parts of the samples, first and last + 1, that follow references without a break."""
    n, run, gap = len(samples), bending.run, bending.gap
    out = np.empty((n // max(1, run) + 2, 2), np.int64)
    way = np.empty((64, 2))
    count, i = 0, 0
    while i < n:
        if beside[i] < 0:
            i += 1
            continue
        first = last = i
        i += 1
        while i < n and i - last <= gap + 1:
            if beside[i] >= 0:
                here, there = beside[last], beside[i]
                if lead(here, there, samples[last], samples[i], index, way) < 0:
                    break
                last = i
            i += 1
        # What lies between two followed edges stays for the next part.
        i = last + 1
        if first <= _NODE_PX:
            first = 0
        if n - 1 - last <= _NODE_PX:
            last = n - 1
        if last + 1 - first >= run or (first == 0 and last == n - 1):
            if count > 0 and out[count - 1, 1] > first:
                continue
            out[count, 0], out[count, 1] = first, last + 1
            count += 1
    return out[:count]


@njit(cache=True, nogil=True)
def _trail(samples: F64, beside: I32, first: int, last: int, index: EdgeIndex, points: F64) -> int:
    """Write the vertices of the references along samples first..last-1; returns how many."""
    way = np.empty((64, 2))
    count, before = 0, -1
    for i in range(first, last):
        if beside[i] < 0:
            continue
        if before >= 0 and beside[i] != beside[before]:
            steps = lead(beside[before], beside[i], samples[before], samples[i], index, way)
            for k in range(steps):
                points[count] = way[k]
                count += 1
        before = i
    return count


@njit(cache=True, nogil=True)
def _open_arc(
    line: NDArray[np.generic],
    samples: F64,
    beside: I32,
    runs: I64,
    index: EdgeIndex,
    bending: Bending,
    axis: F64,
    points: F64,
    ends: I32,
    lines: F64,
) -> int:
    """Write the course of an arc between two ends; returns the number of points."""
    segments = index.segments
    n = len(samples)
    points[0, 0], points[0, 1] = line[0, 0], line[0, 1]
    count, position = 1, 0
    sums = moments(samples)
    two = np.zeros((2, 5))
    for k in range(len(runs)):
        first, last = runs[k, 0], runs[k, 1]
        if first > position + 2 or (first > position and position == 0):
            count += bend(samples, sums, position, first, bending, axis, points[count:], two)
            if position == 0:
                lines[0] = two[0]
        start, stop = first, last - 1
        while beside[start] < 0:
            start += 1
        while beside[stop] < 0:
            stop -= 1
        if first == 0:
            ends[0] = beside[start]
            project(points[0, 0], points[0, 1], segments[beside[start]], points[0])
        else:
            project(samples[start, 0], samples[start, 1], segments[beside[start]], points[count])
            count += 1
        count += _trail(samples, beside, first, last, index, points[count:])
        if last == n:
            ends[1] = beside[stop]
        else:
            project(samples[stop, 0], samples[stop, 1], segments[beside[stop]], points[count])
            count += 1
        position = last
    if position < n:
        count += bend(samples, sums, position, n, bending, axis, points[count:], two)
        if position == 0:
            lines[0] = two[0]
        lines[1] = two[1]
    points[count, 0], points[count, 1] = line[len(line) - 1, 0], line[len(line) - 1, 1]
    if ends[1] >= 0:
        project(points[count, 0], points[count, 1], segments[ends[1]], points[count])
    return count + 1


@njit(cache=True, nogil=True)
def _island(samples: F64, index: EdgeIndex, bending: Bending, axis: F64, points: F64) -> tuple[int, bool]:
    """Write the closed course of a loop without node; returns its length and whether it is laid."""
    n = len(samples)
    beside = edges_beside(samples, index)
    runs = _runs(samples, beside, index, bending)
    if len(runs) == 0:
        count = bend_loop(samples, bending, axis, points)
        points[count] = points[0]
        return count + 1, False
    # Start where an edge is left for another, so that no course along one edge is cut in two.
    shift = _first_change(beside, runs[0, 0], runs[0, 1])
    samples = np.concatenate((samples[shift:], samples[:shift]))
    beside = np.concatenate((beside[shift:], beside[:shift]))
    runs = _runs(samples, beside, index, bending)
    first, last = 0, n - 1
    while beside[first] < 0:
        first += 1
    while beside[last] < 0:
        last -= 1
    way = np.empty((64, 2))
    joins = len(runs) > 0 and runs[0, 0] == 0 and runs[len(runs) - 1, 1] == n
    steps = -1
    if joins:
        steps = lead(beside[last], beside[first], samples[last], samples[first], index, way)
    if len(runs) == 1 and joins and steps >= 0:
        count = _trail(samples, beside, 0, n, index, points)
        points[count : count + steps] = way[:steps]
        points[count + steps] = points[0]
        if count + steps >= 3:
            return count + steps + 1, True
        count = bend_loop(samples, bending, axis, points)
        points[count] = points[0]
        return count + 1, False
    line = np.empty((2, 2))
    project(samples[first, 0], samples[first, 1], index.segments[beside[first]], line[0])
    if steps > 0:
        line[0] = way[0]
    line[1] = line[0]
    ends, lines = np.full(2, -1, np.int32), np.zeros((2, 5))
    skip = max(0, steps - 1)
    count = _open_arc(line, samples, beside, runs, index, bending, axis, points[skip:], ends, lines)
    points[: skip + 1] = way[: skip + 1] if steps > 0 else line[:1]
    points[count + skip - 1] = points[0]
    return count + skip, True


@njit(cache=True, nogil=True)
def _first_change(beside: I32, first: int, last: int) -> int:
    """The sample of a part where the followed edge changes first; its first one where it never does."""
    before = -1
    for i in range(first, last):
        if beside[i] >= 0:
            if before >= 0 and beside[i] != before:
                return i
            before = beside[i]
    return first


@njit(cache=True, nogil=True)
def directions(corners: I32, starts: I64, wanted: BOOL, bending: Bending) -> F64:
    """(a, 3) cosine and sine of four times the angle of each wanted arc's lines, and 1, by squared length.

    Walls along an axis and across it add up, whatever way they run.
    """
    sums = np.zeros((len(wanted), 3))
    line = np.empty(5)
    for arc in range(len(wanted)):
        if not wanted[arc]:
            continue
        samples = middles(corners[starts[arc] : starts[arc + 1]])
        running = moments(samples)
        at = candidates(samples, 0, len(samples), 2.0 * bending.tolerance)
        for k in range(len(at) - 1):
            fitted_line(samples, running, at[k], at[k + 1], line)
            angle, weight = 4.0 * math.atan2(line[3], line[2]), line[4] ** 2
            sums[arc, 0] += weight * math.cos(angle)
            sums[arc, 1] += weight * math.sin(angle)
            sums[arc, 2] += weight
    return sums
