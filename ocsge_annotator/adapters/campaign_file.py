# SPDX-License-Identifier: GPL-2.0-or-later
"""The campaign's GeoPackage: made as a whole, read as a whole, updated patch by patch."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from osgeo import gdal, ogr

from inference_backend.contracts.campaign import (
    CAMPAIGN,
    LABEL_CLASS,
    LABEL_FOLDER,
    PATCH,
    SCHEMA_VERSION,
    SOURCE,
    TABLES,
    CampaignKey,
    SourceRole,
)
from ocsge_annotator.adapters.campaign_tables import (
    append_rows,
    create_layer,
    patch_of,
    read_rows,
    row_of_cell,
    row_of_source,
)
from ocsge_annotator.adapters.gdal_calls import attempt
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.atomic_file import replace_when_done
from ocsge_annotator.domain.campaign import Campaign, Patch, Source
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.patch_grid import GridCell
from ocsge_annotator.domain.relative_path import is_plain_name, relative_path, stays_within
from ocsge_annotator.errors import CampaignError, WriteError

READABLE_SCHEMAS = ("1", SCHEMA_VERSION)
"""A campaign of schema 1 lacks columns and tables; it gets them when it is first written."""


@dataclass(frozen=True)
class CampaignPlan:
    """What a new campaign is made of.

    Attributes:
        path: the GeoPackage to make.
        name: for people.
        image: to be annotated.
        profile: name of the profile.
        patch_size_px: height and width of a patch.
        classes: in order.
        cells: in any order, ranks given.
        sources: what is shown or learnt from besides the image.
    """

    path: Path
    name: str
    image: Image
    profile: str
    patch_size_px: int
    classes: tuple[LabelClass, ...]
    cells: tuple[GridCell, ...]
    sources: tuple[Source, ...] = ()


def now_utc() -> str:
    """This moment, ISO 8601."""
    moment = datetime.now(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class CampaignContent:
    """The tables of a campaign.

    Attributes:
        crs_wkt: CRS of the patches.
        rows: of the table `patch`.
        bounds: rectangle of each of them.
        classes: in order.
        sources: in order.
        description: the table `campaign`.
    """

    crs_wkt: str
    rows: Sequence[Mapping[str, Any]]
    bounds: Sequence[Bounds]
    classes: Sequence[LabelClass]
    sources: Sequence[Source]
    description: Mapping[CampaignKey, str]


def create_campaign(plan: CampaignPlan) -> None:
    """Make the GeoPackage and its label folder.

    Raises:
        CampaignError: the folder has the labels, or the place for those, of another campaign.
        WriteError: the system refuses; no file is left.
    """
    cells = sorted(plan.cells, key=lambda cell: cell.rank)
    content = CampaignContent(
        plan.image.crs_wkt,
        [row_of_cell(cell, f"{LABEL_FOLDER}/{cell.patch_id}.tif") for cell in cells],
        [plan.image.grid.bounds_of(cell.window) for cell in cells],
        plan.classes,
        plan.sources,
        _description(plan),
    )
    write_campaign(plan.path, content)


def write_campaign(path: Path, content: CampaignContent) -> None:
    """Make a GeoPackage and its label folder, whole or not at all.

    Raises:
        CampaignError: the folder has the labels, or the place for those, of another campaign.
        WriteError: the system refuses; no file is left.
    """
    labels = path.parent / LABEL_FOLDER
    if labels.is_dir() and (any(labels.iterdir()) or not path.exists()):
        raise CampaignError(
            path=labels,
            problem_en="this folder already is that of a campaign's labels",
            problem_fr="ce dossier est déjà celui des étiquettes d'une campagne",
            remedy_en="Choose another folder for the new campaign.",
            remedy_fr="Choisissez un autre dossier pour la nouvelle campagne.",
        )
    with replace_when_done(path) as temporary:
        dataset, reason = attempt(
            ogr.GetDriverByName("GPKG").CreateDataSource, str(temporary), ["VERSION=1.2"]
        )
        if dataset is None:
            raise WriteError(path=path, reason=reason)
        _write_tables(dataset, content)
        written = dataset.FlushCache()
        dataset = None
        if written not in (None, 0):
            raise WriteError(path=path, reason=gdal.GetLastErrorMsg())
        labels.mkdir(exist_ok=True)


def _description(plan: CampaignPlan) -> dict[CampaignKey, str]:
    return {
        CampaignKey.SCHEMA: SCHEMA_VERSION,
        CampaignKey.NAME: plan.name,
        CampaignKey.IMAGE: relative_path(plan.image.path, plan.path.parent),
        CampaignKey.PATCH_SIZE_PX: str(plan.patch_size_px),
        CampaignKey.PROFILE: plan.profile,
        CampaignKey.CREATED: now_utc(),
        CampaignKey.ID: str(uuid.uuid4()),
    }


def _write_tables(dataset: ogr.DataSource, content: CampaignContent) -> None:
    layers = {table.name: create_layer(dataset, table, content.crs_wkt) for table in TABLES}
    append_rows(layers[PATCH.name], content.rows, content.bounds)
    append_rows(layers[LABEL_CLASS.name], [vars(entry) for entry in content.classes])
    append_rows(layers[SOURCE.name], [row_of_source(source) for source in content.sources])
    described = [{"key": key.value, "value": value} for key, value in content.description.items()]
    append_rows(layers[CAMPAIGN.name], described)


def read_campaign(path: Path) -> Campaign:
    """Read a campaign.

    Raises:
        CampaignError: missing, not a campaign, or made by a newer version.
    """
    _roll_back(path)
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_VECTOR)
    if dataset is None:
        raise _not_a_campaign(path, reason or "no such file", reason or "fichier introuvable")
    problem = _why_unreadable(dataset)
    if problem is not None:
        dataset = None  # an error keeps this frame, and QGIS must find no open file when it ends
        raise _not_a_campaign(path, *problem)
    described = {row["key"]: row["value"] for row in read_rows(dataset, CAMPAIGN)}
    layer = dataset.GetLayerByName(PATCH.name)
    reference = layer.GetSpatialRef()
    return Campaign(
        path,
        described.get(CampaignKey.NAME.value, path.stem),
        _absolute(described.get(CampaignKey.IMAGE.value, ""), path.parent),
        described.get(CampaignKey.PROFILE.value, ""),
        int(described.get(CampaignKey.PATCH_SIZE_PX.value, "0")),
        tuple(LabelClass(**row) for row in read_rows(dataset, LABEL_CLASS)),
        tuple(sorted((patch_of(feature) for feature in layer), key=lambda patch: patch.rank)),
        reference.ExportToWkt() if reference is not None else "",
        tuple(_source(row) for row in read_rows(dataset, SOURCE)),
        described.get(CampaignKey.ID.value, ""),
        described.get(CampaignKey.LOT.value, ""),
    )


def _why_unreadable(dataset: gdal.Dataset) -> tuple[str, str] | None:
    """What keeps a GeoPackage from being a campaign that we read, in English and French."""
    missing = [t.name for t in (PATCH, LABEL_CLASS, CAMPAIGN) if dataset.GetLayerByName(t.name) is None]
    if missing:
        return f"no table {missing[0]}", f"pas de table {missing[0]}"
    for feature in dataset.GetLayerByName(PATCH.name):
        patch = patch_of(feature)
        if not stays_within(patch.label_path) or not is_plain_name(patch.patch_id):
            return f"labels at “{patch.label_path}”", f"étiquettes à « {patch.label_path} »"
    described = {row["key"]: row["value"] for row in read_rows(dataset, CAMPAIGN)}
    lot = described.get(CampaignKey.LOT.value) or "lot"
    if not is_plain_name(lot):
        return f"lot “{lot}”", f"lot « {lot} »"
    version = described.get(CampaignKey.SCHEMA.value)
    if version not in READABLE_SCHEMAS:
        return f"schema {version}, not {SCHEMA_VERSION}", f"schéma {version}, pas {SCHEMA_VERSION}"
    return None


def read_patch(path: Path, patch_id: str) -> Patch | None:
    """A patch's row as it is now, None where the campaign cannot be read or has no such patch."""
    dataset, _ = attempt(gdal.OpenEx, str(path), gdal.OF_VECTOR)
    layer = dataset.GetLayerByName(PATCH.name) if dataset is not None else None
    if layer is None:
        return None
    quoted = patch_id.replace("'", "''")
    layer.SetAttributeFilter(f"patch_id = '{quoted}'")
    feature = layer.GetNextFeature()
    return patch_of(feature) if feature is not None else None


def _source(row: dict[str, Any]) -> Source:
    options = json.loads(row["options"] or "{}")
    return Source(SourceRole(row["role"]), row["title"], row["uri"], row["provider"] or "gdal", options)


def _roll_back(path: Path) -> None:
    """Undo the writing that a kill cut short.

    SQLite does it at the next opening for writing, and refuses an opening for reading until then.
    """
    if not path.with_name(f"{path.name}-journal").exists():
        return
    dataset, _ = attempt(gdal.OpenEx, str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
    if dataset is not None:
        attempt(dataset.GetLayerByName, PATCH.name)


def _absolute(image: str, folder: Path) -> Path:
    return Path(os.path.normpath(folder / image))


def _not_a_campaign(path: Path, en: str, fr: str) -> CampaignError:
    return CampaignError(
        path=path,
        problem_en=f"not an annotation campaign ({en})",
        problem_fr=f"ce n'est pas une campagne d'annotation ({fr})",
        remedy_en="Choose a campaign made with “Create an annotation campaign”.",
        remedy_fr="Choisissez une campagne faite avec « Créer une campagne d'annotation ».",
    )
