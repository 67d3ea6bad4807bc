# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels of a block's regions, and what its planes say about each of them, as integer sums."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import BlockRegions, Window
from inference_backend.postprocess.regions.pixel_keys import (
    CELL_SHIFT,
    COVER_BITS,
    COVER_MASK,
    OUTSIDE,
    SKELETON,
    USE_MASK,
    find_runs,
)
from inference_backend.postprocess.regions.speckle import FULL
from inference_backend.postprocess.types import I32, PredictionPlanes, ReferencePlanes

U16 = NDArray[np.uint16]
I64 = NDArray[np.int64]
_AREA, _ZONE, _CONFIDENCE, _MARGIN, _UNDECIDED, _DISAGREE, _IMPOSED, _EDGE = range(8)


def summed_regions(
    key: U16,
    planes: PredictionPlanes,
    reference: ReferencePlanes,
    place: tuple[slice, slice],
    core: Window,
    shape: tuple[int, int],
    covers: int,
) -> BlockRegions:
    """Regions of a core whose final keys are known.

    Args:
        key: (h, w) uint16 final keys of the core.
        planes: prediction of the window that holds the core.
        reference: references of the window.
        place: rows and columns of the core in the window.
        core: place of the core in the raster.
        shape: of the raster.
        covers: number of cover indices, 0 included.
    """
    runs = find_runs(key)
    labels = np.empty(key.shape, np.int32)
    number, roots = _number(runs.root, runs.key)
    size = len(roots)
    sums, scores, counts = (np.zeros((size, k), np.int64) for k in (8, covers, covers))
    rows = runs.rows()
    nothing = np.zeros((0, 0), np.uint8)
    said = [planes.cs, planes.runner_up, planes.confidence, planes.margin]
    predicted = tuple(nothing if plane is None else plane for plane in said)
    disagrees = np.zeros((0, 0), np.bool_) if reference.disagrees is None else reference.disagrees
    imposed = (reference.cs, disagrees, reference.zone_construite)
    where = (rows, runs.start, runs.end, number, runs.key)
    # Whole planes and an offset: loops over contiguous arrays are several times faster.
    corner = (place[0].start, place[1].start)
    _sum(where, corner, predicted, imposed, labels, sums, scores, counts)
    objects = _summed(*_stretches(where, corner, 0, COVER_MASK, reference.cs, reference.cs_object, -1))
    np.add.at(sums[:, _IMPOSED], objects[:, 0], objects[:, 2])
    uses = _summed(*_stretches(where, corner, COVER_BITS, USE_MASK, reference.us, reference.us_rule, 0))
    ends = (
        core.row == 0,
        core.row + core.height == shape[0],
        core.col == 0,
        core.col + core.width == shape[1],
    )
    _edges_of_image(where, runs.row_start, runs.up, runs.down, np.array(ends, np.bool_), key.shape[1], sums)
    edges, border = _borders(number, runs.start, runs.end, runs.down)
    of_region = runs.key[roots]
    skeleton = of_region & SKELETON > 0
    return BlockRegions(
        labels=labels,
        first_px=(rows[roots].astype(np.int64) + core.row) * shape[1] + runs.start[roots] + core.col,
        cs=(of_region & COVER_MASK).astype(np.uint8),
        us=(of_region >> COVER_BITS & USE_MASK).astype(np.uint8),
        ossature=skeleton,
        cell=(of_region >> CELL_SHIFT & 3).astype(np.uint8),
        area_px=sums[:, _AREA].copy(),
        zone_px=sums[:, _ZONE].copy(),
        at_edge=sums[:, _EDGE] > 0,
        scores=scores,
        covers=counts,
        confidence_sum=sums[:, _CONFIDENCE].copy(),
        margin_sum=sums[:, _MARGIN].copy(),
        undecided_px=sums[:, _UNDECIDED].copy(),
        disagree_px=sums[:, _DISAGREE].copy(),
        imposed_px=sums[:, _IMPOSED].copy(),
        objects=objects,
        uses=uses,
        edges=edges,
        border_px=border,
        north=labels[0].copy(),
        south=labels[-1].copy(),
        west=labels[:, 0].copy(),
        east=labels[:, -1].copy(),
    )


