# SPDX-License-Identifier: GPL-2.0-or-later
"""What a gesture changed, in its new colour over the map, until the map itself has been drawn again."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import QgsCategorizedSymbolRenderer, QgsGeometry, QgsProject, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor

from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.slots import guarded
from ocsge_pi_review.domain.patch import PolygonRow

MOST = 30
"""Polygons drawn at once: with more, the map is as fast."""
LEAST_ALPHA = 160
"""The old colour is still below: the new one has to be the one that is seen."""


class FreshPolygons:
    """Draws polygons as they are now; the map takes them over when it is ready.

    Args:
        canvas: the map.
        layer: `occupation_sol`, coloured by one of its codes.
        nomenclature: official colours.
    """

    def __init__(self, canvas: QgsMapCanvas, layer: QgsVectorLayer, nomenclature: Nomenclature) -> None:
        self._canvas, self._layer, self._nomenclature = canvas, layer, nomenclature
        self.bands: list[QgsRubberBand] = []
        self._is_being_drawn = False
        canvas.renderStarting.connect(self._on_start)
        canvas.mapCanvasRefreshed.connect(self._on_refreshed)

    def show(self, rows: Iterable[PolygonRow]) -> None:
        """Draw polygons over the map, in place of those before where the map shows them by now."""
        # A drawing that has begun may not know of them.
        self._is_being_drawn = False
        if not self._is_on_map():
            return
        for row in rows:
            colour = self._colour_of(row)
            if colour is not None and len(self.bands) < MOST:
                self.bands.append(self._band(row, colour))
        self._paint_now()

    def remove(self) -> None:
        """Take everything off the map for good."""
        self._canvas.renderStarting.disconnect(self._on_start)
        self._canvas.mapCanvasRefreshed.disconnect(self._on_refreshed)
        self._clear()

    def _is_on_map(self) -> bool:
        if sip.isdeleted(self._layer):
            return False
        node = QgsProject.instance().layerTreeRoot().findLayer(self._layer.id())
        return node is not None and node.isVisible()

    def _colour_of(self, row: PolygonRow) -> QColor | None:
        """None where the layer is coloured by something else."""
        renderer = self._layer.renderer()
        if not isinstance(renderer, QgsCategorizedSymbolRenderer):
            return None
        code = {"code_cs": row.cs, "code_us": row.us}.get(renderer.classAttribute())
        if code is None or code not in self._nomenclature:
            return None
        colour = QColor(self._nomenclature[code].colour)
        colour.setAlpha(max(LEAST_ALPHA, round(255 * self._layer.opacity())))
        return colour

    def _band(self, row: PolygonRow, colour: QColor) -> QgsRubberBand:
        band = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        geometry = QgsGeometry()
        geometry.fromWkb(row.wkb)
        band.setStrokeColor(QColor(60, 60, 60, 160))
        band.setFillColor(colour)
        band.setBrushStyle(Qt.BrushStyle.SolidPattern)
        band.setWidth(1)
        band.setToGeometry(geometry, self._layer)
        return band

    def _paint_now(self) -> None:
        """Before panels and map, whose turn comes when the gesture is over."""
        area = QRectF()
        for band in self.bands:
            area = area.united(band.sceneBoundingRect())
        if not area.isEmpty():
            self._canvas.viewport().repaint(self._canvas.mapFromScene(area).boundingRect())

    @guarded
    def _on_start(self) -> None:
        self._is_being_drawn = True

    @guarded
    def _on_refreshed(self) -> None:
        if self._is_being_drawn:
            self._clear()

    def _clear(self) -> None:
        for band in self.bands:
            self._canvas.scene().removeItem(band)
        self.bands = []
