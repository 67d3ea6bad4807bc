# SPDX-License-Identifier: GPL-2.0-or-later
"""Choosing between two labellings of a patch; the one not chosen stays in a file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from inference_backend.contracts.campaign import CONFLICT_FOLDER, PatchState
from ocsge_annotator.adapters.campaign_file import now_utc, read_campaign
from ocsge_annotator.adapters.campaign_update import write_patches
from ocsge_annotator.adapters.conflicts import THEIRS, Conflict, record_conflicts
from ocsge_annotator.adapters.lots_merge import ROW_FIELDS, replace_labels, row_from
from ocsge_annotator.adapters.patch_labels import labels_at, labels_of, put_labels
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.merge import label_fingerprint
from ocsge_annotator.domain.patch_lock import LOCK_FOLDER, PatchLock
from ocsge_annotator.errors import LotError


def choose(path: Path, conflict: Conflict, choice: str, who: str) -> None:
    """Settle a conflict. The patch must not be in hand.

    With `theirs`, our labels are first copied to `conflicts/LOT/PATCH_ours.tif`.

    Args:
        path: GeoPackage of the campaign.
        conflict: as it was read.
        choice: `OURS` or `THEIRS`.
        who: decided.

    Raises:
        LotError: the patch or the other labels are gone, or somebody has the patch in hand.
        WriteError: the system refuses; the conflict is still open.
    """
    campaign = read_campaign(path)
    mine = next((patch for patch in campaign.patches if patch.patch_id == conflict.patch_id), None)
    other = path.parent / conflict.label_path
    if mine is None or not other.exists():
        raise LotError(
            path=other,
            problem_en=f"the other labels of patch {conflict.patch_id} are not there any more",
            problem_fr=f"les autres étiquettes de la dalle {conflict.patch_id} ne sont plus là",
            remedy_en="Merge the lot again.",
            remedy_fr="Fusionnez de nouveau le lot.",
        )
    lock = PatchLock(path.parent / LOCK_FOLDER / f"{mine.patch_id}.lock", who)
    try:
        if lock.holder is not None:
            raise LotError(
                path=path,
                problem_en=f"{lock.holder.user} on {lock.holder.host} has patch {mine.patch_id} in hand",
                problem_fr=f"{lock.holder.user} ({lock.holder.host}) a la dalle {mine.patch_id} en main",
                remedy_en="Ask them to leave it first.",
                remedy_fr="Demandez d'abord de la quitter.",
            )
        _settle(campaign, mine, conflict, choice, who)
    finally:
        lock.release()


def _settle(campaign: Campaign, mine: Patch, conflict: Conflict, choice: str, who: str) -> None:
    path = campaign.path
    other = path.parent / conflict.label_path
    mark = label_fingerprint(labels_at(campaign, mine, other))
    row = replace(mine, base_labels=mark)
    if choice == THEIRS:
        row = _take_theirs(campaign, mine, conflict, other, mark)
    write_patches(path, [row], ROW_FIELDS)
    record_conflicts(path, [replace(conflict, choice=choice, chosen_by=who, chosen_at=now_utc())])


def _take_theirs(campaign: Campaign, mine: Patch, conflict: Conflict, other: Path, mark: str) -> Patch:
    aside = campaign.path.parent / CONFLICT_FOLDER / conflict.lot / f"{mine.patch_id}_ours.tif"
    ours = labels_of(campaign, mine)
    put_labels(campaign, mine, aside, ours)
    replace_labels(campaign, mine, ours, labels_at(campaign, mine, other))
    values = json.loads(conflict.patch_row)
    values |= {"state": PatchState(values["state"]), "bounds": Bounds(*values["bounds"])}
    return row_from(mine, Patch(**values), mark)
