# SPDX-License-Identifier: GPL-2.0-or-later
"""A control file made from a lot on disk, written from the contract alone (docs/decisions/0014)."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path

from osgeo import gdal, ogr, osr

from inference_backend.contracts.control import (
    CONTROL,
    CONTROL_ANSWER,
    CONTROL_FILE_LOT_KEYS,
    CONTROL_OUTLINE,
    CONTROL_SAMPLE,
    CONTROL_SCHEMA_VERSION,
    Unit,
)
from inference_backend.contracts.lot import IMAGERY, LOT, REFERENCE
from inference_backend.contracts.tables import Table

CONTROL_ID = "4b8f5f0e-0000-4000-8000-000000000001"
_TYPES = {
    "text": ogr.OFTString,
    "integer": ogr.OFTInteger64,
    "real": ogr.OFTReal,
    "datetime": ogr.OFTDateTime,
}
_GEOMETRIES = {"Polygon": ogr.wkbPolygon, "MultiLineString": ogr.wkbMultiLineString}
_TABLES = (CONTROL, CONTROL_SAMPLE, CONTROL_ANSWER, CONTROL_OUTLINE, IMAGERY, REFERENCE, LOT)
AROUND_M = 40.0


@dataclass(frozen=True)
class Wanted:
    """What the file is like.

    Attributes:
        units: how many; drawn from the polygons that are not of the skeleton.
        unit: polygons, or points alone.
        controller, role: whose file it is.
        second: numbers of the units whose answer is a second opinion.
        images: rows of `imagery`.
        answers: rows of `control_answer`.
        least_m2: smaller polygons are not drawn.
    """

    units: int = 12
    unit: Unit = Unit.POLYGON
    controller: str = "Claire"
    role: str = "first"
    second: tuple[int, ...] = ()
    images: tuple[dict[str, object], ...] = ()
    answers: tuple[dict[str, object], ...] = field(default_factory=tuple)
    least_m2: float = 0.0


def make_control(path: Path, lot: Path, wanted: Wanted = Wanted()) -> Path:
    """Write a control file on units of a lot, in random order."""
    source = ogr.Open(str(lot))
    coverage = source.GetLayerByName("occupation_sol")
    reference = coverage.GetSpatialRef()
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    layers = {table.name: _create(dataset, table, reference) for table in _TABLES}
    dataset.StartTransaction()
    polygons = [feature.geometry().Clone() for feature in coverage if not feature["ossature"]]
    polygons = [polygon for polygon in polygons if polygon.Area() >= wanted.least_m2]
    drawn = random.Random(7).sample(polygons, min(wanted.units, len(polygons)))
    for number, polygon in enumerate(drawn, start=1):
        _add_unit(layers, number, polygon, wanted)
        if wanted.unit is Unit.POLYGON:
            _add_surroundings(layers[CONTROL_OUTLINE.name], coverage, number, polygon)
    _add(layers["control"], _control(wanted))
    for row in wanted.images:
        _add(layers["imagery"], row)
    for row in wanted.answers:
        _add(layers["control_answer"], {"control_id": CONTROL_ID, "in_force": 1, "role": "first", **row})
    own = {"controller": wanted.controller, "role": wanted.role}
    known = {feature["key"]: feature["value"] for feature in source.GetLayerByName("lot")}
    kept = {key: known[key] for key in CONTROL_FILE_LOT_KEYS if key in known}
    for key, value in {**kept, **own}.items():
        _add(layers["lot"], {"key": key, "value": value})
    dataset.CommitTransaction()
    return path


def _control(wanted: Wanted) -> dict[str, object]:
    return {
        "control_id": CONTROL_ID,
        "schema_version": CONTROL_SCHEMA_VERSION,
        "lot_uuid": "4b8f5f0e-0000-4000-8000-0000000000ff",
        "lot_name": "Commune d'essai",
        "design_json": json.dumps({"unit": wanted.unit.value}),
        "state": "drawn",
    }


def _add_unit(layers: dict[str, ogr.Layer], number: int, polygon: ogr.Geometry, wanted: Wanted) -> None:
    inside = polygon.PointOnSurface()
    values = {
        "control_id": CONTROL_ID,
        "sample_id": number,
        "x": inside.GetX(),
        "y": inside.GetY(),
        "second_opinion": int(number in wanted.second),
    }
    _add(layers["control_sample"], values, polygon if wanted.unit is Unit.POLYGON else None)


def _add_surroundings(layer: ogr.Layer, coverage: ogr.Layer, number: int, polygon: ogr.Geometry) -> None:
    near = polygon.Buffer(AROUND_M)
    coverage.SetSpatialFilter(near)
    lines = ogr.Geometry(ogr.wkbMultiLineString)
    for feature in coverage:
        part = feature.geometry().Boundary().Intersection(near).Difference(polygon.Boundary())
        for line in ogr.ForceToMultiLineString(part):
            lines.AddGeometry(line)
    coverage.SetSpatialFilter(None)
    _add(layer, {"sample_id": number}, lines)


def _create(dataset: gdal.Dataset, table: Table, reference: osr.SpatialReference) -> ogr.Layer:
    geometry = _GEOMETRIES.get(table.geometry or "", ogr.wkbNone)
    layer = dataset.CreateLayer(table.name, reference if table.geometry else None, geometry, ["FID=fid"])
    for column in table.columns:
        layer.CreateField(ogr.FieldDefn(column.name, _TYPES[column.type]))
    return layer


def _add(layer: ogr.Layer, values: dict[str, object], geometry: ogr.Geometry | None = None) -> None:
    feature = ogr.Feature(layer.GetLayerDefn())
    for name, value in values.items():
        if value is not None:
            feature.SetField(name, value)
    if geometry is not None:
        feature.SetGeometry(geometry)
    layer.CreateFeature(feature)
