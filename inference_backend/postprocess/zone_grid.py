# SPDX-License-Identifier: GPL-2.0-or-later
"""The zone construite of a lot: buildings closed over the gaps between them, on the lot's coarse grid."""

from __future__ import annotations

from collections.abc import Iterator

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
from inference_backend.postprocess.burn_items import CoverItems
from inference_backend.postprocess.burn_rules import BurnRules
from inference_backend.postprocess.coarse import CoarsePlanes
from inference_backend.postprocess.ragged import OBJECTS, Ragged
from inference_backend.postprocess.scanline import scan
from inference_backend.postprocess.types import BOOL, I32

_STEPS = 5
"""Rows and columns per cell at which buildings are looked for: a shed between two cells' centres counts."""
_TILE = 2048
"""Cells a side that are closed at a time, so that a département needs no distances of all its cells."""


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
    buildings = imposed.shapes.take(np.flatnonzero(rules.covers.cs[imposed.rule] == rules.built))
    seeds = _cells_of(buildings.joined(enlarged.shapes), coarse)
    seeds |= _predicted_masses(coarse, grid.pixel_area_m2, value)
    zone = closed(seeds, value["closing_distance"] / cell_m, value["margin"] / cell_m)
    zone = _without_small(zone, value["minimum_area"] / cell_m**2)
    zone = ~_without_small(~zone, value["maximum_hole"] / cell_m**2)
    zone &= 2 * coarse.inside.astype(np.int64) >= coarse.px**2
    return _outlined(zone, grid.transform * Affine.scale(coarse.px), bounds, value)


def closed(seeds: BOOL, closing_px: float, margin_px: float) -> BOOL:
    """Dilate by `closing_px`, erode back to `margin_px` from the seeds, but not from the array's edge."""
    halo = 2 * int(np.ceil(closing_px)) + 2
    result = np.zeros_like(seeds)
    for core, around in _tiles(seeds.shape, halo):
        result[core] = _closed_tile(np.pad(seeds, halo)[around], closing_px, margin_px)[
            halo:-halo, halo:-halo
        ]
    return result


def _tiles(shape: tuple[int, ...], halo: int) -> Iterator[tuple[tuple[slice, slice], tuple[slice, slice]]]:
    """Parts of an array, and where they lie with a halo in the array padded by it."""
    for row in range(0, shape[0], _TILE):
        for col in range(0, shape[1], _TILE):
            bottom, right = min(row + _TILE, shape[0]), min(col + _TILE, shape[1])
            core = slice(row, bottom), slice(col, right)
            yield core, (slice(row, bottom + 2 * halo), slice(col, right + 2 * halo))


def _closed_tile(seeds: BOOL, closing_px: float, margin_px: float) -> BOOL:
    if not seeds.any():
        return seeds
    dilated = ndimage.distance_transform_edt(~seeds) <= closing_px
    if dilated.all():
        return np.ones_like(seeds)
    eroded: BOOL = (ndimage.distance_transform_edt(dilated) > closing_px - margin_px) | seeds
    return eroded


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
    smooth = shapely.coverage_simplify(np.array(found, dtype=object), value["outline_tolerance"])
    parts = shapely.get_parts(shapely.intersection(smooth, shapely.box(*bounds)))
    parts = parts[shapely.get_type_id(parts) == int(shapely.GeometryType.POLYGON)]
    kept: OBJECTS = np.array(parts[shapely.area(parts) >= value["minimum_area"]], dtype=object)
    return kept
