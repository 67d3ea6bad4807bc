# SPDX-License-Identifier: GPL-2.0-or-later
"""Use that buildings lend to the ground around them, from their outlines alone."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import Window
from inference_backend.postprocess.references.ragged import Ragged
from inference_backend.postprocess.references.run_kernels import fill
from inference_backend.postprocess.references.scanline import scan
from inference_backend.postprocess.types import F32, U8

_NONE = 32_000


def grounds(buildings: Ragged, use: U8, window: Window, px: int, reach_px: F32) -> tuple[U8, tuple[int, int]]:
    """Use of the nearest building where that is within the reach of its use, on a plane of coarser pixels.

    Coarse pixels start at the raster's upper left corner, so that the outcome is the same in every window.

    Args:
        buildings: n buildings with a use, in pixels of the whole raster; all that are within reach.
        use: (n,) uint8 use index.
        window: part of the whole raster.
        px: side of a coarse pixel, pixels.
        reach_px: (uses,) float32 reach by use, coarse pixels.

    Returns:
        (h, w) uint8 use index, 0 beyond every reach; first coarse row and column.
    """
    top, left = window.row // px, window.col // px
    rows = (window.row + window.height - 1) // px + 1 - top
    cols = (window.col + window.width - 1) // px + 1 - left
    halo = int(np.ceil(reach_px.max(initial=0.0))) + 1
    wide = Window(top - halo, left - halo, rows + 2 * halo, cols + 2 * halo)
    seeds = np.zeros((wide.height, wide.width), np.uint8)
    fill(scan(buildings.scaled(px), wide), use, seeds)
    result = np.zeros((rows, cols), np.uint8)
    if seeds.any():
        _nearest(seeds, halo, reach_px.astype(np.float64) ** 2, result)
    return result, (top, left)


@njit(cache=True, nogil=True)
def _nearest(seeds: U8, halo: int, reach2: NDArray[np.float64], result: U8) -> None:
    """Nearest seed by exact distance; of two as near, the one of the lower use."""
    height, width = seeds.shape
    up = np.empty((height, width), np.int16)
    use = np.empty((height, width), np.uint8)
    last = np.full(width, -_NONE, np.int32)
    for row in range(height):
        for col in range(width):
            if seeds[row, col] > 0:
                last[col] = row
            up[row, col] = min(row - last[col], _NONE)
    last[:] = 2 * _NONE
    for row in range(height - 1, -1, -1):
        for col in range(width):
            if seeds[row, col] > 0:
                last[col] = row
            below, above = min(last[col] - row, _NONE), up[row, col]
            if above < below or below == _NONE:
                use[row, col] = seeds[row - above, col] if above < _NONE else 0
            elif below < above or below == 0:
                up[row, col] = below
                use[row, col] = seeds[row + below, col]
            else:
                use[row, col] = min(seeds[row - above, col], seeds[row + below, col])
    ahead = np.empty(width, np.int64)
    for row in range(result.shape[0]):
        r = row + halo
        following = 2 * width
        for c in range(width - 1, -1, -1):
            following = c if use[r, c] > 0 and up[r, c] <= halo else following
            ahead[c] = following
        behind = -width
        for c in range(halo):
            behind = c if ahead[c] == c else behind
        for col in range(result.shape[1]):
            c = col + halo
            behind = c if ahead[c] == c else behind
            best, mine = 2**30, 0
            for step in range(min(c - behind, ahead[c] - c), halo + 1):
                if step * step > best:
                    break
                for beside in (c - step, c + step):
                    if use[r, beside] > 0 and up[r, beside] <= halo:
                        gap = int(up[r, beside])
                        distance = step * step + gap * gap
                        if distance < best or (distance == best and use[r, beside] < mine):
                            best, mine = distance, use[r, beside]
            if mine > 0 and best <= reach2[mine]:
                result[row, col] = mine
