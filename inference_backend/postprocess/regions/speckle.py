# SPDX-License-Identifier: GPL-2.0-or-later
"""Noise of the classifier: regions under a few square metres go to the neighbour that most speaks for them.

Regions merge in the strict order (area, first pixel). One is merged once it is smaller than each neighbour
that has still to merge; two such regions are never neighbours, and what one of them does changes neither the
pixels, nor the neighbours' keys, nor the border by key of the other, so that their merges commute and every
schedule ends alike. In a window, a region that touches the window's edge is open: it is larger than what is
seen of it. A merge is made here only if it would be made whatever lies beyond: the region is not open, and
every neighbour that has still to merge is certainly larger. Hence the merges made here begin a schedule of
the whole raster. Regions that are left under the minimum, with a neighbour to go to, are unknown.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.merge_rules import SCALE, IntegerRules
from inference_backend.postprocess.regions.pixel_keys import (
    COVER_BITS,
    COVER_MASK,
    HELD,
    SKELETON,
    UNKNOWN,
    USE_MASK,
    Runs,
    root_of,
)
from inference_backend.postprocess.types import BOOL, I32, U8

I64 = NDArray[np.int64]
U16 = NDArray[np.uint16]
FULL = 255
"""Score of a class raster alone."""
OPEN, UNDECIDABLE = 1, 2
"""States of a region: it goes on beyond the window; what it becomes depends on what lies there."""


@dataclass(frozen=True)
class Scores:
    """What the model says of each pixel of a window.

    Attributes:
        first, second: (h, w) uint8 cover indices.
        top: (h, w) uint8 score of the first, shape (0, 0) for a class raster alone.
        margin: (h, w) uint8 by how much the second is lower, shape (0, 0) for a class raster alone.
    """

    first: U8
    second: U8
    top: U8
    margin: U8


def merge_speckle(
    runs: Runs, key: U16, scores: Scores, minimum_px: int, rules: IntegerRules, edges: tuple[bool, ...]
) -> U8:
    """Merge the noise, in place.

    Args:
        runs: of `key`; `root` and `area` become those of the merged regions.
        key: (h, w) uint16 keys, rewritten: the key of the region after merging, UNKNOWN where it depends on
            what lies beyond the window.
        scores: of the same pixels.
        minimum_px: regions with fewer pixels are noise.
        rules: weights of border, closeness and scores.
        edges: whether the raster goes on beyond the window's upper, lower, left and right edge.

    Returns:
        (n,) uint8 by root: `OPEN` where the region touches the window's edge, plus `UNDECIDABLE`.
    """
    of_region = runs.key.copy()
    state = np.zeros(len(of_region), np.uint8)
    _mark_open(runs.root, runs.row_start, np.array(edges, np.bool_), state)
    following, tail = np.full(len(of_region), -1, np.int32), np.empty(len(of_region), np.int32)
    queue = _list_small(runs.root, runs.key, runs.area, state, minimum_px, following, tail)
    where = (runs.start, runs.end, runs.up, runs.down, runs.rows())
    planes = (scores.first, scores.second, scores.top, scores.margin)
    tables = (rules.weights, rules.cover_closeness, rules.use_closeness, rules.reluctance)
    lists = (following, tail)
    _merge(queue, runs.root, of_region, runs.area, state, lists, where, planes, tables, minimum_px)
    _settle(runs.root, of_region, state, where, key, runs.key)
    return state


@njit(cache=True, nogil=True)
def _mark_open(root: I32, row_start: I32, edges: BOOL, state: U8) -> None:
    height = len(row_start) - 1
    for row in range(height):
        first, last = row_start[row], row_start[row + 1] - 1
        if (row == 0 and edges[0]) or (row == height - 1 and edges[1]):
            for run in range(first, last + 1):
                state[root[run]] = OPEN
        if edges[2]:
            state[root[first]] = OPEN
        if edges[3]:
            state[root[last]] = OPEN


@njit(cache=True, nogil=True)
def _list_small(root: I32, of_run: U16, area: I64, state: U8, minimum: int, following: I32, tail: I32) -> I64:
    """Chain the runs of each small region; returns `area << 32 | region` of those that may merge, sorted."""
    queue = np.empty(1024, np.int64)
    count = 0
    for run in range(len(root)):
        region = root[run]
        if area[region] >= minimum or of_run[run] & SKELETON:
            continue  # OUTSIDE has that bit too
        if region != run:
            following[tail[region]] = run
            tail[region] = run
            continue
        tail[region] = run
        if state[region] == OPEN:
            state[region] = OPEN | UNDECIDABLE
            continue
        if count == len(queue):
            queue = np.concatenate((queue, np.empty(count, np.int64)))
        queue[count] = (area[region] << 32) | region
        count += 1
    return np.sort(queue[:count])


@njit(cache=True, nogil=True)
def _merge(  # type: ignore[no-untyped-def]  # noqa: ANN202 - typed by numba
    queue, root, of_region, area, state, lists, where, planes, tables, minimum,  # noqa: ANN001
):  # fmt: skip
    """Take the smallest first: from the sorted queue, or from the heap of those that grew and are small."""
    following, tail = lists
    found = np.empty(4 * minimum + 8, np.int32)
    keys, border = np.empty(len(found), np.int64), np.empty(len(found), np.int64)
    of_cover = np.zeros(COVER_MASK + 1, np.int64)
    grown = [np.int64(0) for _ in range(0)]
    position = 0
    while position < len(queue) or len(grown) > 0:
        if len(grown) > 0 and (position == len(queue) or grown[0] < queue[position]):
            code = heapq.heappop(grown)
        else:
            code = queue[position]
            position += 1
        region, size = int(code & 0xFFFFFFFF), code >> 32
        if root[region] != region or area[region] != size:
            continue
        count, distinct = _neighbours(region, root, of_region, following, where, found, keys, border)
        if count == 0:
            continue
        if _must_wait(region, size, found, count, area, state, minimum):
            state[region] |= UNDECIDABLE
            continue
        best = keys[0]
        if distinct > 1:
            _evidence(region, following, where, planes, of_cover)
            best = _best_key(of_region[region], size, keys, border, distinct, of_cover, tables)
        new = _join(region, best, found, count, root, of_region, area, state, following, tail, minimum)
        if area[new] < minimum and state[new] == 0:
            heapq.heappush(grown, (area[new] << 32) | new)


@njit(cache=True, nogil=True)
def _neighbours(region, root, of_region, following, where, found, keys, border):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Distinct regions beside a region into `found`, their keys and common borders; the skeleton left out.

    Keys that a reference holds are left out too, unless there are no others: noise beside a pond is none of
    it, noise in the pond is.
    """
    start, end, up, down, _ = where
    count, distinct = 0, 0
    run = region
    while run >= 0:
        first, last = start[run], end[run]
        for side in range(4):
            if side == 0:
                other = run - 1 if first > 0 else -1
            elif side == 1:
                other = run + 1 if run + 1 < len(start) and start[run + 1] == last else -1
            else:
                other = up[run] if side == 2 else down[run]
            while other >= 0:
                beside = root_of(root, other)
                value = int(of_region[beside])
                if beside != region and not value & SKELETON:
                    length = 1
                    if side >= 2:
                        length = min(last, end[other]) - max(first, start[other])
                    k = 0
                    while k < count and found[k] != beside:
                        k += 1
                    if k == count:
                        found[k] = beside
                        count += 1
                    k = 0
                    while k < distinct and keys[k] != value:
                        k += 1
                    if k == distinct:
                        keys[k], border[k] = value, 0
                        distinct += 1
                    border[k] += length
                if side < 2 or end[other] >= last:
                    break
                other += 1
        run = following[run]
    return count, _without_held(keys, border, distinct)


