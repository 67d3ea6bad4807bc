# SPDX-License-Identifier: GPL-2.0-or-later
"""The final course of borders: from steps of pixels to what a photo-interpreter would have drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.assemble import SmoothArcs, traced_arcs
from inference_backend.postprocess.blockwise import BlockBorders
from inference_backend.postprocess.types import BOOL, U8

Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Sides:
    """What the courses of borders depend on of their two sides.

    Attributes:
        cs, us: (n,) uint8 cover and use index of each final region.
        ossature: (n,) bool, region of the skeleton.
    """

    cs: U8
    us: U8
    ossature: BOOL


def finish(
    borders: BlockBorders, regions: Sides, references: Geometries, grid: Grid, profile: Profile
) -> SmoothArcs:
    """The course of whole arcs.

    Args:
        borders: all arcs of the raster, out of `stitch`.
        regions: covers and uses of the regions.
        references: (k,) polygons of the references that were imposed, in the CRS of `grid`.
        grid: georeference of the whole raster.
        profile: tolerances, `generalisation`.
    """
    return traced_arcs(borders)
