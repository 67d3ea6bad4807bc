# SPDX-License-Identifier: GPL-2.0-or-later
"""What is outside an image, when white roofs carry the very value that means "no data"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SPECK_RADIUS_PX = 8
"""A patch of the nodata value that holds no square of 17 px is saturated ground, not the end of the image:
3.4 m at 0.2 m, more than a car or a roof window, less than the slimmest gap between flight strips."""

REACH_PX = 3 * SPECK_RADIUS_PX
"""How far around a pixel `drop_specks` looks."""


def drop_specks(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Count small patches of nodata as image.

    Args:
        inside: (H, W) bool, as the raster's mask says.

    Returns:
        (H, W) bool. Local: a pixel's answer depends on `REACH_PX` around it; what lies beyond the
        array is taken for nodata when its edge is, so that the image's own border stays as it is.
    """
    if inside.all() or not inside.any():
        return inside
    outside = ~inside
    seeds = _eroded(np.pad(outside, SPECK_RADIUS_PX, constant_values=True), 2 * SPECK_RADIUS_PX + 1)
    if not seeds.any():
        return np.ones_like(inside)
    # Grown back inside the patch only, and far enough to fill its corners.
    grown = ndimage.binary_dilation(seeds, iterations=REACH_PX, mask=outside)
    kept: NDArray[np.bool_] = ~grown
    return kept


def _eroded(values: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """(H - side + 1, W - side + 1), True where a square of `side` is all True.

    By windows that double in size: `ndimage.binary_erosion` takes a hundred times as long over a tile at an
    image's edge, half as long as a network.
    """
    for _ in range(2):
        done = 1
        while done < side:
            step = min(done, side - done)
            values = values[:-step] & values[step:]
            done += step
        values = values.T
    return values
