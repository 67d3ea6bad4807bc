# SPDX-License-Identifier: GPL-2.0-or-later
"""The campaign's GeoPackage: made as a whole, read as a whole, updated patch by patch."""

from __future__ import annotations

import os
from collections.abc import Sequence
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
    CampaignKey,
    PatchState,
)
from inference_backend.contracts.tables import Table
from ocsge_annotator.adapters.gdal_calls import attempt, spatial_reference
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.atomic_file import replace_when_done
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.patch_grid import GridCell
from ocsge_annotator.errors import CampaignError, WriteError

_FIELD_TYPES = {
    "text": ogr.OFTString,
    "integer": ogr.OFTInteger64,
    "real": ogr.OFTReal,
    "datetime": ogr.OFTDateTime,
}
_STATE_FIELDS = (
    "state",
    "annotator",
    "started_at",
    "submitted_at",
    "duration_s",
    "gestures",
    "labelled_share",
    "comment",
)


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
    """

    path: Path
    name: str
    image: Image
    profile: str
    patch_size_px: int
    classes: tuple[LabelClass, ...]
    cells: tuple[GridCell, ...]


def now_utc() -> str:
    """This moment, ISO 8601."""
    moment = datetime.now(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def create_campaign(plan: CampaignPlan) -> None:
    """Make the GeoPackage and its label folder.

    Raises:
        CampaignError: the folder has the labels, or the place for those, of another campaign.
        WriteError: the system refuses; no file is left.
    """
    labels = plan.path.parent / LABEL_FOLDER
    if labels.is_dir() and (any(labels.iterdir()) or not plan.path.exists()):
        raise CampaignError(
            path=labels,
            problem_en="this folder already is that of a campaign's labels",
            problem_fr="ce dossier est déjà celui des étiquettes d'une campagne",
            remedy_en="Choose another folder for the new campaign.",
            remedy_fr="Choisissez un autre dossier pour la nouvelle campagne.",
        )
    with replace_when_done(plan.path) as temporary:
        dataset, reason = attempt(
            ogr.GetDriverByName("GPKG").CreateDataSource, str(temporary), ["VERSION=1.2"]
        )
        if dataset is None:
            raise WriteError(path=plan.path, reason=reason)
        _write_patches(dataset, plan)
        _write_rows(dataset, LABEL_CLASS, [vars(entry) for entry in plan.classes])
        _write_rows(dataset, CAMPAIGN, [{"key": k.value, "value": v} for k, v in _description(plan).items()])
        written = dataset.FlushCache()
        dataset = None
        if written not in (None, 0):
            raise WriteError(path=plan.path, reason=gdal.GetLastErrorMsg())
        labels.mkdir(exist_ok=True)


def _description(plan: CampaignPlan) -> dict[CampaignKey, str]:
    return {
        CampaignKey.SCHEMA: SCHEMA_VERSION,
        CampaignKey.NAME: plan.name,
        CampaignKey.IMAGE: _relative(plan.image.path, plan.path.parent),
        CampaignKey.PATCH_SIZE_PX: str(plan.patch_size_px),
        CampaignKey.PROFILE: plan.profile,
        CampaignKey.CREATED: now_utc(),
    }


def _relative(image: Path, folder: Path) -> str:
    """Path from the campaign's folder where both are on one drive: the pair can then move together."""
    try:
        return Path(os.path.relpath(image.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return str(image)


def _create_layer(dataset: ogr.DataSource, table: Table, crs_wkt: str = "") -> ogr.Layer:
    geometry = ogr.wkbPolygon if table.geometry else ogr.wkbNone
    reference = spatial_reference(crs_wkt) if table.geometry else None
    layer = dataset.CreateLayer(table.name, reference, geometry, ["GEOMETRY_NAME=geom", "FID=fid"])
    for column in table.columns:
        layer.CreateField(ogr.FieldDefn(column.name, _FIELD_TYPES[column.type]))
    return layer


def _write_rows(dataset: ogr.DataSource, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    layer = _create_layer(dataset, table)
    for row in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for name, value in row.items():
            feature.SetField(name, value)
        layer.CreateFeature(feature)


def _write_patches(dataset: ogr.DataSource, plan: CampaignPlan) -> None:
    layer = _create_layer(dataset, PATCH, plan.image.crs_wkt)
    layer.StartTransaction()
    for cell in sorted(plan.cells, key=lambda c: c.rank):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(_rectangle(plan.image.grid.bounds_of(cell.window)))
        row = {
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
        for name, value in row.items():
            feature.SetField(name, value)
        layer.CreateFeature(feature)
    layer.CommitTransaction()


def _rectangle(bounds: Bounds) -> ogr.Geometry:
    ring = ogr.Geometry(ogr.wkbLinearRing)
    xmin, ymin, xmax, ymax = bounds
    for x, y in ((xmin, ymin), (xmax, ymin), (xmax, ymax), (xmin, ymax), (xmin, ymin)):
        ring.AddPoint_2D(x, y)
    polygon = ogr.Geometry(ogr.wkbPolygon)
    polygon.AddGeometry(ring)
    return polygon


def read_campaign(path: Path) -> Campaign:
    """Read a campaign.

    Raises:
        CampaignError: missing, not a campaign, or made by a newer version.
    """
    _roll_back(path)
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_VECTOR)
    if dataset is None:
        raise _not_a_campaign(path, reason or "no such file", reason or "fichier introuvable")
    missing = [t.name for t in (PATCH, LABEL_CLASS, CAMPAIGN) if dataset.GetLayerByName(t.name) is None]
    if missing:
        raise _not_a_campaign(path, f"no table {missing[0]}", f"pas de table {missing[0]}")
    described = {row["key"]: row["value"] for row in _rows(dataset, CAMPAIGN)}
    if described.get(CampaignKey.SCHEMA.value) != SCHEMA_VERSION:
        version = described.get(CampaignKey.SCHEMA.value)
        raise _not_a_campaign(
            path, f"schema {version}, not {SCHEMA_VERSION}", f"schéma {version}, pas {SCHEMA_VERSION}"
        )
    layer = dataset.GetLayerByName(PATCH.name)
    reference = layer.GetSpatialRef()
    return Campaign(
        path,
        described.get(CampaignKey.NAME.value, path.stem),
        _absolute(described.get(CampaignKey.IMAGE.value, ""), path.parent),
        described.get(CampaignKey.PROFILE.value, ""),
        int(described.get(CampaignKey.PATCH_SIZE_PX.value, "0")),
        tuple(LabelClass(**row) for row in _rows(dataset, LABEL_CLASS)),
        tuple(sorted((_patch(feature) for feature in layer), key=lambda patch: patch.rank)),
        reference.ExportToWkt() if reference is not None else "",
    )


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


def _rows(dataset: gdal.Dataset, table: Table) -> list[dict[str, Any]]:
    rows = []
    for feature in dataset.GetLayerByName(table.name):
        values = {name: feature.GetField(name) for name in table.column_names}
        rows.append({name: "" if value is None else value for name, value in values.items()})
    return rows


def _patch(feature: ogr.Feature) -> Patch:
    xmin, xmax, ymin, ymax = feature.GetGeometryRef().GetEnvelope()
    return Patch(
        feature.GetField("patch_id"),
        feature.GetField("row"),
        feature.GetField("col"),
        feature.GetField("rank"),
        PatchState(feature.GetField("state")),
        Bounds(xmin, ymin, xmax, ymax),
        feature.GetField("label_path"),
        feature.GetField("annotator") or "",
        feature.GetField("started_at") or "",
        feature.GetField("submitted_at") or "",
        feature.GetField("duration_s") or 0.0,
        feature.GetField("gestures") or 0,
        feature.GetField("labelled_share") or 0.0,
        feature.GetField("comment") or "",
    )


def write_patch_state(path: Path, patch: Patch) -> None:
    """Store what changes while a patch is worked on.

    Raises:
        WriteError: the GeoPackage is read-only, locked or gone.
    """
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
    layer = dataset.GetLayerByName(PATCH.name) if dataset is not None else None
    if layer is None:
        raise WriteError(path=path, reason=reason)
    layer.SetAttributeFilter(f"patch_id = '{patch.patch_id}'")
    feature = layer.GetNextFeature()
    if feature is None:
        raise WriteError(path=path, reason=f"patch_id {patch.patch_id} ?")
    for name in _STATE_FIELDS:
        value = getattr(patch, name)
        if value == "":
            feature.SetFieldNull(name)
        else:
            feature.SetField(name, value.value if isinstance(value, PatchState) else value)
    written, reason = attempt(layer.SetFeature, feature)
    if written != ogr.OGRERR_NONE:
        raise WriteError(path=path, reason=reason)


def write_image_path(path: Path, image: Path) -> None:
    """Tell a campaign where its image is now.

    Raises:
        WriteError: the GeoPackage is read-only, locked or gone.
    """
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
    if dataset is None:
        raise WriteError(path=path, reason=reason)
    layer = dataset.GetLayerByName(CAMPAIGN.name)
    layer.SetAttributeFilter(f"key = '{CampaignKey.IMAGE.value}'")
    feature = layer.GetNextFeature()
    feature.SetField("value", _relative(image, path.parent))
    written, reason = attempt(layer.SetFeature, feature)
    if written != ogr.OGRERR_NONE:
        raise WriteError(path=path, reason=reason)


def _not_a_campaign(path: Path, en: str, fr: str) -> CampaignError:
    return CampaignError(
        path=path,
        problem_en=f"not an annotation campaign ({en})",
        problem_fr=f"ce n'est pas une campagne d'annotation ({fr})",
        remedy_en="Choose a campaign made with “Create an annotation campaign”.",
        remedy_fr="Choisissez une campagne faite avec « Créer une campagne d'annotation ».",
    )
