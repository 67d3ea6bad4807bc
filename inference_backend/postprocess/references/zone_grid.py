# SPDX-License-Identifier: GPL-2.0-or-later
"""The zone construite of a lot: buildings closed over the gaps between them, on the lot's coarse grid."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine
from scipy import ndimage

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import Window
from inference_backend.postprocess.references.burn_items import CoverItems
from inference_backend.postprocess.references.burn_rules import BurnRules
from inference_backend.postprocess.references.coarse import CoarsePlanes
from inference_backend.postprocess.references.ragged import FLOATS, OBJECTS, Ragged
from inference_backend.postprocess.references.scanline import scan
from inference_backend.postprocess.types import BOOL, I32

_STEPS = 5
"""Rows and columns per cell at which buildings are looked for: a shed between two cells' centres counts."""


def zone_polygons(
    imposed: CoverItems,
    enlarged: CoverItems,
    coarse: CoarsePlanes,
    rules: BurnRules,
    grid: Grid,
    bounds: tuple[float, float, float, float],
    profile: Profile,
) -> OBJECTS:
    """Single polygons of the zone, valid, without overlap, none below its minimum area.

    Args:
        imposed: objects of the lot that passed their gate.
        enlarged: those in another shape; both shapes count.
        coarse: counts of predicted buildings over the whole lot.
        rules: tables.
        grid: the whole raster.
        bounds: where the zone ends.
        profile: distances and areas (`zone_construite`).
    """
    value = {key: profile.number("zone_construite", key) for key in profile.section("zone_construite")}
    cell_m = coarse.px * grid.pixel_m
    buildings = imposed.take(np.flatnonzero(rules.covers.cs[imposed.rule] == rules.built))
    seeds = _cells_of(buildings.shapes.joined(enlarged.shapes), coarse)
    seeds |= _predicted_masses(coarse, grid.pixel_area_m2, value)
    zone = closed(seeds, value["closing_distance"] / cell_m, value["margin"] / cell_m)
    zone = _without_small(zone, value["minimum_area"] / cell_m**2)
    zone = ~_without_small(~zone, value["maximum_hole"] / cell_m**2)
    zone &= 2 * coarse.inside.astype(np.int64) >= coarse.px**2
    return _outlined(zone, grid.transform * Affine.scale(coarse.px), bounds, value)


def closed(seeds: BOOL, closing_px: float, margin_px: float) -> BOOL:
    """Dilate by `closing_px`, erode back to `margin_px` from the seeds, but not from the array's edge."""
    if not seeds.any():
        return seeds
    halo = math.ceil(closing_px) + 1
    wide = np.pad(seeds, halo)
    zone = ~_dilated(~_dilated(wide, closing_px), closing_px - margin_px) | wide
    return np.ascontiguousarray(zone[halo:-halo, halo:-halo])


def _dilated(mask: BOOL, radius_px: float) -> BOOL:
    """Cells whose centre lies within `radius_px` of that of a True cell."""
    reach = math.floor(radius_px)
    half_widths = np.array([math.isqrt(int(radius_px**2 - step**2)) for step in range(reach + 1)], np.int32)
    result: BOOL = np.zeros_like(mask)
    if radius_px >= 0:
        _dilate(mask, half_widths, result)
    return result


@njit(cache=True, nogil=True)
def _dilate(mask: BOOL, half_widths: I32, result: BOOL) -> None:
    """Each row of `mask`, widened by the disc's half width at that distance, into the rows around it."""
    height, width = mask.shape
    reach = len(half_widths) - 1
    beside = np.empty(width, np.int32)
    for row in range(height):
        last = -2 * reach - 2
        for col in range(width):
            last = col if mask[row, col] else last
            beside[col] = col - last
        last = width + 2 * reach + 2
        for col in range(width - 1, -1, -1):
            last = col if mask[row, col] else last
            beside[col] = min(beside[col], last - col)
        for step in range(-reach, reach + 1):
            if 0 <= row + step < height:
                half = half_widths[abs(step)]
                for col in range(width):
                    result[row + step, col] |= beside[col] <= half


def _cells_of(buildings: Ragged, coarse: CoarsePlanes) -> BOOL:
    """(h, w) bool, cells in which a building has ground."""
    rows, cols = coarse.inside.shape
    cells: BOOL = np.zeros((rows, cols), bool)
    fine = buildings.scaled(coarse.px / _STEPS)
    runs = scan(fine, Window(0, 0, rows * _STEPS, cols * _STEPS))
    _mark(runs.row, runs.start, runs.stop, _STEPS, cells)
    return cells


@njit(cache=True, nogil=True)
def _mark(row: I32, start: I32, stop: I32, steps: int, cells: BOOL) -> None:
    for i in range(len(row)):
        for col in range(start[i] // steps, (stop[i] - 1) // steps + 1):
            cells[row[i] // steps, col] = True


def _predicted_masses(coarse: CoarsePlanes, pixel_m2: float, value: dict[str, float]) -> BOOL:
    """(h, w) bool, cells of predicted buildings that are large enough and no noise."""
    share = coarse.built / float(coarse.px**2)
    labels, count = ndimage.label(share >= value["speckle_share"], structure=np.ones((3, 3)))
    area_px = np.bincount(labels.ravel(), weights=coarse.built.ravel(), minlength=count + 1)
    solid = np.zeros(count + 1, bool)
    solid[labels[share >= 0.5]] = True
    solid &= area_px * pixel_m2 >= value["minimum_predicted_building"]
    solid[0] = False
    masses: BOOL = solid[labels]
    return masses


def _without_small(mask: BOOL, minimum_px: float) -> BOOL:
    labels, count = ndimage.label(mask)
    large = np.bincount(labels.ravel(), minlength=count + 1) >= minimum_px
    large[0] = False
    kept: BOOL = large[labels]
    return kept


def _outlined(
    zone: BOOL, transform: Affine, bounds: tuple[float, float, float, float], value: dict[str, float]
) -> OBJECTS:
    plane: NDArray[np.uint8] = zone.astype(np.uint8)
    found = [shapely.geometry.shape(g) for g, _ in shapes(plane, zone, 4, transform)]
    if not found:
        return np.zeros(0, dtype=object)
    simple = shapely.coverage_simplify(np.array(found, dtype=object), value["outline_tolerance"])
    rounded = shapely.union_all([_rounded(polygon) for polygon in simple])
    parts = shapely.get_parts(shapely.intersection(rounded, shapely.box(*bounds)))
    parts = parts[shapely.get_type_id(parts) == int(shapely.GeometryType.POLYGON)]
    kept: OBJECTS = np.array(parts[shapely.area(parts) >= value["minimum_area"]], dtype=object)
    return kept


def _rounded(polygon: shapely.Polygon) -> shapely.Geometry:
    """The polygon with its corners cut twice, so that the course of the coarse grid is not seen."""
    rings = [
        _cut_corners(_cut_corners(np.asarray(ring.coords))) for ring in (polygon.exterior, *polygon.interiors)
    ]
    return shapely.make_valid(shapely.Polygon(rings[0], rings[1:]), method="structure", keep_collapsed=False)


def _cut_corners(ring: FLOATS) -> FLOATS:
    """A closed ring through the points at a quarter and at three quarters of each edge."""
    start, end = ring[:-1], ring[1:]
    points = np.stack([0.75 * start + 0.25 * end, 0.25 * start + 0.75 * end], axis=1).reshape(-1, 2)
    return np.concatenate([points, points[:1]])
