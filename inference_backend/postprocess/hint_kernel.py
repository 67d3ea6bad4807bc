# SPDX-License-Identifier: GPL-2.0-or-later
"""Hints of the model smoothed over their surroundings, so that a speckle makes no use of its own."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import Window
from inference_backend.postprocess.coarse import U16, CoarsePlanes
from inference_backend.postprocess.types import U8

_SHARE_UNITS = 1000


def smooth_hint(coarse: CoarsePlanes, window: Window, minimum_share: float) -> U8 | None:
    """(h, w) uint8, the use that more than `minimum_share` of the pixels around suggest, 0 where none does.

    Counts of cells are interpolated between the cells' centres, in integers, so that borders are no steps and
    equal in every window.

    Args:
        coarse: counts of cells that enclose the window and, where the raster goes on, one cell more.
        window: part of the whole raster.
        minimum_share: 0..1.
    """
    hints = {use: counts for use, counts in coarse.hints.items() if counts.any()}
    if not hints:
        return None
    best = np.zeros((window.height, window.width), np.uint8)
    table = np.stack(list(hints.values()))
    uses = np.array(list(hints), np.uint8)
    share = round(minimum_share * _SHARE_UNITS)
    _interpolate(
        table, uses, coarse.inside, (coarse.row, coarse.col), coarse.px, window.row, window.col, share, best
    )
    return best


@njit(cache=True, nogil=True)
def _interpolate(
    hints: NDArray[np.uint16],
    uses: U8,
    inside: U16,
    first: tuple[int, int],
    px: int,
    row0: int,
    col0: int,
    share: int,
    best: U8,
) -> None:
    count, rows, cols = hints.shape
    # Twice the distance of a pixel's centre to a cell's, in pixels, is an integer.
    for row in range(best.shape[0]):
        place = 2 * (row0 + row) + 1 - px
        i0 = place // (2 * px)
        down = place - i0 * 2 * px
        i0 -= first[0]
        i1 = min(max(i0 + 1, 0), rows - 1)
        i0 = min(max(i0, 0), rows - 1)
        for col in range(best.shape[1]):
            place = 2 * (col0 + col) + 1 - px
            j0 = place // (2 * px)
            right = place - j0 * 2 * px
            j0 -= first[1]
            j1 = min(max(j0 + 1, 0), cols - 1)
            j0 = min(max(j0, 0), cols - 1)
            top = 0
            for k in range(count):
                a, b, c, d = hints[k, i0, j0], hints[k, i0, j1], hints[k, i1, j0], hints[k, i1, j1]
                if a | b | c | d == 0:
                    continue
                number = _blend(a, b, c, d, down, right, 2 * px)
                whole = _blend(
                    inside[i0, j0], inside[i0, j1], inside[i1, j0], inside[i1, j1], down, right, 2 * px
                )
                if number > top and number * 1000 > share * whole:
                    top = number
                    best[row, col] = uses[k]


@njit(cache=True, nogil=True, inline="always")
def _blend(a: int, b: int, c: int, d: int, down: int, right: int, unit: int) -> int:
    upper = int(a) * (unit - right) + int(b) * right
    lower = int(c) * (unit - right) + int(d) * right
    return upper * (unit - down) + lower * down
