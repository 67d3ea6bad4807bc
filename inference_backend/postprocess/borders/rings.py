# SPDX-License-Identifier: GPL-2.0-or-later
"""How arcs follow each other around the regions. Knows corners and headings of pixel sides, no coordinates.

A half is an arc in one direction: 2 * arc as it runs, 2 * arc + 1 backwards. It belongs to the region on its
right, so that a region's outer ring runs clockwise on the map and its holes the other way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import BlockBorders
from inference_backend.postprocess.types import I32

I64 = NDArray[np.int64]
_STRIDE = np.int64(1) << 32


@dataclass(frozen=True)
class Nodes:
    """The corners where arcs end, in raster order.

    Attributes:
        corners: (k, 2) int32 row and column.
        start, end: (a,) int64 node of each arc's start and end; the same one for an island.
        leaving: (k, 4) int64 half that leaves the node by each heading, -1 where none does.
        islands: (a,) bool, arcs that are a loop and meet no other.
    """

    corners: I32
    start: I64
    end: I64
    leaving: I64
    islands: NDArray[np.bool_]


@dataclass(frozen=True)
class Rings:
    """Closed sequences of halves.

    Attributes:
        halves: (2a,) int64, ring after ring.
        starts: (r + 1,) int64 positions in `halves`.
        region: (r,) int32 region on the right of each ring.
    """

    halves: I64
    starts: I64
    region: I32


def nodes_of(borders: BlockBorders) -> Nodes:
    """Ends of whole arcs."""
    first = borders.corners[borders.starts[:-1]]
    last = borders.corners[borders.starts[1:] - 1]
    both = np.concatenate((first, last))
    keys, where = np.unique(both[:, 0] * _STRIDE + both[:, 1], return_inverse=True)
    corners = np.column_stack((keys // _STRIDE, keys % _STRIDE)).astype(np.int32)
    count = len(first)
    leaving = np.full((len(keys), 4), -1, np.int64)
    leaving[where[:count], borders.start_heading] = 2 * np.arange(count)
    leaving[where[count:], (borders.end_heading + 2) % 4] = 2 * np.arange(count) + 1
    start, end = where[:count], where[count:]
    islands = (start == end) & ((leaving[start] >= 0).sum(axis=1) == 2)
    return Nodes(corners, start, end, leaving, islands)


def rings_of(borders: BlockBorders, nodes: Nodes) -> Rings:
    """Rings of every region, and of what is outside.

    Where a region touches itself at a corner its rings part: none touches itself.
    """
    sides = np.column_stack((borders.right, borders.left))
    headings = np.column_stack((borders.end_heading, (borders.start_heading + 2) % 4)).astype(np.int64)
    ends = np.column_stack((nodes.end, nodes.start))
    halves, starts = _cycles(_following(sides.ravel(), headings.ravel(), ends.ravel(), nodes.leaving))
    return Rings(halves, starts, sides.ravel()[halves[starts[:-1]]])


@njit(cache=True, nogil=True)
def _following(region: I32, arrival: I64, ends: I64, leaving: I64) -> I64:
    """The half after each half around the region on its right."""
    following = np.full(len(region), -1, np.int64)
    for half in range(len(region)):
        for turn in (3, 0, 1):
            candidate = leaving[ends[half], (arrival[half] + turn) % 4]
            if candidate >= 0 and region[candidate] == region[half]:
                following[half] = candidate
                break
    return following


@njit(cache=True, nogil=True)
def _cycles(following: I64) -> tuple[I64, I64]:
    n = len(following)
    used = np.zeros(n, np.bool_)
    halves, starts = np.empty(n, np.int64), np.empty(n + 1, np.int64)
    rings, p = 0, 0
    for i in range(n):
        if used[i]:
            continue
        starts[rings] = p
        rings += 1
        half = i
        while not used[half]:
            used[half] = True
            halves[p] = half
            p += 1
            half = following[half]
    starts[rings] = p
    return halves, starts[: rings + 1].copy()
