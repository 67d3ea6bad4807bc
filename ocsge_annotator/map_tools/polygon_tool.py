# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygon of the chosen class."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import Qgis
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QKeyEvent

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.map_tools.patch_tool import PatchTool
from ocsge_common.slots import guarded

FILL_ALPHA = 90
CLOSING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
REMOVING_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class PolygonTool(PatchTool):
    """Click by click; right click, double click or Return closes; Backspace takes the last point back."""

    def __init__(
        self, canvas: QgsMapCanvas, session: AnnotationSession, place: Callable[[], PatchPlace | None]
    ) -> None:
        super().__init__(canvas, session, place)
        self.vertices: list[PixelPoint] = []
        self._band = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
        self._band.setWidth(2)

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Left adds a vertex; right closes, or picks the class before the first vertex."""
        point = self.pixel_of(event)
        if point is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self.vertices.append(point)
            self._show(point)
        elif event.button() == Qt.MouseButton.RightButton:
            self._close() if self.vertices else self.pick(point)

    @guarded
    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        """Close: the press before has added the last vertex."""
        self._close()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return closes, Backspace takes the last vertex back, Escape all of them."""
        if not self.vertices or event.key() not in (*CLOSING_KEYS, *REMOVING_KEYS):
            super().keyPressEvent(event)
            return
        event.accept()
        if event.key() in CLOSING_KEYS:
            self._close()
        else:
            last = self.vertices.pop()
            self._show(last)

    def moved(self, point: PixelPoint) -> None:
        """Show the polygon as it would be with a vertex here."""
        if self.vertices:
            self._show(point)

    def give_up(self) -> None:
        """Forget the vertices."""
        self.vertices.clear()
        self._band.reset(Qgis.GeometryType.Polygon)

    def unload(self) -> None:
        """Take the rubber band off the canvas for good; safe to call again."""
        if self._band is not None:
            self.canvas().scene().removeItem(self._band)
            self._band = None

    def deactivate(self) -> None:
        """Another tool comes."""
        if self._band is not None:
            super().deactivate()

    def _close(self) -> None:
        vertices = list(self.vertices)
        self.give_up()
        if len(vertices) >= 3:
            self.session.polygon(vertices, self.session.value)

    def _show(self, mouse: PixelPoint) -> None:
        place = self._place()
        if place is None:
            return
        colour = self._colour()
        self._band.setStrokeColor(colour)
        self._band.setFillColor(QColor(colour.red(), colour.green(), colour.blue(), FILL_ALPHA))
        self._band.reset(Qgis.GeometryType.Polygon)
        for vertex in (*self.vertices, mouse):
            self._band.addPoint(place.to_map(vertex))

    def _colour(self) -> QColor:
        classes = self.session.campaign.classes if self.session.campaign is not None else ()
        return next((QColor(*c.rgb) for c in classes if c.value == self.session.value), QColor("white"))
