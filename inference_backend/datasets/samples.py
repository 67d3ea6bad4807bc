# SPDX-License-Identifier: GPL-2.0-or-later
"""A patch of a campaign on its way into a data set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from inference_backend.datasets.campaign import Campaign, CampaignPatch
from inference_backend.datasets.channels import (
    Channel,
    open_raster,
    pixel_fingerprint,
    read_channels,
    require_on_grid,
)
from inference_backend.datasets.class_plan import ClassPlan
from inference_backend.datasets.errors import DatasetError
from inference_backend.grid import Grid

HANDED_IN = (PatchState.SUBMITTED, PatchState.IN_CONTROL, PatchState.ACCEPTED)
UNSPLIT = "unsplit"
"""Where patches go that the campaign gave to no split."""


@dataclass(frozen=True)
class Sample:
    """A patch with its pixels.

    Attributes:
        patch: its row.
        split: train, val, test or `UNSPLIT`.
        number: from 1, in the order of the data set.
        grid: its pixels.
        labels: (H, W) uint8, as painted.
        mask: (H, W) uint8, in the values of the data set.
        channels: what `image` holds.
        image: (C, H, W).
        height: (1 or 2, H, W) heights as they are stored, None where the campaign has none.
    """

    patch: CampaignPatch
    split: str
    number: int
    grid: Grid
    labels: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    channels: tuple[Channel, ...]
    image: NDArray[Any]
    height: NDArray[Any] | None

    @property
    def name(self) -> str:
        """The patch's name, fit for a file."""
        return self.patch.patch_id

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the labels as painted."""
        return label_fingerprint(self.labels)


def label_fingerprint(labels: NDArray[np.uint8]) -> str:
    """SHA-256 of (H, W) uint8 labels."""
    return sha256(np.ascontiguousarray(labels).tobytes()).hexdigest()


def choose_patches(
    campaign: Campaign, states: Sequence[PatchState], splits: Sequence[str]
) -> tuple[CampaignPatch, ...]:
    """Patches of some states and splits (all splits where none is named).

    Raises:
        DatasetError: there is none, or one has gestures that its label raster does not hold.
    """
    wanted = [
        patch
        for patch in campaign.patches
        if patch.state in states and (not splits or (patch.split or UNSPLIT) in splits)
    ]
    if not wanted:
        counts = {state.value: 0 for state in PatchState}
        for patch in campaign.patches:
            counts[patch.state.value] += 1
        told = ", ".join(f"{name} {count}" for name, count in counts.items() if count) or "0"
        asked = "/".join([*(state.value for state in states), *splits])
        raise DatasetError(
            path=campaign.path,
            problem_en=f"no patch is {asked} (patches: {told})",
            problem_fr=f"aucune dalle n'est {asked} (dalles : {told})",
            remedy_en="Submit patches, or choose other states with --state or splits with --split.",
            remedy_fr="Soumettez des dalles, ou choisissez d'autres états par --state ou lots par --split.",
        )
    _require_saved(campaign, wanted)
    return tuple(wanted)


def _require_saved(campaign: Campaign, patches: Sequence[CampaignPatch]) -> None:
    unsaved = [patch.patch_id for patch in patches if patch.has_unsaved_gestures]
    if unsaved:
        names = ", ".join(unsaved[:8])
        raise DatasetError(
            path=campaign.path,
            problem_en=f"gestures are not saved yet in {len(unsaved)} patches ({names})",
            problem_fr=f"des gestes ne sont pas encore enregistrés dans {len(unsaved)} dalles ({names})",
            remedy_en="Open these patches in the annotation panel and leave them; they are saved then.",
            remedy_fr="Ouvrez ces dalles dans le panneau d'annotation, puis quittez-les : "
            "elles s'enregistrent alors.",
        )


def read_samples(
    campaign: Campaign,
    patches: Sequence[CampaignPatch],
    plan: ClassPlan,
    channels: Sequence[Channel],
    heights: Sequence[Channel] = (),
) -> Iterator[Sample]:
    """The patches with their pixels, one at a time.

    Args:
        campaign: of the patches.
        patches: in the order of the data set.
        plan: gives the masks their values.
        channels: of the image.
        heights: bands of `Sample.height`.

    Raises:
        DatasetError: labels are missing or hold a value without class, or the image was moved or shows
            other pixels than those that were labelled.
        RasterError: the image cannot be read.
    """
    known = np.zeros(256, dtype=bool)
    known[[entry.value for entry in campaign.classes]] = True
    known[UNLABELLED] = True
    for number, patch in enumerate(patches, start=1):
        labels, grid = read_label_raster(patch.label_path)
        _require_known(patch.label_path, labels, known)
        require_on_grid(campaign.image, grid, patch.patch_id)
        _require_same_pixels(campaign.image, grid, patch)
        yield Sample(
            patch,
            patch.split or UNSPLIT,
            number,
            grid,
            labels,
            plan.apply(labels),
            tuple(channels),
            read_channels(channels, grid),
            read_channels(heights, grid) if heights else None,
        )


def read_label_raster(path: Path) -> tuple[NDArray[np.uint8], Grid]:
    """(H, W) uint8 labels and where they are.

    Raises:
        DatasetError: missing, damaged or not one band of bytes.
    """
    try:
        with open_raster(path) as raster:
            labels = raster.read(1)
            grid = Grid(raster.height, raster.width, raster.transform, raster.crs)
    except RasterioError as error:
        raise _bad_labels(path, f"damaged ({error})", f"endommagées ({error})") from error
    if labels.dtype != np.uint8:
        raise _bad_labels(path, f"of type {labels.dtype}", f"de type {labels.dtype}")
    return labels, grid


def _require_same_pixels(image: Path, grid: Grid, patch: CampaignPatch) -> None:
    """Accept an image that shows what the annotator saw; what was drawn on another is no truth for it."""
    if not patch.image_fingerprint or pixel_fingerprint(image, grid) == patch.image_fingerprint:
        return
    raise DatasetError(
        path=image,
        problem_en=f"shows other pixels than when patch {patch.patch_id} was chosen",
        problem_fr=f"montre d'autres pixels que lorsque la dalle {patch.patch_id} a été choisie",
        remedy_en="Put the former image back; or open the patch in the annotation panel, check its labels "
        "and choose “The labels still fit”.",
        remedy_fr="Remettez l'ancienne image ; ou ouvrez la dalle dans le panneau d'annotation, vérifiez "
        "ses étiquettes et choisissez « Les étiquettes conviennent encore ».",
    )


def _require_known(path: Path, labels: NDArray[np.uint8], known: NDArray[np.bool_]) -> None:
    foreign = [int(value) for value in np.unique(labels) if not known[value]]
    if foreign:
        raise _bad_labels(
            path, f"of values {foreign} without class", f"de valeurs {foreign} qui n'ont pas de classe"
        )


def _bad_labels(path: Path, en: str, fr: str) -> DatasetError:
    return DatasetError(
        path=path,
        problem_en=f"labels {en}",
        problem_fr=f"étiquettes {fr}",
        remedy_en="Open the patch in the annotation panel, or restore a copy.",
        remedy_fr="Ouvrez la dalle dans le panneau d'annotation, ou rétablissez une copie.",
    )
