# SPDX-License-Identifier: GPL-2.0-or-later
"""Masks of others into a campaign: everything is read and checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from inference_backend.datasets.campaign import Campaign, CampaignPatch, read_campaign
from inference_backend.datasets.campaign_writing import LabelWriter, holder_of
from inference_backend.datasets.channels import open_raster
from inference_backend.datasets.errors import DatasetError
from inference_backend.datasets.foreign_masks import ForeignMasks
from inference_backend.datasets.foreign_names import Dictionary
from inference_backend.datasets.foreign_sources import find_masks
from inference_backend.datasets.samples import read_label_raster
from inference_backend.grid import Grid
from inference_backend.progress import Progress, Silent, Span

OPEN_STATES = (PatchState.TODO, PatchState.IN_PROGRESS, PatchState.REJECTED)


@dataclass(frozen=True)
class ImportOptions:
    """How to import.

    Attributes:
        mapping: see `foreign_names.Dictionary`.
        replace: whether a mask overwrites labels; else it only fills what has none.
        profile: that of the campaign where empty.
        annotator: whose work the patches become where nobody has begun them.
    """

    mapping: str = ""
    replace: bool = False
    profile: str = ""
    annotator: str = "import"


@dataclass
class ImportResult:
    """What was imported.

    Attributes:
        changed: patches that have new labels.
        same: patches to which the masks add nothing.
        without: patches that the masks do not have.
        handed_in: patches left alone, as their annotator has handed them in.
        in_hand: patches left alone, as somebody has them open or unsaved.
        pixels: labelled by the import.
    """

    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    handed_in: list[str] = field(default_factory=list)
    in_hand: list[str] = field(default_factory=list)
    pixels: int = 0


def import_masks(
    source: Path, campaign_path: Path, options: ImportOptions | None = None, progress: Progress | None = None
) -> ImportResult:
    """Label the open patches of a campaign from masks.

    Args:
        source: a data set of ours, a folder of rasters or pictures, one raster, a COCO file or a YOLO folder.
        campaign_path: GeoPackage of the campaign.
        options: how.
        progress: told after each patch.

    Raises:
        CampaignError: not a campaign, or it cannot be written.
        UnknownClassError: a value of the masks is no class of the campaign; nothing was written.
        DatasetError: no mask, or damaged ones; nothing was written.
    """
    chosen, told = options or ImportOptions(), progress or Silent()
    campaign = read_campaign(campaign_path)
    masks = find_masks(source)
    profile = Profile.load(chosen.profile or campaign.profile or DEFAULT_PROFILE)
    result = ImportResult()
    patches = list(_free(campaign, result))
    counts = np.zeros(256, dtype=np.int64)
    for _, _, values in _read(campaign, patches, masks, Span(told, 0.0, 0.5, "read")):
        counts += np.bincount(values.ravel(), minlength=256)
    _require_some(source, counts, patches)
    table = Dictionary(campaign.classes, profile, chosen.mapping).table(
        source, counts, masks.names, masks.unlabelled
    )
    writer = LabelWriter(campaign, chosen.annotator)
    found = set()
    for patch, grid, values in _read(campaign, patches, masks, Span(told, 0.5, 1.0, "import")):
        found.add(patch.patch_id)
        if _is_in_hand(campaign, patch):  # since the reading began
            result.in_hand.append(patch.patch_id)
        else:
            _take(writer, patch, grid, table[values], result, replace=chosen.replace)
    result.without = [patch.patch_id for patch in patches if patch.patch_id not in found]
    return result


def _free(campaign: Campaign, result: ImportResult) -> Iterator[CampaignPatch]:
    for patch in campaign.patches:
        if patch.state not in OPEN_STATES:
            result.handed_in.append(patch.patch_id)
        elif _is_in_hand(campaign, patch):
            result.in_hand.append(patch.patch_id)
        else:
            yield patch


def _is_in_hand(campaign: Campaign, patch: CampaignPatch) -> bool:
    return patch.has_unsaved_gestures or bool(holder_of(campaign, patch))


def _read(
    campaign: Campaign, patches: list[CampaignPatch], masks: ForeignMasks, progress: Progress
) -> Iterator[tuple[CampaignPatch, Grid, NDArray[np.uint8]]]:
    with open_raster(campaign.image) as image:
        image_grid = Grid(image.height, image.width, image.transform, image.crs)
    for number, patch in enumerate(patches, start=1):
        grid = patch.grid(image_grid, campaign.patch_size_px)
        values = masks.read(patch.patch_id, grid)
        if values is not None:
            yield patch, grid, values
        progress.update(number / len(patches))


def _require_some(source: Path, counts: NDArray[np.int64], patches: list[CampaignPatch]) -> None:
    if not counts.any():
        names = ", ".join(patch.patch_id for patch in patches[:3])
        raise DatasetError(
            path=source,
            problem_en=f"no mask for any of {len(patches)} open patches ({names}…)",
            problem_fr=f"aucun masque pour les {len(patches)} dalles ouvertes ({names}…)",
            remedy_en="Masks are found by their place on the ground, or by the patch's name.",
            remedy_fr="Les masques se trouvent par leur place au sol, ou par le nom de la dalle.",
        )


def _labels_on(patch: CampaignPatch, grid: Grid) -> NDArray[np.uint8]:
    labels, place = read_label_raster(patch.label_path)
    if place.shape != grid.shape:
        raise DatasetError(
            path=patch.label_path,
            problem_en=f"labels of {place.shape} px, not those of patch {patch.patch_id}, {grid.shape}",
            problem_fr=f"étiquettes de {place.shape} px, et non de la dalle {patch.patch_id}, {grid.shape}",
            remedy_en="Restore a copy of this file, or move it elsewhere.",
            remedy_fr="Rétablissez une copie de ce fichier ou déplacez-le.",
        )
    return labels


def _take(
    writer: LabelWriter,
    patch: CampaignPatch,
    grid: Grid,
    proposed: NDArray[np.uint8],
    result: ImportResult,
    *,
    replace: bool,
) -> None:
    current = np.full(grid.shape, UNLABELLED, dtype=np.uint8)
    if patch.label_path.exists():
        current = _labels_on(patch, grid)
    takes = proposed != UNLABELLED
    if not replace:
        takes &= current == UNLABELLED
    labels = np.where(takes, proposed, current).astype(np.uint8)
    differing = int((labels != current).sum())
    if not differing:
        result.same.append(patch.patch_id)
        return
    writer.write(patch, grid, labels)
    result.pixels += differing
    result.changed.append(patch.patch_id)
