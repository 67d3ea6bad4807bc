# SPDX-License-Identifier: GPL-2.0-or-later
"""Drawing with the mouse: clicks set vertices, a drag draws freehand; borders attract the pointer."""

from __future__ import annotations

import math

from qgis.core import QgsGeometry, QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor, QKeyEvent

from ocsge_common.slots import guarded
from ocsge_pi_review.domain.nearest import thinned
from ocsge_pi_review.domain.rings import Point
from ocsge_pi_review.map_tools.desk import ToolDesk
from ocsge_pi_review.map_tools.plan_tool import PlanTool

DRAG_PX = 6
"""A press that moves this far draws freehand, px of the screen."""
HAND_PX = 1.5
"""How far the vertices kept of a freehand line may be from it, px of the screen."""
LINE_COLOUR = "#d7191c"
LINE = QgsWkbTypes.GeometryType.LineGeometry


class DrawnLine(PlanTool):
    """Left clicks or a drag draw; right click, double click or the end of a drag finish; Backspace goes back.

    Subclasses give `least` and `draft`, which makes a plan of the points.

    Args:
        canvas: the map.
        desk: what it works with.
    """

    least = 2
    """Vertices without which nothing is drawn."""
    is_closed = False

    def __init__(self, canvas: QgsMapCanvas, desk: ToolDesk) -> None:
        super().__init__(canvas, desk)
        self.points: list[Point] = []
        self._pressed: QPoint | None = None
        self._by_hand = self._double_clicked = False
        self._pixel_m = 1.0
        self._drawn: list[Point] = []
        self.line: QgsRubberBand | None = QgsRubberBand(canvas, LINE)
        self.line.setStrokeColor(QColor(LINE_COLOUR))
        self.line.setSecondaryStrokeColor(QColor("#ffffff"))
        self.line.setWidth(2)
        self.marker: QgsVertexMarker | None = QgsVertexMarker(canvas)
        self.marker.setIconType(QgsVertexMarker.IconType.ICON_BOX)
        self.marker.setColor(QColor("#ff00ff"))
        self.marker.setPenWidth(2)
        self.marker.hide()

    def draft(self, points: list[Point]) -> object:
        """A plan of what is drawn."""
        raise NotImplementedError

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """The beginning of a click or of a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.pos()

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Draw, or show where the next side would go."""
        self._pixel_m = self.pixel_m(event.pos())
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event)
            return
        point = self._attracted(event)
        self._show_line([*self.points, point])
        self._think([*self.points, point])

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Set a vertex, or finish."""
        self._pixel_m = self.pixel_m(event.pos())
        pressed, self._pressed = self._pressed, None
        if event.button() == Qt.MouseButton.RightButton or self._double_clicked:
            self._double_clicked = False
            if not self.finish():
                self.finished.emit()
        elif self._by_hand:
            self._end_drag(event)
        elif event.button() == Qt.MouseButton.LeftButton and pressed is not None:
            self.points.append(self._attracted(event))
            self._show_line(self.points)

    @guarded
    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        """Finish at the release that follows: it must not reach the tool that comes next."""
        self._double_clicked = True

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Backspace takes the last vertex back."""
        if event.key() == Qt.Key.Key_Backspace and self.points:
            event.accept()
            self.points.pop()
            self._show_line(self.points)
            self._think(self.points)

    def finish(self) -> bool:
        """Make what is drawn; False where there are too few vertices."""
        points = _without_repeats(self.points)
        if len(points) < self.least:
            return False
        self.make(lambda: self.draft(points))
        return True

    def give_up(self) -> None:
        """Forget what is drawn."""
        self.points, self._drawn, self._pressed, self._by_hand = [], [], None, False
        self._show_line([])
        if self.marker is not None:
            self.marker.hide()
        super().give_up()

    def remove(self) -> None:
        """Leave nothing on the map; safe to call again."""
        for item in (self.line, self.marker):
            if item is not None:
                self.canvas().scene().removeItem(item)
        self.line = self.marker = None
        super().remove()

    @property
    def reach_m(self) -> float:
        """How near counts as on a border, in units of the lot's CRS."""
        return DRAG_PX * 2 * self._pixel_m

    def _drag(self, event: QgsMapMouseEvent) -> None:
        if not self._by_hand:
            if (event.pos() - self._pressed).manhattanLength() < DRAG_PX:
                return
            self._by_hand = True
            first = self.to_lot(self.toMapCoordinates(self._pressed))
            self.points.append(self.near(first, self.reach_m) or first)
        point = self.lot_point(event)
        if math.dist(point, self.points[-1]) > self._pixel_m:
            self.points.append(point)
        self._show_line(self.points)
        self._think(self._thin(self.points))

    def _end_drag(self, event: QgsMapMouseEvent) -> None:
        self._by_hand = False
        self.points.append(self._attracted(event))
        self.points = self._thin(self.points)
        self.finish()

    def _thin(self, points: list[Point]) -> list[Point]:
        return thinned(points, HAND_PX * self._pixel_m)

    def _attracted(self, event: QgsMapMouseEvent) -> Point:
        """The pointer, on the border that attracts it."""
        near = self.snap(event)
        if self.marker is not None:
            self.marker.setVisible(near is not None)
            if near is not None:
                self.marker.setCenter(self.to_map(near))
        return near or self.lot_point(event)

    def _think(self, points: list[Point]) -> None:
        points = self._drawn = _without_repeats(points)
        self.think((lambda: self.draft(points)) if len(points) >= self.least else None)

    def _show_line(self, points: list[Point]) -> None:
        if self.line is None:
            return
        self.line.reset(LINE)
        if len(points) >= 2:
            shown = [*points, points[0]] if self.is_closed else points
            geometry = QgsGeometry.fromPolylineXY([QgsPointXY(*point) for point in shown])
            self.line.setToGeometry(geometry, self.review.store.crs)


def _without_repeats(points: list[Point]) -> list[Point]:
    """Vertices that differ from the one before: a double click sets the last one twice."""
    return [point for i, point in enumerate(points) if i == 0 or math.dist(point, points[i - 1]) > 1e-6]
