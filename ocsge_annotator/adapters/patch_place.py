# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the patch in hand is on the map, whatever the map's CRS."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)

from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.pixels import PixelPoint, PixelWindow


class PatchPlace:
    """Converts between map coordinates and the pixels of a patch.

    Args:
        image: of the campaign.
        window: the patch's pixels in the image.
        map_crs: CRS of the canvas.
    """

    def __init__(self, image: Image, window: PixelWindow, map_crs: QgsCoordinateReferenceSystem) -> None:
        self._grid, self.window = image.grid, window
        image_crs = QgsCoordinateReferenceSystem.fromWkt(image.crs_wkt)
        self._to_map = QgsCoordinateTransform(image_crs, map_crs, QgsProject.instance().transformContext())

    def to_map(self, point: PixelPoint) -> QgsPointXY:
        """Map point of a position on the patch."""
        return self._to_map.transform(QgsPointXY(*self._grid.to_map(self.window, point)))

    def to_pixel(self, point: QgsPointXY) -> PixelPoint:
        """Position on the patch of a map point, which may be outside."""
        there = self._to_map.transform(point, QgsCoordinateTransform.TransformDirection.ReverseTransform)
        return self._grid.to_pixel(self.window, there.x(), there.y())

    def extent(self, context_share: float, window: PixelWindow | None = None) -> QgsRectangle:
        """Map rectangle of a part of the patch, with some of what is around it.

        Args:
            context_share: margin on each side, in shares of the part's size.
            window: the part, in pixels of the patch; None for the whole patch.
        """
        part = window or PixelWindow(0, 0, self.window.height, self.window.width)
        corners = [
            self.to_map(PixelPoint(part.col + x * part.width, part.row + y * part.height))
            for x in (-context_share, 1 + context_share)
            for y in (-context_share, 1 + context_share)
        ]
        extent = QgsRectangle(corners[0], corners[0])
        for corner in corners[1:]:
            extent.include(corner)
        return extent
