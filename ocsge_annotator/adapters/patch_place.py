# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the patch in hand is on the map, whatever the map's CRS."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDistanceArea,
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

    @property
    def pixel_m(self) -> float:
        """Width of a pixel on the ground, m, whatever the units of the image's CRS."""
        ruler = QgsDistanceArea()
        ruler.setSourceCrs(self._to_map.sourceCrs(), QgsProject.instance().transformContext())
        ruler.setEllipsoid(self._to_map.sourceCrs().ellipsoidAcronym())
        left, right = self._middle_row()
        metres = ruler.measureLine(
            QgsPointXY(*self._grid.to_map(self.window, left)),
            QgsPointXY(*self._grid.to_map(self.window, right)),
        )
        return ruler.convertLengthMeasurement(metres, Qgis.DistanceUnit.Meters) / self.window.width

    @property
    def map_units_per_px(self) -> float:
        """Width of a pixel on the map, units of the map's CRS."""
        left, right = self._middle_row()
        return self.to_map(left).distance(self.to_map(right)) / self.window.width

    def _middle_row(self) -> tuple[PixelPoint, PixelPoint]:
        """Both ends of the row of pixels in the middle of the patch."""
        middle = self.window.height / 2
        return PixelPoint(0, middle), PixelPoint(self.window.width, middle)

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
