# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of a campaign's GeoPackage: made, read and changed row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from osgeo import gdal, ogr

from inference_backend.contracts.campaign import (
    CAMPAIGN,
    PATCH,
    SCHEMA_VERSION,
    TABLES,
    CampaignKey,
    PatchState,
)
from inference_backend.contracts.tables import Table
from ocsge_annotator.adapters.gdal_calls import attempt, spatial_reference
from ocsge_annotator.domain.campaign import Patch, Source
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.patch_grid import GridCell
from ocsge_annotator.errors import WriteError

_FIELD_TYPES = {
    "text": ogr.OFTString,
    "integer": ogr.OFTInteger64,
    "real": ogr.OFTReal,
    "datetime": ogr.OFTDateTime,
}
Row = Mapping[str, Any]


def create_layer(dataset: ogr.DataSource, table: Table, crs_wkt: str = "") -> ogr.Layer:
    """Make an empty table."""
    geometry = ogr.wkbPolygon if table.geometry else ogr.wkbNone
    reference = spatial_reference(crs_wkt) if table.geometry else None
    layer = dataset.CreateLayer(table.name, reference, geometry, ["GEOMETRY_NAME=geom", "FID=fid"])
    for column in table.columns:
        layer.CreateField(ogr.FieldDefn(column.name, _FIELD_TYPES[column.type]))
    return layer


def append_rows(layer: ogr.Layer, rows: Iterable[Row], bounds: Sequence[Bounds] = ()) -> None:
    """Add rows, as one transaction.

    Args:
        layer: of the table.
        rows: values by column.
        bounds: rectangle of each row, for a table with geometry.

    Raises:
        WriteError: a row was refused; none of them is there.
    """
    layer.StartTransaction()
    for index, row in enumerate(rows):
        feature = ogr.Feature(layer.GetLayerDefn())
        if bounds:
            feature.SetGeometry(_rectangle(bounds[index]))
        _set(feature, row)
        written, reason = attempt(layer.CreateFeature, feature)
        if written != ogr.OGRERR_NONE:
            layer.RollbackTransaction()
            raise WriteError(path=layer.GetName(), reason=reason)
    layer.CommitTransaction()


def change_rows(layer: ogr.Layer, path: Path, key: str, changes: Mapping[str, Row]) -> None:
    """Set columns of rows, as one transaction.

    Args:
        layer: of the table.
        path: of the GeoPackage, for errors.
        key: column that names a row.
        changes: new values by column, by value of `key`.

    Raises:
        WriteError: a row is not there or was refused; nothing was changed.
    """
    layer.StartTransaction()
    for name, row in changes.items():
        quoted = str(name).replace("'", "''")
        layer.SetAttributeFilter(f"{key} = '{quoted}'")
        feature = layer.GetNextFeature()
        reason = f"{key} {name} ?"
        if feature is not None:
            _set(feature, row)
            written, reason = attempt(layer.SetFeature, feature)
        if feature is None or written != ogr.OGRERR_NONE:
            layer.RollbackTransaction()
            raise WriteError(path=path, reason=reason)
    layer.SetAttributeFilter(None)
    done, reason = attempt(layer.CommitTransaction)
    if done != ogr.OGRERR_NONE:
        raise WriteError(path=path, reason=reason)


def _set(feature: ogr.Feature, row: Row) -> None:
    for name, value in row.items():
        if value is None or value == "":
            feature.SetFieldNull(name)
        else:
            feature.SetField(name, value.value if isinstance(value, PatchState) else value)


def read_rows(dataset: gdal.Dataset, table: Table) -> list[dict[str, Any]]:
    """Rows of a table, "" for nothing; none where the table is not there, as in an older schema."""
    layer = dataset.GetLayerByName(table.name)
    if layer is None:
        return []
    return [row_of(feature, table) for feature in layer]


def row_of(feature: ogr.Feature, table: Table) -> dict[str, Any]:
    """Values of a row, "" for nothing; columns that an older schema lacks are left out."""
    there = [name for name in table.column_names if feature.GetFieldIndex(name) >= 0]
    values = {name: feature.GetField(name) for name in there}
    return {name: "" if value is None else value for name, value in values.items()}


def patch_of(feature: ogr.Feature) -> Patch:
    """A patch from its row."""
    xmin, xmax, ymin, ymax = feature.GetGeometryRef().GetEnvelope()
    values = {name: value for name, value in row_of(feature, PATCH).items() if value != ""}
    values["state"] = PatchState(values["state"])
    return Patch(bounds=Bounds(xmin, ymin, xmax, ymax), **values)


def row_of_cell(cell: GridCell, label_path: str) -> dict[str, Any]:
    """Row of a patch that nobody has touched yet."""
    return {
        "patch_id": cell.patch_id,
        "row": cell.row,
        "col": cell.col,
        "rank": cell.rank,
        "state": PatchState.TODO,
        "split": cell.split,
        "duration_s": 0.0,
        "gestures": 0,
        "labelled_share": 0.0,
        "label_path": label_path,
        "twice": int(cell.twice),
        "uncertainty": cell.uncertainty,
        "image_fingerprint": cell.fingerprint,
    }


def row_of_patch(patch: Patch) -> dict[str, Any]:
    """Row of a patch as it is."""
    return {name: getattr(patch, name) for name in PATCH.column_names}


def row_of_source(source: Source) -> dict[str, Any]:
    """Row of a source."""
    options = json.dumps(dict(source.options), ensure_ascii=False)
    return {**vars(source), "role": source.role.value, "options": options}


@contextmanager
def opened_for_update(path: Path) -> Iterator[gdal.Dataset]:
    """The GeoPackage, writable and of the present schema.

    Raises:
        WriteError: it is read-only, locked or gone.
    """
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
    layer = dataset.GetLayerByName(PATCH.name) if dataset is not None else None
    if layer is None:
        raise WriteError(path=path, reason=reason)
    _upgrade(dataset, path)
    yield dataset
    written, reason = attempt(dataset.FlushCache)
    if written not in (None, 0):
        raise WriteError(path=path, reason=reason)


def _upgrade(dataset: gdal.Dataset, path: Path) -> None:
    """Add what a campaign of an older schema lacks; the version comes last."""
    changed = False
    for table in TABLES:
        layer = dataset.GetLayerByName(table.name)
        if layer is None:
            changed = True
            create_layer(dataset, table)
            continue
        for column in table.columns:
            if layer.GetLayerDefn().GetFieldIndex(column.name) < 0:
                changed = True
                created, reason = attempt(
                    layer.CreateField, ogr.FieldDefn(column.name, _FIELD_TYPES[column.type])
                )
                if created != ogr.OGRERR_NONE:
                    raise WriteError(path=path, reason=reason)
    if changed:
        layer = dataset.GetLayerByName(CAMPAIGN.name)
        change_rows(layer, path, "key", {CampaignKey.SCHEMA.value: {"value": SCHEMA_VERSION}})


def _rectangle(bounds: Bounds) -> ogr.Geometry:
    ring = ogr.Geometry(ogr.wkbLinearRing)
    xmin, ymin, xmax, ymax = bounds
    for x, y in ((xmin, ymin), (xmax, ymin), (xmax, ymax), (xmin, ymax), (xmin, ymin)):
        ring.AddPoint_2D(x, y)
    polygon = ogr.Geometry(ogr.wkbPolygon)
    polygon.AddGeometry(ring)
    return polygon
