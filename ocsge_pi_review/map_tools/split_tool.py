# SPDX-License-Identifier: GPL-2.0-or-later
"""A line drawn across the polygon in front cuts it."""

from __future__ import annotations

from qgis.core import QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent

from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.domain.line_ends import lengthen_ends

REACH_PX = 12
"""An end this near to the border counts as on it, px of the screen."""


class SplitTool(QgsMapTool):
    """Left clicks draw, a right click or a double click cuts, Backspace takes the last vertex back.

    Signals:
        finished(): cut or given up.
    """

    finished = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, review: Review) -> None:
        super().__init__(canvas)
        self._review = review
        self._points: list[QgsPointXY] = []
        self._double_clicked = False
        self.band: QgsRubberBand | None = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.LineGeometry)
        self.band.setStrokeColor(QColor("#ffffff"))
        self.band.setSecondaryStrokeColor(QColor("#d7191c"))
        self.band.setWidth(3)
        self.setCursor(Qt.CursorShape.CrossCursor)

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Add a vertex, or cut."""
        if event.button() == Qt.MouseButton.RightButton or self._double_clicked:
            self._double_clicked = False
            self.cut()
            return
        self._points.append(QgsPointXY(event.mapPoint()))
        self._redraw(None)

    @guarded
    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        """Cut at the release that follows: it must not reach the tool that comes next."""
        self._double_clicked = True

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show the line to the pointer."""
        self._redraw(QgsPointXY(event.mapPoint()))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Backspace takes the last vertex back."""
        if event.key() == Qt.Key.Key_Backspace and self._points:
            event.accept()
            self._points.pop()
            self._redraw(None)

    def cut(self) -> None:
        """Cut along what is drawn; fewer than two vertices give up.

        Raises:
            GestureRefusedError: the line does not cut the polygon; the tool then starts afresh.
        """
        points, self._points = self._points, []
        self._redraw(None)
        if len(points) < 2:
            self.finished.emit()
            return
        layer = self._review.coverage.layer
        line = [self.toLayerCoordinates(layer, point) for point in points]
        reach_m = REACH_PX * self.canvas().mapUnitsPerPixel()
        drawn = [(point.x(), point.y()) for point in line]
        self._review.split(lengthen_ends(self._review.row().polygon, drawn, reach_m))
        self.finished.emit()

    def deactivate(self) -> None:
        """Forget what is drawn."""
        self._points.clear()
        self._redraw(None)
        super().deactivate()

    def remove(self) -> None:
        """Take the band off the map for good; safe to call again."""
        if self.band is not None:
            self.canvas().scene().removeItem(self.band)
            self.band = None

    def _redraw(self, pointer: QgsPointXY | None) -> None:
        if self.band is None:
            return
        self.band.reset(QgsWkbTypes.GeometryType.LineGeometry)
        points = self._points + ([pointer] if pointer is not None and self._points else [])
        for point in points:
            self.band.addPoint(point)
