# SPDX-License-Identifier: GPL-2.0-or-later
"""The final course of borders: from steps of pixels to what a photo-interpreter would have drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import BlockBorders
from inference_backend.postprocess.borders.arcs import take
from inference_backend.postprocess.borders.assemble import SmoothArcs
from inference_backend.postprocess.borders.courses import FREE, TRACED, Courses, courses_of, directions
from inference_backend.postprocess.borders.node_places import place_nodes
from inference_backend.postprocess.borders.reference_edges import index_edges
from inference_backend.postprocess.borders.rings import nodes_of
from inference_backend.postprocess.borders.segment_grid import cell_shape
from inference_backend.postprocess.borders.settling import Drawing, settle
from inference_backend.postprocess.borders.splitting import Pieces, split_at
from inference_backend.postprocess.borders.walls import Bending
from inference_backend.postprocess.types import BOOL, U8, Codes

Geometries = NDArray[np.object_]
F64 = NDArray[np.float64]
_REACH_PX = 0.6
"""A polygon burned by the centres of pixels has its edge within half a pixel of the middle of each side."""
_PASSES = 4
"""How often arcs are cut where they cannot stay; what is still wrong then is drawn tighter as a whole."""
_CLEAR_SHARE = 0.3
"""Walls that agree less than this on an axis have none: a round tank, a mass of roofs."""


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
    pixel_m = grid.pixel_m
    index = index_edges(references, grid, _REACH_PX)
    styles = styles_of(profile, pixel_m)
    reach_px = max(4, round(profile.number("generalisation", "tight_course") / pixel_m))
    axes = _axes(borders, _walls(regions, profile), styles[0])
    pieces = Pieces(borders, np.arange(len(borders.left)), np.ones(len(borders.left), np.bool_))
    courses = None
    for _ in range(_PASSES):
        nodes = nodes_of(pieces.borders)
        kinds = np.where(pieces.borders.left < 0, TRACED, FREE).astype(np.uint8)
        axes = axes[pieces.whole]
        drawing = Drawing(pieces.borders, nodes, kinds, index, axes, styles)
        courses = _courses(drawing, pieces, courses)
        places = place_nodes(nodes, courses, kinds, index, styles[0].tolerance)
        arcs, spots = settle(drawing, courses, places, cell_shape(grid.shape))
        pieces = split_at(pieces.borders, spots, reach_px)
        if not pieces.cut.any():
            break
    return arcs


def _courses(drawing: Drawing, pieces: Pieces, before: Courses | None) -> Courses:
    """The courses to try first; those of arcs that were not cut are known from before."""
    new = np.flatnonzero(pieces.cut)
    some = take(pieces.borders, new)
    drawn = courses_of(
        some.corners,
        some.starts,
        drawing.kinds[new],
        drawing.nodes.islands[new],
        drawing.axes[new],
        drawing.index,
        drawing.styles[0],
    )
    return drawn if before is None else before.carried(pieces.whole, new, drawn)


def _walls(regions: Sides, profile: Profile) -> BOOL:
    """(n,) regions that are buildings."""
    built: BOOL = regions.cs == Codes(profile.nomenclature).cs_index[profile.section("built_cover")]
    return built


def _axes(borders: BlockBorders, built: BOOL, style: Bending) -> F64:
    """(a, 2) unit vector along the walls of the building beside each arc, (0, 0) where there is none."""
    sides = np.stack((borders.left, borders.right))
    walls = built[sides] & (sides >= 0)
    wanted = walls.any(axis=0) & (borders.left >= 0)
    sums = directions(borders.corners, borders.starts, wanted, style)
    of_region = np.zeros((len(built), 3))
    for side, is_wall in zip(sides, walls, strict=True):
        np.add.at(of_region, side[is_wall], sums[is_wall])
    both = sum(of_region[side] * is_wall[:, None] for side, is_wall in zip(sides, walls, strict=True))
    x, y, length = np.asarray(both).T
    angle = np.arctan2(y, x) / 4.0
    clear = wanted & (np.hypot(x, y) > _CLEAR_SHARE * length)
    axes: F64 = np.column_stack((np.cos(angle), np.sin(angle))) * clear[:, None]
    return axes


def styles_of(profile: Profile, pixel_m: float) -> tuple[Bending, ...]:
    """Tolerances of the courses that are tried first, and of those that replace one that cannot stay."""

    def pixels(name: str) -> float:
        return profile.number("generalisation", name) / pixel_m

    free = Bending(
        tolerance=max(1.0, pixels("break_tolerance")),
        price=max(2.0, pixels("noise_height") ** 2 * pixels("noise_length")),
        wall_price=max(2.0, pixels("noise_height") ** 2 * pixels("noise_length_of_walls")),
        corner=pixels("cut_corner"),
        tooth=pixels("tooth"),
        thin=pixels("snap_tolerance") / 2.0,
        run=max(4, round(pixels("reference_run"))),
        gap=max(1, round(pixels("reference_gap"))),
        rounding=pixels("rounding"),
    )
    middle = free._replace(price=max(2.0, free.price / 10.0))
    return (
        free,
        middle,
        free._replace(tolerance=1.0, price=2.0, wall_price=2.0, corner=0.0, tooth=0.0, rounding=0.0),
    )
