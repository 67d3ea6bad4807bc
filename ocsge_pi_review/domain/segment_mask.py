# SPDX-License-Identifier: GPL-2.0-or-later
"""The pixels that a click on a segment means: one connected region, tidied where it meets a border."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocsge_pi_review.domain.rings import Polygon, segments

Mask = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.integer]

SLIVER_PX = 2
"""Strips narrower than twice this between a segment and the border of the polygon go with the segment, px."""


def region_at(ids: Ids, row: int, col: int, within: Mask | None = None) -> Mask:
    """Pixels connected by sides to one pixel and of the same value, (H, W); all False outside `within`.

    Args:
        ids: (H, W).
        row: of the pixel.
        col: of the pixel.
        within: (H, W), where the region may be.
    """
    same = ids == ids[row, col]
    if within is not None:
        same &= within
    found = np.zeros_like(same)
    if same[row, col]:
        rows, cols = _extent(same)
        found[rows, cols] = connected(same[rows, cols], row - rows.start, col - cols.start)
    return np.asarray(found)


def _extent(mask: Mask) -> tuple[slice, slice]:
    """Rows and columns that hold pixels of a mask."""
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(cols[0]), int(cols[-1]) + 1)


def connected(mask: Mask, row: int, col: int) -> Mask:
    """The part of a mask that hangs together with one pixel by sides.

    Runs of rows and columns are followed in turn: a region of a million pixels takes some ten sweeps, not a
    million steps.
    """
    found = np.zeros_like(mask)
    if not mask[row, col]:
        return found
    found[row, col] = True
    count = 0
    while count != (count := int(np.count_nonzero(found))):
        found = _spread(found, mask)
        found = _spread(found.T, mask.T).T
    return found


def _spread(found: Mask, mask: Mask) -> Mask:
    """Every run of a row of `mask` that holds a found pixel."""
    starts = mask.copy()
    starts[:, 1:] &= ~mask[:, :-1]
    # Each run of the mask gets a number; those that hold a found pixel are kept whole.
    runs = np.cumsum(starts.ravel()).reshape(mask.shape)
    hit = np.zeros(int(runs.max()) + 1, dtype=bool)
    hit[runs[found]] = True
    result: Mask = hit[runs] & mask
    return result


def polygon_mask(polygon: Polygon, shape: tuple[int, int]) -> Mask:
    """Pixels whose centre lies in a polygon given in pixel coordinates, (H, W), by the even-odd rule."""
    height, width = shape
    flips = np.zeros((height, width + 1), dtype=np.int32)
    for ring in polygon:
        for (ax, ay), (bx, by) in segments(ring):
            low, high = sorted((ay, by))
            first, last = max(0, int(np.ceil(low - 0.5))), min(height, int(np.ceil(high - 0.5)))
            if first >= last:
                continue
            y = np.arange(first, last) + 0.5
            x = ax + (y - ay) * (bx - ax) / (by - ay)
            cols = np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64)
            np.add.at(flips, (np.arange(first, last), cols), 1)
    inside: Mask = (np.cumsum(flips, axis=1)[:, :width] % 2).astype(bool)
    return inside


def fitted(region: Mask, inside: Mask, row: int, col: int) -> Mask:
    """A region made fit to cut a polygon: no spurs, no slivers left along the border, and past it outside.

    Args:
        region: (H, W), part of `inside`.
        inside: (H, W), pixels of the polygon.
        row: of the pixel clicked.
        col: of the pixel clicked.
    """
    tidy = connected(dilated(eroded(region, 1), 1) & region, row, col)
    region = tidy if tidy[row, col] else region
    rest = inside & ~region
    wide = dilated(eroded(rest, SLIVER_PX), SLIVER_PX) & rest
    beside = dilated(region, 2 * SLIVER_PX) & dilated(~inside, 2 * SLIVER_PX)
    region = region | (rest & ~wide & beside)
    return region | (dilated(region, SLIVER_PX + 1) & ~inside)


def dilated(mask: Mask, radius: int) -> Mask:
    """Pixels within `radius` of the mask along rows and columns (a square)."""
    for axis in (0, 1):
        mask = _widened(mask, radius, axis)
    return mask


def eroded(mask: Mask, radius: int) -> Mask:
    """Pixels whose whole square of `radius` is in the mask; beyond the array counts as in it."""
    return ~dilated(~mask, radius)


def _widened(mask: Mask, radius: int, axis: int) -> Mask:
    result = mask.copy()
    for step in range(1, radius + 1):
        ahead, behind = [slice(None)] * 2, [slice(None)] * 2
        ahead[axis], behind[axis] = slice(step, None), slice(None, -step)
        result[tuple(ahead)] |= mask[tuple(behind)]
        result[tuple(behind)] |= mask[tuple(ahead)]
    return result
