# SPDX-License-Identifier: GPL-2.0-or-later
"""The polygon in front on the map: a bright outline, and a view that shows it with its surroundings."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateTransform,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtGui import QColor

from ocsge_pi_review.adapters.styles import FOCUS_COLOUR
from ocsge_pi_review.domain.framing import WANTED_SHARE, scale_factor


def focus_band(canvas: QgsMapCanvas) -> QgsRubberBand:
    """The outline of the polygon in front, on any map."""
    band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
    band.setStrokeColor(QColor(FOCUS_COLOUR))
    band.setSecondaryStrokeColor(QColor(0, 0, 0, 200))
    band.setFillColor(QColor(0, 0, 0, 0))
    band.setWidth(3)
    return band


class FocusView:
    """Outline and zoom.

    Args:
        canvas: the map.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self.band: QgsRubberBand | None = focus_band(canvas)

    def show(self, geometry: QgsGeometry, layer: QgsVectorLayer) -> None:
        """Outline a polygon."""
        if self.band is not None:
            self.band.setToGeometry(geometry, layer)

    def zoom_to(self, geometry: QgsGeometry, layer: QgsVectorLayer, minimum_scale: float) -> None:
        """Bring a polygon into the middle, not closer than 1:`minimum_scale`.

        The scale stays where it shows the polygon well.
        """
        self._canvas.setExtent(self.extent_of(geometry, layer, minimum_scale))
        self._canvas.refresh()

    def extent_of(self, geometry: QgsGeometry, layer: QgsVectorLayer, minimum_scale: float) -> QgsRectangle:
        """What `zoom_to` would show, from where the map is now."""
        box, view = self.box_of(geometry, layer), self._canvas.extent()
        if view.isEmpty():
            return box.buffered(max(box.width(), box.height()) * (1 / WANTED_SHARE - 1) / 2)
        factor = scale_factor(
            (box.width(), box.height()), (view.width(), view.height()), self._canvas.scale(), minimum_scale
        )
        return QgsRectangle.fromCenterAndSize(box.center(), view.width() * factor, view.height() * factor)

    def box_of(self, geometry: QgsGeometry, layer: QgsVectorLayer) -> QgsRectangle:
        """Box of a polygon in the map's CRS."""
        crs = self._canvas.mapSettings().destinationCrs()
        return QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance()).transformBoundingBox(
            geometry.boundingBox()
        )

    def clear(self) -> None:
        """Outline nothing."""
        if self.band is not None:
            self.band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)

    def remove(self) -> None:
        """Take the outline off the map for good; safe to call again."""
        if self.band is not None:
            self._canvas.scene().removeItem(self.band)
            self.band = None
