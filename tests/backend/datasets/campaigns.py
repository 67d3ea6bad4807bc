# SPDX-License-Identifier: GPL-2.0-or-later
"""Campaigns made on the spot, with an image, infrared and height of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import shapely

from inference_backend.contracts.campaign import CAMPAIGN, LABEL_CLASS, PATCH, SOURCE, CampaignKey
from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes
from inference_backend.grid import Grid
from inference_backend.postprocess.lot.gpkg_tables import write_attributes, write_spatial

LEFT, TOP, PIXEL_M = 651000.0, 6862100.0, 0.2
CLASSES = (
    (0, "building", "#DB0E9A"),
    (3, "impervious surface", "#F80C00"),
    (6, "water", "#1553AE"),
    (7, "herbaceous vegetation", "#55FF00"),
    (11, "deciduous", "#46E483"),
)
SPLITS = ("train", "train", "val", "test", "train", "")


def write_image(path: Path, values: np.ndarray, left: float = LEFT, top: float = TOP) -> Path:
    """(C, H, W) to a GeoTIFF."""
    profile = {
        "driver": "GTiff",
        "dtype": values.dtype,
        "count": values.shape[0],
        "height": values.shape[1],
        "width": values.shape[2],
        "crs": "EPSG:2154",
        "transform": rasterio.Affine(PIXEL_M, 0, left, 0, -PIXEL_M, top),
        "photometric": "MINISBLACK",
    }
    if values.shape[0] == 4:
        profile["ALPHA"] = "NO"
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(values)
    return path


def write_labels(path: Path, labels: np.ndarray, left: float, top: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_image(path, labels[np.newaxis], left, top)
    with rasterio.open(path, "r+") as raster:
        classes = tuple(PredictedClass(value, name, None, colour) for value, name, colour in CLASSES)
        raster.update_tags(**{TAG_CLASSES: encode_classes(classes)})
        raster.nodata = 255


def make_campaign(
    folder: Path,
    labels: list[np.ndarray],
    columns: int,
    *,
    classes=CLASSES,
    states=(),
    image: np.ndarray | None = None,
    height: np.ndarray | None = None,
    gap_px: int = 0,
    fingerprint: str = "",
) -> Path:
    """A campaign whose patches, row after row of `columns`, hold `labels` (uint8, all of one size)."""
    folder.mkdir(parents=True, exist_ok=True)
    size = labels[0].shape[0]
    rows = -(-len(labels) // columns)
    shape = (rows * (size + gap_px), columns * (size + gap_px))
    rng = np.random.default_rng(5)
    pixels = rng.integers(1, 250, (4, *shape), dtype=np.uint8) if image is None else image
    write_image(folder / "ortho.tif", pixels)
    sources = []
    if height is not None:
        write_image(folder / "height.tif", height)
        sources = [{"role": "height", "title": "Hauteur", "uri": "height.tif", "provider": "gdal"}]
    path = folder / "campaign.gpkg"
    places = [(index // columns, index % columns) for index in range(len(labels))]
    names = [f"r{row:03d}c{col:03d}" for row, col in places]
    corners = [
        (LEFT + col * (size + gap_px) * PIXEL_M, TOP - row * (size + gap_px) * PIXEL_M) for row, col in places
    ]
    side = size * PIXEL_M
    for name, patch, (left, top) in zip(names, labels, corners, strict=True):
        write_labels(folder / "labels" / f"{name}.tif", patch, left, top)
    count = len(labels)
    write_spatial(
        path,
        PATCH,
        np.array([shapely.box(x, y - side, x + side, y) for x, y in corners], dtype=object),
        {
            "patch_id": names,
            "row": [row for row, _ in places],
            "col": [col for _, col in places],
            "rank": list(range(1, count + 1)),
            "state": list(states) or ["accepted"] * count,
            "split": [SPLITS[index % len(SPLITS)] for index in range(count)],
            "annotator": ["anne"] * count,
            "duration_s": [60.0 * (index + 1) for index in range(count)],
            "gestures": [10 * (index + 1) for index in range(count)],
            "labelled_share": [float((patch != 255).mean()) for patch in labels],
            "label_path": [f"labels/{name}.tif" for name in names],
            "submitted_at": [None] * count,
            "image_fingerprint": [fingerprint] * count,
        },
        "EPSG:2154",
    )
    rows = [
        {"value": value, "name": name, "label_fr": name, "label_en": name.title(), "colour": colour}
        for value, name, colour in classes
    ]
    write_attributes(path, LABEL_CLASS, rows)
    write_attributes(path, SOURCE, sources)
    described = {
        CampaignKey.SCHEMA: "2",
        CampaignKey.NAME: "Essai_du Gers",
        CampaignKey.IMAGE: "ortho.tif",
        CampaignKey.PATCH_SIZE_PX: str(size),
        CampaignKey.PROFILE: "ocsge-2.0",
        CampaignKey.CREATED: "2026-01-02T03:04:05Z",
        CampaignKey.ID: "1d0d2a9e-0000-4000-8000-000000000001",
    }
    write_attributes(path, CAMPAIGN, [{"key": key.value, "value": text} for key, text in described.items()])
    return path


def patchy(seed: int, size: int = 48, blank: float = 0.05) -> np.ndarray:
    """(size, size) uint8 of the campaign's values: blobs in blobs, thin diagonals, holes without label."""
    rng = np.random.default_rng(seed)
    values = np.array([entry[0] for entry in CLASSES], dtype=np.uint8)
    labels = values[rng.integers(0, len(values), (size // 6, size // 6))].repeat(6, 0).repeat(6, 1)
    labels[8:30, 8:30] = 3
    labels[12:26, 12:26] = 0
    labels[15:20, 15:20] = 6
    labels[17, 17] = 255
    for step in range(size // 2):
        labels[step + 10, size - 1 - step] = 11
    noise = rng.random((size, size))
    labels[noise < 0.02] = values[rng.integers(0, len(values), int((noise < 0.02).sum()))]
    labels[noise > 1 - blank] = 255
    return labels


def grid_of(path: Path) -> Grid:
    with rasterio.open(path) as raster:
        return Grid(raster.height, raster.width, raster.transform, raster.crs)
