# SPDX-License-Identifier: GPL-2.0-or-later
"""Small rasters made on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

ORIGIN = (700000.0, 6600000.0)


def write_raster(
    path: Path, values: np.ndarray, names=(), *, pixel_m=0.2, crs="EPSG:2154", origin=ORIGIN, **options
):
    """Write (C, H, W) `values` with band descriptions `names`."""
    profile = {
        "driver": "GTiff",
        "dtype": values.dtype,
        "count": values.shape[0],
        "height": values.shape[1],
        "width": values.shape[2],
        "crs": crs,
        "transform": from_origin(*origin, pixel_m, pixel_m),
        "photometric": "MINISBLACK",
    }
    if values.shape[0] == 4:
        profile["ALPHA"] = "NO"
    with rasterio.open(path, "w", **{**profile, **options}) as raster:
        raster.write(values)
        if names:
            raster.descriptions = tuple(names)
    return path


def random_image(height: int, width: int, bands: int = 3, seed: int = 0) -> np.ndarray:
    """(bands, height, width) uint8, no two bands alike."""
    return np.random.default_rng(seed).integers(1, 250, (bands, height, width)).astype(np.uint8)


def pixels(path: Path) -> bytes:
    """All pixels of a raster; ISA-L now and then packs the same ones into other bytes of a file."""
    with rasterio.open(path) as raster:
        return raster.read().tobytes()
