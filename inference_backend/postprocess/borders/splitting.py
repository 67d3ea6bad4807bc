# SPDX-License-Identifier: GPL-2.0-or-later
"""Long arcs cut beside the places where their course could not stay, so that only the places are tighter.

A cut is a node of two arcs at a pixel corner. Whatever knows arcs and nodes takes it as any other node.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import BlockBorders
from inference_backend.postprocess.types import BOOL, I32, U8

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Spots:
    """Places where the courses of arcs could not stay.

    Attributes:
        arcs: (s,) int64.
        places: (s, 2) row and column, px.
    """

    arcs: I64
    places: F64

    def of(self, wanted: BOOL) -> Spots:
        """Those of some arcs; `wanted`: (a,) bool."""
        kept = wanted[self.arcs]
        return Spots(self.arcs[kept], self.places[kept])


@dataclass(frozen=True)
class Pieces:
    """Borders some of which are cut.

    Attributes:
        borders: n whole arcs and pieces of arcs, in the order of the arcs.
        whole: (n,) int64 arc that each is, or is a piece of.
        cut: (n,) bool, pieces.
    """

    borders: BlockBorders
    whole: I64
    cut: BOOL


def split_at(borders: BlockBorders, spots: Spots, reach_px: int) -> Pieces:
    """The same borders, with arcs cut `reach_px` before and behind each spot.

    Args:
        borders: whole arcs.
        spots: where.
        reach_px: pixel sides along the arc; no piece is shorter.
    """
    order = np.argsort(spots.arcs, kind="stable")
    first = np.searchsorted(spots.arcs[order], np.arange(len(borders.left) + 1))
    corners, starts, whole, headings = _split(
        borders.corners, borders.starts, spots.places[order], first.astype(np.int64), reach_px
    )
    shut = np.zeros(len(whole), np.bool_)
    pieces = BlockBorders(
        corners,
        starts,
        borders.left[whole],
        borders.right[whole],
        headings[:, 0].copy(),
        headings[:, 1].copy(),
        shut,
        shut,
    )
    return Pieces(pieces, whole, np.bincount(whole, minlength=len(borders.left))[whole] > 1)


@njit(cache=True, nogil=True)
def _split(corners: I32, starts: I64, places: F64, first: I64, reach: int) -> tuple[I32, I64, I64, U8]:
    size = len(corners) + 4 * len(places)
    out, out_starts = np.empty((size, 2), np.int32), np.zeros(len(starts) + 2 * len(places), np.int64)
    whole, headings = np.empty(len(out_starts), np.int64), np.empty((len(out_starts), 2), np.uint8)
    pieces = p = 0
    for arc in range(len(starts) - 1):
        line = corners[starts[arc] : starts[arc + 1]]
        cuts = _cuts(line, places[first[arc] : first[arc + 1]], reach)
        passed, next_cut = 0, 0
        begin = p
        for i in range(len(line)):
            if i > 0:
                length = abs(line[i, 0] - line[i - 1, 0]) + abs(line[i, 1] - line[i - 1, 1])
                d_row, d_col = np.sign(line[i, 0] - line[i - 1, 0]), np.sign(line[i, 1] - line[i - 1, 1])
                while next_cut < len(cuts) and cuts[next_cut] <= passed + length:
                    step = cuts[next_cut] - passed
                    row, col = line[i - 1, 0] + step * d_row, line[i - 1, 1] + step * d_col
                    out[p, 0], out[p, 1] = row, col
                    p += 1
                    pieces = _close(out, begin, p, arc, pieces, out_starts, whole, headings)
                    begin = p
                    out[p, 0], out[p, 1] = row, col
                    p += 1
                    next_cut += 1
                passed += length
                if p > begin and out[p - 1, 0] == line[i, 0] and out[p - 1, 1] == line[i, 1]:
                    continue  # the cut is at this corner
            out[p, 0], out[p, 1] = line[i, 0], line[i, 1]
            p += 1
        pieces = _close(out, begin, p, arc, pieces, out_starts, whole, headings)
    return out[:p].copy(), out_starts[: pieces + 1].copy(), whole[:pieces].copy(), headings[:pieces].copy()


@njit(cache=True, nogil=True)
def _close(out, begin, end, arc, pieces, out_starts, whole, headings):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """End a piece of an arc; returns the number of pieces."""
    whole[pieces] = arc
    headings[pieces, 0] = _heading(out[begin], out[begin + 1])
    headings[pieces, 1] = _heading(out[end - 2], out[end - 1])
    out_starts[pieces + 1] = end
    return pieces + 1


@njit(cache=True, nogil=True)
def _heading(a: I32, b: I32) -> int:
    """0 east, 1 south, 2 west, 3 north."""
    if a[0] == b[0]:
        return 0 if b[1] > a[1] else 2
    return 1 if b[0] > a[0] else 3


@njit(cache=True, nogil=True)
def _cuts(line: I32, places: F64, reach: int) -> I64:
    """Ascending numbers of pixel sides after which an arc is cut; none nearer to its ends than `reach`."""
    n = 0
    for i in range(len(line) - 1):
        n += abs(line[i + 1, 0] - line[i, 0]) + abs(line[i + 1, 1] - line[i, 1])
    at = np.empty(len(places), np.int64)
    for k in range(len(places)):
        at[k] = _nearest(line, places[k])
    at = np.sort(at)
    cuts = np.empty(2 * len(at), np.int64)
    count, end = 0, -1
    for k in range(len(at)):
        start, stop = at[k] - reach, at[k] + reach
        if count > 0 and start - end < reach:
            count -= 1  # too near to the spot before for a piece between them
        elif start >= reach:
            cuts[count] = start
            count += 1
        end = stop
        if n - stop < reach:
            break
        cuts[count] = stop
        count += 1
    return cuts[:count]


@njit(cache=True, nogil=True)
def _nearest(line: I32, place: F64) -> int:
    """Number of pixel sides from the start of an arc to the corner that is nearest to a place."""
    best, where, passed = np.inf, 0, 0
    for i in range(len(line) - 1):
        d_row, d_col = line[i + 1, 0] - line[i, 0], line[i + 1, 1] - line[i, 1]
        length = abs(d_row) + abs(d_col)
        along = (place[0] - line[i, 0]) * np.sign(d_row) + (place[1] - line[i, 1]) * np.sign(d_col)
        step = min(max(round(along), 0), length)
        row, col = line[i, 0] + step * np.sign(d_row), line[i, 1] + step * np.sign(d_col)
        distance = (row - place[0]) ** 2 + (col - place[1]) ** 2
        if distance < best:
            best, where = distance, passed + step
        passed += length
    return where
