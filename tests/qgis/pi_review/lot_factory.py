# SPDX-License-Identifier: GPL-2.0-or-later
"""A small lot, written from the contract alone: the made coverage, its zone construite and a queue."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from osgeo import gdal, ogr, osr

from inference_backend.contracts.lot import SCHEMA_VERSION, TABLES, LotKey, Reason
from inference_backend.contracts.profile import Profile
from inference_backend.contracts.tables import Table
from tests.unit.pi_review.review_coverage import CELL_M, ORIGIN, make_rows

OGR_TYPES = {
    "text": ogr.OFTString,
    "integer": ogr.OFTInteger64,
    "real": ogr.OFTReal,
    "datetime": ogr.OFTDateTime,
}
OGR_GEOMETRY = {
    None: ogr.wkbNone,
    "Polygon": ogr.wkbPolygon,
    "MultiPolygon": ogr.wkbMultiPolygon,
    "Point": ogr.wkbPoint,
}
REASONS = (
    (Reason.LOW_CONFIDENCE, Reason.SMALL_MARGIN),
    (Reason.SMALL_MARGIN,),
    (Reason.REFERENCE_DISAGREES, Reason.ARTIFICIALISATION_AT_STAKE),
    (Reason.USE_BY_DEFAULT,),
)


def make_lot(path: Path, seed: int = 1, cells: int = 30, regions: int = 48, items: int = 24) -> Path:
    """Write a lot of about `regions` polygons."""
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    layers = {table.name: _create(dataset, table, reference) for table in TABLES}
    rows = make_rows(seed, cells, regions)
    dataset.StartTransaction()
    for row in rows.values():
        values = {"id": row.id, **row.attributes}
        _add(layers["occupation_sol"], values, ogr.CreateGeometryFromWkb(row.wkb))
    half, size = cells * CELL_M / 2, cells * CELL_M
    zone = f"POLYGON(({_at(0, 0)}, {_at(half, 0)}, {_at(half, size)}, {_at(0, size)}, {_at(0, 0)}))"
    values = {"id": "ZC1", "millesime": "2022", "area_m2": half * size}
    _add(layers["zone_construite"], values, ogr.CreateGeometryFromWkt(zone))
    doubtful = sorted(
        (row for row in rows.values() if not row.is_locked), key=lambda row: row.attributes["confidence"]
    )
    for rank, row in enumerate(doubtful[:items], start=1):
        values = {
            "item_id": rank,
            "polygon_id": row.id,
            "rank": rank,
            "priority": round(1 / math.sqrt(rank), 4),
            "reasons": ",".join(reason.value for reason in REASONS[rank % 4]),
            "proposed_cs": row.cs,
            "proposed_us": row.us,
            "runner_up_cs": row.attributes["runner_up_cs"],
            "confidence": row.attributes["confidence"],
            "state": "todo",
        }
        _add(layers["review_item"], values, ogr.CreateGeometryFromWkb(row.wkb).PointOnSurface())
    metadata = {
        LotKey.SCHEMA: SCHEMA_VERSION,
        LotKey.NAME: "Commune d'essai",
        LotKey.PROFILE: "ocsge-2.0",
        LotKey.PROFILE_VERSION: "2.0-1",
        LotKey.MILLESIME: "2022",
        LotKey.PROFILE_RULES: json.dumps(lenient_rules()),
        LotKey.PROFILE_NOMENCLATURE: (Profile.load().path.parent / "nomenclature.json").read_text("utf-8"),
    }
    for key, value in metadata.items():
        _add(layers["lot"], {"key": key.value, "value": value})
    dataset.CommitTransaction()
    return path


def lenient_rules() -> dict[str, Any]:
    """The rules of the profile, but that minimum areas only warn: cells of the lot are small ones."""
    rules = Profile.load("ocsge-2.0").rules
    return {**rules, "review": {**rules["review"], "gestures": {"below_minimum": "warn"}}}


def _at(dx: float, dy: float) -> str:
    return f"{ORIGIN[0] + dx} {ORIGIN[1] + dy}"


def _create(dataset: gdal.Dataset, table: Table, reference: osr.SpatialReference) -> ogr.Layer:
    geometry = OGR_GEOMETRY[table.geometry]
    layer = dataset.CreateLayer(table.name, reference if table.geometry else None, geometry, ["FID=fid"])
    for column in table.columns:
        layer.CreateField(ogr.FieldDefn(column.name, OGR_TYPES[column.type]))
    return layer


def _add(layer: ogr.Layer, values: dict[str, object], geometry: ogr.Geometry | None = None) -> None:
    feature = ogr.Feature(layer.GetLayerDefn())
    for name, value in values.items():
        if value is not None:
            feature.SetField(name, value)
    if geometry is not None:
        feature.SetGeometry(geometry)
    layer.CreateFeature(feature)
