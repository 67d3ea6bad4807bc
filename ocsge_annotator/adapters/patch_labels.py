# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels of a patch without its image: for lots, which travel without it."""

from __future__ import annotations

from pathlib import Path

from inference_backend.contracts.errors import ProfileError
from inference_backend.contracts.profile import Profile
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.adapters.label_raster import read_labels, write_labels
from ocsge_annotator.domain.active_clock import ActiveClock
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.image_grid import ImageGrid
from ocsge_annotator.domain.journal import Journal
from ocsge_annotator.domain.label_classes import class_tag
from ocsge_annotator.domain.patch_editor import PatchEditor
from ocsge_annotator.domain.pixels import Labels, PixelWindow, Shape


def labels_of(campaign: Campaign, patch: Patch) -> Labels:
    """Labels of a patch as they are now, with what its journal has beyond the raster; nothing is written.

    Returns:
        (H, W) uint8.

    Raises:
        LabelError: the label raster does not fit the patch.
        JournalError: the journal belongs to another patch.
    """
    size = campaign.patch_size_px
    labels = labels_at(campaign, patch, campaign.label_file(patch))
    journal = Journal(campaign.journal_file(patch), patch.patch_id, Shape(size, size))
    return PatchEditor(labels, journal, ActiveClock()).labels


def labels_at(campaign: Campaign, patch: Patch, path: Path) -> Labels:
    """Labels of a file on the pixels of a patch; all unlabelled where there is no file.

    Raises:
        LabelError: the label raster does not fit the patch.
    """
    image, window = _place(campaign, patch)
    return read_labels(path, image, window)


def put_labels(campaign: Campaign, patch: Patch, path: Path, labels: Labels) -> None:
    """Write labels onto the pixels of a patch.

    Raises:
        WriteError: the system refuses; the previous file is intact.
    """
    image, window = _place(campaign, patch)
    tag = class_tag(campaign.classes, profile_of(campaign))
    write_labels(path, labels, image, window, campaign.classes, tag)


def profile_of(campaign: Campaign) -> Profile | None:
    """The profile that gives cover codes to the class table, None where this machine lacks it."""
    try:
        return Profile.load(campaign.profile)
    except (ProfileError, FileNotFoundError):
        return None


def _place(campaign: Campaign, patch: Patch) -> tuple[Image, PixelWindow]:
    """The patch as an image of its own."""
    size, bounds = campaign.patch_size_px, patch.bounds
    pixel_x, pixel_y = (bounds.xmax - bounds.xmin) / size, (bounds.ymax - bounds.ymin) / size
    grid = ImageGrid(size, size, bounds.xmin, bounds.ymax, pixel_x, pixel_y)
    return Image(campaign.image, grid, campaign.crs_wkt), PixelWindow(0, 0, size, size)
