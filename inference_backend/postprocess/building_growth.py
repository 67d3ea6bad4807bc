# SPDX-License-Identifier: GPL-2.0-or-later
"""Small buildings of the prediction grow to the minimum area, at the cost of what surrounds them.

Each free pixel within reach belongs to the nearest such building, the one that comes first in the raster
between equals, and each building takes its own pixels by distance until its area is reached, a whole distance
at a time; one that cannot reach it stays as it is. No building waits for another, so that no order counts.
Distances run through free pixels alone (neither skeleton nor built), in steps of 5 and 7.

Which pixels are built or free is decided before widths and not changed by them. What is not known are pixels
without a key, those beyond the window, and small built regions that either touches. A pixel of the core must
be farther from all of these than the reach. A building that reaches its area at some distance must be farther
than twice that distance, for a rival that wins one of its pixels is as near to that pixel; one that does not
reach it must be farther than the reach, for rivals only take from it. Otherwise, where it may grow into the
core, the window is too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import HaloTooSmall
from inference_backend.postprocess.pixel_keys import COVER_MASK, SKELETON, UNKNOWN, Runs
from inference_backend.postprocess.speckle import OPEN, UNDECIDABLE
from inference_backend.postprocess.types import BOOL, I32, U8

U16 = NDArray[np.uint16]
I64 = NDArray[np.int64]
Box = tuple[int, int, int, int]
_STRAIGHT, _SLANTED = 5, 7
_FINENESS = 4
"""Squares on the way of a building's reach in which what is unknown is looked up."""


@dataclass(frozen=True)
class GrowthRules:
    """Which buildings grow.

    Attributes:
        cover: cover index of buildings.
        from_px: smaller ones are left.
        to_px: area to reach.
        reach_px: how far a building may take pixels.
    """

    cover: int
    from_px: int
    to_px: int
    reach_px: int


@dataclass(frozen=True)
class Growth:
    """Pixels that buildings take.

    Attributes:
        pixels: (n,) int64 flat positions in the window.
        key: (n,) uint16 key that each gets.
    """

    pixels: I64
    key: U16


