# SPDX-License-Identifier: GPL-2.0-or-later
"""What every drawing on the patch in hand shares: from the patch's pixels to those of the canvas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QImage, QTransform
from qgis.PyQt.QtWidgets import QGraphicsItem

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.domain.pixels import PixelPoint, PixelWindow

Pixels = npt.NDArray[np.uint32]


class PatchItem(QgsMapCanvasItem):
    """A drawing on the patch in hand.

    Args:
        canvas: the map.
        place: gives the place of the patch in hand, None without patch.
    """

    def __init__(self, canvas: QgsMapCanvas, place: Callable[[], PatchPlace | None]) -> None:
        super().__init__(canvas)
        self._canvas, self._get_place = canvas, place
        # So that only what has to be drawn again is drawn.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        """The whole canvas."""
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def updatePosition(self) -> None:
        """The map moved."""
        self.prepareGeometryChange()
        self.update()

    def transform_to_canvas(self) -> QTransform | None:
        """From pixels of the patch to pixels of the canvas, None without patch."""
        place = self._get_place()
        if place is None:
            return None
        height, width = place.window.height, place.window.width
        origin, along, down = (
            self.toCanvasCoordinates(place.to_map(PixelPoint(*corner)))
            for corner in ((0, 0), (width, 0), (0, height))
        )
        right, below = (along - origin) / width, (down - origin) / height
        return QTransform(right.x(), right.y(), below.x(), below.y(), origin.x(), origin.y())

    def canvas_rectangle(self, window: PixelWindow) -> QRectF:
        """Where a window of the patch is on the canvas, a little larger; empty without patch."""
        transform = self.transform_to_canvas()
        if transform is None:
            return QRectF()
        part = QRectF(window.col, window.row, window.width, window.height)
        return transform.mapRect(part).adjusted(-3, -3, 3, 3)

    def remove(self) -> None:
        """Take the drawing off the canvas for good."""
        self._canvas.scene().removeItem(self)


def image_of(pixels: Pixels) -> QImage:
    """A picture in the memory of (H, W) uint32 premultiplied ARGB; keep the array while it is used."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)


def argb(red: int, green: int, blue: int, opacity: float) -> int:
    """A colour as premultiplied ARGB; `opacity` 0..1."""
    alpha = round(255 * opacity)
    return alpha << 24 | round(red * opacity) << 16 | round(green * opacity) << 8 | round(blue * opacity)
