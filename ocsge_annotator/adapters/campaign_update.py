# SPDX-License-Identifier: GPL-2.0-or-later
"""What changes in a campaign's GeoPackage after it was made."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

from inference_backend.contracts.campaign import CAMPAIGN, LABEL_FOLDER, PATCH, SOURCE, CampaignKey
from ocsge_annotator.adapters.campaign_tables import (
    append_rows,
    change_rows,
    opened_for_update,
    read_rows,
    row_of_cell,
    row_of_source,
)
from ocsge_annotator.domain.campaign import Campaign, Patch, Source
from ocsge_annotator.domain.image_grid import ImageGrid
from ocsge_annotator.domain.patch_grid import GridCell
from ocsge_annotator.domain.relative_path import relative_path

STATE_FIELDS = (
    "state",
    "annotator",
    "started_at",
    "submitted_at",
    "duration_s",
    "gestures",
    "labelled_share",
    "comment",
    "controller",
    "controlled_at",
)
"""What changes while a patch is worked on and controlled."""


def write_patches(path: Path, patches: Iterable[Patch], fields: Sequence[str]) -> None:
    """Store some columns of some patches, all or none.

    Raises:
        WriteError: the GeoPackage is read-only, locked or gone, or lacks a patch.
    """
    changes = {patch.patch_id: {name: getattr(patch, name) for name in fields} for patch in patches}
    with opened_for_update(path) as dataset:
        change_rows(dataset.GetLayerByName(PATCH.name), path, "patch_id", changes)


def write_patch_state(path: Path, patch: Patch) -> None:
    """Store what changes while a patch is worked on.

    Raises:
        WriteError: the GeoPackage is read-only, locked or gone.
    """
    write_patches(path, [patch], STATE_FIELDS)


def write_image_path(path: Path, image: Path) -> None:
    """Tell a campaign where its image is now.

    Raises:
        WriteError: the GeoPackage is read-only, locked or gone.
    """
    change = {CampaignKey.IMAGE.value: {"value": relative_path(image, path.parent)}}
    with opened_for_update(path) as dataset:
        change_rows(dataset.GetLayerByName(CAMPAIGN.name), path, "key", change)


def add_cells(path: Path, grid: ImageGrid, cells: Sequence[GridCell]) -> None:
    """Add patches to a campaign, all or none.

    Args:
        path: of the GeoPackage.
        grid: of the campaign's image.
        cells: new ones, ranks given.

    Raises:
        WriteError: the GeoPackage is read-only, locked or gone.
    """
    rows = [row_of_cell(cell, f"{LABEL_FOLDER}/{cell.patch_id}.tif") for cell in cells]
    with opened_for_update(path) as dataset:
        layer = dataset.GetLayerByName(PATCH.name)
        append_rows(layer, rows, [grid.bounds_of(cell.window) for cell in cells])


def add_sources(path: Path, sources: Sequence[Source]) -> None:
    """Add sources to a campaign.

    Raises:
        WriteError: the GeoPackage is read-only, locked or gone.
    """
    with opened_for_update(path) as dataset:
        append_rows(dataset.GetLayerByName(SOURCE.name), [row_of_source(source) for source in sources])


def ensure_id(campaign: Campaign) -> str:
    """The campaign's identity, given now where it has none.

    Raises:
        WriteError: it has none, and the GeoPackage is read-only, locked or gone.
    """
    if campaign.campaign_id:
        return campaign.campaign_id
    with opened_for_update(campaign.path) as dataset:
        known = {row["key"]: row["value"] for row in read_rows(dataset, CAMPAIGN)}
        identity = str(known.get(CampaignKey.ID.value) or uuid.uuid4())
        if CampaignKey.ID.value not in known:
            row = {"key": CampaignKey.ID.value, "value": identity}
            append_rows(dataset.GetLayerByName(CAMPAIGN.name), [row])
    return identity
