# SPDX-License-Identifier: GPL-2.0-or-later
"""An annotation campaign over the demo's image, as the plugin's own algorithm would make it."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.campaign import (
    CAMPAIGN,
    LABEL_CLASS,
    LABEL_FOLDER,
    PATCH,
    SCHEMA_VERSION,
    CampaignKey,
    PatchState,
)
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.lot.gpkg_tables import write_attributes, write_spatial
from ocsge_annotator.domain.image_grid import ImageGrid
from ocsge_annotator.domain.label_classes import physical_classes
from ocsge_annotator.domain.patch_grid import DEFAULT_PATCH_SIZE_PX, lay_cells, rank_cells

SAMPLE = 12
"""Patches of the demo's campaign: enough to browse, few enough to finish."""


def write_campaign(target: Path, image: Path, profile: Profile, seed: int = 0) -> int:
    """Write a campaign of a few patches drawn over `image`; returns how many.

    Args:
        target: GeoPackage to write; the folder of labels is made beside it.
        image: georeferenced raster.
        profile: whose physical classes are to be labelled.
        seed: of the draw.
    """
    with rasterio.open(image) as source:
        t = source.transform
        grid = ImageGrid(source.width, source.height, t.c, t.f, t.a, -t.e)
        crs = source.crs
    cells = rank_cells(lay_cells(grid, DEFAULT_PATCH_SIZE_PX, DEFAULT_PATCH_SIZE_PX), SAMPLE, seed)
    rows: list[dict[str, Any]] = [
        {
            "patch_id": cell.patch_id,
            "row": cell.row,
            "col": cell.col,
            "rank": cell.rank,
            "state": PatchState.TODO.value,
            "duration_s": 0.0,
            "gestures": 0,
            "labelled_share": 0.0,
            "label_path": f"{LABEL_FOLDER}/{cell.patch_id}.tif",
        }
        for cell in cells
    ]
    boxes = [shapely.box(*grid.bounds_of(cell.window)) for cell in cells]
    (target.parent / LABEL_FOLDER).mkdir(parents=True, exist_ok=True)
    with replace_when_done(target) as temporary:
        columns = {name: [row.get(name) for row in rows] for name in PATCH.column_names}
        write_spatial(temporary, PATCH, np.array(boxes, dtype=object), columns, crs.to_string())
        write_attributes(temporary, LABEL_CLASS, [vars(entry) for entry in physical_classes(profile)])
        write_attributes(temporary, CAMPAIGN, _description(target, image, profile))
    return len(cells)


def _description(target: Path, image: Path, profile: Profile) -> list[dict[str, Any]]:
    values = {
        CampaignKey.SCHEMA: SCHEMA_VERSION,
        CampaignKey.NAME: "Démonstration",
        CampaignKey.IMAGE: Path(os.path.relpath(image.resolve(), target.resolve().parent)).as_posix(),
        CampaignKey.PATCH_SIZE_PX: str(DEFAULT_PATCH_SIZE_PX),
        CampaignKey.PROFILE: profile.name,
        CampaignKey.CREATED: datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return [{"key": key.value, "value": value} for key, value in values.items()]
