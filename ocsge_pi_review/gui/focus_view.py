# SPDX-License-Identifier: GPL-2.0-or-later
"""The polygon in front on the map: a bright outline, and a view that shows it with its surroundings."""

from __future__ import annotations

from qgis.core import QgsCoordinateTransform, QgsGeometry, QgsProject, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtGui import QColor

from ocsge_pi_review.adapters.styles import FOCUS_COLOUR

SURROUNDINGS = 2.4
"""Width of the view against that of the polygon."""


class FocusView:
    """Outline and zoom.

    Args:
        canvas: the map.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self.band: QgsRubberBand | None = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        self.band.setStrokeColor(QColor(FOCUS_COLOUR))
        self.band.setSecondaryStrokeColor(QColor(0, 0, 0, 200))
        self.band.setFillColor(QColor(0, 0, 0, 0))
        self.band.setWidth(3)

    def show(self, geometry: QgsGeometry, layer: QgsVectorLayer) -> None:
        """Outline a polygon."""
        if self.band is not None:
            self.band.setToGeometry(geometry, layer)

    def zoom_to(self, geometry: QgsGeometry, layer: QgsVectorLayer, minimum_scale: float) -> None:
        """Bring a polygon into view, not closer than 1:`minimum_scale`."""
        transform = QgsCoordinateTransform(
            layer.crs(), self._canvas.mapSettings().destinationCrs(), QgsProject.instance()
        )
        box = transform.transformBoundingBox(geometry.boundingBox())
        box.scale(SURROUNDINGS)
        self._canvas.setExtent(box)
        if self._canvas.scale() < minimum_scale:
            self._canvas.zoomScale(minimum_scale)
        self._canvas.refresh()

    def clear(self) -> None:
        """Outline nothing."""
        if self.band is not None:
            self.band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)

    def remove(self) -> None:
        """Take the outline off the map for good; safe to call again."""
        if self.band is not None:
            self._canvas.scene().removeItem(self.band)
            self.band = None
