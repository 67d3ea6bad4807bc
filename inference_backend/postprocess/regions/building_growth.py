# SPDX-License-Identifier: GPL-2.0-or-later
"""Small buildings of the prediction grow to the minimum area, at the cost of what surrounds them.

Rings around a building run over free pixels, which are neither skeleton nor built nor held by a reference:
over the sides of pixels, then over their corners too, in turn, which makes octagons. A pixel belongs to the
building in whose nearest ring it is, to the one that comes first in the raster between equals. A building
takes what is its own in ring after ring until its area is reached, whole rings; one that would need more than
twice the rings that a square of its area needs stays as it is. Rings count whether they are taken or not, so
that no building waits for another.

Which pixels are built or free is decided before widths and not changed by them. What is not known are pixels
without a key, those beyond the window, and small built regions that either touches. What a building wins in n
rings depends on pixels within n of it, and on rivals within n of these. Where something unknown lies within
2 n, and the building may grow into the core, the window is too small; the same where something unknown is so
near to the core that a building in it could grow into the core.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import HaloTooSmall
from inference_backend.postprocess.regions.pixel_keys import COVER_MASK, HELD, SKELETON, UNKNOWN, Runs
from inference_backend.postprocess.regions.speckle import OPEN, UNDECIDABLE
from inference_backend.postprocess.types import BOOL, I32, U8

U16 = NDArray[np.uint16]
I64 = NDArray[np.int64]
Box = tuple[int, int, int, int]
_FREE, _REACHED, _SHUT = 0, 1, 2
_NUMBER = 0xFFFFFFFF
_FINENESS = 4
"""Squares on the way of a building's reach in which what is unknown is looked up."""


