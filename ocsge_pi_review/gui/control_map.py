# SPDX-License-Identifier: GPL-2.0-or-later
"""The unit in front on the map: its outline or its cross, the borders around it, and what is drawn on it."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsPointXY, QgsRectangle, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapToolPan, QgsRubberBand
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ocsge_common.preloaded_view import PreloadedView
from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.control_session import ControlSession
from ocsge_pi_review.domain.control import ControlUnit
from ocsge_pi_review.domain.sketch import sketch_from_json, sketch_to_json
from ocsge_pi_review.gui.focus_view import FocusView
from ocsge_pi_review.map_tools.sketch_tool import SketchTool

LINE = QgsWkbTypes.GeometryType.LineGeometry
AROUND_COLOUR, AROUND_HALO = "#ffffff", QColor(0, 0, 0, 150)
SEEN_M = 35.0
"""Ground shown to each side of a bare point, m."""
SURELY_TOO_NEAR = 0.9
"""Of the nearest scale: what rounding never makes of it."""
ARM_M, GAP_M = 12.0, 2.5
"""Length of the arms of a point's cross, and of the gap that leaves its middle free, m."""


class ControlMap(QObject):
    """Draws on the canvas until `remove`; no layer of the lot is needed, and none is there.

    Signals:
        drawn(object): another sketch, as `domain.sketch` writes it, or None.

    Args:
        canvas: the map.
        session: what is in front.
        layer: in whose CRS units are.
        minimum_scale: denominator of the largest scale the map zooms to.
    """

    drawn = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        session: ControlSession,
        layer: QgsVectorLayer,
        minimum_scale: float,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._session, self._layer, self._nearest = canvas, session, layer, minimum_scale
        self.around: QgsRubberBand | None = _around_band(canvas)
        self.focus = FocusView(canvas)
        self.next_view = PreloadedView(canvas, self._coming)
        self.sketch = SketchTool(canvas, layer)
        self.sketch.changed.connect(self._on_drawn)
        self._pan = QgsMapToolPan(canvas)
        self._is_hidden = False
        self.rest()

    @property
    def is_hidden(self) -> bool:
        """Whether the borders around are hidden, to see the ground alone."""
        return self._is_hidden

    @property
    def is_drawing(self) -> bool:
        """Whether the mouse draws."""
        return self._canvas.mapTool() is self.sketch

    def show(self) -> QgsGeometry:
        """Show the unit in front; returns what outlines it."""
        unit = self._session.unit
        shape = self._shape(unit)
        self.focus.show(shape, self._layer)
        if self._canvas.extent().isEmpty():
            # An empty project shows nothing yet, so it has no scale to start from.
            self._canvas.setExtent(self.focus.box_of(self._framed(unit), self._layer))
        self.focus.zoom_to(self._framed(unit), self._layer, self._nearest)
        if self._canvas.scale() < SURELY_TOO_NEAR * self._nearest:
            self._canvas.zoomScale(self._nearest)
        self._show_around()
        self.next_view.take(unit.sample_id)
        self.show_sketch()
        return shape

    def show_sketch(self) -> None:
        """Show what was drawn with the unit in front."""
        self.sketch.start_from(sketch_from_json(self._session.judgement.sketch))

    def toggle_hidden(self) -> None:
        """Hide the borders around, or show them."""
        self._is_hidden = not self._is_hidden
        self._show_around()

    def toggle_drawing(self) -> None:
        """Draw with the mouse, or move the map again."""
        if self.is_drawing:
            self.rest()
        else:
            self._canvas.setMapTool(self.sketch)

    def rest(self) -> None:
        """The mouse moves the map."""
        self._canvas.setMapTool(self._pan)

    def remove(self) -> None:
        """Take everything off the map for good; safe to call again."""
        if self.around is None:
            return
        for tool in (self.sketch, self._pan):
            self._canvas.unsetMapTool(tool)
        self.sketch.remove()
        self.next_view.remove()
        self.focus.remove()
        self._canvas.scene().removeItem(self.around)
        self.around = None

    @guarded
    def _on_drawn(self) -> None:
        self.drawn.emit(sketch_to_json(self.sketch.strokes))

    def _show_around(self) -> None:
        self.around.reset(LINE)
        if self._is_hidden:
            return
        for wkb in self._session.store.surroundings(self._session.unit.sample_id):
            lines = QgsGeometry()
            lines.fromWkb(wkb)
            self.around.addGeometry(lines, self._layer)

    def _coming(self) -> tuple[int, QgsRectangle] | None:
        """The unit that comes when this one is confirmed, and the view on it."""
        place = self._session.following()
        if place is None or place == self._session.place:
            return None
        unit = self._session.store.units[place]
        return unit.sample_id, self.focus.extent_of(self._framed(unit), self._layer, self._nearest)

    def _shape(self, unit: ControlUnit) -> QgsGeometry:
        """Outline of a polygon; the cross of a point."""
        return cross(unit.x, unit.y) if self._is_point(unit) else self._session.outline(unit.sample_id)

    def _framed(self, unit: ControlUnit) -> QgsGeometry:
        """What the view has to hold."""
        if not self._is_point(unit):
            return self._session.outline(unit.sample_id)
        corner = QgsPointXY(unit.x, unit.y)
        return QgsGeometry.fromRect(QgsRectangle.fromCenterAndSize(corner, 2 * SEEN_M, 2 * SEEN_M))

    def _is_point(self, unit: ControlUnit) -> bool:
        return self._session.store.is_by_point or self._session.outline(unit.sample_id).isEmpty()


def cross(x: float, y: float) -> QgsGeometry:
    """Four arms around a point, which itself stays in sight."""
    arms = []
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        ends = (GAP_M, ARM_M)
        arms.append([QgsPointXY(x + dx * end, y + dy * end) for end in ends])
    return QgsGeometry.fromMultiPolylineXY(arms)


def _around_band(canvas: QgsMapCanvas) -> QgsRubberBand:
    band = QgsRubberBand(canvas, LINE)
    band.setStrokeColor(QColor(AROUND_COLOUR))
    band.setSecondaryStrokeColor(AROUND_HALO)
    band.setWidth(1)
    return band
