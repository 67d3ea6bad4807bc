# SPDX-License-Identifier: GPL-2.0-or-later
"""A campaign to a data set of another tool."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rasterio.errors import RasterioError

from inference_backend.atomic import replace_folder_when_done
from inference_backend.contracts.campaign import PatchState
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from inference_backend.datasets.campaign import Campaign, read_campaign
from inference_backend.datasets.channels import GROUND, HEIGHT, Channel, channels_of, open_raster
from inference_backend.datasets.class_plan import AS_CAMPAIGN, ClassPlan, plan_classes
from inference_backend.datasets.errors import DatasetError
from inference_backend.datasets.layout import Layout, LayoutContext
from inference_backend.datasets.layouts.coco import CocoLayout
from inference_backend.datasets.layouts.flair import FlairLayout
from inference_backend.datasets.layouts.flair_hub import FlairHubLayout
from inference_backend.datasets.layouts.odeon import OdeonLayout
from inference_backend.datasets.layouts.png_pairs import PngLayout
from inference_backend.datasets.layouts.stac import StacLayout
from inference_backend.datasets.layouts.yolo import YoloLayout
from inference_backend.datasets.manifest import FILE_NAME, Entry, Manifest, describe, write_manifest
from inference_backend.datasets.samples import HANDED_IN, choose_patches, read_samples
from inference_backend.errors import OutputError
from inference_backend.progress import Progress, Silent

WRITE_ERRORS = (OSError, RasterioError)


@dataclass(frozen=True)
class Format:
    """A layout by name.

    Attributes:
        make: the layout.
        mapping: of classes, where none is asked for.
    """

    make: Callable[[LayoutContext], Layout]
    mapping: str = AS_CAMPAIGN


FORMATS = {
    "flair": Format(FlairLayout, "flair-1"),
    "flair-hub": Format(FlairHubLayout, "flair-hub"),
    "odeon": Format(OdeonLayout),
    "stac": Format(StacLayout),
    "coco": Format(CocoLayout),
    "yolo": Format(YoloLayout),
    "png": Format(PngLayout),
}


@dataclass(frozen=True)
class ExportOptions:
    """What to export and how.

    Attributes:
        states: of the patches; those handed in by default.
        splits: all where none is named.
        mapping: see `class_plan.plan_classes`; empty for the format's own.
        profile: that of the campaign where empty.
        domain: FLAIR's name of département and year.
        acquired: day of the image, `YYYY-MM-DD`.
    """

    states: Sequence[PatchState] = HANDED_IN
    splits: Sequence[str] = ()
    mapping: str = ""
    profile: str = ""
    domain: str = "D000-0000"
    acquired: str = ""


@dataclass(frozen=True)
class ExportResult:
    """What was written.

    Attributes:
        folder: the data set.
        manifest: its description.
        lost: names of classes that share a value with another one.
        by_split: number of patches.
    """

    folder: Path
    manifest: Manifest
    lost: tuple[str, ...] = ()
    by_split: dict[str, int] = field(default_factory=dict)


def export_dataset(
    campaign_path: Path,
    format_name: str,
    output: Path,
    options: ExportOptions | None = None,
    progress: Progress | None = None,
) -> ExportResult:
    """Write a data set; its folder appears as a whole.

    Args:
        campaign_path: GeoPackage of the campaign.
        format_name: one of `FORMATS`.
        output: folder; an older data set in it is replaced, anything else is refused.
        options: what and how.
        progress: told after each patch.

    Raises:
        CampaignError: not a campaign.
        UnknownClassError: a class has no counterpart in the format's classes.
        DatasetError: nothing to export, damaged labels, or a folder that holds something else.
        RasterError: the image is missing.
        OutputError: the system refuses.
    """
    chosen, told = options or ExportOptions(), progress or Silent()
    campaign = read_campaign(campaign_path)
    layout_format = _format(format_name)
    _require_day(chosen.acquired)
    _require_free(output, campaign)
    profile = Profile.load(chosen.profile or campaign.profile or DEFAULT_PROFILE)
    mapping = chosen.mapping or layout_format.mapping
    plan = plan_classes(mapping, campaign.classes, profile, campaign_path)
    patches = choose_patches(campaign, chosen.states, chosen.splits)
    channels, heights = _channels(campaign)
    try:
        with replace_folder_when_done(output) as folder:
            context = LayoutContext(folder, campaign, plan, chosen.domain, chosen.acquired)
            layout = layout_format.make(context)
            entries: list[Entry] = []
            for sample in read_samples(campaign, patches, plan, channels, heights):
                files = layout.add(sample)
                entries.append(
                    Entry(sample.name, sample.split, files["image"], files["mask"], sample.fingerprint)
                )
                told.update(len(entries) / len(patches), "export")
            layout.finish()
            manifest = describe(format_name, campaign, plan, entries)
            write_manifest(folder, manifest, campaign, plan.name)
    except WRITE_ERRORS as error:
        raise OutputError(path=output, reason=error) from error
    counts = dict.fromkeys(dict.fromkeys(entry.split for entry in entries), 0)
    for entry in entries:
        counts[entry.split] += 1
    return ExportResult(output, manifest, _lost(campaign, plan), counts)


def _format(name: str) -> Format:
    if name in FORMATS:
        return FORMATS[name]
    raise DatasetError(
        path=name,
        problem_en="no such format",
        problem_fr="format inconnu",
        remedy_en=f"Choose one of {', '.join(FORMATS)}.",
        remedy_fr=f"Choisissez parmi {', '.join(FORMATS)}.",
    )


def _require_day(text: str) -> None:
    if text and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise DatasetError(
            path=text,
            problem_en="not a day",
            problem_fr="ce n'est pas un jour",
            remedy_en="Write it as 2024-06-30.",
            remedy_fr="Écrivez-le sous la forme 2024-06-30.",
        )


def _require_free(output: Path, campaign: Campaign) -> None:
    """Refuse to replace what is no data set of ours, or what holds the campaign."""
    holds = output.resolve() in (campaign.path.resolve().parent, *campaign.path.resolve().parents)
    is_ours = (output / FILE_NAME).is_file()
    if holds or (output.exists() and not is_ours and not (output.is_dir() and not any(output.iterdir()))):
        raise DatasetError(
            path=output,
            problem_en="holds something else than a data set of this program",
            problem_fr="contient autre chose qu'un jeu de données de ce programme",
            remedy_en="Choose a new or empty folder.",
            remedy_fr="Choisissez un dossier nouveau ou vide.",
        )


def _channels(campaign: Campaign) -> tuple[tuple[Channel, ...], tuple[Channel, ...]]:
    """Bands of the image, and of heights: surface and ground where the raster has two bands."""
    found = channels_of(campaign)
    heights = [channel for channel in found if channel.name == HEIGHT]
    image = tuple(channel for channel in found if channel.name != HEIGHT)
    if heights:
        with open_raster(heights[0].path) as raster:
            if raster.count > 1 and heights[0].band == 1:
                heights.append(Channel(GROUND, heights[0].path, 2))
    return image, tuple(heights)


def _lost(campaign: Campaign, plan: ClassPlan) -> tuple[str, ...]:
    targets = [int(plan.table[entry.value]) for entry in campaign.classes]
    return tuple(
        entry.name
        for entry, target in zip(campaign.classes, targets, strict=True)
        if targets.count(target) > 1 or target == plan.unlabelled
    )
