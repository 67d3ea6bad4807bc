# SPDX-License-Identifier: GPL-2.0-or-later
"""What the map tools of a patch share: positions in pixels, the wheel, giving up."""

from __future__ import annotations

from collections.abc import Callable

from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QWheelEvent

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.brush import next_size
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_common.slots import guarded

WHEEL_NOTCH = 120


def notches(event: QWheelEvent) -> int:
    """Notches by which the wheel was turned, away from the user is positive."""
    return round(event.angleDelta().y() / WHEEL_NOTCH)


class PatchTool(QgsMapTool):
    """A tool that works on the patch in hand.

    Signals:
        hovered(object): `PixelPoint` under the mouse.

    Args:
        canvas: the map.
        session: takes the gestures.
        place: gives the place of the patch in hand, None without patch.
    """

    hovered = pyqtSignal(object)

    def __init__(
        self, canvas: QgsMapCanvas, session: AnnotationSession, place: Callable[[], PatchPlace | None]
    ) -> None:
        super().__init__(canvas)
        self.session = session
        self._place = place
        self.setCursor(Qt.CursorShape.CrossCursor)

    def pixel_of(self, event: QgsMapMouseEvent) -> PixelPoint | None:
        """Position on the patch, None without patch."""
        place = self._place()
        return None if place is None else place.to_pixel(self.toMapCoordinates(event.pos()))

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Tell where the mouse is."""
        point = self.pixel_of(event)
        if point is not None:
            self.hovered.emit(point)
            self.moved(point)

    def moved(self, point: PixelPoint) -> None:
        """The mouse moved to `point`."""

    def give_up(self) -> None:
        """Take back what was begun."""
        self.session.cancel()

    def pick(self, point: PixelPoint) -> None:
        """Choose the class under the mouse."""
        value = self.session.value_at(point)
        if value is not None:
            self.session.choose_class(value)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
            event.accept()
        else:
            event.ignore()

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel change the size of the tool; the wheel alone stays QGIS's zoom."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        event.accept()
        self.turned(event)

    def turned(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel: the brush grows or shrinks."""
        self.session.choose_brush(next_size(self.session.brush_px, notches(event)))

    def unload(self) -> None:
        """Take what the tool has drawn off the canvas for good; safe to call again."""

    def deactivate(self) -> None:
        """Another tool comes: nothing stays half done."""
        self.give_up()
        super().deactivate()
