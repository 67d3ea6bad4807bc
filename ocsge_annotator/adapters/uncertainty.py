# SPDX-License-Identifier: GPL-2.0-or-later
"""How unsure a model is of each patch, and which classes it sees there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from osgeo import gdal

from inference_backend.contracts.prediction import MAX_CLASSES, MAX_SCORE, NODATA
from ocsge_annotator.adapters.gdal_calls import attempt
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.adapters.prediction_raster import PredictionRaster, open_prediction
from ocsge_annotator.domain.patch_grid import GridCell

CLASS_BAND, MARGIN_BAND = 1, 4


def measure_doubt(
    prediction: Path, image: Image, cells: Sequence[GridCell], report: Callable[[float], None]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean doubt and class shares of each patch.

    The doubt of a pixel is the entropy of its class probabilities, in shares of the highest possible, where
    they lie beside the prediction (`NAME_probabilities.tif`); else 1 minus the margin between the two best.

    Args:
        prediction: as `ocsge predict` writes it.
        image: of the campaign.
        cells: the patches.
        report: takes the share done; may raise to stop.

    Returns:
        (N,) in 0..1, NaN for a patch without prediction; (N, K) shares of the predicted classes.

    Raises:
        PredictionMismatchError: the prediction cannot be used.
    """
    opened = open_prediction(prediction, image.crs_wkt)
    scores = _probabilities(opened)
    doubts, shares = np.full(len(cells), np.nan), np.zeros((len(cells), len(opened.classes)))
    place = {entry.index: position for position, entry in enumerate(opened.classes)}
    for number, cell in enumerate(cells):
        classes, margin = opened.planes(
            image.grid, cell.window, ((CLASS_BAND, NODATA), (MARGIN_BAND, NODATA))
        )
        if classes is not None:
            doubts[number] = _doubt(cell, image, classes, margin, scores)
            found, counts = np.unique(classes[classes < MAX_CLASSES], return_counts=True)
            for value, count in zip(found, counts):
                if int(value) in place:
                    shares[number, place[int(value)]] = count / classes.size
        report((number + 1) / len(cells))
    return doubts, shares


def _doubt(
    cell: GridCell,
    image: Image,
    classes: npt.NDArray[np.uint8],
    margin: npt.NDArray[np.uint8] | None,
    scores: PredictionRaster | None,
) -> float:
    inside = classes != NODATA
    if not inside.any():
        return float("nan")
    if scores is not None:
        count = scores.dataset.RasterCount
        planes = scores.planes(image.grid, cell.window, [(band + 1, 0) for band in range(count)])
        if all(plane is not None for plane in planes):
            return float(_entropy(np.stack(planes)[:, inside]).mean())
    if margin is None:
        return float("nan")
    return float(1 - np.minimum(margin[inside], MAX_SCORE).mean() / MAX_SCORE)


def _entropy(scores: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Entropy of (K, N) scores in shares of log K, (N,)."""
    share = scores / np.maximum(scores.sum(axis=0), 1)
    return -(share * np.log(np.maximum(share, 1e-12))).sum(axis=0) / np.log(max(len(scores), 2))


def _probabilities(prediction: PredictionRaster) -> PredictionRaster | None:
    """The class probabilities beside a prediction, None where there are none on its pixels."""
    path = prediction.path.with_name(f"{prediction.path.stem}_probabilities{prediction.path.suffix}")
    if not path.exists():
        return None
    dataset, _ = attempt(gdal.OpenEx, str(path), gdal.OF_RASTER)
    size = (prediction.dataset.RasterXSize, prediction.dataset.RasterYSize)
    if dataset is None or (dataset.RasterXSize, dataset.RasterYSize) != size:
        return None
    return PredictionRaster(path, prediction.classes, dataset, prediction.grid)
