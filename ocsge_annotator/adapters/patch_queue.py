# SPDX-License-Identifier: GPL-2.0-or-later
"""A campaign's queue and the patch in hand: opening, moving, saving, handing in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.adapters.campaign_file import read_campaign, read_patch
from ocsge_annotator.adapters.image import Image, read_image
from ocsge_annotator.adapters.patch_files import OpenPatch, open_patch, save_controlled, save_patch
from ocsge_annotator.adapters.settings import AnnotatorSettings
from ocsge_annotator.domain.campaign import Campaign, Patch, next_index, next_open_index
from ocsge_annotator.domain.patch_lock import (
    LOCK_FOLDER,
    RENEWED_EVERY_S,
    PatchLock,
    is_other,
    myself,
    read_holder,
)
from ocsge_annotator.errors import CampaignError, LockLostError
from ocsge_common.slots import guarded
from ocsge_common.translation import tr

LOCKED_STATES = (PatchState.IN_CONTROL, PatchState.ACCEPTED)
"""States in which a patch belongs to the controller."""
CONTROLLED_STATES = (PatchState.SUBMITTED, PatchState.IN_CONTROL)
"""States in which a controller may mend a patch and decide."""


class PatchQueue(QObject):
    """A campaign, and the patch in hand.

    Signals:
        campaign_changed(): another campaign, or none.
        patch_changed(): another patch is in hand.
        patches_changed(): a patch's row changed.

    Attributes:
        lock: of the patch in hand; its `holder` is another who has it, and then it may only be looked at.
        opener: reads a patch of the campaign; replaced by what has it ready beforehand.
        is_controlling: whether a controller works: what is handed in may be mended, and stays whose it was.

    Args:
        settings: the operator's.
        parent: owner.
    """

    campaign_changed = pyqtSignal()
    patch_changed = pyqtSignal()
    patches_changed = pyqtSignal()

    def __init__(self, settings: AnnotatorSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.campaign: Campaign | None = None
        self.image: Image | None = None
        self.patches: list[Patch] = []
        self.index = -1
        self.opened: OpenPatch | None = None
        self.lock: PatchLock | None = None
        self.opener: Callable[[Campaign, Image, Patch], OpenPatch] = open_patch
        self.is_controlling = False
        self._suspended_for: set[str] = set()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._autosave)
        self._renewal = QTimer(self)
        self._renewal.timeout.connect(self._renew)
        self._renewal.start(RENEWED_EVERY_S * 1000)
        self.use_settings(settings)

    def use_settings(self, settings: AnnotatorSettings) -> None:
        """Take over changed settings."""
        self.settings = settings
        self._timer.stop()
        if settings.autosave_s > 0:
            self._timer.start(settings.autosave_s * 1000)

    def stop(self) -> None:
        """End the timers for good."""
        self._timer.stop()
        self._renewal.stop()

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
        self._on_campaign(campaign)
        self.campaign_changed.emit()
        self.go_to(next_open_index(self.patches, -1, self._is_free) or 0)

    def close_campaign(self) -> None:
        """Save and let go of everything; safe to call again."""
        self._leave_patch()
        had_campaign = self.campaign is not None
        self.campaign, self.image, self.patches, self.index = None, None, [], -1
        if had_campaign:
            self.patch_changed.emit()
            self.campaign_changed.emit()

    @property
    def _is_suspended(self) -> bool:
        return bool(self._suspended_for)

    def suspend(self, reason: str = "") -> None:
        """Save and let go of the patch in hand, for another hand to write it; none is taken till `resume`.

        Args:
            reason: what for; several may hold it up at once, and the last one to end gives it back.
        """
        self._leave_patch()
        self._suspended_for.add(reason)
        self.patch_changed.emit()

    def resume(self, reason: str = "") -> None:
        """Take the patch in hand again, as it is now on the disk, unless another reason holds it up."""
        self._suspended_for.discard(reason)
        if self._is_suspended or self.campaign is None or self.opened is not None:
            return
        index, self.index = max(self.index, 0), -1
        self.campaign = read_campaign(self.campaign.path)
        self.patches = list(self.campaign.patches)
        self.go_to(index)
        self.patches_changed.emit()

    def reload(self) -> None:
        """Read the campaign again, and the patch in hand: another program may have written them.

        Raises:
            CampaignError: it cannot be read any more.
            WriteError: the patch in hand cannot be saved; it stays in hand.
        """
        if self.campaign is None or self._is_suspended:
            return
        name = self.patches[self.index].patch_id if self.opened is not None else ""
        self._leave_patch()
        self.campaign = read_campaign(self.campaign.path)
        self.patches, self.index = list(self.campaign.patches), -1
        self.campaign_changed.emit()
        names = [patch.patch_id for patch in self.patches]
        self.go_to(names.index(name) if name in names else 0)

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
        """Whether the patch in hand may only be looked at: it is with the controller, or another's."""
        if self.patch is None or self.opened is None:
            return False
        if self.is_controlling and self.patch.state in CONTROLLED_STATES:
            return self.opened.is_barred
        return self.opened.is_barred or self.patch.state in LOCKED_STATES

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
        if index == self.index:
            return
        lock, patch = self._reserve(self.patches[index])
        try:
            opened = self.opener(self.campaign, self.image, patch)
            self._leave_patch()
        except BaseException:
            lock.release()
            raise
        opened.is_barred = not lock.is_ours
        self.opened, self.index, self.lock, self.patches[index] = opened, index, lock, patch
        opened.editor.require = self._require_lock
        self._on_taken()
        self.patch_changed.emit()

    def _reserve(self, patch: Patch) -> tuple[PatchLock, Patch]:
        """The lock of a patch, and its row as it is now: others may have written it since."""
        lock = PatchLock(self._lock_path(patch), self.settings.annotator_name)
        return lock, read_patch(self.campaign.path, patch.patch_id) or patch

    def _lock_path(self, patch: Patch) -> Path:
        return self.campaign.path.parent / LOCK_FOLDER / f"{patch.patch_id}.lock"

    def _is_free(self, patch: Patch) -> bool:
        """Whether nobody else has a patch in hand."""
        holder = read_holder(self._lock_path(patch))
        return holder is None or not is_other(holder, myself())

    def take_over(self) -> None:
        """Break the lock of another on the patch in hand, which is read again.

        Raises:
            WriteError: the system refuses.
        """
        if self.lock is None or self.lock.holder is None:
            return
        self.lock.take_over()
        index = self.index
        self._leave_patch()
        self.index = -1
        self.go_to(index)

    @guarded
    def _renew(self) -> None:
        self.confirm()

    def confirm(self) -> None:
        """Make sure that the patch in hand is still ours; where somebody broke the lock, it is barred."""
        if self.lock is not None and self.opened is not None and not self.lock.renew():
            self._bar()

    def _bar(self) -> None:
        """Whoever broke our lock goes on from the disk: what is not there yet must get there no more."""
        self.opened.is_barred = True
        self.patches_changed.emit()

    def _require_lock(self) -> None:
        if self.lock is None or self.lock.check():
            return
        self._bar()
        holder = self.lock.holder
        name = f"{holder.user} ({holder.host})" if holder is not None else tr("Somebody")
        raise LockLostError(path=self.campaign.label_file(self.patch), holder=name)

    def next_patch(self) -> bool:
        """Take the next patch of the queue; False at its end."""
        return self._take(next_index(self.patches, self.index))

    def previous_patch(self) -> bool:
        """Take the previous patch of the queue; False at its start."""
        return self._take(next_index(self.patches, self.index, -1))

    def next_open_patch(self) -> bool:
        """Take the next patch still to be done, which nobody else has in hand; False where there is none."""
        return self._take(next_open_index(self.patches, self.index, self._is_free))

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
        self.opened.editor.abort()  # what a gesture shows before it ends is no label
        self.opened.editor.clock.touch()
        self._store(PatchState.SUBMITTED)
        if not self.opened.is_barred:  # else somebody broke the lock, and nothing was handed in
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
        if self.lock is not None:
            self.lock.release()
            self.lock = None

    def _store(self, state: PatchState) -> None:
        if self.opened is None or self.campaign is None or self.image is None:
            return
        before, editor = self.opened.patch, self.opened.editor
        if editor.is_unsaved or state is PatchState.SUBMITTED:
            self._renew()
        if self._is_not_ours_to_save(before, state) and not editor.has_new:
            return  # what a killed program left of it stays in the journal
        if self.is_controlling and before.state in CONTROLLED_STATES:
            save = partial(save_controlled, controller=self.settings.annotator_name)
        else:
            save = partial(save_patch, annotator=self.settings.annotator_name, state=state)
        after = save(self.campaign, self.image, self.opened)
        self.patches[self.index] = after
        if after != before:
            self.patches_changed.emit()

    def _is_not_ours_to_save(self, patch: Patch, state: PatchState) -> bool:
        """Whether a patch was handed in, and nobody is handing it in or controlling it."""
        if self.is_controlling and patch.state in CONTROLLED_STATES:
            return False
        return state is not PatchState.SUBMITTED and patch.state in (PatchState.SUBMITTED, *LOCKED_STATES)

    @guarded
    def _autosave(self) -> None:
        if self.opened is not None and not self.opened.editor.is_in_gesture:
            self.save()

    def _on_campaign(self, campaign: Campaign) -> None:
        """A campaign was opened; its first patch is not in hand yet."""

    def _on_taken(self) -> None:
        """Another patch is in hand; nobody has been told yet."""
