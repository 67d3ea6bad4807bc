# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of a model on scenes it has never seen, through the same prediction that users run."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

from inference_backend.contracts.prediction import NODATA, UNDECIDED
from inference_backend.predict.predict import predict
from training.samples import SceneArrays

BINS = 10


def evaluate(
    model: Path, scenes: Sequence[SceneArrays], names: Sequence[str], pixel_m: float
) -> dict[str, Any]:
    """IoU and F1 per class, overall accuracy, share undecided and calibration error.

    An undecided pixel counts as wrong, whatever it was.

    Args:
        model: ONNX file with its card.
        scenes: held-out scenes.
        names: class names by index.
        pixel_m: pixel of the scenes, m.
    """
    confusion = np.zeros((len(names), len(names) + 1), np.int64)
    by_score = np.zeros((2, 256), np.int64)
    for scene in scenes:
        planes = predict_arrays(model, scene, pixel_m)
        known = scene.labels != NODATA
        truth, found = scene.labels[known].astype(int), planes[0][known].astype(int)
        found[found == UNDECIDED] = len(names)
        confusion += np.bincount(truth * (len(names) + 1) + found, minlength=confusion.size).reshape(
            confusion.shape
        )
        scores = planes[1][known]
        decided = found < len(names)
        by_score[0] += np.bincount(scores[decided], minlength=256)
        by_score[1] += np.bincount(scores[decided & (truth == found)], minlength=256)
    return {**_of_confusion(confusion, names), **_calibration(by_score)}


def predict_arrays(model: Path, scene: SceneArrays, pixel_m: float) -> NDArray[np.uint8]:
    """The four planes (4, H, W) uint8 that `ocsge predict` makes of a scene."""
    with tempfile.TemporaryDirectory() as folder:
        ortho, height = Path(folder, "ortho.tif"), Path(folder, "height.tif")
        _write(ortho, scene.bands, ("red", "green", "blue", "nir"), pixel_m)
        _write(height, scene.height_m[None].astype(np.float32), ("height",), pixel_m)
        with rasterio.open(predict([ortho, height], model, Path(folder, "prediction.tif"))) as raster:
            planes: NDArray[np.uint8] = raster.read()
    return planes


def _write(path: Path, bands: NDArray[Any], names: Sequence[str], pixel_m: float) -> None:
    count, height, width = bands.shape
    size = {"count": count, "height": height, "width": width, "dtype": bands.dtype}
    kind = {"driver": "GTiff", "photometric": "MINISBLACK", "ALPHA": "NO"}
    place = {"crs": "EPSG:2154", "transform": from_origin(700000, 6600000, pixel_m, pixel_m)}
    with rasterio.open(path, "w", **kind, **size, **place) as raster:
        raster.write(bands)
        raster.descriptions = tuple(names)


def _of_confusion(confusion: NDArray[np.int64], names: Sequence[str]) -> dict[str, Any]:
    square = confusion[:, :-1]
    hit, truth, found = np.diag(square), confusion.sum(1), square.sum(0)
    classes = {
        name: {
            "iou": round(float(hit[k] / max(1, truth[k] + found[k] - hit[k])), 4),
            "f1": round(float(2 * hit[k] / max(1, truth[k] + found[k])), 4),
            "share": round(float(truth[k] / truth.sum()), 4),
        }
        for k, name in enumerate(names)
        if truth[k]
    }
    return {
        "overall_accuracy": round(float(hit.sum() / truth.sum()), 4),
        "mean_iou": round(float(np.mean([row["iou"] for row in classes.values()])), 4),
        "undecided_share": round(float(confusion[:, -1].sum() / truth.sum()), 4),
        "classes": classes,
    }


def _calibration(by_score: NDArray[np.int64]) -> dict[str, Any]:
    """Expected calibration error of decided pixels over ten bins of the score, and the bins themselves."""
    total, right = by_score.astype(float)
    scores = np.arange(256) / 255
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    count, hits, sums = (np.bincount(bins, w, minlength=BINS) for w in (total, right, total * scores))
    used = count > 0
    gap = np.abs(hits[used] - sums[used]).sum() / total.sum()
    rows = [
        {
            "score": round(float(sums[i] / count[i]), 3),
            "right": round(float(hits[i] / count[i]), 3),
            "share": round(float(count[i] / total.sum()), 4),
        }
        for i in np.flatnonzero(used)
    ]
    return {"calibration_error": round(float(gap), 4), "reliability": rows}
