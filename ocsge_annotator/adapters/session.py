# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody at work on a campaign: the only object through which tools, dock and keys change anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.image import Image, read_image
from ocsge_annotator.adapters.patch_files import OpenPatch, open_patch, save_patch
from ocsge_annotator.adapters.settings import AnnotatorSettings
from ocsge_annotator.domain.brush import brush_segment
from ocsge_annotator.domain.campaign import Campaign, Patch, next_index, next_open_index
from ocsge_annotator.domain.holes import Hole, next_hole
from ocsge_annotator.domain.pixels import PixelPoint, PixelWindow
from ocsge_annotator.domain.polygon import fill_polygon
from ocsge_annotator.domain.runs import connected_region
from ocsge_annotator.errors import CampaignError
from ocsge_common.slots import guarded

LOCKED_STATES = (PatchState.IN_CONTROL, PatchState.ACCEPTED)
"""States in which a patch belongs to the controller."""


class AnnotationSession(QObject):
    """A campaign, the patch in hand, and the operator's choices.

    Signals:
        campaign_changed(): another campaign, or none.
        patch_changed(): another patch is in hand.
        patches_changed(): a patch's row changed.
        labels_changed(object): `PixelWindow` whose pixels changed; also during a stroke.
        gesture_done(): a gesture was finished, undone or redone.
        choice_changed(): class, brush size or protection changed.

    Args:
        settings: the operator's.
        parent: owner.
    """

    campaign_changed = pyqtSignal()
    patch_changed = pyqtSignal()
    patches_changed = pyqtSignal()
    labels_changed = pyqtSignal(object)
    gesture_done = pyqtSignal()
    choice_changed = pyqtSignal()

    def __init__(self, settings: AnnotatorSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.campaign: Campaign | None = None
        self.image: Image | None = None
        self.patches: list[Patch] = []
        self.index = -1
        self.opened: OpenPatch | None = None
        self.value = 0
        self.brush_px = settings.brush_px
        self.keep_labelled = settings.keep_labelled
        self._shown_hole: Hole | None = None
        self._is_suspended = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._autosave)
        self.use_settings(settings)

    def use_settings(self, settings: AnnotatorSettings) -> None:
        """Take over changed settings."""
        self.settings = settings
        self._timer.stop()
        if settings.autosave_s > 0:
            self._timer.start(settings.autosave_s * 1000)

    def stop(self) -> None:
        """End the timer for good."""
        self._timer.stop()

    # Campaign and patches

    def open_campaign(self, path: Path) -> None:
        """Open a campaign at its first undone patch.

        Raises:
            CampaignError: not a campaign, one without patch, or patches are being pre-labelled.
            ImageError: its image cannot be used.
        """
        self._refuse_while_suspended(path)
        campaign = read_campaign(path)
        image = read_image(campaign.image)
        if not campaign.patches:
            raise CampaignError(
                path=path,
                problem_en="the campaign has no patch",
                problem_fr="la campagne n'a aucune dalle",
                remedy_en="Make a new one with a smaller patch or a larger area.",
                remedy_fr="Créez-en une autre avec une dalle plus petite ou une zone plus grande.",
            )
        self.close_campaign()
        self.campaign, self.image, self.patches = campaign, image, list(campaign.patches)
        self.value = campaign.classes[0].value if campaign.classes else 0
        self.campaign_changed.emit()
        start = 0 if self.patches[0].is_open else next_open_index(self.patches, 0)
        self.go_to(start or 0)

    def close_campaign(self) -> None:
        """Save and let go of everything; safe to call again."""
        self._leave_patch()
        had_campaign = self.campaign is not None
        self.campaign, self.image, self.patches, self.index = None, None, [], -1
        if had_campaign:
            self.patch_changed.emit()
            self.campaign_changed.emit()

    def suspend(self) -> None:
        """Save and let go of the patch in hand, for another hand to write it; none is taken till `resume`."""
        self._leave_patch()
        self._is_suspended = True
        self.patch_changed.emit()

    def resume(self) -> None:
        """Take the patch in hand again, as it is now on the disk."""
        self._is_suspended = False
        if self.campaign is None or self.opened is not None:
            return
        index, self.index = max(self.index, 0), -1
        self.campaign = read_campaign(self.campaign.path)
        self.patches = list(self.campaign.patches)
        self.go_to(index)
        self.patches_changed.emit()

    def _refuse_while_suspended(self, path: Path) -> None:
        if self._is_suspended:
            raise CampaignError(
                path=path,
                problem_en="patches are being pre-labelled",
                problem_fr="le pré-étiquetage des dalles est en cours",
                remedy_en="Wait for its end, or stop it.",
                remedy_fr="Attendez qu'il se termine ou arrêtez-le.",
            )

    @property
    def patch(self) -> Patch | None:
        """Row of the patch in hand."""
        return self.patches[self.index] if self.opened is not None else None

    @property
    def is_locked(self) -> bool:
        """Whether the patch in hand belongs to the controller."""
        return self.patch is not None and self.patch.state in LOCKED_STATES

    def go_to(self, index: int) -> None:
        """Save the patch in hand and take another.

        Raises:
            ImageError: the image does not fit the patch any more.
            LabelError: the patch's labels cannot be used.
            JournalError: the patch's journal cannot be used.
            WriteError: the patch in hand cannot be saved; it stays in hand.
        """
        if self.campaign is None or self.image is None or self._is_suspended:
            return
        opened = open_patch(self.campaign, self.image, self.patches[index]) if index != self.index else None
        if opened is None:
            return
        self._leave_patch()
        self.opened, self.index, self._shown_hole = opened, index, None
        self.patch_changed.emit()

    def next_patch(self) -> bool:
        """Take the next patch of the queue; False at its end."""
        return self._take(next_index(self.patches, self.index))

    def previous_patch(self) -> bool:
        """Take the previous patch of the queue; False at its start."""
        return self._take(next_index(self.patches, self.index, -1))

    def next_open_patch(self) -> bool:
        """Take the next patch still to be done; False where there is none."""
        return self._take(next_open_index(self.patches, self.index))

    def save(self) -> None:
        """Write the label raster and the patch's row, where something changed.

        Raises:
            WriteError: the system refuses; the journal keeps every gesture.
        """
        self._store(PatchState.IN_PROGRESS)

    def submit(self) -> None:
        """Hand the patch in and take the next one still to be done.

        Raises:
            WriteError: the system refuses; the patch stays in hand.
        """
        if self.opened is None or self.is_locked:
            return
        self.opened.editor.clock.touch()
        self._store(PatchState.SUBMITTED)
        self.next_open_patch()

    def _take(self, index: int | None) -> bool:
        if index is None:
            return False
        self.go_to(index)
        return True

    def _leave_patch(self) -> None:
        if self.opened is None:
            return
        self.opened.editor.abort()
        self.save()
        self.opened.editor.close()
        self.opened = None

    def _store(self, state: PatchState) -> None:
        if self.opened is None or self.campaign is None or self.image is None:
            return
        before = self.opened.patch
        after = save_patch(self.campaign, self.image, self.opened, self.settings.annotator_name, state)
        self.patches[self.index] = after
        if after != before:
            self.patches_changed.emit()

    @guarded
    def _autosave(self) -> None:
        if self.opened is not None and not self.opened.editor.is_in_gesture:
            self.save()

    # Choices

    def choose_class(self, value: int) -> None:
        """Class of the next gestures; `UNLABELLED` erases."""
        self.value = value
        self.choice_changed.emit()

    def choose_brush(self, size_px: int) -> None:
        """Diameter of the brush, px."""
        self.brush_px = size_px
        self.choice_changed.emit()

    def protect(self, keep_labelled: bool) -> None:
        """Whether tools leave alone what has a class."""
        self.keep_labelled = keep_labelled
        self.choice_changed.emit()

    # Gestures

    def begin(self) -> bool:
        """Start a gesture; False where the patch cannot be changed."""
        if self.opened is None or self.is_locked:
            return False
        self.opened.editor.begin()
        return True

    def stroke(self, start: PixelPoint, end: PixelPoint, value: int) -> None:
        """Move the brush within the gesture."""
        editor = self.opened.editor
        self._paint(brush_segment(editor.shape, start, end, self.brush_px), value)

    def polygon(self, vertices: Sequence[PixelPoint], value: int) -> None:
        """Fill a polygon, as one gesture."""
        if self.begin():
            self._paint(fill_polygon(self.opened.editor.shape, vertices), value)
            self.finish("polygon")

    def fill(self, point: PixelPoint, value: int) -> None:
        """Give a class to the connected pixels that are as the one at `point`, as one gesture."""
        row, col = int(point.y // 1), int(point.x // 1)
        if not self.contains(point) or not self.begin():
            return
        self._paint(connected_region(self.opened.editor.labels, row, col), value)
        self.finish("fill")

    def finish(self, tool: str) -> None:
        """End the gesture.

        Raises:
            WriteError: the journal cannot be written; the labels are as before the gesture.
        """
        if self.opened is None:
            return
        try:
            window = self.opened.editor.commit(tool)
        except BaseException:
            self.labels_changed.emit(self._whole())
            raise
        self._announce(window)

    def cancel(self) -> None:
        """Take back the gesture in hand."""
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

    def _paint(self, region: object, value: int) -> None:
        keep = self.keep_labelled and value != UNLABELLED
        window = self.opened.editor.paint(region, value, keep_labelled=keep)
        if window is not None:
            self.labels_changed.emit(window)

    def _announce(self, window: PixelWindow | None) -> None:
        if window is None:
            return
        if self.patch is not None and self.patch.state is not PatchState.IN_PROGRESS:
            self.patches[self.index] = replace(self.patch, state=PatchState.IN_PROGRESS)
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