def grow_buildings(
    runs: Runs,
    state: U8,
    key: U16,
    imposed_cs: U8,
    rules: GrowthRules,
    core: Box,
    edges: tuple[bool, bool, bool, bool],
) -> Growth:
    """What small buildings take in a window.

    Args:
        runs: regions after speckle.
        state: (n,) uint8 of `merge_speckle`.
        key: (h, w) uint16 keys after speckle.
        imposed_cs: (h, w) uint8 cover that a reference imposes; buildings that are mostly imposed stay.
        rules: sizes.
        core: first row, row end, first column and column end of the pixels that must be right.
        edges: whether the raster goes on beyond the window's upper, lower, left and right edge.

    Raises:
        HaloTooSmall: growth in the core depends on what lies beyond the window.
    """
    chosen = _small_built(runs.key, runs.root, runs.area, state, rules.cover, rules.from_px, rules.to_px)
    chosen = chosen[np.argsort(runs.root[chosen], kind="stable")]
    roots, first = np.unique(runs.root[chosen], return_index=True)
    begin = np.append(first, len(chosen)).astype(np.int64)
    rows = runs.rows()
    parts = (rows[chosen], runs.start[chosen], runs.end[chosen])
    neighbours = (runs.root, runs.start, runs.end, runs.up, runs.down)
    imposed, unsure, boxes = _describe(chosen, begin, parts, neighbours, state, imposed_cs, rules.cover)
    side = max(1, rules.reach_px // _FINENESS)
    doubts = _doubts(key.shape, side, np.array(edges, np.bool_))
    unknown = runs.key == UNKNOWN
    _note(doubts, side, rows[unknown], runs.start[unknown], runs.end[unknown])
    for i in np.flatnonzero(unsure):
        part = slice(begin[i], begin[i + 1])
        _note(doubts, side, parts[0][part], parts[1][part], parts[2][part])
    area = runs.area[roots]
    grows = ~unsure & (area >= rules.from_px) & (2 * imposed < area)
    limit = _STRAIGHT * rules.reach_px
    distance = np.zeros(key.shape, np.uint16)  # pages that nothing reaches are never touched
    owner = np.empty(key.shape, np.int32)
    pixels, costs = _compete(key, distance, owner, parts, begin, grows, rules.cover, limit)
    last = _last_distance(pixels, costs, distance, owner, area, rules.to_px, limit)
    margin = np.where(last < 0, rules.reach_px, 2 * last // _STRAIGHT + 1)
    core_box = np.array(core, np.int64)
    if _is_unsure(doubts, side, core_box, rules.reach_px, boxes[grows], margin[grows]):
        raise HaloTooSmall
    taken, whose = _take(pixels, costs, distance, owner, last)
    return Growth(taken, runs.key[roots][whose])


def _doubts(shape: tuple[int, int], side: int, edges: BOOL) -> BOOL:
    """Squares of `side` pixels, and a ring beyond the window: True where the raster goes on there."""
    doubts = np.zeros((shape[0] // side + 3, shape[1] // side + 3), np.bool_)
    doubts[0] |= edges[0]
    doubts[shape[0] // side + 1 :] |= edges[1]
    doubts[:, 0] |= edges[2]
    doubts[:, shape[1] // side + 1 :] |= edges[3]
    return doubts


@njit(cache=True, nogil=True)
def _note(doubts: BOOL, side: int, rows: I32, start: I32, end: I32) -> None:
    for run in range(len(rows)):
        for col in range(start[run] // side, (end[run] - 1) // side + 1):
            doubts[rows[run] // side + 1, col + 1] = True


@njit(cache=True, nogil=True)
def _small_built(of_run: U16, root: I32, area: I64, state: U8, cover: int, from_px: int, to_px: int) -> I64:
    """Runs of built regions that may have to grow."""
    chosen = np.empty(256, np.int64)
    count = 0
    for run in range(len(root)):
        value = of_run[run]
        region = root[run]
        if value >= UNKNOWN or value & SKELETON or value & COVER_MASK != cover or area[region] >= to_px:
            continue
        if count == len(chosen):
            chosen = np.concatenate((chosen, np.empty(count, np.int64)))
        chosen[count] = run
        count += 1
    return chosen[:count].copy()


@njit(cache=True, nogil=True)
def _describe(chosen, begin, parts, neighbours, state, imposed_cs, cover):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Of each region: imposed pixels, whether something unknown touches it, rows and columns that hold it."""
    root, start, end, up, down = neighbours
    size = len(begin) - 1
    imposed, unsure = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    boxes = np.empty((size, 4), np.int64)
    for region in range(size):
        boxes[region, 0], boxes[region, 2] = parts[0][begin[region]], parts[1][begin[region]]
        boxes[region, 1], boxes[region, 3] = 0, 0
        for k in range(begin[region], begin[region + 1]):
            row, first, last, run = parts[0][k], parts[1][k], parts[2][k], chosen[k]
            boxes[region, 1] = row + 1
            boxes[region, 2] = min(boxes[region, 2], first)
            boxes[region, 3] = max(boxes[region, 3], last)
            for col in range(first, last):
                imposed[region] += imposed_cs[row, col] == cover
            doubt = state[root[run]] & OPEN > 0
            if first > 0:
                doubt |= state[root[run - 1]] & UNDECIDABLE > 0
            if run + 1 < len(start) and start[run + 1] == last:
                doubt |= state[root[run + 1]] & UNDECIDABLE > 0
            for beside in (up[run], down[run]):
                other = beside
                while other >= 0:
                    doubt |= state[root[other]] & UNDECIDABLE > 0
                    other = other + 1 if end[other] < last else -1
            unsure[region] |= doubt
    return imposed, unsure, boxes


@njit(cache=True, nogil=True)
def _is_unsure(doubts: BOOL, side: int, core: I64, reach: int, boxes: I64, margins: I64) -> bool:
    """Whether a doubt is near enough to the core, or to a building that may grow into it, to matter."""
    if _has_doubt(doubts, side, core, reach):
        return True
    for k in range(len(boxes)):
        near = boxes[k, 0] - reach < core[1] and boxes[k, 1] + reach > core[0]
        near = near and boxes[k, 2] - reach < core[3] and boxes[k, 3] + reach > core[2]
        if near and _has_doubt(doubts, side, boxes[k], margins[k]):
            return True
    return False


@njit(cache=True, nogil=True)
def _has_doubt(doubts: BOOL, side: int, box: I64, margin: int) -> bool:
    top, bottom = (box[0] - margin) // side + 1, (box[1] - 1 + margin) // side + 1
    left, right = (box[2] - margin) // side + 1, (box[3] - 1 + margin) // side + 1
    for i in range(max(top, 0), min(bottom + 1, doubts.shape[0])):
        for j in range(max(left, 0), min(right + 1, doubts.shape[1])):
            if doubts[i, j]:
                return True
    return False


@njit(cache=True, nogil=True)
def _compete(key, distance, owner, parts, begin, grows, cover, limit):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Distance of each free pixel within reach from the nearest building; the pixels and their distances.

    A pixel may be listed several times; the listed distance is that of the pixel only once.
    """
    height, width = key.shape
    pixels, costs = np.empty(4096, np.int64), np.empty(4096, np.uint16)
    following = np.empty(4096, np.int64)
    head = np.full(limit + 1, -1, np.int64)
    count = 0
    for step in range(-1, limit + 1):
        region, k, col = 0, np.int64(0), 0
        if step < 0:
            k = begin[0]
            col = parts[1][k] if len(parts[0]) else 0
        while True:
            if step < 0:  # the pixels of the buildings one after the other
                if k >= len(parts[0]):
                    break
                while k >= begin[region + 1]:
                    region += 1
                row, here, mine = parts[0][k], col, region
                col += 1
                if col >= parts[2][k]:
                    k += 1
                    col = parts[1][k] if k < len(parts[0]) else 0
                if not grows[mine]:
                    continue
                cost_here = 0
            else:
                if head[step] < 0:
                    break
                entry = head[step]
                head[step] = following[entry]
                row, here = pixels[entry] // width, pixels[entry] % width
                if distance[row, here] != step:
                    continue
                mine, cost_here = owner[row, here], step
            for d_row in range(-1, 2):
                for d_col in range(-1, 2):
                    slanted = d_row != 0 and d_col != 0
                    cost = cost_here + (_SLANTED if slanted else _STRAIGHT)
                    r, c = row + d_row, here + d_col
                    if cost > limit or r < 0 or c < 0 or r >= height or c >= width:
                        continue
                    known = distance[r, c]
                    if (known > 0 and known < cost) or not _is_free(key[r, c], cover):
                        continue
                    if known == cost and owner[r, c] <= mine:
                        continue
                    if slanted and not (_is_free(key[row, c], cover) or _is_free(key[r, here], cover)):
                        continue
                    owner[r, c] = mine
                    if known == cost:
                        continue
                    distance[r, c] = cost
                    if count == len(pixels):
                        pixels = np.concatenate((pixels, np.empty(count, np.int64)))
                        costs = np.concatenate((costs, np.empty(count, np.uint16)))
                        following = np.concatenate((following, np.empty(count, np.int64)))
                    pixels[count], costs[count] = r * width + c, cost
                    following[count] = head[cost]
                    head[cost] = count
                    count += 1
    return pixels[:count], costs[:count]


@njit(cache=True, nogil=True)
def _is_free(value: int, cover: int) -> bool:
    return value < UNKNOWN and not value & SKELETON and value & COVER_MASK != cover


@njit(cache=True, nogil=True)
def _last_distance(pixels, costs, distance, owner, area, to_px, limit):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Distance at which each building reaches its area, -1 where it does not."""
    width = distance.shape[1]
    gains = np.zeros((len(area), limit + 1), np.int32)
    for k in range(len(pixels)):
        row, col = pixels[k] // width, pixels[k] % width
        if distance[row, col] == costs[k]:
            gains[owner[row, col], costs[k]] += 1
    last = np.full(len(area), -1, np.int64)
    for region in range(len(area)):
        total = area[region]
        for cost in range(limit + 1):
            total += gains[region, cost]
            if total >= to_px:
                last[region] = cost
                break
    return last


@njit(cache=True, nogil=True)
def _take(pixels, costs, distance, owner, last):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Pixels that are taken, and the number of the building that takes each."""
    width = distance.shape[1]
    taken, whose = np.empty(len(pixels), np.int64), np.empty(len(pixels), np.int64)
    count = 0
    for k in range(len(pixels)):
        row, col = pixels[k] // width, pixels[k] % width
        if distance[row, col] == costs[k] and costs[k] <= last[owner[row, col]]:
            taken[count], whose[count] = pixels[k], owner[row, col]
            count += 1
    return taken[:count].copy(), whose[:count].copy()
