# SPDX-License-Identifier: GPL-2.0-or-later
"""A patch opened for work: its labels, journal and place in the image."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.adapters.campaign_file import now_utc
from ocsge_annotator.adapters.campaign_update import write_patch_state
from ocsge_annotator.adapters.fingerprint import image_fingerprint
from ocsge_annotator.adapters.image import Image, window_of_patch
from ocsge_annotator.adapters.label_raster import read_labels, write_labels
from ocsge_annotator.adapters.patch_labels import profile_of
from ocsge_annotator.domain.active_clock import ActiveClock
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.holes import labelled_share
from ocsge_annotator.domain.journal import Journal
from ocsge_annotator.domain.label_classes import class_tag
from ocsge_annotator.domain.patch_editor import PatchEditor
from ocsge_annotator.domain.pixels import PixelWindow, Shape


@dataclass
class OpenPatch:
    """A patch in hand.

    Attributes:
        patch: its row, as last stored.
        window: its pixels in the image.
        editor: its labels.
        is_image_changed: whether the image shows other pixels than when the patch was chosen.
        is_barred: whether it may be looked at alone: somebody else has it, or the folder is read-only.
    """

    patch: Patch
    window: PixelWindow
    editor: PatchEditor
    is_image_changed: bool = False
    is_barred: bool = False


def open_patch(campaign: Campaign, image: Image, patch: Patch) -> OpenPatch:
    """Read a patch's labels and replay what its journal has beyond them.

    Raises:
        ImageError: the image does not fit the patch any more.
        LabelError: the label raster does not fit the patch.
        JournalError: the journal belongs to another patch.
    """
    window = window_of_patch(image, campaign, patch)
    labels = read_labels(campaign.label_file(patch), image, window)
    journal = Journal(campaign.journal_file(patch), patch.patch_id, Shape(window.height, window.width))
    editor = PatchEditor(labels, journal, ActiveClock(patch.duration_s), patch.gestures)
    changed = bool(patch.image_fingerprint) and patch.image_fingerprint != image_fingerprint(image, window)
    return OpenPatch(patch, window, editor, changed)


def save_patch(
    campaign: Campaign,
    image: Image,
    opened: OpenPatch,
    annotator: str,
    state: PatchState = PatchState.IN_PROGRESS,
) -> Patch:
    """Write the label raster, empty the journal, store the patch's row.

    Nothing is written where nothing has changed, unless the patch is handed in; nothing ever of a patch
    that may only be looked at.

    Args:
        campaign: of the patch.
        image: of the campaign.
        opened: the patch in hand; its `patch` becomes the row returned.
        annotator: whose work it is.
        state: of the patch from now on.

    Raises:
        WriteError: a file cannot be written; the journal still has what the raster lacks.
    """
    editor, patch = opened.editor, opened.patch
    submit = state is PatchState.SUBMITTED
    if opened.is_barred or (not editor.is_unsaved and not submit):
        return patch
    _write(campaign, image, opened)
    stored = replace(
        patch,
        state=state,
        annotator=annotator,
        started_at=patch.started_at or (now_utc() if state is not PatchState.TODO else ""),
        submitted_at=now_utc() if submit else "",
        duration_s=round(editor.clock.active_s, 3),
        gestures=editor.gestures,
        labelled_share=round(labelled_share(editor.labels), 6),
    )
    return _store(campaign, opened, stored)


def save_controlled(campaign: Campaign, image: Image, opened: OpenPatch, controller: str) -> Patch:
    """Write what a controller mended; annotator, time and gestures stay those of the annotator.

    Args:
        campaign: of the patch.
        image: of the campaign.
        opened: the patch in hand; its `patch` becomes the row returned.
        controller: who mended.

    Raises:
        WriteError: a file cannot be written; the journal still has what the raster lacks.
    """
    if opened.is_barred or not opened.editor.is_unsaved:
        return opened.patch
    _write(campaign, image, opened)
    stored = replace(
        opened.patch,
        state=PatchState.IN_CONTROL,
        controller=controller,
        labelled_share=round(labelled_share(opened.editor.labels), 6),
    )
    return _store(campaign, opened, stored)


def _write(campaign: Campaign, image: Image, opened: OpenPatch) -> None:
    tag = class_tag(campaign.classes, profile_of(campaign))
    path = campaign.label_file(opened.patch)
    write_labels(path, opened.editor.labels, image, opened.window, campaign.classes, tag)


def _store(campaign: Campaign, opened: OpenPatch, stored: Patch) -> Patch:
    write_patch_state(campaign.path, stored)
    # Last, so that whatever failed before is tried again by the next save.
    opened.editor.saved()
    opened.patch = stored
    return stored
