# SPDX-License-Identifier: GPL-2.0-or-later
"""The zone construite: buildings closed over the gaps between them, on a coarse grid."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine
from scipy import ndimage

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.types import BOOL


def coarse_factor(grid: Grid, coarse_m: float) -> int:
    """How many pixels of `grid` make one coarse pixel of about `coarse_m`."""
    return max(1, round(coarse_m / grid.pixel_m))


def coarsen(plane: BOOL, factor: int) -> NDArray[np.float32]:
    """Share of True in blocks of `factor` by `factor`; blocks at the right and bottom may be partial."""
    rows, cols = plane.shape
    padded = np.pad(plane, ((0, -rows % factor), (0, -cols % factor)))
    blocks = padded.reshape(padded.shape[0] // factor, factor, padded.shape[1] // factor, factor)
    share: NDArray[np.float32] = blocks.mean(axis=(1, 3), dtype=np.float32)
    return share


def refine(plane: NDArray[Any], factor: int, shape: tuple[int, int]) -> NDArray[Any]:
    """The coarse plane back on the fine grid of `shape`."""
    return np.repeat(np.repeat(plane, factor, axis=0), factor, axis=1)[: shape[0], : shape[1]]


def zone_plane(built: BOOL, predicted: BOOL, grid: Grid, profile: Profile) -> BOOL:
    """(H, W) bool, the zone construite.

    Args:
        built: (H, W) bool, buildings that a reference imposes.
        predicted: (H, W) bool, pixels predicted as built; only masses of the profile's minimum count.
        grid: their grid.
        profile: distances and areas (`zone_construite`).
    """
    value = {key: profile.number("zone_construite", key) for key in profile.section("zone_construite")}
    factor = coarse_factor(grid, value["coarse_pixel"])
    pixel = factor * grid.pixel_m
    seeds = (coarsen(built, factor) > 0) | _masses(coarsen(predicted, factor) > 0.5, pixel, value)
    zone = _closed(seeds, value["closing_distance"] / pixel, value["margin"] / pixel)
    zone = _without_small(zone, value["minimum_area"] / pixel**2)
    zone = ~_without_small(~zone, value["maximum_hole"] / pixel**2)
    fine: BOOL = refine(zone, factor, grid.shape)
    return fine


def polygons(zone: BOOL, inside: BOOL, grid: Grid, profile: Profile) -> NDArray[np.object_]:
    """Polygons of the zone inside the image, smoothed, for the layer `zone_construite`."""
    factor = coarse_factor(grid, profile.number("zone_construite", "coarse_pixel"))
    coarse = (coarsen(zone & inside, factor) >= 0.5).astype(np.uint8)
    transform = grid.transform * Affine.scale(factor)
    found = [shapely.geometry.shape(g) for g, _ in shapes(coarse, coarse > 0, 4, transform)]
    if not found:
        return np.zeros(0, dtype=object)
    tolerance = profile.number("zone_construite", "smoothing")
    smooth = shapely.coverage_simplify(np.array(found, dtype=object), tolerance)
    whole = shapely.intersection(smooth, shapely.box(*grid.bounds))
    parts = shapely.get_parts(whole)
    return np.array(parts[shapely.area(parts) > 0], dtype=object)


def _masses(predicted: BOOL, pixel: float, value: dict[str, float]) -> BOOL:
    cleaned = ndimage.binary_opening(predicted, structure=np.ones((3, 3), bool))
    return _without_small(cleaned, value["minimum_predicted_building"] / pixel**2)


def _closed(seeds: BOOL, closing_px: float, margin_px: float) -> BOOL:
    """Dilate by `closing_px`, erode back to `margin_px` from the seeds, but not from the image's edge."""
    if not seeds.any():
        return seeds
    pad = int(np.ceil(closing_px)) + 1
    wide = np.pad(seeds, pad)
    dilated = ndimage.distance_transform_edt(~wide) <= closing_px
    eroded = ndimage.distance_transform_edt(dilated) > closing_px - margin_px
    closed: BOOL = (eroded | wide)[pad:-pad, pad:-pad]
    return closed


def _without_small(mask: BOOL, minimum_px: float) -> BOOL:
    labels, count = ndimage.label(mask)
    large = np.bincount(labels.ravel(), minlength=count + 1) >= minimum_px
    large[0] = False
    kept: BOOL = large[labels]
    return kept
