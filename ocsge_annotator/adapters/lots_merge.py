# SPDX-License-Identifier: GPL-2.0-or-later
"""Taking back what annotators did in their lots; where the campaign changed as well, somebody chooses.

Merging again changes nothing: labels come first, rows last, and what was taken is recognised.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from inference_backend.contracts.campaign import CONFLICT_FOLDER, PatchState
from ocsge_annotator.adapters.campaign_file import read_campaign, read_patch
from ocsge_annotator.adapters.campaign_update import STATE_FIELDS, write_patches
from ocsge_annotator.adapters.conflicts import OURS, Conflict, read_conflicts, record_conflicts
from ocsge_annotator.adapters.lots_cut import SECOND
from ocsge_annotator.adapters.patch_labels import labels_at, labels_of, put_labels
from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.merge import Outcome, decide, differing_px, label_fingerprint
from ocsge_annotator.domain.patch_lock import LOCK_FOLDER, PatchLock
from ocsge_annotator.domain.pixels import Labels
from ocsge_annotator.errors import LotError

ROW_FIELDS = (*STATE_FIELDS, "base_labels")
Report = Callable[[float], None]


@dataclass
class MergeReport:
    """What became of the patches of a lot: their names by outcome."""

    patches: dict[Outcome, list[str]] = field(default_factory=dict)

    def add(self, patch: Patch, outcome: Outcome) -> None:
        """One more patch."""
        self.patches.setdefault(outcome, []).append(patch.patch_id)

    def count(self, *outcomes: Outcome) -> int:
        """Patches of some outcomes."""
        return sum(len(self.patches.get(outcome, ())) for outcome in outcomes)


def merge_lot(path: Path, lot_path: Path, report: Report) -> MergeReport:
    """Take a lot back into its campaign.

    Args:
        path: GeoPackage of the campaign.
        lot_path: GeoPackage of the lot; it is only read.
        report: takes the share done; may raise to stop, and merging again takes up where it ended.

    Raises:
        CampaignError: one of the two is not a campaign.
        LotError: the lot is not one of this campaign, or its patches or classes are not the campaign's.
        LabelError: a label raster does not fit its patch.
        WriteError: the system refuses.
    """
    campaign, lot = read_campaign(path), read_campaign(lot_path)
    _check(campaign, lot)
    ours = {patch.patch_id: patch for patch in campaign.patches}
    merged = MergeReport()
    with ExitStack() as held:  # till the rows are written, nobody takes a patch with its former state
        _merge(campaign, lot, ours, merged, held, report)
    return merged


def _merge(
    campaign: Campaign,
    lot: Campaign,
    ours: dict[str, Patch],
    merged: MergeReport,
    held: ExitStack,
    report: Report,
) -> None:
    rows, conflicts = [], []
    for number, theirs in enumerate(lot.patches):
        mine = ours[theirs.patch_id]
        if theirs.twice == SECOND:
            merged.add(theirs, _take_second(campaign, lot, theirs))
        else:
            outcome, row, conflict = _take(campaign, lot, mine, theirs, held)
            merged.add(theirs, outcome)
            rows += [row] if row is not None else []
            conflicts += [conflict] if conflict is not None else []
        report((number + 1) / len(lot.patches))
    record_conflicts(campaign.path, conflicts)
    write_patches(campaign.path, rows, ROW_FIELDS)


def _take(
    campaign: Campaign, lot: Campaign, mine: Patch, theirs: Patch, held: ExitStack
) -> tuple[Outcome, Patch | None, Conflict | None]:
    if _is_missing(lot, theirs):
        return Outcome.MISSING, None, None
    lock = PatchLock(_lock_path(campaign, mine))
    held.callback(lock.release)
    # Others may have gone on with the patch since the merging began.
    mine = read_patch(campaign.path, mine.patch_id) or mine
    their_labels, our_labels = labels_of(lot, theirs), labels_of(campaign, mine)
    mark = label_fingerprint(their_labels)
    # What was last exchanged with this lot; of a lot that has the patch no more, what it began with.
    base = mine.base_labels if mine.lot == lot.lot else theirs.base_labels
    outcome = decide(base, label_fingerprint(our_labels), mark)
    if outcome is Outcome.TAKE and mine.state in (PatchState.IN_CONTROL, PatchState.ACCEPTED):
        outcome = Outcome.CONFLICT  # what was looked at in control changes by a person's choice alone
    if outcome is Outcome.CONFLICT and _is_settled(campaign, lot, mine, mark):
        outcome = Outcome.KEEP
    if outcome is Outcome.CONFLICT:
        return outcome, None, _keep_aside(campaign, lot, theirs, our_labels, their_labels)
    if outcome is Outcome.KEEP:
        return outcome, None, None
    if lock.holder is not None:
        return Outcome.BUSY, None, None
    if outcome is Outcome.TAKE:
        replace_labels(campaign, mine, our_labels, their_labels)
    if outcome is not Outcome.TAKE and not _is_before_control(mine):
        return outcome, replace(mine, base_labels=mark), None
    return outcome, row_from(mine, theirs, mark), None


def _is_settled(campaign: Campaign, lot: Campaign, patch: Patch, mark: str) -> bool:
    """Whether somebody has chosen ours against these very labels: they are not shown again."""
    for conflict in read_conflicts(campaign.path):
        if (conflict.patch_id, conflict.lot, conflict.choice) == (patch.patch_id, lot.lot, OURS):
            other = campaign.path.parent / conflict.label_path
            return other.exists() and label_fingerprint(labels_at(campaign, patch, other)) == mark
    return False


def _is_before_control(patch: Patch) -> bool:
    return patch.state in (PatchState.TODO, PatchState.IN_PROGRESS)


def _lock_path(campaign: Campaign, patch: Patch) -> Path:
    return campaign.path.parent / LOCK_FOLDER / f"{patch.patch_id}.lock"


def replace_labels(campaign: Campaign, patch: Patch, before: Labels, after: Labels) -> None:
    """Put other labels into a patch; its journal, which belongs to the old ones, goes first.

    Raises:
        WriteError: the system refuses.
    """
    target, journal = campaign.label_file(patch), campaign.journal_file(patch)
    if journal.exists():
        put_labels(campaign, patch, target, before)
        journal.unlink()
    put_labels(campaign, patch, target, after)


def row_from(mine: Patch, theirs: Patch, mark: str) -> Patch:
    """Our row with what an annotator changed in theirs."""
    changes = {name: getattr(theirs, name) for name in STATE_FIELDS}
    return replace(mine, **changes, base_labels=mark)


def _is_missing(lot: Campaign, patch: Patch) -> bool:
    """Whether labels that must be there are not: the folder of labels was left behind."""
    there = lot.label_file(patch).exists() or lot.journal_file(patch).exists()
    return not there and bool(patch.base_labels or patch.gestures)


def _keep_aside(
    campaign: Campaign, lot: Campaign, theirs: Patch, our_labels: Labels, their_labels: Labels
) -> Conflict:
    target = campaign.path.parent / CONFLICT_FOLDER / lot.lot / f"{theirs.patch_id}.tif"
    put_labels(campaign, theirs, target, their_labels)
    return Conflict(
        theirs.patch_id,
        lot.lot,
        theirs.annotator,
        target.relative_to(campaign.path.parent).as_posix(),
        differing_px(our_labels, their_labels),
        json.dumps(asdict(theirs)),
    )


def _take_second(campaign: Campaign, lot: Campaign, theirs: Patch) -> Outcome:
    """The labels of a second annotator, kept beside those of the first."""
    if _is_missing(lot, theirs):
        return Outcome.MISSING
    target = campaign.second_label_file(theirs)
    labels = labels_of(lot, theirs)
    known = second_annotator(campaign, theirs)
    if known is not None and known.get("lot") != lot.lot:
        return Outcome.KEEP
    before = label_fingerprint(labels_at(campaign, theirs, target))
    outcome = decide(before, before, label_fingerprint(labels))
    if outcome is Outcome.TAKE:
        put_labels(campaign, theirs, target, labels)
    if outcome is Outcome.TAKE or known is not None:
        who = {name: getattr(theirs, name) for name in STATE_FIELDS}
        text = json.dumps({"lot": lot.lot, **who, "state": theirs.state.value}, ensure_ascii=False)
        write_whole(target.with_suffix(".json"), text.encode())
    return outcome


def second_annotator(campaign: Campaign, patch: Patch) -> dict[str, Any] | None:
    """Who labelled a patch a second time, in which lot and state, with time and gestures; None for nobody."""
    path = campaign.second_label_file(patch).with_suffix(".json")
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _check(campaign: Campaign, lot: Campaign) -> None:
    if not lot.lot or lot.campaign_id != campaign.campaign_id or not campaign.campaign_id:
        raise _error(
            lot.path,
            f"is not a lot of the campaign “{campaign.name}”",
            f"n'est pas un lot de la campagne « {campaign.name} »",
            "Choose a lot that was cut from this campaign.",
            "Choisissez un lot découpé dans cette campagne.",
        )
    if campaign.lot:
        raise _error(
            campaign.path,
            "is a lot itself",
            "est lui-même un lot",
            "Merge into the whole campaign.",
            "Fusionnez dans la campagne entière.",
        )
    known = {patch.patch_id: patch.bounds for patch in campaign.patches}
    for patch in lot.patches:
        if known.get(patch.patch_id) != patch.bounds:
            raise _error(
                lot.path,
                f"patch {patch.patch_id} is not in the campaign, or elsewhere",
                f"la dalle {patch.patch_id} n'est pas dans la campagne, ou pas à cette place",
                "Take the campaign from which the lot was cut.",
                "Prenez la campagne dans laquelle le lot a été découpé.",
            )
    if {(c.value, c.name) for c in lot.classes} != {(c.value, c.name) for c in campaign.classes}:
        raise _error(
            lot.path,
            "has other classes than the campaign",
            "n'a pas les mêmes classes que la campagne",
            "Take the campaign from which the lot was cut.",
            "Prenez la campagne dans laquelle le lot a été découpé.",
        )


def _error(path: object, en: str, fr: str, remedy_en: str, remedy_fr: str) -> LotError:
    return LotError(path=path, problem_en=en, problem_fr=fr, remedy_en=remedy_en, remedy_fr=remedy_fr)
