# SPDX-License-Identifier: GPL-2.0-or-later
"""A small synthetic commune as a prediction with noise, and its reference vectors, in a few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_origin
from scipy import ndimage

from inference_backend.contracts.prediction import TAG_CLASSES, TAG_MODEL, PredictedClass, encode_classes
from inference_backend.contracts.profile import Profile
from inference_backend.scene.build import build_plan
from inference_backend.scene.references import write_references
from inference_backend.scene.truth import write_truth

ORIGIN_M = (651_000.0, 6_860_000.0)
PIXEL_M = 0.2
YEAR = 2022


@dataclass(frozen=True)
class Commune:
    """Files of a commune."""

    prediction: Path
    references: Path


def make_commune(folder: Path, seed: int, size_m: float = 240.0) -> Commune:
    """Truth with blobs of other classes, speckle, undecided pixels and a corner outside the image."""
    plan = build_plan(seed, size_m)
    write_references(folder / "references", plan, ORIGIN_M)
    write_truth(folder / "truth.gpkg", plan, Profile.load(), ORIGIN_M)
    side = round(size_m / PIXEL_M)
    names, classes = _truth(folder / "truth.gpkg", side, size_m)
    path = folder / "prediction.tif"
    write_prediction(path, noisy(classes, len(names), seed), names)
    return Commune(path, folder / "references")


def noisy(classes: np.ndarray, count: int, seed: int) -> np.ndarray:
    """(4, H, W) uint8 bands of a prediction that errs on about a tenth of the pixels."""
    rng = np.random.default_rng(seed)
    field = ndimage.gaussian_filter(rng.standard_normal(classes.shape), 6)
    other = (classes + 1 + rng.integers(0, count - 1, classes.shape)) % count
    blob = (classes + 1 + (ndimage.gaussian_filter(rng.standard_normal(classes.shape), 20) > 0)) % count
    top = np.where(field > 1.3 * field.std(), blob, classes)
    speckle = rng.random(classes.shape) < 0.02
    top = np.where(speckle, other, top)
    second = np.where(top == classes, other, classes)
    margin = np.clip(np.abs(field) / field.std() * 90, 0, 254)
    bands = np.stack([top, 127 + margin / 2, second, margin]).astype(np.uint8)
    undecided = margin < 3
    bands[2][undecided], bands[0][undecided] = bands[0][undecided], 254
    bands[:, : classes.shape[0] // 8, : classes.shape[1] // 5] = 255
    return bands


def write_prediction(path: Path, bands: np.ndarray, names: list[str]) -> Path:
    """A prediction as `ocsge predict` writes it."""
    transform = from_origin(ORIGIN_M[0], ORIGIN_M[1] + bands.shape[1] * PIXEL_M, PIXEL_M, PIXEL_M)
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=4, dtype="uint8",
        crs="EPSG:2154", transform=transform, photometric="MINISBLACK", ALPHA="NO", nodata=255,
        tiled=True, blockxsize=256, blockysize=256, interleave="band", compress="deflate",
    ) as raster:  # fmt: skip
        raster.write(bands)
        table = tuple(PredictedClass(i, name) for i, name in enumerate(names))
        raster.update_tags(**{TAG_CLASSES: encode_classes(table), TAG_MODEL: "toy 1"})
    return path


def _truth(path: Path, side: int, size_m: float) -> tuple[list[str], np.ndarray]:
    """Names of classes that stand for the covers of the truth, and their plane."""
    classes = {
        entry["code_cs"]: name
        for name, entry in reversed(Profile.load().section("class_to_cover").items())
        if entry["code_cs"]
    }
    meta, _, geometry, values = pyogrio.raw.read(path, layer=f"truth_{YEAR}")
    codes = dict(zip(meta["fields"], values, strict=True))["code_cs"]
    names = [name for code, name in sorted(classes.items())]
    index = {code: i for i, code in enumerate(sorted(classes))}
    fallback = index["CS2.2.1"]
    shapes = zip(shapely.from_wkb(geometry), (index.get(code, fallback) for code in codes), strict=True)
    transform = from_origin(ORIGIN_M[0], ORIGIN_M[1] + size_m, PIXEL_M, PIXEL_M)
    return names, rasterize(shapes, out_shape=(side, side), transform=transform, fill=fallback, dtype="int32")
