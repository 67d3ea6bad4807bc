# SPDX-License-Identifier: GPL-2.0-or-later
"""Parts of regions that are narrower than a minimum width: what a morphological opening removes.

Distances are chamfer distances 5-7-11, within 2 % of Euclid's, in two passes over the raster.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.types import BOOL, I32

U16 = NDArray[np.uint16]
_STEP = 5
"""Chamfer units in one pixel."""
_FAR = 60_000


def thin_parts(labels: I32, half_width_px: NDArray[np.float32]) -> BOOL:
    """Pixels that no disc of the region's minimum width inside the region covers.

    The edge of the image does not count as a border: what goes on beyond it is unknown.

    Args:
        labels: (H, W) int32, n regions, -1 outside.
        half_width_px: (n,) half of the minimum width of each region, pixels; 0 for any width.

    Returns:
        (H, W) bool.
    """
    limit = np.append(_STEP * (half_width_px + 0.5), 0.0).astype(np.uint16)
    to_border = np.empty(labels.shape, np.uint16)
    _to_border(labels, to_border)
    from_core = np.where(to_border >= limit[labels], 0, _FAR).astype(np.uint16)
    _spread(labels, from_core)
    thin: BOOL = (from_core > limit[labels]) & (labels >= 0)
    return thin


@njit(cache=True)
def _to_border(labels: I32, distance: U16) -> None:
    """Distance from each pixel to the nearest one of another region."""
    _sweep(labels, distance, True, True)
    _sweep(labels, distance, False, True)


@njit(cache=True)
def _spread(labels: I32, distance: U16) -> None:
    """Distance inside the region to the nearest pixel that is 0 already."""
    _sweep(labels, distance, True, False)
    _sweep(labels, distance, False, False)


@njit(cache=True)
def _sweep(labels: I32, distance: U16, forward: bool, others_are_border: bool) -> None:
    height, width = labels.shape
    d_row = (0, -1, -1, -1, -1, -1, -2, -2)
    d_col = (-1, -2, -1, 0, 1, 2, -1, 1)
    cost = (5, 11, 7, 5, 7, 11, 11, 11)
    sign = 1 if forward else -1
    for i in range(height):
        row = i if forward else height - 1 - i
        for j in range(width):
            col = j if forward else width - 1 - j
            me = labels[row, col]
            best = _FAR if (forward and others_are_border) else int(distance[row, col])
            for k in range(8):
                r, c = row + sign * d_row[k], col + sign * d_col[k]
                if r < 0 or c < 0 or r >= height or c >= width:
                    continue
                other = labels[r, c]
                if other == me:
                    best = min(best, int(distance[r, c]) + cost[k])
                elif others_are_border and other >= 0:
                    best = min(best, cost[k])
            distance[row, col] = best
