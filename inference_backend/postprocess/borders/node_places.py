# SPDX-License-Identifier: GPL-2.0-or-later
"""Where nodes go: on the references that meet there, or where the lines of their borders meet.

The place of a node is a function of the ends of its own arcs, and of nothing else.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.borders.courses import TRACED, Courses
from inference_backend.postprocess.borders.reference_edges import EdgeIndex, crossing, project
from inference_backend.postprocess.borders.rings import Nodes
from inference_backend.postprocess.types import I32, U8

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
_ANCHOR = 0.02
"""Weight of the traced place, as a share of the weight of the lines: decides along parallel lines."""
_CORNER_PX = 1.0
"""A node this near to the corner of a reference is that corner."""
_LONGEST_PX = 50.0
"""Beyond this a longer line weighs no more."""


def place_nodes(nodes: Nodes, courses: Courses, kinds: U8, index: EdgeIndex, reach_px: float) -> F64:
    """(k, 2) row and column of each node, px.

    Args:
        nodes: ends of arcs.
        courses: the courses of all arcs.
        kinds: (a,) kinds of arcs; nodes of the image's outline stay where they are.
        index: edges of references.
        reach_px: how far a node may go.
    """
    places: F64 = _places(
        nodes.corners, nodes.leaving, courses.edges, courses.lines, kinds, index.segments, reach_px
    )
    return places


@njit(cache=True, nogil=True)
def _places(
    corners: I32, leaving: I64, edges: I32, lines: F64, kinds: U8, segments: F64, reach: float
) -> F64:
    places = corners.astype(np.float64)
    at = np.empty(2)
    for node in range(len(corners)):
        fixed, first, second = False, -1, -1
        for heading in range(4):
            half = leaving[node, heading]
            if half < 0:
                continue
            fixed |= kinds[half // 2] == TRACED
            edge = edges[half // 2, half % 2]
            if edge >= 0 and edge != first:
                if first < 0:
                    first = edge
                elif second < 0:
                    second = edge
        if fixed:
            continue
        row, col = places[node, 0], places[node, 1]
        if first < 0:
            _where_lines_meet(leaving[node], lines, row, col, at)
        else:
            _on_edges(leaving[node], lines, row, col, first, second, segments, reach, at)
            _to_corner(segments[first], at)
        far = math.hypot(at[0] - row, at[1] - col)
        if far > reach:
            at[0] = row + (at[0] - row) * reach / far
            at[1] = col + (at[1] - col) * reach / far
        places[node] = at
    return places


@njit(cache=True, nogil=True)
def _where_lines_meet(halves: I64, lines: F64, row: float, col: float, at: F64) -> None:
    """Write the point that is nearest to the lines that end at the node."""
    a = b = c = p = q = total = 0.0
    for heading in range(4):
        half = halves[heading]
        if half < 0:
            continue
        line = lines[half // 2, half % 2]
        weight = min(line[4], _LONGEST_PX)
        if weight <= 0.0:
            continue
        # The unit vector across the line.
        u, v = -line[3], line[2]
        offset = u * (line[0] - row) + v * (line[1] - col)
        a += weight * u * u
        b += weight * u * v
        c += weight * v * v
        p += weight * u * offset
        q += weight * v * offset
        total += weight
    at[0], at[1] = row, col
    if total > 0.0:
        a += _ANCHOR * total
        c += _ANCHOR * total
        determinant = a * c - b * b
        at[0] = row + (p * c - q * b) / determinant
        at[1] = col + (q * a - p * b) / determinant


@njit(cache=True, nogil=True)
def _to_corner(edge: F64, at: F64) -> None:
    """Move a place, in place, to the end of the edge that it is beside."""
    for end in range(0, 4, 2):
        if math.hypot(edge[end] - at[0], edge[end + 1] - at[1]) <= _CORNER_PX:
            at[0], at[1] = edge[end], edge[end + 1]
            return


@njit(cache=True, nogil=True)
def _on_edges(
    halves: I64,
    lines: F64,
    row: float,
    col: float,
    first: int,
    second: int,
    segments: F64,
    reach: float,
    at: F64,
) -> None:
    """Write the point of the references that the node belongs to."""
    both = second >= 0 and crossing(segments[first], segments[second], at)
    if both and math.hypot(at[0] - row, at[1] - col) <= reach:
        return
    project(row, col, segments[first], at)
    if second >= 0:
        other = np.empty(2)
        project(row, col, segments[second], other)
        if math.hypot(other[0] - row, other[1] - col) < math.hypot(at[0] - row, at[1] - col):
            at[:] = other
        return
    edge = segments[first]
    along = math.hypot(edge[2] - edge[0], edge[3] - edge[1])
    u, v = (edge[2] - edge[0]) / along, (edge[3] - edge[1]) / along
    for heading in range(4):
        half = halves[heading]
        if half < 0:
            continue
        line = lines[half // 2, half % 2]
        across = u * line[3] - v * line[2]
        if line[4] < 3.0 or abs(across) < 0.4:
            continue
        t = ((line[0] - edge[0]) * line[3] - (line[1] - edge[1]) * line[2]) / across
        r, c = edge[0] + t * u, edge[1] + t * v
        if 0.0 <= t <= along and math.hypot(r - row, c - col) <= reach:
            at[0], at[1] = r, c
        return
