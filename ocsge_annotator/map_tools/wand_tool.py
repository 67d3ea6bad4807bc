# SPDX-License-Identifier: GPL-2.0-or-later
"""Magic wand."""

from __future__ import annotations

from dataclasses import replace

from qgis.gui import QgsMapMouseEvent
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QWheelEvent

from ocsge_annotator.adapters.shown_colours import shown_colours
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.domain.tool_choices import next_tolerance
from ocsge_annotator.domain.wand import Wand
from ocsge_annotator.map_tools.patch_tool import PatchTool, notches
from ocsge_common.slots import guarded

DRAG_PX = 4
"""Drag of the mouse that changes the tolerance by one, px of the screen."""


class WandTool(PatchTool):
    """Gives the class to the pixels of one colour: press, drag for more or less tolerance, release.

    Right and up take more, left and down less. With Shift, areas anywhere on the patch are taken.
    """

    _wand: Wand | None = None
    _pressed_at = QPoint()
    _tolerance = 0
    _is_connected = True

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Left shows the area; right takes it back, or picks the class."""
        point = self.pixel_of(event)
        if point is None:
            return
        if event.button() == Qt.MouseButton.RightButton:
            self.give_up() if self._wand is not None else self.pick(point)
        elif event.button() == Qt.MouseButton.LeftButton and self.session.contains(point):
            self._start(event, point)

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """While pressed, change the tolerance."""
        super().canvasMoveEvent(event)
        if self._wand is not None:
            moved = event.pos() - self._pressed_at
            wanted = next_tolerance(self._tolerance, (moved.x() - moved.y()) / DRAG_PX)
            if wanted != self.session.choices.wand_tolerance:
                self._show(wanted)

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Left ends the gesture."""
        if event.button() == Qt.MouseButton.LeftButton and self._wand is not None:
            self._wand = None
            self.session.finish("wand")

    def turned(self, event: QWheelEvent) -> None:
        """The wheel changes the tolerance."""
        choices = self.session.choices
        tolerance = next_tolerance(choices.wand_tolerance, notches(event))
        self.session.choose(replace(choices, wand_tolerance=tolerance))

    def give_up(self) -> None:
        """Take back the area in hand."""
        self._wand = None
        super().give_up()

    def _start(self, event: QgsMapMouseEvent, point: PixelPoint) -> None:
        if not self.session.begin(point):
            return
        colours = shown_colours(self.canvas().layers(), self.session.image, self.session.opened.window)
        self._wand = Wand(colours, point)
        self._pressed_at, self._tolerance = event.pos(), self.session.choices.wand_tolerance
        self._is_connected = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._show(self._tolerance)

    def _show(self, tolerance: int) -> None:
        self.session.choose(replace(self.session.choices, wand_tolerance=tolerance))
        region = self._wand.region(tolerance, is_connected=self._is_connected)
        self.session.repaint(region, self.session.value)
