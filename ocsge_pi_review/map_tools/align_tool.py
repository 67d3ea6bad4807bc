# SPDX-License-Identifier: GPL-2.0-or-later
"""A click on a line of another layer moves the nearby border of the polygon in front onto it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from qgis.core import QgsGeometry, QgsPointXY, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.reference_edges import ReferenceLine, nearest_line
from ocsge_pi_review.domain.errors import NoReferenceLineError
from ocsge_pi_review.map_tools.desk import ToolDesk
from ocsge_pi_review.map_tools.plan_tool import REACH_PX, PlanTool, metres

STEP_M = 1.0
SHORTEST_M, LONGEST_M = 1.0, 50.0
LINE_COLOUR = "#2b83ba"
LINE = QgsWkbTypes.GeometryType.LineGeometry
Layers = Callable[[], list[QgsVectorLayer]]


class AlignTool(PlanTool):
    """Lights up the line under the mouse; a click aligns, the wheel with Ctrl changes the reach.

    Args:
        canvas: the map.
        desk: what it works with.
        layers: gives the layers that are looked at.
    """

    has_size = True

    def __init__(self, canvas: QgsMapCanvas, desk: ToolDesk, layers: Layers) -> None:
        super().__init__(canvas, desk)
        self._layers = layers
        self.tolerance_m = desk.review.profile.number("drawing", "align_tolerance")
        self._lit: ReferenceLine | None = None
        self.line: QgsRubberBand | None = QgsRubberBand(canvas, LINE)
        self.line.setStrokeColor(QColor(LINE_COLOUR))
        self.line.setSecondaryStrokeColor(QColor("#ffffff"))
        self.line.setWidth(4)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def size_text(self) -> str:
        """How far a border may be from the line to be moved onto it."""
        return metres(self.tolerance_m)

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Light up the line that a click would take."""
        found = self._nearest(event)
        if found != self._lit:
            self._lit = found
            self._show_line(found)
            self._think()

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Align to the line clicked; the right button gives up."""
        if event.button() == Qt.MouseButton.RightButton:
            self.finished.emit()
            return
        found = self._nearest(event)
        if found is None:
            raise NoReferenceLineError()
        self.make(partial(self.gestures.align, found.points, self.tolerance_m))

    def step(self, steps: int) -> bool:
        """A longer or a shorter reach."""
        self.tolerance_m = min(max(self.tolerance_m + steps * STEP_M, SHORTEST_M), LONGEST_M)
        self.sized.emit()
        self._think()
        return True

    def give_up(self) -> None:
        """Put everything out."""
        self._lit = None
        self._show_line(None)
        super().give_up()

    def remove(self) -> None:
        """Leave nothing on the map; safe to call again."""
        if self.line is not None:
            self.canvas().scene().removeItem(self.line)
            self.line = None
        super().remove()

    def _nearest(self, event: QgsMapMouseEvent) -> ReferenceLine | None:
        reach_m = REACH_PX * self.pixel_m(event.pos())
        return nearest_line(self.lot_point(event), reach_m, self._layers(), self.review.store.crs)

    def _think(self) -> None:
        line = self._lit
        self.think(None if line is None else partial(self.gestures.align, line.points, self.tolerance_m))

    def _show_line(self, found: ReferenceLine | None) -> None:
        if self.line is None:
            return
        self.line.reset(LINE)
        if found is not None:
            geometry = QgsGeometry.fromPolylineXY([QgsPointXY(*point) for point in found.points])
            self.line.setToGeometry(geometry, self.review.store.crs)
