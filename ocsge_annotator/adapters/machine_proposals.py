# SPDX-License-Identifier: GPL-2.0-or-later
"""The proposal on the table, and the gestures that take it over or send it away."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.machine_share_store import read_share, share_file, write_share
from ocsge_annotator.adapters.patch_files import OpenPatch
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.pixels import Labels, Mask, PixelWindow, Region
from ocsge_annotator.domain.proposal import MachineShare, Proposal
from ocsge_annotator.errors import WriteError
from ocsge_common.messages import current_log
from ocsge_common.slots import guarded

TOOL = "proposal"
"""Name of the gesture in the journal."""
DEFAULT_FLOOR = 0.8


class ProposalDesk(QObject):
    """One proposal at a time for the patch in hand; whoever proposes puts it here.

    Signals:
        changed(): another proposal, none, or another floor.

    Args:
        session: takes the gestures.
        parent: owner.
    """

    changed = pyqtSignal()

    def __init__(self, session: AnnotationSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.proposal: Proposal | None = None
        self.floor = DEFAULT_FLOOR
        self._share = MachineShare((0, 0))
        self._taken: tuple[OpenPatch, Path] | None = None
        self._open_mask: Mask | None = None
        session.labels_changed.connect(self._on_labels)
        session.painted.connect(self._on_painted)

    def take_patch(self) -> None:
        """Another patch is in hand, or none; what the machine gave is remembered till it is again."""
        self._keep()
        opened, campaign = self._session.opened, self._session.campaign
        if opened is None or campaign is None:
            self._taken, self._share = None, MachineShare((0, 0))
        else:
            self._taken = (opened, share_file(campaign, opened.patch))
            self._share = read_share(self._taken[1], opened.editor.labels)
        self._open_mask = None
        self.put(None)

    def _keep(self) -> None:
        """The patch that was in hand is left."""
        if self._taken is None:
            return
        opened, path = self._taken
        if not opened.is_barred and not opened.editor.is_unsaved:
            try:
                write_share(path, self._share, opened.editor.labels)
            except WriteError as error:
                current_log().debug(str(error))  # a help to the next session, and no label

    def put(self, proposal: Proposal | None) -> None:
        """Put a proposal on the table, or take what is there away.

        Raises:
            ValueError: it is one for another patch.
        """
        opened = self._session.opened
        if proposal is not None and (opened is None or proposal.value.shape != tuple(opened.editor.shape)):
            raise ValueError("this proposal is for another patch")
        self.proposal, self._open_mask = proposal, None
        self.changed.emit()

    def choose_floor(self, floor: float) -> None:
        """Confidence from which the machine counts as sure, 0..1."""
        self.floor = floor
        self.changed.emit()

    # What is on the table

    @property
    def labels_by_people(self) -> Labels | None:
        """(H, W) uint8, without what was accepted from the machine."""
        opened = self._session.opened
        return None if opened is None else self._share.by_people(opened.editor.labels)

    @property
    def open_mask(self) -> Mask | None:
        """Pixels where accepting would change something; kept until the labels change."""
        opened = self._session.opened
        if self.proposal is None or opened is None:
            return None
        if self._open_mask is None:
            height, width = opened.editor.shape
            self._open_mask = self._opens(PixelWindow(0, 0, height, width))
        return self._open_mask

    def _opens(self, window: PixelWindow) -> Mask:
        labels, value = self._session.opened.editor.labels, self.proposal.value[window.slices]
        free = self._share.free(labels, window)
        return free & (value != UNLABELLED) & (value != labels[window.slices])

    @property
    def floor_value(self) -> int:
        """The floor as confidences are written, 0..255."""
        return round(255 * self.floor)

    @property
    def shares(self) -> tuple[float, float]:
        """Share of the patch that is proposed, and proposed surely; 0..1 both."""
        mask = self.open_mask
        if mask is None:
            return 0.0, 0.0
        sure = mask & (self.proposal.confidence >= self.floor_value)
        return np.count_nonzero(mask) / mask.size, np.count_nonzero(sure) / mask.size

    # Gestures

    def accept(self) -> None:
        """Take over everything that is proposed, as one gesture."""
        self._accept(0.0)

    def accept_sure(self) -> None:
        """Take over what is proposed surely, as one gesture."""
        self._accept(self.floor)

    def reject(self) -> None:
        """Send the proposal away; no label changes."""
        self.put(None)

    def take_region(self, region: Region) -> None:
        """Within a gesture begun in the session: take over what is proposed for some pixels."""
        mask = self.open_mask
        if mask is None:
            return
        slices = region.window.slices
        there = region.mask & mask[slices]
        values = self.proposal.value[slices]
        for value in np.unique(values[there]):
            self._session.paint(Region(region.window, there & (values == value)), int(value))

    def finish_taking(self) -> None:
        """End that gesture.

        Raises:
            WriteError: the journal cannot be written; the labels are as before.
        """
        opened = self._session.opened
        before = opened.editor.before.copy() if opened is not None else None
        self._session.finish(TOOL)
        if before is not None:
            self._note(before)

    def _accept(self, floor: float) -> None:
        opened = self._session.opened
        if self.proposal is None or opened is None or self._session.is_locked:
            return
        before = opened.editor.labels.copy()
        free = self._share.free(before)
        self._session.replace(self.proposal.taken_over(before, free, floor), TOOL)
        self._note(before)

    def _note(self, before: Labels) -> None:
        self._share.note(before, self._session.opened.editor.labels)
        self._open_mask = None
        self.changed.emit()

    @guarded
    def _on_painted(self, tool: str) -> None:
        """What a person painted is no longer the machine's, even in the class that it had."""
        if tool != TOOL and self._session.opened is not None:
            editor = self._session.opened.editor
            self._share.take_back(editor.painted)
            if self._open_mask is not None:
                self._open_mask[editor.painted & (editor.labels != UNLABELLED)] = False

    @guarded
    def _on_labels(self, window: PixelWindow) -> None:
        if self._open_mask is not None:
            self._open_mask[window.slices] = self._opens(window)
