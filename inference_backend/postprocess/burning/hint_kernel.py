# SPDX-License-Identifier: GPL-2.0-or-later
"""Hints of the model smoothed over their surroundings, so that a speckle makes no use of its own."""

from __future__ import annotations

import numpy as np
from numba import njit

from inference_backend.postprocess.blockwise import I64, Window
from inference_backend.postprocess.references.coarse import CoarsePlanes
from inference_backend.postprocess.types import U8

_SHARE_UNITS = 1000


def smooth_hint(coarse: CoarsePlanes, window: Window, minimum_share: float) -> U8 | None:
    """(h, w) uint8, the use that more than `minimum_share` of the pixels around suggest, 0 where none does.

    Counts of cells are interpolated between the cells' centres, in integers, so that borders are no steps and
    equal in every window. Of two uses, which takes a share below a half, the one of the lower index wins.

    Args:
        coarse: counts of cells that enclose the window and, where the raster goes on, one cell more.
        window: part of the whole raster.
        minimum_share: 0..1.
    """
    share = round(minimum_share * _SHARE_UNITS)
    smooth: U8 | None = None
    for use, counts in sorted(coarse.hints.items(), reverse=True):
        surplus = _SHARE_UNITS * counts.astype(np.int64) - share * coarse.inside.astype(np.int64)
        if (surplus > 0).any():
            smooth = np.zeros((window.height, window.width), np.uint8) if smooth is None else smooth
            _paint(surplus, (coarse.row, coarse.col), coarse.px, (window.row, window.col), use, smooth)
    return smooth


@njit(cache=True, nogil=True)
def _paint(
    surplus: I64, first: tuple[int, int], px: int, start: tuple[int, int], use: int, smooth: U8
) -> None:
    """Write `use` where the surplus, bilinear between the centres of cells, is above 0."""
    rows, cols = surplus.shape
    height, width = smooth.shape
    unit = 2 * px  # twice the distance of a pixel's centre to a cell's, in pixels, is an integer
    for row in range(height):
        place = 2 * (start[0] + row) + 1 - px
        down = place % unit
        i0, i1 = _cells(place // unit - first[0], rows)
        col = 0
        while col < width:
            place = 2 * (start[1] + col) + 1 - px
            right = place % unit
            j0, j1 = _cells(place // unit - first[1], cols)
            end = min(width, col + (unit - right + 1) // 2)
            a = surplus[i0, j0] * (unit - down) + surplus[i1, j0] * down
            b = surplus[i0, j1] * (unit - down) + surplus[i1, j1] * down
            if a > 0 and b > 0:
                smooth[row, col:end] = use
            elif a > 0 or b > 0:
                for k in range(col, end):
                    if a * (unit - right) + b * right > 0:
                        smooth[row, k] = use
                    right += 2
            col = end


@njit(cache=True, nogil=True, inline="always")
def _cells(cell: int, count: int) -> tuple[int, int]:
    """A cell and the next one, as far as there are any."""
    return min(max(cell, 0), count - 1), min(max(cell + 1, 0), count - 1)