def _summed(codes: I64, pixels: I64) -> I64:
    """Rows (region, number, pixels) of codes `region << 32 | number`, each code once, ascending."""
    distinct, inverse = np.unique(codes, return_inverse=True)
    total = np.zeros(len(distinct), np.int64)
    np.add.at(total, inverse, pixels)
    return np.stack([distinct >> 32, distinct & 0xFFFFFFFF, total], axis=1)


@njit(cache=True, nogil=True)
def _number(root: I32, of_run: U16) -> tuple[I32, I64]:
    """Number of each run's region in the order of first pixels, -1 outside the image; first run of each."""
    number = np.empty(len(root), np.int32)
    size = 0
    for run in range(len(root)):
        if of_run[run] == OUTSIDE:
            number[run] = -1
        elif root[run] == run:
            number[run] = size
            size += 1
        else:
            number[run] = number[root[run]]
    roots = np.empty(size, np.int64)
    for run in range(len(root)):
        if number[run] >= 0 and root[run] == run:
            roots[number[run]] = run
    return number, roots


@njit(cache=True, nogil=True)
def _sum(where, corner, predicted, imposed, labels, sums, scores, counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Paint labels and add up, run by run."""
    rows, start, end, number, _ = where
    first, second, top, margin = predicted
    said, disagrees, zone = imposed
    for run in range(len(rows)):
        region = number[run]
        labels[rows[run], start[run] : end[run]] = region
        if region < 0:
            continue
        row, a, b = rows[run] + corner[0], start[run] + corner[1], end[run] + corner[1]
        sums[region, _AREA] += b - a
        sums[region, _ZONE] += _total(zone[row, a:b])
        sums[region, _UNDECIDED] += _zeros(first[row, a:b])
        if disagrees.size > 0:
            sums[region, _DISAGREE] += _total(disagrees[row, a:b])
        _add_covers(first[row, a:b], said[row, a:b], counts, region)
        if top.size > 0:
            sums[region, _CONFIDENCE] += _total(top[row, a:b])
            sums[region, _MARGIN] += _total(margin[row, a:b])
            _add_scores(first[row, a:b], second[row, a:b], top[row, a:b], margin[row, a:b], scores, region)
        else:
            _add_classes(first[row, a:b], second[row, a:b], scores, region)


@njit(cache=True, nogil=True)
def _total(values):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    total = np.uint32(0)
    for k in range(len(values)):
        total += np.uint32(values[k])
    return np.int64(total)


@njit(cache=True, nogil=True)
def _zeros(values):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    total = np.uint32(0)
    for k in range(len(values)):
        total += np.uint32(values[k] == 0)
    return np.int64(total)


@njit(cache=True, nogil=True)
def _add_covers(first, said, counts, region):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Count the pixels of each cover before generalisation, stretch by stretch."""
    current, begin = 0, 0
    for k in range(len(first)):
        cover = said[k] if said[k] > 0 else first[k]
        if cover != current:
            counts[region, current] += k - begin
            current, begin = cover, k
    counts[region, current] += len(first) - begin


@njit(cache=True, nogil=True)
def _add_scores(first, second, top, margin, scores, region):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Add what pixels say for their classes, as `speckle` does, stretch by stretch of equal classes."""
    before, after = 0, 0
    best, next_best = np.int64(0), np.int64(0)
    for k in range(len(first)):
        if first[k] != before or second[k] != after:
            _flush(before, after, best, next_best, scores, region)
            before, after = first[k], second[k]
            best, next_best = np.int64(0), np.int64(0)
        best += top[k]
        next_best += max(np.int64(top[k]) - np.int64(margin[k]), np.int64(0))
    _flush(before, after, best, next_best, scores, region)


@njit(cache=True, nogil=True)
def _add_classes(first, second, scores, region):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """The same for a class raster alone."""
    for k in range(len(first)):
        cover = first[k] if first[k] > 0 else second[k]
        scores[region, cover] += FULL if cover > 0 else 0


@njit(cache=True, nogil=True)
def _flush(before, after, best, next_best, scores, region):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    if before > 0:
        scores[region, before] += best
        if after > 0:
            scores[region, after] += next_best
    elif after > 0:
        scores[region, after] += best


@njit(cache=True, nogil=True)
def _stretches(where, corner, shift, mask, said, told, none):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """`region << 32 | number` and pixels for stretches where the region has the code that a reference said.

    `told` holds the numbers; those up to `none` do not count.
    """
    rows, start, end, number, of_run = where
    codes, pixels = np.empty(4096, np.int64), np.empty(4096, np.int64)
    count = 0
    for run in range(len(rows)):
        code = (of_run[run] >> shift) & mask
        if number[run] < 0 or code == 0:
            continue
        row, a, b = rows[run] + corner[0], start[run] + corner[1], end[run] + corner[1]
        if count + b - a > len(codes):
            more = max(len(codes), b - a)
            codes = np.concatenate((codes, np.empty(more, np.int64)))
            pixels = np.concatenate((pixels, np.empty(more, np.int64)))
        count = _split_run(said[row, a:b], told[row, a:b], code, none, number[run], codes, pixels, count)
    return codes[:count], pixels[:count]


@njit(cache=True, nogil=True)
def _split_run(said, told, code, none, region, codes, pixels, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Append the stretches of one run; a loop of its own, as arrays that grow make a loop slow."""
    last, begin = none, 0
    for k in range(len(said)):
        mine = max(np.int64(told[k]), none) if said[k] == code else none
        if mine == last:
            continue
        if last > none:
            codes[count], pixels[count] = (np.int64(region) << 32) | last, k - begin
            count += 1
        last, begin = mine, k
    if last > none:
        codes[count], pixels[count] = (np.int64(region) << 32) | last, len(said) - begin
        count += 1
    return count


@njit(cache=True, nogil=True)
def _edges_of_image(where, row_start, up, down, ends, width, sums):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Count the runs of each region that touch the edge of the raster or what is outside the image."""
    rows, start, end, number, of_run = where
    for run in range(len(rows)):
        row, first, last = rows[run], start[run], end[run]
        touches = (row == 0 and ends[0]) or (row == len(row_start) - 2 and ends[1])
        touches = touches or (first == 0 and ends[2]) or (last == width and ends[3])
        if first > 0:
            touches = touches or of_run[run - 1] == OUTSIDE
        if last < width:
            touches = touches or of_run[run + 1] == OUTSIDE
        for beside in (up[run], down[run]):
            other = beside
            while other >= 0 and not touches:
                touches = of_run[other] == OUTSIDE
                other = other + 1 if end[other] < last else -1
        if number[run] >= 0:
            sums[number[run], _EDGE] += touches


def _borders(number: I32, start: I32, end: I32, down: I32) -> tuple[I32, I64]:
    """Pairs of neighbours, ascending, and the length of their common border."""
    codes, lengths = _border_stretches(number, start, end, down)
    table = _summed(codes, lengths)
    return table[:, :2].astype(np.int32), table[:, 2].copy()


@njit(cache=True, nogil=True)
def _border_stretches(number: I32, start: I32, end: I32, down: I32) -> tuple[I64, I64]:
    """`low << 32 | high` and length for stretches of border between runs."""
    # Of n runs, fewer than n have one to the right, and fewer than 2 n pairs lie above each other.
    codes, lengths = np.empty(3 * len(number) + 1, np.int64), np.empty(3 * len(number) + 1, np.int64)
    codes[0], count = -1, 0
    for run in range(len(number)):
        me, last = number[run], end[run]
        if me < 0:
            continue
        if run + 1 < len(number) and start[run + 1] == last:
            count = _note_border(me, number[run + 1], 1, codes, lengths, count)
        other = down[run]
        while other >= 0:
            length = int(min(last, end[other])) - int(max(start[run], start[other]))
            count = _note_border(me, number[other], length, codes, lengths, count)
            other = other + 1 if end[other] < last else -1
    return codes[1 : count + 1], lengths[1 : count + 1]


@njit(cache=True, nogil=True)
def _note_border(me, beside, length, codes, lengths, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    if beside < 0 or beside == me:
        return count
    code = (np.int64(min(me, beside)) << 32) | np.int64(max(me, beside))
    if codes[count] == code:
        lengths[count] += length
        return count
    codes[count + 1], lengths[count + 1] = code, length
    return count + 1
