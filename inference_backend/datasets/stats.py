# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of each class a campaign has, per split, and what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.datasets.campaign import CampaignPatch, DatasetClass, read_campaign
from inference_backend.datasets.layout import SPLITS
from inference_backend.datasets.samples import UNSPLIT, read_label_raster
from inference_backend.progress import Progress, Silent


@dataclass(frozen=True)
class SplitStats:
    """Figures of one split.

    Attributes:
        split: train, val, test or unsplit.
        patches: number.
        states: number of patches by state.
        pixels: (256,) by value.
        present: (256,) patches in which a value occurs.
        duration_s: active work, s.
        gestures: number.
    """

    split: str
    patches: int
    states: dict[str, int]
    pixels: NDArray[np.int64]
    present: NDArray[np.int64]
    duration_s: float
    gestures: int


@dataclass(frozen=True)
class Stats:
    """Figures of a campaign.

    Attributes:
        name: of the campaign.
        classes: in the order of the table.
        pixel_area_m2: of a pixel, 0 where no label raster exists.
        splits: in the order train, val, test, others.
    """

    name: str
    classes: tuple[DatasetClass, ...]
    pixel_area_m2: float
    splits: tuple[SplitStats, ...]

    def share(self, split: SplitStats, value: int) -> float:
        """Share of a class in the labelled pixels of a split, 0..1."""
        labelled = split.pixels.sum() - split.pixels[UNLABELLED]
        return float(split.pixels[value] / labelled) if labelled else 0.0

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "name": self.name,
            "pixel_area_m2": self.pixel_area_m2,
            "classes": [{"value": c.value, "name": c.name, "colour": c.colour} for c in self.classes],
            "splits": [self._split_dict(split) for split in self.splits],
        }

    def _split_dict(self, split: SplitStats) -> dict[str, Any]:
        return {
            "split": split.split,
            "patches": split.patches,
            "states": split.states,
            "unlabelled_px": int(split.pixels[UNLABELLED]),
            "duration_s": round(split.duration_s, 1),
            "gestures": split.gestures,
            "by_class": {
                entry.name: {
                    "pixels": int(split.pixels[entry.value]),
                    "share": round(self.share(split, entry.value), 6),
                    "patches": int(split.present[entry.value]),
                }
                for entry in self.classes
            },
        }


def count_campaign(path: Path, progress: Progress | None = None) -> Stats:
    """Count the labels of every patch; one without label raster counts as unlabelled.

    Raises:
        CampaignError: not a campaign.
        DatasetError: a damaged label raster.
    """
    campaign, told = read_campaign(path), progress or Silent()
    counts: dict[str, NDArray[np.int64]] = {}
    present: dict[str, NDArray[np.int64]] = {}
    pixel_area_m2 = 0.0
    for number, patch in enumerate(campaign.patches, start=1):
        pixels = np.zeros(256, dtype=np.int64)
        pixels[UNLABELLED] = campaign.patch_size_px**2
        if patch.label_path.exists():
            labels, grid = read_label_raster(patch.label_path)
            pixels = np.bincount(labels.ravel(), minlength=256)
            pixel_area_m2 = grid.pixel_area_m2
        split = patch.split or UNSPLIT
        counts[split] = counts.get(split, np.zeros(256, dtype=np.int64)) + pixels
        present[split] = present.get(split, np.zeros(256, dtype=np.int64)) + (pixels > 0)
        told.update(number / len(campaign.patches), "count")
    order: list[str] = [split for split in SPLITS if split in counts]
    order += sorted(split for split in counts if split not in order)
    splits = [_split_stats(split, campaign.patches, counts[split], present[split]) for split in order]
    return Stats(campaign.name, campaign.classes, pixel_area_m2, tuple(splits))


def _split_stats(
    split: str, patches: Sequence[CampaignPatch], pixels: NDArray[np.int64], present: NDArray[np.int64]
) -> SplitStats:
    patches = [patch for patch in patches if (patch.split or UNSPLIT) == split]
    states: dict[str, int] = {}
    for patch in patches:
        states[patch.state.value] = states.get(patch.state.value, 0) + 1
    return SplitStats(
        split,
        len(patches),
        states,
        pixels,
        present,
        sum(patch.duration_s for patch in patches),
        sum(patch.gestures for patch in patches),
    )
