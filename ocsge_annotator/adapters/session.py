# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody at work on a campaign: the only object through which tools, dock and keys change anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from ocsge_annotator.adapters.patch_queue import CONTROLLED_STATES, LOCKED_STATES, PatchQueue
from ocsge_annotator.adapters.settings import AnnotatorSettings
from ocsge_annotator.domain.brush import brush_segment
from ocsge_annotator.domain.campaign import Campaign
from ocsge_annotator.domain.class_use import ClassUse
from ocsge_annotator.domain.holes import Hole, next_hole
from ocsge_annotator.domain.limits import Fence, Limits, SegmentMap
from ocsge_annotator.domain.pixels import Labels, PixelPoint, PixelWindow, Region
from ocsge_annotator.domain.polygon import fill_polygon
from ocsge_annotator.domain.runs import connected_region
from ocsge_annotator.domain.tidy import close_gaps, only_class, remove_specks, smooth
from ocsge_annotator.domain.tool_choices import ToolChoices

__all__ = ["LOCKED_STATES", "AnnotationSession"]


class AnnotationSession(PatchQueue):
    """The patch in hand, the operator's choices, and the gestures that change labels.

    A gesture is `apply` or `replace` in one call, or `begin`, any number of `paint` (or `repaint`), and
    `finish` or `cancel`. Every one obeys `limits`, is journalled, and is one step of undo.

    Signals:
        labels_changed(object): `PixelWindow` whose pixels changed; also during a gesture.
        painted(str): a gesture of that tool ended, before `gesture_done`; also one that changed nothing.
        gesture_done(): a gesture was finished, undone or redone.
        choice_changed(): class, brush size or what is set on a tool changed.
        limits_changed(): another limit is in force.
        segments_changed(): other segments are shown, or none.

    Args:
        settings: the operator's.
        parent: owner.
    """

    labels_changed = pyqtSignal(object)
    painted = pyqtSignal(str)
    gesture_done = pyqtSignal()
    choice_changed = pyqtSignal()
    limits_changed = pyqtSignal()
    segments_changed = pyqtSignal()

    def __init__(self, settings: AnnotatorSettings, parent: QObject | None = None) -> None:
        super().__init__(settings, parent)
        self.value = 0
        self.brush_px = settings.brush_px
        self.limits = Limits(keep_labelled=settings.keep_labelled)
        self.choices = ToolChoices(
            settings.line_width_m, settings.wand_tolerance, settings.tidy_px, settings.smooth_px
        )
        self.segments: SegmentMap | None = None
        self.class_use = ClassUse()
        self._painted: set[int] = set()
        self._fence: Fence | None = None
        self._shown_hole: Hole | None = None

    def _on_campaign(self, campaign: Campaign) -> None:
        self.value = campaign.classes[0].value if campaign.classes else 0
        self.class_use = ClassUse()

    def _on_taken(self) -> None:
        self._shown_hole, self._fence = None, None
        self.show_segments(None)

    # Choices

    def choose_class(self, value: int) -> None:
        """Class of the next gestures; `UNLABELLED` erases."""
        self.value = value
        self.choice_changed.emit()

    def choose_previous_class(self) -> None:
        """Class used before the one in hand, where there is one."""
        others = [value for value in self.class_use.recent() if value != self.value]
        if others:
            self.choose_class(others[0])

    def choose_brush(self, size_px: int) -> None:
        """Diameter of the brush, px."""
        self.brush_px = size_px
        self.choice_changed.emit()

    def choose(self, choices: ToolChoices) -> None:
        """What is set on the tools."""
        self.choices = choices
        self.choice_changed.emit()

    def limit(self, limits: Limits) -> None:
        """What the next gestures leave alone."""
        self.limits = limits
        self.limits_changed.emit()

    def show_segments(self, segments: SegmentMap | None) -> None:
        """Segments of the patch in hand at the scale shown, (H, W); None where there are none.

        Raises:
            ValueError: their shape is not that of the patch.
        """
        if segments is self.segments:
            return
        if segments is not None and (self.opened is None or segments.shape != self.opened.editor.shape):
            raise ValueError(f"segments of shape {segments.shape} do not fit the patch in hand")
        self.segments = segments
        self.segments_changed.emit()

    # Gestures

    def begin(self, seed: PixelPoint | None = None) -> bool:
        """Start a gesture; False where the patch cannot be changed.

        Args:
            seed: where it begins, for the limits that ask; None for a gesture without place.
        """
        if self.opened is None or self.is_locked:
            return False
        editor = self.opened.editor
        editor.begin()
        self._painted.clear()
        self._fence = Fence(self.limits, editor.before, seed, self.segments)
        return True

    def paint(self, region: Region | None, value: int) -> None:
        """Give a class to the pixels of a region within the gesture, as far as the limits allow."""
        if self.opened is None or self._fence is None:
            return
        self._painted.add(value)
        fence = self._fence.mask(erases=value == UNLABELLED)
        window = self.opened.editor.paint(region, value, fence=fence)
        if window is not None:
            self.labels_changed.emit(window)

    def repaint(self, region: Region | None, value: int) -> None:
        """Paint `region` instead of what the gesture has painted so far: a preview that follows the mouse."""
        if self.opened is not None and self._fence is not None:
            window = self.opened.editor.restart()
            if window is not None:
                self.labels_changed.emit(window)
            self.paint(region, value)

    def stroke(self, start: PixelPoint, end: PixelPoint, value: int) -> None:
        """Move the brush within the gesture."""
        self.paint(brush_segment(self.opened.editor.shape, start, end, self.brush_px), value)

    def apply(self, region: Region | None, value: int, tool: str, seed: PixelPoint | None = None) -> None:
        """Give a class to the pixels of a region, as one gesture.

        Args:
            region: pixels of the patch, None for no pixel.
            value: class value, or `UNLABELLED`.
            tool: name for the journal.
            seed: where the operator pointed, for the limits that ask.
        """
        if self.begin(seed):
            self.paint(region, value)
            self.finish(tool)

    def replace(self, labels: Labels, tool: str) -> None:
        """Set the labels of the whole patch as far as the limits allow, as one gesture.

        Args:
            labels: (H, W) uint8, the values wanted; where nothing is to change, those of the patch.
            tool: name for the journal.
        """
        if self.begin():
            window = self.opened.editor.replace(labels, fence=self._fence.mask())
            self.labels_changed.emit(window)
            self.finish(tool)

    def polygon(self, vertices: Sequence[PixelPoint], value: int, tool: str = "polygon") -> None:
        """Fill a polygon, as one gesture."""
        if self.opened is not None and vertices:
            self.apply(fill_polygon(self.opened.editor.shape, vertices), value, tool, vertices[0])

    def fill(self, point: PixelPoint, value: int) -> None:
        """Give a class to the connected pixels that are as the one at `point`, as one gesture."""
        if self.contains(point):
            labels = self.opened.editor.labels
            self.apply(connected_region(labels, int(point.y // 1), int(point.x // 1)), value, "fill", point)

    def tidy(self, way: str) -> None:
        """Tidy the labels of the patch, as one gesture.

        Args:
            way: `smooth` borders, close `gaps`, or remove `specks`.
        """
        if self.opened is None:
            return
        before, choices = self.opened.editor.labels, self.choices
        ways = {
            "smooth": lambda: smooth(before, choices.smooth_px),
            "gaps": lambda: close_gaps(before, choices.tidy_px),
            "specks": lambda: remove_specks(before, choices.tidy_px),
        }
        after = ways[way]()
        self.replace(only_class(before, after, self.value) if choices.tidy_class_only else after, way)

    def finish(self, tool: str) -> None:
        """End the gesture.

        Raises:
            WriteError: the journal cannot be written; the labels are as before the gesture.
        """
        self._fence = None
        if self.opened is None:
            return
        try:
            window = self.opened.editor.commit(tool)
        except BaseException:
            self.labels_changed.emit(self._whole())
            raise
        self.painted.emit(tool)
        if window is not None:
            self.class_use.count(self._painted - {UNLABELLED})
        self._announce(window)

    def cancel(self) -> None:
        """Take back the gesture in hand."""
        self._fence = None
        if self.opened is not None and self.opened.editor.is_in_gesture:
            self.opened.editor.abort()
            self.labels_changed.emit(self._whole())

    def undo(self) -> None:
        """Take back the last gesture."""
        if self.opened is not None and not self.is_locked:
            self._announce(self.opened.editor.undo())

    def redo(self) -> None:
        """Do the last undone gesture again."""
        if self.opened is not None and not self.is_locked:
            self._announce(self.opened.editor.redo())

    def _announce(self, window: PixelWindow | None) -> None:
        if window is None:
            return
        if self.patch is not None:
            controlled = self.is_controlling and self.patch.state in CONTROLLED_STATES
            state = PatchState.IN_CONTROL if controlled else PatchState.IN_PROGRESS
            if self.patch.state is not state:
                self.patches[self.index] = replace(self.patch, state=state)
                self.patches_changed.emit()
        self.labels_changed.emit(window)
        self.gesture_done.emit()

    # Questions

    def contains(self, point: PixelPoint) -> bool:
        """Whether a position is on the patch in hand."""
        if self.opened is None:
            return False
        height, width = self.opened.editor.shape
        return 0 <= point.x < width and 0 <= point.y < height

    def value_at(self, point: PixelPoint) -> int | None:
        """Label at a position, None outside the patch."""
        if self.opened is None or not self.contains(point):
            return None
        return int(self.opened.editor.labels[int(point.y), int(point.x)])

    def next_hole(self) -> Hole | None:
        """The next area without label, largest first; None where every pixel has its class."""
        if self.opened is not None:
            self._shown_hole = next_hole(self.opened.editor.labels, self._shown_hole)
        return self._shown_hole

    def _whole(self) -> PixelWindow:
        height, width = self.opened.editor.shape
        return PixelWindow(0, 0, height, width)
