# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels of a block's regions, and what its planes say about each of them, as integer sums."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import BlockRegions, Window
from inference_backend.postprocess.pixel_keys import (
    CELL_SHIFT,
    COVER_BITS,
    COVER_MASK,
    OUTSIDE,
    SKELETON,
    USE_MASK,
    find_runs,
)
from inference_backend.postprocess.speckle import add_scores
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
    predicted = tuple(nothing if plane is None else plane[place] for plane in said)
    disagrees = np.zeros((0, 0), np.bool_) if reference.disagrees is None else reference.disagrees[place]
    imposed = (reference.cs[place], reference.cs_object[place], disagrees, reference.zone_construite[place])
    where = (rows, runs.start, runs.end, number, runs.key)
    objects = _sum(where, predicted, imposed, labels, sums, scores, counts)
    uses = _uses(where, reference.us[place], reference.us_rule[place])
    ends = (
        core.row == 0,
        core.row + core.height == shape[0],
        core.col == 0,
        core.col + core.width == shape[1],
    )
    _edges_of_image(where, runs.row_start, runs.up, runs.down, np.array(ends, np.bool_), key.shape[1], sums)
    edges, border = _borders(runs.key, number, runs.start, runs.end, runs.down)
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
        objects=_summed(*objects),
        uses=_summed(*uses),
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
def _sum(where, predicted, imposed, labels, sums, scores, counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Paint labels and add up; returns `region << 32 | object` and pixels for stretches of imposed pixels."""
    rows, start, end, number, of_run = where
    first, _, top, margin = predicted
    said, objects, disagrees, zone = imposed
    codes, pixels = np.empty(1024, np.int64), np.empty(1024, np.int64)
    count = 0
    for run in range(len(rows)):
        region, row = number[run], rows[run]
        labels[row, start[run] : end[run]] = region
        if region < 0:
            continue
        cover = of_run[run] & COVER_MASK
        inner, sure, apart, nobody, wrong, kept = 0, 0, 0, 0, 0, 0
        for col in range(start[run], end[run]):
            inner += zone[row, col]
            nobody += first[row, col] == 0
            given = said[row, col]
            counts[region, given if given > 0 else first[row, col]] += 1
            add_scores(predicted, row, col, scores[region])
            if top.size > 0:
                sure += top[row, col]
                apart += margin[row, col]
            if disagrees.size > 0:
                wrong += disagrees[row, col]
            if given == cover and objects[row, col] >= 0 and given > 0:
                kept += 1
                code = (np.int64(region) << 32) | np.int64(objects[row, col])
                if count > 0 and codes[count - 1] == code:
                    pixels[count - 1] += 1
                else:
                    if count == len(codes):
                        codes = np.concatenate((codes, np.empty(count, np.int64)))
                        pixels = np.concatenate((pixels, np.empty(count, np.int64)))
                    codes[count], pixels[count] = code, 1
                    count += 1
        sums[region, _AREA] += end[run] - start[run]
        sums[region, _ZONE] += inner
        sums[region, _CONFIDENCE] += sure
        sums[region, _MARGIN] += apart
        sums[region, _UNDECIDED] += nobody
        sums[region, _DISAGREE] += wrong
        sums[region, _IMPOSED] += kept
    return codes[:count], pixels[:count]


@njit(cache=True, nogil=True)
def _uses(where, use, rule):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """`region << 32 | rule` and pixels for stretches whose use a reference said and that kept it."""
    rows, start, end, number, of_run = where
    codes, pixels = np.empty(1024, np.int64), np.empty(1024, np.int64)
    count = 0
    for run in range(len(rows)):
        mine = (of_run[run] >> COVER_BITS) & USE_MASK
        if number[run] < 0 or mine == 0:
            continue
        row = rows[run]
        for col in range(start[run], end[run]):
            if rule[row, col] == 0 or use[row, col] != mine:
                continue
            code = (np.int64(number[run]) << 32) | np.int64(rule[row, col])
            if count > 0 and codes[count - 1] == code:
                pixels[count - 1] += 1
                continue
            if count == len(codes):
                codes = np.concatenate((codes, np.empty(count, np.int64)))
                pixels = np.concatenate((pixels, np.empty(count, np.int64)))
            codes[count], pixels[count] = code, 1
            count += 1
    return codes[:count], pixels[:count]


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


def _borders(of_run: U16, number: I32, start: I32, end: I32, down: I32) -> tuple[I32, I64]:
    """Pairs of neighbours, ascending, and the length of their common border."""
    codes, lengths = _border_stretches(number, start, end, down)
    table = _summed(codes, lengths)
    return table[:, :2].astype(np.int32), table[:, 2].copy()


@njit(cache=True, nogil=True)
def _border_stretches(number: I32, start: I32, end: I32, down: I32) -> tuple[I64, I64]:
    codes, lengths = np.empty(1024, np.int64), np.empty(1024, np.int64)
    count = 0
    for run in range(len(number)):
        me = number[run]
        if me < 0:
            continue
        other, last = run, end[run]
        while other >= 0:
            # First the run to the right, then those below.
            if other == run:
                beside = run + 1 if run + 1 < len(start) and start[run + 1] == last else -1
                length, following = 1, down[run]
            else:
                beside = other
                length = min(last, end[other]) - max(start[run], start[other])
                following = other + 1 if end[other] < last else -1
            if beside >= 0 and number[beside] >= 0 and number[beside] != me:
                low, high = min(me, number[beside]), max(me, number[beside])
                code = (np.int64(low) << 32) | np.int64(high)
                if count > 0 and codes[count - 1] == code:
                    lengths[count - 1] += length
                else:
                    if count == len(codes):
                        codes = np.concatenate((codes, np.empty(count, np.int64)))
                        lengths = np.concatenate((lengths, np.empty(count, np.int64)))
                    codes[count], lengths[count] = code, length
                    count += 1
            other = following
    return codes[:count], lengths[:count]
