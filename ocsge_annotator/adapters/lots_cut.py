# SPDX-License-Identifier: GPL-2.0-or-later
"""Cutting a campaign into lots: each a campaign of its own, for one annotator, with or without network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inference_backend.contracts.campaign import (
    LABEL_FOLDER,
    SCHEMA_VERSION,
    CampaignKey,
    PatchState,
)
from ocsge_annotator.adapters.campaign_file import CampaignContent, now_utc, write_campaign
from ocsge_annotator.adapters.campaign_tables import row_of_patch
from ocsge_annotator.adapters.campaign_update import ensure_id, write_patches
from ocsge_annotator.adapters.lot_images import LotImages, clip_images
from ocsge_annotator.adapters.patch_labels import labels_of, put_labels
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.merge import label_fingerprint, share_out
from ocsge_annotator.domain.patch_lock import LOCK_FOLDER, PatchLock
from ocsge_annotator.domain.relative_path import relative_path
from ocsge_annotator.errors import LotError

SECOND = 2
"""Value of `twice` in the lot of a patch's second annotator."""
Report = Callable[[float], None]


@dataclass(frozen=True)
class CutPlan:
    """What to cut.

    Attributes:
        folder: in which each lot becomes a folder.
        names: of the lots, one each.
        clips_images: whether the lots carry the images of their patches; else they point to those of the
            campaign.
    """

    folder: Path
    names: tuple[str, ...]
    clips_images: bool = True


def cut_lots(campaign: Campaign, plan: CutPlan, report: Report) -> list[Path]:
    """Share the patches that are still to be done, and in no lot yet, out to lots.

    Args:
        campaign: whole, not a lot.
        plan: see `CutPlan`.
        report: takes the share done; may raise to stop, and lots finished by then stay.

    Returns:
        The GeoPackage of each lot.

    Raises:
        LotError: nothing to share out, a lot of that name exists, or somebody has a patch in hand.
        ImageError: the images cannot be clipped.
        WriteError: the system refuses.
    """
    waiting = [patch for patch in campaign.patches if _is_free(patch)]
    _check(campaign, plan, waiting)
    identity = ensure_id(campaign)
    twice = [patch.patch_id for patch in waiting if patch.twice]
    by_id = {patch.patch_id: patch for patch in waiting}
    shares = share_out([patch.patch_id for patch in waiting], twice, len(plan.names))
    made = []
    for number, (name, share) in enumerate(zip(plan.names, shares)):
        members = [(by_id[patch_id], second) for patch_id, second in share]
        made.append(_cut(campaign, identity, plan, name, members))
        report((number + 1) / len(plan.names))
    return made


def _is_free(patch: Patch) -> bool:
    """Whether a patch waits for somebody; one that control sent back is in its lot no more."""
    return patch.is_open and (not patch.lot or patch.state is PatchState.REJECTED)


def _check(campaign: Campaign, plan: CutPlan, waiting: Sequence[Patch]) -> None:
    if campaign.lot:
        raise _error(campaign.path, "is a lot already", "est déjà un lot", *_WHOLE)
    if len(waiting) < len(plan.names):
        raise _error(
            campaign.path,
            f"has {len(waiting)} patches to share out, fewer than {len(plan.names)} lots",
            f"a {len(waiting)} dalles à répartir, moins que les {len(plan.names)} lots",
            "Ask for fewer lots, or merge those that are out.",
            "Demandez moins de lots, ou fusionnez ceux qui sont en cours.",
        )
    for name in plan.names:
        if (plan.folder / name).exists() or plan.names.count(name) > 1:
            raise _error(
                plan.folder / name,
                "this lot exists already",
                "ce lot existe déjà",
                "Choose other names, or another folder.",
                "Choisissez d'autres noms, ou un autre dossier.",
            )
    for patch in waiting:
        lock = PatchLock(campaign.path.parent / LOCK_FOLDER / f"{patch.patch_id}.lock")
        holder = lock.holder
        lock.release()
        if holder is not None:
            raise _error(
                campaign.path,
                f"{holder.user} on {holder.host} has patch {patch.patch_id} in hand",
                f"{holder.user} ({holder.host}) a la dalle {patch.patch_id} en main",
                "Ask them to close the campaign first.",
                "Demandez d'abord de fermer la campagne.",
            )


def _cut(
    campaign: Campaign, identity: str, plan: CutPlan, name: str, members: Sequence[tuple[Patch, bool]]
) -> Path:
    folder = plan.folder / name
    path = folder / f"{name}.gpkg"
    given = [_given(campaign, name, patch, second) for patch, second in members]
    images = clip_images(campaign, given, folder) if plan.clips_images else LotImages.shared(campaign, folder)
    content = CampaignContent(
        campaign.crs_wkt,
        [row_of_patch(replace(patch, rank=rank)) for rank, patch in enumerate(given, start=1)],
        [patch.bounds for patch in given],
        campaign.classes,
        images.sources,
        {
            CampaignKey.SCHEMA: SCHEMA_VERSION,
            CampaignKey.NAME: f"{campaign.name} – {name}",
            CampaignKey.IMAGE: relative_path(images.image, folder),
            CampaignKey.PATCH_SIZE_PX: str(campaign.patch_size_px),
            CampaignKey.PROFILE: campaign.profile,
            CampaignKey.CREATED: now_utc(),
            CampaignKey.ID: identity,
            CampaignKey.LOT: name,
        },
    )
    write_campaign(path, content)
    ours = [patch for patch, (_, second) in zip(given, members) if not second]
    for patch in ours:
        if patch.base_labels:
            put_labels(campaign, patch, folder / patch.label_path, labels_of(campaign, patch))
    # Last: a lot that was not finished is in nobody's hands, and its patches are still free.
    write_patches(campaign.path, ours, ("lot", "base_labels"))
    return path


def _given(campaign: Campaign, name: str, patch: Patch, second: bool) -> Patch:
    """A patch as the lot gets it: with its labels, or blank for whoever labels it a second time."""
    label_path = f"{LABEL_FOLDER}/{patch.patch_id}.tif"
    if not second:
        base = label_fingerprint(labels_of(campaign, patch))
        return replace(patch, lot=name, base_labels=base, label_path=label_path)
    blank = replace(patch, lot=name, twice=SECOND, label_path=label_path, base_labels="", comment="")
    return replace(
        blank,
        state=PatchState.TODO,
        annotator="",
        started_at="",
        submitted_at="",
        duration_s=0.0,
        gestures=0,
        labelled_share=0.0,
    )


_WHOLE = ("Choose the whole campaign.", "Choisissez la campagne entière.")


def _error(path: object, en: str, fr: str, remedy_en: str, remedy_fr: str) -> LotError:
    return LotError(path=path, problem_en=en, problem_fr=fr, remedy_en=remedy_en, remedy_fr=remedy_fr)
