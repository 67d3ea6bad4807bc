# SPDX-License-Identifier: GPL-2.0-or-later
"""The segment under the mouse lights up; a click or a drag gives it the class."""

from __future__ import annotations

from collections.abc import Callable

from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt

from ocsge_annotator.adapters.machine import Machine
from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.pixels import PixelPoint, Region
from ocsge_annotator.map_tools.highlight import Highlight
from ocsge_annotator.map_tools.patch_tool import PatchTool
from ocsge_common.slots import guarded

ACCEPT_RGB = (255, 255, 255)


class SegmentTool(PatchTool):
    """Click or drag: the segments met get the chosen class, with Shift what the machine proposes for them.

    Right click picks the class under the mouse, or takes back the drag in hand.

    Args:
        canvas: the map.
        session: takes the gestures.
        place: gives the place of the patch in hand.
        machine: gives segments and proposals.
    """

    def __init__(
        self,
        canvas: QgsMapCanvas,
        session: AnnotationSession,
        place: Callable[[], PatchPlace | None],
        machine: Machine,
    ) -> None:
        super().__init__(canvas, session, place)
        self._machine = machine
        self.highlight: Highlight | None = Highlight(canvas, place)
        self._hovered: int | None = None
        self._last: PixelPoint | None = None
        self._accepts = False
        self._painted: set[int] = set()
        machine.segments.changed.connect(self._on_segments)
        session.choice_changed.connect(self._on_segments)

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Left begins; right takes back what was begun, else picks the class."""
        point = self.pixel_of(event)
        if point is None:
            return
        if event.button() == Qt.MouseButton.RightButton:
            self.give_up() if self._last is not None else self.pick(point)
        elif event.button() == Qt.MouseButton.LeftButton and self._can_begin():
            self._accepts = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._last = point
            self._paint_to(point)

    def moved(self, point: PixelPoint) -> None:
        """Light up the segment here; while dragging, paint those on the way."""
        self._light(point)
        if self._last is not None:
            self._paint_to(point)

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Left ends the gesture."""
        if event.button() != Qt.MouseButton.LeftButton or self._last is None:
            return
        point = self.pixel_of(event)
        if point is not None:
            self._paint_to(point)
        self._last = None
        self._painted.clear()
        if self._accepts:
            self._machine.proposals.finish_taking()
        else:
            self.session.finish("segment")

    def give_up(self) -> None:
        """Take back the drag in hand, and light nothing up."""
        self._last = None
        self._painted.clear()
        self._light(None)
        super().give_up()

    def unload(self) -> None:
        """Take the highlight off the canvas for good; safe to call again."""
        if self.highlight is not None:
            self._machine.segments.changed.disconnect(self._on_segments)
            self.session.choice_changed.disconnect(self._on_segments)
            self.highlight.remove()
            self.highlight = None

    def _can_begin(self) -> bool:
        return self._machine.segments.segments is not None and self.session.begin()

    def _paint_to(self, point: PixelPoint) -> None:
        segments = self._machine.segments.segments
        if segments is None or self._last is None:
            return
        for segment in segments.ids_along(self._last, point):
            if segment not in self._painted:
                self._painted.add(segment)
                self._give(segments.region_of(segment))
        self._last = point

    def _give(self, region: Region) -> None:
        if self._accepts:
            self._machine.proposals.take_region(region)
        else:
            self.session.paint(region, self.session.value)

    def _light(self, point: PixelPoint | None) -> None:
        """Light up the segment at a position, unless it is the one that is lit."""
        segments = self._machine.segments.segments
        segment = None if point is None or segments is None else segments.id_at(point)
        if self.highlight is None or segment == self._hovered:
            return
        self._hovered = segment
        region = None if segment is None else segments.region_of(segment)
        self.highlight.show_region(region, self._machine.rgb(self.session.value))

    @guarded
    def _on_segments(self) -> None:
        """Other segments, another scale or class: what is lit is out of date."""
        self._hovered = None
        if self.canvas().mapTool() is not self or self.highlight is None:
            return
        place = self._place()
        mouse = self.toMapCoordinates(self.canvas().mouseLastXY())
        self._light(place.to_pixel(mouse) if place is not None else None)
        if self._hovered is None:
            self.highlight.show_region(None)