@njit(cache=True, nogil=True)
def _without_held(keys: I64, border: I64, distinct: int) -> int:
    """Leave out, in place, keys that a reference holds where there are others; how many are left."""
    n = 0
    for k in range(distinct):
        if not keys[k] & HELD:
            keys[n], border[n] = keys[k], border[k]
            n += 1
    return n if n > 0 else distinct


@njit(cache=True, nogil=True)
def _must_wait(region, size, found, count, area, state, minimum):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Whether a neighbour that has still to merge is smaller, or may be."""
    for k in range(count):
        other = found[k]
        if area[other] >= minimum or area[other] > size:
            continue
        if area[other] < size or other < region or state[other] & OPEN:
            return True
    return False


@njit(cache=True, nogil=True)
def _evidence(region, following, where, planes, of_cover):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Sum of scores 0..255 of each cover over the pixels of a region."""
    of_cover[:] = 0
    run = region
    while run >= 0:
        row = where[4][run]
        for col in range(where[0][run], where[1][run]):
            _add_scores(planes, row, col, of_cover)
        run = following[run]


@njit(cache=True, nogil=True)
def _add_scores(planes, row, col, of_cover):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Add what one pixel says for its first class and for the runner-up.

    A pixel speaks for its first class with its score and for the runner-up with score minus margin; in a
    class raster alone, for its class with the full score. An undecided pixel speaks for the class that came
    first.
    """
    first, second = planes[0][row, col], planes[1][row, col]
    scored = planes[2].size > 0
    top = np.int64(planes[2][row, col]) if scored else np.int64(FULL)
    if first > 0:
        of_cover[first] += top
        if second > 0 and scored:
            of_cover[second] += max(top - np.int64(planes[3][row, col]), 0)
    elif second > 0:
        of_cover[second] += top


@njit(cache=True, nogil=True)
def _best_key(mine, size, keys, border, distinct, of_cover, tables):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Key that border, closeness in the nomenclature and scores speak for most; the smallest of equals."""
    weights, cover_closeness, use_closeness, reluctance = tables
    total = np.int64(0)
    for k in range(distinct):
        total += border[k]
    my_cover, my_use = mine & COVER_MASK, (mine >> COVER_BITS) & USE_MASK
    best, best_score = np.int64(-1), np.int64(0)
    for k in range(distinct):
        cover, use = keys[k] & COVER_MASK, (keys[k] >> COVER_BITS) & USE_MASK
        score = weights[0] * border[k] // total - reluctance[cover]
        score += weights[1] * cover_closeness[my_cover, cover] // SCALE
        score += weights[2] * of_cover[cover] // (FULL * size)
        score += weights[3] * use_closeness[my_use, use] // SCALE
        if best < 0 or score > best_score or (score == best_score and keys[k] < best):
            best, best_score = keys[k], score
    return best


