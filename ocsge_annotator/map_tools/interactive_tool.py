# SPDX-License-Identifier: GPL-2.0-or-later
"""Points and boxes for an interactive model; what it understands is shown, and committed as one gesture."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import numpy as np
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QKeyEvent, QWheelEvent

from ocsge_annotator.adapters.machine import Machine
from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.domain.prompts import Prompts, region_of
from ocsge_annotator.map_tools.highlight import Highlight
from ocsge_annotator.map_tools.patch_tool import PatchTool, notches
from ocsge_annotator.map_tools.prompt_marks import PromptMarks
from ocsge_common.slots import guarded

DRAG_PX = 6
"""Way on the screen from which a press is a box and no point, px."""
COMMITTING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
REMOVING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class State(Enum):
    """What the tool is doing."""

    LOOKING = "looking"
    """Nothing was shown yet: where the mouse is, the model is asked as if one clicked."""
    PRESSED = "pressed"
    BOXING = "boxing"
    SHOWN = "shown"


class InteractiveTool(PatchTool):
    """Left: inside; right or Shift: outside; drag: a box; Return: give the class; Backspace: a point back.

    Ctrl and the wheel go through the model's other answers. A right click before any point picks the class.

    Args:
        canvas: the map.
        session: takes the gestures.
        place: gives the place of the patch in hand.
        machine: asks the models.
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
        self.prompts = Prompts()
        self.state = State.LOOKING
        self.highlight: Highlight | None = Highlight(canvas, place)
        self._marks = PromptMarks(canvas, place)
        self._masks: np.ndarray | None = None
        self._rank = 0
        self.answered = Prompts()
        self._pressed: tuple[QPoint, PixelPoint] | None = None
        machine.interactive.masked.connect(self._on_masks)
        session.choice_changed.connect(self._show)

    def activate(self) -> None:
        """The tool is taken in hand: models and embeddings are wanted from now on."""
        super().activate()
        self._machine.interactive.want()

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """A point, or the first corner of a box."""
        point = self.pixel_of(event)
        if point is None or not self.session.contains(point):
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (event.pos(), point)
        elif event.button() == Qt.MouseButton.RightButton:
            self._add(point, inside=False) if not self.prompts.is_empty else self.pick(point)

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Ask for what is under the mouse, or draw the box."""
        super().canvasMoveEvent(event)
        point = self.pixel_of(event)
        if point is None:
            return
        if self._pressed is not None:
            self._draw_box(event.pos(), point)
        elif self.state is State.LOOKING and self._machine.interactive.is_ready:
            self._look(point)

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """The point is set, or the box is drawn."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        start, self._pressed = self._pressed[1], None
        if self.state is State.BOXING:
            self._use(self.prompts)
        else:
            self._add(start, inside=not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return commits, Backspace takes a point back, Escape all of them."""
        if event.key() in COMMITTING and self._masks is not None:
            event.accept()
            self._commit()
        elif event.key() in REMOVING and not self.prompts.is_empty:
            event.accept()
            self._use(self.prompts.without_last())
        else:
            super().keyPressEvent(event)

    def turned(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel: the model's other answers."""
        if self._masks is not None:
            self._rank = (self._rank - notches(event)) % len(self._masks)
            self._show()

    def give_up(self) -> None:
        """Forget what was shown."""
        self._pressed = None
        self._use(Prompts())
        super().give_up()

    def unload(self) -> None:
        """Take the drawings off the canvas for good; safe to call again."""
        if self.highlight is not None:
            self._machine.interactive.masked.disconnect(self._on_masks)
            self.session.choice_changed.disconnect(self._show)
            self.highlight.remove()
            self._marks.remove()
            self.highlight = None

    def _add(self, point: PixelPoint, *, inside: bool) -> None:
        self._use(self.prompts.with_point(point, inside=inside))

    def _draw_box(self, position: QPoint, point: PixelPoint) -> None:
        start, corner = self._pressed
        if self.state is State.BOXING or (position - start).manhattanLength() >= DRAG_PX:
            self.state = State.BOXING
            self.prompts = Prompts().with_box(corner, point)
            self._marks.show_prompts(self.prompts)

    def _look(self, point: PixelPoint) -> None:
        if self.session.contains(point):
            self._machine.interactive.ask(Prompts().with_point(point, inside=True))
        else:
            self._masks = None
            self._show()

    def _use(self, prompts: Prompts) -> None:
        """These are the prompts from now on; what the model makes of them comes later."""
        self.prompts = prompts
        self.state = State.LOOKING if prompts.is_empty else State.SHOWN
        if self.highlight is None:
            return
        self._marks.show_prompts(prompts)
        if prompts.is_empty:
            self._masks = None
            self._show()
        else:
            self._machine.interactive.ask(prompts)

    def _commit(self) -> None:
        """Give the class to what is lit."""
        region = region_of(self._masks[self._rank])
        self._use(Prompts())
        self.session.apply(region, self.session.value, "interactive")

    @guarded
    def _on_masks(self, masks: np.ndarray, prompts: Prompts) -> None:
        """An answer: to what is shown now, or to where the mouse was a moment ago; any other is too late."""
        is_look = self.state is State.LOOKING and prompts.box is None and len(prompts.points) == 1
        if self.canvas().mapTool() is self and (prompts == self.prompts or is_look):
            self._masks, self._rank, self.answered = masks, 0, prompts
            self._show()

    @guarded
    def _show(self) -> None:
        if self.highlight is None:
            return
        region = region_of(self._masks[self._rank]) if self._masks is not None and len(self._masks) else None
        if region is None:
            self._masks = None
        self.highlight.show_region(region, self._machine.rgb(self.session.value))
