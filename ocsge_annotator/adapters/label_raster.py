# SPDX-License-Identifier: GPL-2.0-or-later
"""Label GeoTIFFs: one uint8 band on the image's own pixels, palette and class table inside."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from osgeo import gdal

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.prediction import TAG_CLASSES
from ocsge_annotator.adapters.gdal_calls import attempt
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.pixels import Labels, PixelWindow
from ocsge_annotator.errors import LabelError

_OPTIONS = ["COMPRESS=DEFLATE", "PREDICTOR=1", "ZLEVEL=6"]


def write_labels(
    path: Path,
    labels: Labels,
    image: Image,
    window: PixelWindow,
    classes: Sequence[LabelClass],
    class_tag: str,
) -> None:
    """Replace a label raster as a whole.

    The file is made in memory, so that a full disk is noticed before anything is replaced.

    Args:
        path: the GeoTIFF.
        labels: (H, W) uint8.
        image: gives CRS and pixel size.
        window: the patch's pixels in the image.
        classes: give the palette.
        class_tag: value of the tag `OCSGE_CLASSES`.

    Raises:
        WriteError: the system refuses; the previous file is intact.
    """
    memory = f"/vsimem/{uuid.uuid4().hex}.tif"
    height, width = labels.shape
    dataset = gdal.GetDriverByName("GTiff").Create(memory, width, height, 1, gdal.GDT_Byte, _OPTIONS)
    dataset.SetGeoTransform(image.grid.geotransform_of(window))
    dataset.SetProjection(image.crs_wkt)
    dataset.SetMetadataItem(TAG_CLASSES, class_tag)
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(UNLABELLED)
    band.SetDescription("label")
    band.SetColorTable(_palette(classes))
    band.WriteArray(labels)
    band = dataset = None  # closes the file
    try:
        write_whole(path, _content(memory))
    finally:
        gdal.Unlink(memory)


def read_labels(path: Path, image: Image, window: PixelWindow) -> Labels:
    """The labels of a patch; all unlabelled where there is no file yet.

    Returns:
        (H, W) uint8.

    Raises:
        LabelError: unreadable, of another size, or not on the patch's pixels.
    """
    if not path.exists():
        return np.full((window.height, window.width), UNLABELLED, dtype=np.uint8)
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_RASTER)
    if dataset is None:
        raise _error(path, f"cannot be read: {reason}", f"lecture impossible : {reason}")
    expected = image.grid.geotransform_of(window)
    found = dataset.GetGeoTransform()
    tolerance = image.grid.pixel_x * 1e-3
    size = (dataset.RasterYSize, dataset.RasterXSize)
    if size != (window.height, window.width) or max(abs(a - b) for a, b in zip(found, expected)) > tolerance:
        raise _error(path, "is not on the pixels of its patch", "n'est pas sur les pixels de sa dalle")
    labels, reason = attempt(dataset.GetRasterBand(1).ReadAsArray)
    if labels is None or labels.dtype != np.uint8:
        raise _error(path, f"is damaged: {reason}", f"est endommagé : {reason}")
    return np.ascontiguousarray(labels)


def _palette(classes: Sequence[LabelClass]) -> gdal.ColorTable:
    table = gdal.ColorTable()
    for entry in classes:
        table.SetColorEntry(entry.value, (*entry.rgb, 255))
    return table


def _content(memory: str) -> bytes:
    size = gdal.VSIStatL(memory).size
    file = gdal.VSIFOpenL(memory, "rb")
    try:
        return bytes(gdal.VSIFReadL(1, size, file))
    finally:
        gdal.VSIFCloseL(file)


def _error(path: Path, problem_en: str, problem_fr: str) -> LabelError:
    return LabelError(
        path=path,
        problem_en=f"this label raster {problem_en}",
        problem_fr=f"ce raster d'étiquettes : {problem_fr}",
        remedy_en="Move it elsewhere (the patch then starts blank) or restore a copy.",
        remedy_fr="Déplacez-le (la dalle repartira vierge) ou rétablissez une copie.",
    )