@njit(cache=True, nogil=True)
def _join(region, best, found, count, root, of_region, area, state, following, tail, minimum):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """One region of `region` and its neighbours of key `best`; returns its first run."""
    new = region
    for k in range(count):
        if of_region[found[k]] == best:
            new = min(new, found[k])
    total, opened = area[region], state[region] & OPEN
    for k in range(count):
        if of_region[found[k]] == best:
            total += area[found[k]]
            opened |= state[found[k]] & OPEN
    if total < minimum:
        for k in range(-1, count):
            part = region if k < 0 else found[k]
            if part != new and (part == region or of_region[part] == best):
                following[tail[new]] = part
                tail[new] = tail[part]
    for k in range(-1, count):
        part = region if k < 0 else found[k]
        if part == region or of_region[part] == best:
            root[part] = new
    area[new] = total
    of_region[new] = best
    state[new] = opened
    if opened and total < minimum:
        state[new] |= UNDECIDABLE
    return new


@njit(cache=True, nogil=True)
def _settle(root: I32, of_region: U16, state: U8, where: tuple[I32, ...], key: U16, of_run: U16) -> None:
    """Write the keys that changed; a run's key becomes its region's, or UNKNOWN."""
    start, end, rows = where[0], where[1], where[4]
    for run in range(len(root)):
        region = root_of(root, run)
        root[run] = region
        value = np.uint16(UNKNOWN) if state[region] & UNDECIDABLE else of_region[region]
        if value != of_run[run]:
            of_run[run] = value
            key[rows[run], start[run] : end[run]] = value
