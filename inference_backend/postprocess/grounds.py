# SPDX-License-Identifier: GPL-2.0-or-later
"""Use that buildings lend: to buildings nobody has named, and to the ground around them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.types import U8, Codes
from inference_backend.postprocess.zone_construite import coarse_factor, refine


def nearest_use(geometry: NDArray[np.object_], use: U8, distance: float) -> U8:
    """(n,) use index: a building's own, else that of the nearest named one within `distance` m, else 0."""
    named, unnamed = np.flatnonzero(use > 0), np.flatnonzero(use == 0)
    lent = use.copy()
    if not len(named) or not len(unnamed):
        return lent
    tree = shapely.STRtree(geometry[named])
    which, nearest = tree.query_nearest(geometry[unnamed], max_distance=distance, all_matches=False)
    lent[unnamed[which]] = use[named[nearest]]
    return lent


def grounds_plane(built_use: U8, grid: Grid, codes: Codes, profile: Profile) -> U8:
    """(H, W) uint8, use of the nearest building within the profile's distance for that use, 0 further off.

    Args:
        built_use: (H, W) uint8, use index on the pixels of buildings, 0 elsewhere.
        grid: its grid.
        codes: indices of uses.
        profile: distances (`grounds`).
    """
    factor = coarse_factor(grid, profile.number("zone_construite", "coarse_pixel"))
    coarse = _coarse_maximum(built_use, factor)
    if not coarse.any():
        return np.zeros(grid.shape, np.uint8)
    distance, (row, col) = ndimage.distance_transform_edt(coarse == 0, return_indices=True)
    use = coarse[row, col]
    reach = np.zeros(len(codes.us), dtype=np.float64)
    for code in profile.section("grounds", "distance"):
        reach[codes.us_index[code]] = profile.number("grounds", "distance", code)
    use[distance * factor * grid.pixel_m > reach[use]] = 0
    fine: U8 = refine(use, factor, grid.shape)
    return fine


def _coarse_maximum(plane: U8, factor: int) -> U8:
    rows, cols = plane.shape
    padded = np.pad(plane, ((0, -rows % factor), (0, -cols % factor)))
    blocks = padded.reshape(padded.shape[0] // factor, factor, padded.shape[1] // factor, factor)
    highest: U8 = blocks.max(axis=(1, 3))
    return highest
