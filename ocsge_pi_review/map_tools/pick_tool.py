# SPDX-License-Identifier: GPL-2.0-or-later
"""A click puts the polygon under it in front; with Shift, clicks and a box choose several."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsRectangle, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsRubberBand
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor

from ocsge_common.slots import guarded
from ocsge_pi_review.domain.selection import choosable, toggled
from ocsge_pi_review.map_tools.desk import ToolDesk
from ocsge_pi_review.map_tools.plan_tool import PlanTool
from ocsge_pi_review.map_tools.selection_bands import COLOUR, Selection

DRAG_PX = 6
POLYGON = QgsWkbTypes.GeometryType.PolygonGeometry


class PickTool(PlanTool):
    """The tool at rest.

    Args:
        canvas: the map.
        desk: what it works with.
        selection: polygons chosen together.
    """

    def __init__(self, canvas: QgsMapCanvas, desk: ToolDesk, selection: Selection) -> None:
        super().__init__(canvas, desk)
        self._selection = selection
        self._pressed: QPoint | None = None
        self.box: QgsRubberBand | None = QgsRubberBand(canvas, POLYGON)
        self.box.setStrokeColor(QColor(COLOUR))
        self.box.setFillColor(QColor(0, 229, 255, 30))
        self.box.setLineStyle(Qt.PenStyle.DashLine)

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """With Shift, perhaps the first corner of a box."""
        is_choice = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.LeftButton and is_choice:
            self._pressed = event.pos()

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show the box."""
        if self._is_box(event):
            self.box.setToGeometry(QgsGeometry.fromRect(self._rectangle(event)), self.review.store.crs)

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Put the polygon clicked in front, or choose; the right button chooses nothing any more."""
        if event.button() == Qt.MouseButton.RightButton:
            self._selection.clear()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._is_box(event):
            self._choose_box(self._rectangle(event))
        else:
            row = self.review.store.row_at(self.lot_point(event))
            if row is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._choose(row.id)
            elif row is not None:
                self._selection.clear()
                self.review.show_polygon(row.id)
        self._end_box()

    def give_up(self) -> None:
        """Forget a box begun."""
        self._end_box()
        super().give_up()

    def remove(self) -> None:
        """Leave nothing on the map; safe to call again."""
        if self.box is not None:
            self.canvas().scene().removeItem(self.box)
            self.box = None
        super().remove()

    def _choose(self, polygon_id: str) -> None:
        """One more or one less; the first choice takes the polygon in front along."""
        chosen = self._selection.ids or (self.review.polygon_id,)
        there = self.review.store.rows([*chosen, polygon_id])
        ids = tuple(known for known in chosen if known in there)
        if choosable([there[polygon_id]]):
            self._selection.choose(toggled(ids, polygon_id))

    def _choose_box(self, box: QgsRectangle) -> None:
        """Every polygon that meets the box is added."""
        geometry = QgsGeometry.fromRect(box)
        met = []
        for row in self.review.store.rows_in(box):
            polygon = QgsGeometry()
            polygon.fromWkb(row.wkb)
            if geometry.intersects(polygon):
                met.append(row)
        known = self._selection.ids
        self._selection.choose((*known, *(found for found in choosable(met) if found not in known)))

    def _is_box(self, event: QgsMapMouseEvent) -> bool:
        return self._pressed is not None and (event.pos() - self._pressed).manhattanLength() >= DRAG_PX

    def _rectangle(self, event: QgsMapMouseEvent) -> QgsRectangle:
        (ax, ay), (bx, by) = self.to_lot(self.toMapCoordinates(self._pressed)), self.lot_point(event)
        return QgsRectangle(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    def _end_box(self) -> None:
        self._pressed = None
        if self.box is not None:
            self.box.reset(POLYGON)
