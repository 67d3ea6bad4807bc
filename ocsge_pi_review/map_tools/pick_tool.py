# SPDX-License-Identifier: GPL-2.0-or-later
"""A click puts the polygon under it in front."""

from __future__ import annotations

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import Qt

from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.review import Review


class PickTool(QgsMapTool):
    """The tool at rest.

    Args:
        canvas: the map.
        review: what the click acts on.
    """

    def __init__(self, canvas: QgsMapCanvas, review: Review) -> None:
        super().__init__(canvas)
        self._review = review
        self.setCursor(Qt.CursorShape.CrossCursor)

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Show the polygon clicked."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        layer = self._review.coverage.layer
        row = self._review.coverage.at(self.toLayerCoordinates(layer, QgsPointXY(event.mapPoint())))
        if row is not None:
            self._review.show_polygon(row.id)
