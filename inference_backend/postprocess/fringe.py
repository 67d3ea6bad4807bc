# SPDX-License-Identifier: GPL-2.0-or-later
"""The strips of predicted building that a reference building leaves uncovered because it lies a little off.

A reference and the image seldom agree to the pixel. What sticks out of the reference would make buildings
fatter on one side, so that the strip takes the cover on its other side.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.types import BOOL, U8

_NEIGHBOURS = ((0, 1), (0, -1), (1, 0), (-1, 0))


def fringe_mask(built: BOOL, imposed: BOOL, grid: Grid, profile: Profile) -> BOOL:
    """(H, W) bool, built pixels outside `imposed` that are narrower than the profile's width and beside it.

    Args:
        built: (H, W) bool, predicted as built.
        imposed: (H, W) bool, built by a reference.
        grid: their grid.
        profile: `building_fringe`, twice the worst shift of a reference.
    """
    outside = built & ~imposed
    width_px = max(1, round(profile.number("building_fringe") / grid.pixel_m))
    if width_px < 2 or not imposed.any():
        return np.zeros_like(built)
    near = _box(imposed, 2 * width_px + 1, ndimage.maximum_filter1d)
    solid = _box(_box(outside, width_px, ndimage.minimum_filter1d), width_px, ndimage.maximum_filter1d)
    fringe: BOOL = outside & near & ~solid
    return fringe


def fill_from_outside(cover: U8, fringe: BOOL, built: int, steps: int) -> tuple[NDArray[np.int64], U8]:
    """Cover of the nearest pixel that is neither built nor fringe, walking inwards.

    Args:
        cover: (H, W) uint8 cover index, 0 where undecided.
        fringe: (H, W) bool, pixels to fill.
        built: index of the built cover.
        steps: how far to walk, px.

    Returns:
        Flat positions that were filled, and their covers.
    """
    width = cover.shape[1] + 2
    values = np.pad(np.where(fringe | (cover == built), 0, cover), 1).ravel()
    todo = np.flatnonzero(np.pad(fringe, 1))
    start = todo
    for _ in range(steps):
        if not len(todo):
            break
        found = np.zeros(len(todo), np.uint8)
        for row, col in _NEIGHBOURS:
            beside = values[todo + row * width + col]
            found = np.where(found > 0, found, beside)
        values[todo] = found
        todo = todo[found == 0]
    filled = start[values[start] > 0]
    row, col = filled // width - 1, filled % width - 1
    return row * cover.shape[1] + col, values[filled]


def _box(mask: BOOL, size: int, filter1d: Callable[..., U8]) -> BOOL:
    """A square minimum or maximum filter of odd or even `size`, as two passes."""
    bytes_ = mask.view(np.uint8)
    for axis in (0, 1):
        bytes_ = filter1d(bytes_, size, axis=axis, mode="nearest")
    return bytes_.view(bool)
