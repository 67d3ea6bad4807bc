# SPDX-License-Identifier: GPL-2.0-or-later
"""The final course of borders: from steps of pixels to what a photo-interpreter would have drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.assemble import SmoothArcs
from inference_backend.postprocess.blockwise import BlockBorders
from inference_backend.postprocess.courses import FREE, TRACED, Bending, courses_of
from inference_backend.postprocess.node_places import place_nodes
from inference_backend.postprocess.reference_edges import index_edges
from inference_backend.postprocess.rings import nodes_of
from inference_backend.postprocess.segment_grid import cell_shape
from inference_backend.postprocess.settling import Drawing, settle
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
        references: (k,) polygons of the references that were imposed, in the CRS of `grid`, in an order that
            no block changes.
        grid: georeference of the whole raster.
        profile: tolerances, `generalisation`.

    Returns:
        Courses that touch each other at nodes alone.
    """
    if not len(borders.left):
        return SmoothArcs(borders, borders.corners.astype(np.float64), borders.starts)
    nodes = nodes_of(borders)
    kinds = np.where(borders.left < 0, TRACED, FREE).astype(np.uint8)
    pixel_m = grid.pixel_m
    index = index_edges(references, grid, reference_reach_px(profile, pixel_m))
    free, tight = bendings(profile, pixel_m)
    drawing = Drawing(borders, nodes, kinds, index, tight)
    courses = courses_of(borders.corners, borders.starts, kinds, nodes.islands, index, free)
    places = place_nodes(nodes, courses, kinds, index, free.tolerance)
    return settle(drawing, courses, places, cell_shape(grid.shape))


def reference_reach_px(profile: Profile, pixel_m: float) -> float:
    """How near a border must be to a reference to be laid on it, px.

    A polygon burned by the centres of pixels has its edge within half a pixel of the middle of each side.
    """
    return max(0.75, profile.number("generalisation", "reference_reach") / pixel_m)


def bendings(profile: Profile, pixel_m: float) -> tuple[Bending, Bending]:
    """Tolerances of the courses that are tried first, and of those that replace one that cannot stay."""
    tolerance = max(1.0, profile.number("generalisation", "break_tolerance") / pixel_m)
    noise = profile.number("generalisation", "noise_height"), profile.number("generalisation", "noise_length")
    price = max(2.0, noise[0] ** 2 * noise[1] / pixel_m**3)
    run = max(4, round(profile.number("generalisation", "reference_run") / pixel_m))
    gap = max(1, round(profile.number("generalisation", "reference_gap") / pixel_m))
    return Bending(tolerance, price, run, gap), Bending(1.0, 2.0, run, gap)