@dataclass(frozen=True)
class GrowthRules:
    """Which buildings grow.

    Attributes:
        cover: cover index of buildings.
        from_px: smaller ones are left.
        to_px: area to reach.
    """

    cover: int
    from_px: int
    to_px: int

    def rings(self, area_px: I64) -> I64:
        """Rings after which buildings of these areas give up: twice what squares need."""
        need = np.ceil(np.sqrt(self.to_px) - np.sqrt(area_px))
        rings: I64 = np.maximum(need, 0).astype(np.int64)
        return rings


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
    area = runs.area[roots]
    grows = ~unsure & (area >= rules.from_px) & (2 * imposed < area)
    limits = rules.rings(area)
    reach = int(rules.rings(np.array([rules.from_px]))[0])
    side = max(1, reach // _FINENESS)
    doubts = _doubts(key.shape, side, np.array(edges, np.bool_))
    unknown = runs.key == UNKNOWN
    _note(doubts, side, rows[unknown], runs.start[unknown], runs.end[unknown])
    for i in np.flatnonzero(unsure):
        part = slice(begin[i], begin[i + 1])
        _note(doubts, side, parts[0][part], parts[1][part], parts[2][part])
    nearest = np.zeros(key.shape, np.int64)  # pages that nothing reaches are never touched
    limits[~grows] = 0
    pixels, rings, ends = _compete(key, nearest, parts, begin, boxes, rules.cover, limits)
    last = _last_rings(pixels, rings, ends, nearest, area, rules.to_px)
    core_box = np.array(core, np.int64)
    depth = np.where(last < 0, limits, last)
    if _is_unsure(doubts, side, core_box, reach, boxes[grows], limits[grows], 2 * depth[grows]):
        raise HaloTooSmall
    taken, whose = _take(pixels, rings, ends, nearest, last)
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
def _is_unsure(  # type: ignore[no-untyped-def]  # noqa: ANN202 - typed by numba
    doubts, side, core, reach, boxes, limits, margins,  # noqa: ANN001
):  # fmt: skip
    """Whether a doubt is near enough to the core, or to a building that may grow into it, to matter."""
    if _has_doubt(doubts, side, core, reach):
        return True
    for k in range(len(boxes)):
        far = limits[k]
        near = boxes[k, 0] - far < core[1] and boxes[k, 1] + far > core[0]
        near = near and boxes[k, 2] - far < core[3] and boxes[k, 3] + far > core[2]
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
def _compete(key, nearest, parts, begin, boxes, cover, limits):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Pixels around each building, their rings and their ends; `nearest` gets `ring << 32 | building`."""
    height, width = key.shape
    pixels, rings = np.empty(4096, np.int64), np.empty(4096, np.int64)
    ends = np.zeros(len(limits) + 1, np.int64)
    count = 0
    for region in range(len(limits)):
        limit = limits[region]
        ends[region + 1] = count
        if limit == 0:
            continue
        top, bottom = max(boxes[region, 0] - limit, 0), min(boxes[region, 1] + limit, height)
        left, right = max(boxes[region, 2] - limit, 0), min(boxes[region, 3] + limit, width)
        patch = _patch(key, top, bottom, left, right, cover)
        own = (begin[region], begin[region + 1])
        place, starts = _rings(patch, parts, own, top, left, right - left + 2, limit)
        more = starts[-1] - starts[1]
        if count + more > len(pixels):
            pixels = np.concatenate((pixels, np.empty(max(more, len(pixels)), np.int64)))
            rings = np.concatenate((rings, np.empty(max(more, len(rings)), np.int64)))
        _claim(place, starts, top, left, right - left + 2, region, nearest, pixels, rings, count)
        count += more
        ends[region + 1] = count
    return pixels[:count], rings[:count], ends


@njit(cache=True, nogil=True)
def _rings(patch, parts, own, top, left, span, limit):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Places in the patch, ring after ring, the building itself as ring 0; where each ring starts."""
    place = np.empty(len(patch), np.int64)
    starts = np.empty(limit + 2, np.int64)
    steps = np.array((-span, -1, 1, span, -span - 1, -span + 1, span - 1, span + 1))
    found = 0
    for k in range(own[0], own[1]):
        for col in range(parts[1][k], parts[2][k]):
            place[found] = (parts[0][k] - top + 1) * span + col - left + 1
            found += 1
    starts[0], starts[1] = 0, found
    for ring in range(1, limit + 1):
        for k in range(starts[ring - 1], starts[ring]):
            at = place[k]
            for side in range(8 if ring % 2 == 0 else 4):
                to = at + steps[side]
                if patch[to] != _FREE:
                    continue
                # A step over a corner does not pass between two pixels that are shut.
                shut = (
                    patch[at + steps[3 * (side // 6)]] == _SHUT and patch[at + steps[1 + side % 2]] == _SHUT
                )
                if side >= 4 and shut:
                    continue
                patch[to] = _REACHED
                place[found] = to
                found += 1
        starts[ring + 1] = found
    return place, starts


@njit(cache=True, nogil=True)
def _claim(place, starts, top, left, span, region, nearest, pixels, rings, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """List the pixels of the rings and claim those that no other building has in a nearer ring."""
    width = nearest.shape[1]
    for ring in range(1, len(starts) - 1):
        claim = (np.int64(ring) << 32) | np.int64(region)
        for k in range(starts[ring], starts[ring + 1]):
            row, col = place[k] // span - 1 + top, place[k] % span - 1 + left
            pixels[count], rings[count] = row * width + col, ring
            count += 1
            if nearest[row, col] == 0 or claim < nearest[row, col]:
                nearest[row, col] = claim


@njit(cache=True, nogil=True)
def _patch(key, top, bottom, left, right, cover):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Flat copy of a rectangle with a rim: what is free in it."""
    span = right - left + 2
    patch = np.full((bottom - top + 2) * span, _SHUT, np.uint8)
    for row in range(top, bottom):
        at = (row - top + 1) * span + 1
        for col in range(left, right):
            value = key[row, col]
            if value < UNKNOWN and not value & (SKELETON | HELD) and value & COVER_MASK != cover:
                patch[at + col - left] = _FREE
    return patch


@njit(cache=True, nogil=True)
def _last_rings(pixels, rings, ends, nearest, area, to_px):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Ring at which each building reaches its area, -1 where it does not."""
    width = nearest.shape[1]
    last = np.full(len(area), -1, np.int64)
    for region in range(len(area)):
        total = area[region]
        for k in range(ends[region], ends[region + 1]):
            total += nearest[pixels[k] // width, pixels[k] % width] & _NUMBER == region
            if total >= to_px:
                last[region] = rings[k]
                break
    return last


@njit(cache=True, nogil=True)
def _take(pixels, rings, ends, nearest, last):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Pixels that are taken, and the number of the building that takes each."""
    width = nearest.shape[1]
    taken, whose = np.empty(len(pixels), np.int64), np.empty(len(pixels), np.int64)
    count = 0
    for region in range(len(last)):
        for k in range(ends[region], ends[region + 1]):
            if rings[k] > last[region]:
                break
            if nearest[pixels[k] // width, pixels[k] % width] & _NUMBER == region:
                taken[count], whose[count] = pixels[k], region
                count += 1
    return taken[:count].copy(), whose[:count].copy()
