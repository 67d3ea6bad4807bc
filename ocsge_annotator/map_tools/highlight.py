# SPDX-License-Identifier: GPL-2.0-or-later
"""The pixels that a click would give a class to, lit up while the mouse moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPointF, QRectF
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtWidgets import QStyleOptionGraphicsItem, QWidget

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.domain.pixels import Region
from ocsge_annotator.domain.segments import outline_of
from ocsge_annotator.map_tools.patch_item import PatchItem, argb, image_of

FILL_OPACITY = 0.35
BORDER = argb(255, 255, 255, 1.0)
Z_HIGHLIGHT = 60


class Highlight(PatchItem):
    """A region in the colour of the class that it would get, white along its border.

    Args:
        canvas: the map.
        place: gives the place of the patch in hand, None without patch.
    """

    def __init__(self, canvas: QgsMapCanvas, place: Callable[[], PatchPlace | None]) -> None:
        super().__init__(canvas, place)
        self.region: Region | None = None
        self._pixels: np.ndarray | None = None
        self._dirty = QRectF()
        self.setZValue(Z_HIGHLIGHT)

    def show_region(self, region: Region | None, rgb: tuple[int, int, int] = (255, 255, 255)) -> None:
        """Light up a region, or nothing."""
        self.region, self._pixels = region, None
        before, self._dirty = self._dirty, QRectF()
        if region is not None:
            self._pixels = np.where(region.mask, np.uint32(argb(*rgb, FILL_OPACITY)), np.uint32(0))
            self._pixels[outline_of(region.mask)] = BORDER
            self._dirty = self.canvas_rectangle(region.window)
        # Two small updates and not one around both: what lies between has not changed.
        for rectangle in (before, self._dirty):
            if not rectangle.isEmpty():
                self.update(rectangle)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem | None = None, widget: QWidget | None = None
    ) -> None:
        """Draw; called by Qt."""
        transform = self.transform_to_canvas()
        if self.region is None or self._pixels is None or transform is None:
            return
        painter.save()
        painter.setTransform(transform, True)
        window = self.region.window
        painter.drawImage(QPointF(window.col, window.row), image_of(self._pixels))
        painter.restore()
