# SPDX-License-Identifier: GPL-2.0-or-later
"""Reading a prediction raster where the patches are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal

from inference_backend.contracts.prediction import (
    BAND_NAMES,
    NODATA,
    TAG_CLASSES,
    PredictedClass,
    decode_classes,
)
from ocsge_annotator.adapters.gdal_calls import attempt, is_same_crs, spatial_reference
from ocsge_annotator.domain.image_grid import ImageGrid
from ocsge_annotator.domain.pixels import Labels, PixelWindow
from ocsge_annotator.errors import PredictionMismatchError


@dataclass
class PredictionRaster:
    """An opened prediction.

    Attributes:
        path: its file.
        classes: its class table.
        dataset: the open raster.
        grid: its pixels.
    """

    path: Path
    classes: tuple[PredictedClass, ...]
    dataset: gdal.Dataset
    grid: ImageGrid

    def read(self, image: ImageGrid, window: PixelWindow) -> tuple[Labels, Labels | None]:
        """Class indices and scores at the centre of each pixel of a patch, `NODATA` outside the prediction.

        Args:
            image: grid of the campaign's image, which may differ from the prediction's.
            window: the patch in that grid.

        Returns:
            Two (H, W) uint8 arrays; None for the scores of a prediction without them.
        """
        classes, scores = self.planes(image, window, ((1, NODATA), (2, 0)))
        return (
            np.full((window.height, window.width), NODATA, np.uint8) if classes is None else classes
        ), scores

    def planes(
        self, image: ImageGrid, window: PixelWindow, bands: Sequence[tuple[int, int]]
    ) -> list[Labels | None]:
        """Bands at the centre of each pixel of a patch.

        Args:
            image: grid of the campaign's image, which may differ from the prediction's.
            window: the patch in that grid.
            bands: number of each band, and its value outside the prediction.

        Returns:
            (H, W) uint8 for each band; None for one that the file lacks, and for a patch wholly outside.
        """
        cols, col_ok = _indices(
            image.left - self.grid.left,
            image.pixel_x,
            window.col,
            window.width,
            self.grid.pixel_x,
            self.grid.width_px,
        )
        rows, row_ok = _indices(
            self.grid.top - image.top,
            image.pixel_y,
            window.row,
            window.height,
            self.grid.pixel_y,
            self.grid.height_px,
        )
        shape = (window.height, window.width)
        if not row_ok.any() or not col_ok.any():
            return [None] * len(bands)
        top, left = int(rows[row_ok].min()), int(cols[col_ok].min())
        size = (int(cols[col_ok].max()) - left + 1, int(rows[row_ok].max()) - top + 1)
        take = np.ix_(rows[row_ok] - top, cols[col_ok] - left)
        planes: list[Labels | None] = []
        for band, fill in bands:
            if band > self.dataset.RasterCount:
                planes.append(None)
                continue
            values, reason = attempt(self.dataset.GetRasterBand(band).ReadAsArray, left, top, *size)
            if values is None:
                raise _error(self.path, f"cannot be read: {reason}", f"lecture impossible : {reason}")
            plane = np.full(shape, fill, dtype=np.uint8)
            plane[np.ix_(row_ok, col_ok)] = values[take]
            planes.append(plane)
        return planes


def _indices(
    shift: float, step: float, first: int, count: int, pixel: float, limit: int
) -> tuple[np.ndarray, np.ndarray]:
    """Prediction index of each patch pixel centre along one axis, and whether it is inside."""
    # Half a thousandth of a pixel keeps centres that fall on a border of equal grids on their own side.
    index = np.floor((shift + (first + np.arange(count) + 0.5) * step) / pixel + 5e-4).astype(np.int64)
    return index, (index >= 0) & (index < limit)


def open_prediction(path: Path, crs_wkt: str) -> PredictionRaster:
    """Open a prediction for a campaign.

    Args:
        path: the raster.
        crs_wkt: CRS of the campaign.

    Raises:
        PredictionMismatchError: unreadable, without class table, in another CRS, or not a prediction.
    """
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_RASTER)
    if dataset is None:
        raise _error(path, f"cannot be read: {reason}", f"lecture impossible : {reason}")
    tag = dataset.GetMetadataItem(TAG_CLASSES)
    if tag is None or dataset.GetRasterBand(1).DataType != gdal.GDT_Byte:
        raise _error(
            path, f"has no class table ({TAG_CLASSES})", f"n'a pas de table de classes ({TAG_CLASSES})"
        )
    if dataset.RasterCount not in (1, len(BAND_NAMES)):
        count = dataset.RasterCount
        raise _error(
            path,
            f"has {count} bands, not {len(BAND_NAMES)}",
            f"a {count} bandes au lieu de {len(BAND_NAMES)}",
        )
    if not is_same_crs(dataset.GetProjection(), crs_wkt):
        theirs, ours = (spatial_reference(wkt).GetName() or "?" for wkt in (dataset.GetProjection(), crs_wkt))
        raise _error(
            path, f"is in {theirs}, the campaign in {ours}", f"est en {theirs}, la campagne en {ours}"
        )
    try:
        classes = decode_classes(tag)
    except ValueError as error:
        raise _error(path, str(error), str(error)) from error
    left, pixel_x, _, top, _, pixel_y = dataset.GetGeoTransform()
    grid = ImageGrid(dataset.RasterXSize, dataset.RasterYSize, left, top, pixel_x, -pixel_y)
    return PredictionRaster(path, classes, dataset, grid)


def _error(path: Path, problem_en: str, problem_fr: str) -> PredictionMismatchError:
    return PredictionMismatchError(
        path=path,
        problem_en=f"this prediction {problem_en}",
        problem_fr=f"cette prédiction {problem_fr}" if not problem_fr.startswith("lecture") else problem_fr,
        remedy_en="Choose a raster made by `ocsge predict` on this campaign's image.",
        remedy_fr="Choisissez un raster produit par `ocsge predict` sur l'image de cette campagne.",
    )
