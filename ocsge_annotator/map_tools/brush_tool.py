# SPDX-License-Identifier: GPL-2.0-or-later
"""Brush and eraser."""

from __future__ import annotations

from collections.abc import Callable

from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.map_tools.patch_tool import PatchTool
from ocsge_common.slots import guarded


class BrushTool(PatchTool):
    """Paints the chosen class where the mouse is dragged; one drag is one gesture.

    Args:
        canvas: the map.
        session: takes the gestures.
        place: gives the place of the patch in hand.
        erases: paints `UNLABELLED` instead of the chosen class.
    """

    def __init__(
        self,
        canvas: QgsMapCanvas,
        session: AnnotationSession,
        place: Callable[[], PatchPlace | None],
        *,
        erases: bool = False,
    ) -> None:
        super().__init__(canvas, session, place)
        self._erases = erases
        self._last: PixelPoint | None = None

    @property
    def value(self) -> int:
        """Label that the brush gives."""
        return UNLABELLED if self._erases else self.session.value

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Left begins a stroke; right takes a begun one back, else picks the class."""
        point = self.pixel_of(event)
        if point is None:
            return
        if event.button() == Qt.MouseButton.RightButton:
            self.give_up() if self._last is not None else self.pick(point)
        elif event.button() == Qt.MouseButton.LeftButton and self.session.begin(point):
            self._last = point
            self.moved(point)

    def moved(self, point: PixelPoint) -> None:
        """Paint from the last position to this one."""
        if self._last is not None:
            self.session.stroke(self._last, point, self.value)
            self._last = point

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Left ends the stroke."""
        if event.button() == Qt.MouseButton.LeftButton and self._last is not None:
            point = self.pixel_of(event)
            if point is not None:
                self.moved(point)
            self._last = None
            self.session.finish("eraser" if self._erases else "brush")

    def give_up(self) -> None:
        """Take back the stroke in hand."""
        self._last = None
        super().give_up()
