# SPDX-License-Identifier: GPL-2.0-or-later
"""The colours of a patch as the map shows them: bands, stretch and brightness of the layers in hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QImage, QPainter

from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.domain.wand import Colours

LOCAL_PROVIDER = "gdal"
"""Layers of this provider can be drawn at once; a web service would make the mouse wait."""


def shown_colours(layers: Sequence[QgsMapLayer], image: Image, window: PixelWindow) -> Colours:
    """Colours of the raster layers of a map, on the pixels of a patch.

    Args:
        layers: of the map, the uppermost first; those that are no local raster are left out.
        image: of the campaign; shown as QGIS would where no layer can be drawn.
        window: the patch's pixels in the image.

    Returns:
        (3, H, W) uint8, red, green, blue.
    """
    rasters = [layer for layer in layers if _is_local_raster(layer)]
    if not rasters:
        rasters = [QgsRasterLayer(str(image.path), image.path.stem)]
    picture = QImage(QSize(window.width, window.height), QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.black)
    painter = QPainter(picture)
    job = QgsMapRendererCustomPainterJob(_settings(rasters, image, window), painter)
    job.renderSynchronously()
    painter.end()
    return _bands(picture)


def _is_local_raster(layer: QgsMapLayer) -> bool:
    return isinstance(layer, QgsRasterLayer) and layer.isValid() and layer.providerType() == LOCAL_PROVIDER


def _settings(layers: Sequence[QgsMapLayer], image: Image, window: PixelWindow) -> QgsMapSettings:
    bounds = image.grid.bounds_of(window)
    settings = QgsMapSettings()
    settings.setLayers(list(layers))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem.fromWkt(image.crs_wkt))
    settings.setOutputSize(QSize(window.width, window.height))
    settings.setExtent(QgsRectangle(bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax))
    return settings


def _bands(picture: QImage) -> Colours:
    height, width, stride = picture.height(), picture.width(), picture.bytesPerLine()
    memory = picture.constBits()
    memory.setsize(height * stride)
    rows = np.frombuffer(memory, dtype=np.uint8).reshape(height, stride)[:, : 4 * width]
    return np.ascontiguousarray(rows.reshape(height, width, 4)[..., 2::-1].transpose(2, 0, 1))
