# SPDX-License-Identifier: GPL-2.0-or-later
"""What tools that are clicked corner by corner share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.core import Qgis, QgsGeometry, QgsPointXY
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


class CornersTool(PatchTool):
    """Click by click; right click, double click or Return ends; Backspace takes the last corner back."""

    least_corners = 3
    """Corners without which nothing is drawn."""

    def __init__(
        self, canvas: QgsMapCanvas, session: AnnotationSession, place: Callable[[], PatchPlace | None]
    ) -> None:
        super().__init__(canvas, session, place)
        self.vertices: list[PixelPoint] = []
        self._band = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
        self._band.setWidth(2)

    # What a tool decides

    def with_corner(self, point: PixelPoint, *, is_free: bool) -> list[PixelPoint]:
        """The corners with one more at the mouse.

        Args:
            point: under the mouse.
            is_free: whether Shift is held.
        """
        return [*self.vertices, point]

    def outline(self, corners: Sequence[PixelPoint], place: PatchPlace) -> QgsGeometry:
        """What `corners` would cover, in the map's CRS."""
        return QgsGeometry.fromPolygonXY([[place.to_map(corner) for corner in corners]])

    def draw(self, corners: Sequence[PixelPoint]) -> None:
        """Give the class to what the corners cover, as one gesture."""
        self.session.polygon(corners, self.session.value)

    # Events

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Left adds a corner; right ends, or picks the class before the first corner."""
        point = self.pixel_of(event)
        if point is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self.vertices = self.with_corner(point, is_free=_is_free(event))
            self._show(self.vertices)
        elif event.button() == Qt.MouseButton.RightButton:
            self._end() if self.vertices else self.pick(point)

    @guarded
    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        """End: the press before has added the last corner."""
        self._end()

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show what a corner here would make."""
        super().canvasMoveEvent(event)
        point = self.pixel_of(event)
        if self.vertices and point is not None:
            self._show(self.with_corner(point, is_free=_is_free(event)))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return ends, Backspace takes the last corner back, Escape all of them."""
        if not self.vertices or event.key() not in (*CLOSING_KEYS, *REMOVING_KEYS):
            super().keyPressEvent(event)
            return
        event.accept()
        if event.key() in CLOSING_KEYS:
            self._end()
        else:
            self.vertices.pop()
            self._show(self.vertices)

    def give_up(self) -> None:
        """Forget the corners."""
        self.vertices.clear()
        if self._band is not None:
            self._band.reset(Qgis.GeometryType.Polygon)

    def unload(self) -> None:
        """Take the rubber band off the canvas for good; safe to call again."""
        if self._band is not None:
            self.canvas().scene().removeItem(self._band)
            self._band = None

    def _end(self) -> None:
        corners = list(self.vertices)
        self.give_up()
        if len(corners) >= self.least_corners:
            self.draw(corners)

    def _show(self, corners: Sequence[PixelPoint]) -> None:
        place = self._place()
        if place is None:
            return
        colour = self._colour()
        self._band.setStrokeColor(colour)
        self._band.setFillColor(QColor(colour.red(), colour.green(), colour.blue(), FILL_ALPHA))
        if len(corners) < 2:
            self._band.setToGeometry(_dot(place, corners), None)
        else:
            self._band.setToGeometry(self.outline(corners, place), None)

    def _colour(self) -> QColor:
        classes = self.session.campaign.classes if self.session.campaign is not None else ()
        return next((QColor(*c.rgb) for c in classes if c.value == self.session.value), QColor("white"))


def _is_free(event: QgsMapMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _dot(place: PatchPlace, corners: Sequence[PixelPoint]) -> QgsGeometry:
    """The pixel of the only corner, nothing without one."""
    if not corners:
        return QgsGeometry()
    (x, y), half = corners[0], 0.5
    ring: list[QgsPointXY] = [
        place.to_map(PixelPoint(x + dx, y + dy))
        for dx, dy in ((-half, -half), (half, -half), (half, half), (-half, half))
    ]
    return QgsGeometry.fromPolygonXY([ring])
