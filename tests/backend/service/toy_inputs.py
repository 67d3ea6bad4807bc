# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster and a model for the chain, small and true: the brightest band decides the class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes
from tests.backend.models.onnx_files import card, write_conv_model

CLASSES = ("building", "herbaceous vegetation", "water")


def write_raster(path: Path, size_px: int = 256, crs: str | None = "EPSG:2154") -> Path:
    """Three bands: grass, with a lake to the west and a block of buildings in the north-east."""
    image = np.full((3, size_px, size_px), 20, np.uint8)
    image[1] = 200
    image[:, :, : size_px // 4] = np.array([10, 30, 220], np.uint8)[:, None, None]
    image[:, : size_px // 3, size_px // 2 :] = np.array([230, 60, 50], np.uint8)[:, None, None]
    profile = {
        "driver": "GTiff",
        "dtype": "uint8",
        "count": 3,
        "height": size_px,
        "width": size_px,
        "crs": crs,
        "transform": from_origin(700_000, 6_600_000, 0.2, 0.2),
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(image)
        raster.descriptions = ("red", "green", "blue")
    return path


def write_prediction(path: Path, size_px: int = 256) -> Path:
    """Four bands: buildings in a meadow, with noise in the scores so that the file has some size."""
    planes = np.random.default_rng(0).integers(100, 250, (4, size_px, size_px)).astype(np.uint8)
    planes[0], planes[2] = 1, 2
    planes[0, : size_px // 3, size_px // 2 :] = 0
    with rasterio.open(
        path, "w", driver="GTiff", dtype="uint8", count=4, height=size_px, width=size_px, crs="EPSG:2154",
        transform=from_origin(700_000, 6_600_000, 0.2, 0.2), nodata=255, photometric="MINISBLACK",
        ALPHA="NO", tiled=True, compress="deflate",
    ) as raster:  # fmt: skip
        classes = tuple(PredictedClass(index, name) for index, name in enumerate(CLASSES))
        raster.update_tags(**{TAG_CLASSES: encode_classes(classes)})
        raster.write(planes)
    return path


def write_wide_raster(path: Path, size_px: int) -> Path:
    """A raster of one grey that takes little room on disk."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="uint8",
        count=3,
        height=size_px,
        width=size_px,
        crs="EPSG:2154",
        transform=from_origin(700_000, 6_600_000, 0.2, 0.2),
        tiled=True,
        compress="deflate",
        zlevel=1,
    ) as raster:
        raster.descriptions = ("red", "green", "blue")
        raster.write(np.full((3, size_px, size_px), 90, np.uint8))
    return path


def write_model(path: Path) -> Path:
    """Score of a class = its band."""
    return write_conv_model(path, np.eye(3)[:, :, None, None] * 0.1, card(classes=CLASSES))


def write_slow_model(path: Path) -> Path:
    """The same network with a kernel that keeps a processor busy."""
    weights = np.zeros((3, 3, 41, 41))
    weights[:, :, 20, 20] = np.eye(3) * 0.1
    return write_conv_model(path, weights, card(classes=CLASSES))
