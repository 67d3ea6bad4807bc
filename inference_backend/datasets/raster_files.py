# SPDX-License-Identifier: GPL-2.0-or-later
"""Images and masks of a data set as GeoTIFF and PNG."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from inference_backend.contracts.prediction import (
    MAX_CLASSES,
    TAG_CLASSES,
    PredictedClass,
    encode_classes,
)
from inference_backend.datasets.campaign import DatasetClass
from inference_backend.grid import Grid
from inference_backend.whole_file import check_whole


def write_geotiff(
    path: Path,
    values: NDArray[Any],
    grid: Grid,
    *,
    names: Sequence[str] = (),
    classes: Sequence[DatasetClass] = (),
    nodata: int | None = None,
    tags: dict[str, str] | None = None,
) -> None:
    """Write (C, H, W) values; masks get a palette.

    Raises:
        OSError: the system refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "dtype": values.dtype,
        "count": values.shape[0],
        "height": grid.height_px,
        "width": grid.width_px,
        "crs": grid.crs,
        "transform": grid.transform,
        "compress": "deflate",
        "nodata": nodata,
    }
    if not classes:
        profile["photometric"] = "MINISBLACK"
    if values.shape[0] > 3 or values.shape[0] == 2:
        # Left to itself, the driver takes the last of four bands for transparency.
        profile["ALPHA"] = "NO"
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(values)
        if classes and values.shape[0] == 1:
            raster.write_colormap(1, {entry.value: (*entry.rgb, 255) for entry in classes})
        if names:
            raster.descriptions = tuple(names)
        told = {TAG_CLASSES: _tag(classes)} if classes else {}
        raster.update_tags(**told | (tags or {}))
    check_whole(path)


def _tag(classes: Sequence[DatasetClass]) -> str:
    """The class table as label rasters and predictions carry it."""
    rows = [PredictedClass(c.value, c.name, None, c.colour.upper()) for c in classes]
    return encode_classes(tuple(row for row in rows if row.index < MAX_CLASSES))


def write_png(path: Path, values: NDArray[Any], classes: Sequence[DatasetClass] = ()) -> None:
    """Write (C, H, W) uint8 or uint16 values as PNG; masks (one band with `classes`) as a palette image.

    Raises:
        OSError: the system refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    count, height, width = values.shape
    profile = {"driver": "PNG", "dtype": values.dtype, "count": count, "height": height, "width": width}
    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(**profile) as raster:
            raster.write(values)
            if classes:
                raster.write_colormap(1, _whole_palette(classes))
        # Made in memory, as the driver does not tell that a disk is full.
        path.write_bytes(memory.read())


def _whole_palette(classes: Sequence[DatasetClass]) -> dict[int, tuple[int, int, int, int]]:
    """A colour for each value: PNG has no pixel beyond its palette."""
    colours = {entry.value: entry.rgb for entry in classes}
    return {value: (*colours.get(value, (0, 0, 0)), 255) for value in range(256)}


def as_picture(image: NDArray[Any]) -> NDArray[Any]:
    """(1 or 3, H, W) of an image, for formats that show pictures: its first three bands, or its first.

    Whole numbers of 8 or 16 bits stay as they are; other types are stretched to 8 bits.
    """
    picture = image[:3] if image.shape[0] >= 3 else image[:1]
    if picture.dtype in (np.uint8, np.uint16):
        return picture
    low, high = np.nanmin(picture), np.nanmax(picture)
    stretched: NDArray[Any] = np.rint((picture - low) * (255.0 / max(float(high - low), 1e-9)))
    return stretched.astype(np.uint8)
