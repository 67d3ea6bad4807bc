# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference vectors moved onto the image: a drag moves the layer under the mouse, on this patch alone."""

from __future__ import annotations

from collections.abc import Callable

from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt

from ocsge_annotator.adapters.hint_offsets import Offset
from ocsge_annotator.adapters.machine import Machine
from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.domain.proposal import ProposalSource
from ocsge_annotator.map_tools.patch_tool import PatchTool
from ocsge_common.slots import guarded


class HintTool(PatchTool):
    """Drag: the layer under the mouse follows; right click puts it back where it was.

    Args:
        canvas: the map.
        session: the work.
        place: gives the place of the patch in hand.
        machine: holds the layers.
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
        self._dragged: tuple[str, PixelPoint, Offset] | None = None
        self._patch_id = ""
        self.setCursor(Qt.CursorShape.SizeAllCursor)

    def activate(self) -> None:
        """The tool is taken in hand: there must be something to drag."""
        super().activate()
        self._show_hints()

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Left takes the layer, right puts it back."""
        point = self.pixel_of(event)
        if point is None:
            return
        hints = self._machine.hints
        if event.button() == Qt.MouseButton.RightButton and self._dragged is not None:
            self.give_up()
            return
        title = hints.layer_at(point)
        if title is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = (title, point, hints.offset_of(title))
            self._patch_id = self.session.patch.patch_id
        elif event.button() == Qt.MouseButton.RightButton:
            hints.move(title, (0.0, 0.0))
            hints.remember()

    def moved(self, point: PixelPoint) -> None:
        """The layer follows."""
        if self._dragged is None:
            return
        title, start, (east, north) = self._dragged
        grid = self.session.image.grid
        east += (point.x - start.x) * grid.pixel_x
        north += (start.y - point.y) * grid.pixel_y
        self._machine.hints.move(title, (east, north))

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """The layer stays, and the patch remembers."""
        point = self.pixel_of(event)
        if event.button() == Qt.MouseButton.LeftButton and self._dragged is not None:
            if point is not None:
                self.moved(point)
            self._dragged = None
            self._machine.hints.remember()

    def give_up(self) -> None:
        """Put back what is being dragged."""
        dragged, self._dragged = self._dragged, None
        patch = self.session.patch
        if dragged is not None and patch is not None and patch.patch_id == self._patch_id:
            self._machine.hints.move(dragged[0], dragged[2])
        super().give_up()

    @guarded
    def _show_hints(self) -> None:
        if self._machine.source is not ProposalSource.HINT:
            self._machine.choose_source(ProposalSource.HINT)
