# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes tables of `contracts.tables` into a GeoPackage that GDAL 3.6 reads without a warning."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.tables import Column, Table
from inference_backend.progress import Progress, Silent

GEOMETRY_COLUMN = "geom"
ROWS_AT_ONCE = 10_000
"""Rows between two looks at whether the user still wants them: a tenth of a second or two."""
_VERSION = "1.2"  # 1.4, the default of current GDAL, makes GDAL 3.6 warn at every opening
_SQL_TYPES = {"text": "TEXT", "integer": "INTEGER", "real": "REAL", "datetime": "DATETIME"}


def write_spatial(
    path: Path,
    table: Table,
    geometry: NDArray[np.object_],
    columns: Mapping[str, Sequence[Any] | NDArray[Any]],
    crs: str,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> None:
    """Create a spatial table with its index, some thousand rows at a time.

    Args:
        path: the GeoPackage, created where it does not exist.
        table: its schema.
        geometry: (n,) shapely geometries of the table's type.
        columns: values by column name; what is missing is written as null, what the schema lacks is ignored.
        crs: authority code or WKT.
        progress: told the share of the rows that are written; may raise `Cancelled`.
    """
    for start in range(0, max(len(geometry), 1), ROWS_AT_ONCE):
        progress.update(start / max(len(geometry), 1))
        rows = slice(start, start + ROWS_AT_ONCE)
        some = {name: values[rows] for name, values in columns.items() if values is not None}
        _write_rows(path, table, geometry[rows], some, crs, is_first=start == 0)


def _write_rows(
    path: Path,
    table: Table,
    geometry: NDArray[np.object_],
    columns: Mapping[str, Sequence[Any] | NDArray[Any]],
    crs: str,
    *,
    is_first: bool,
) -> None:
    data = [_typed(column, columns.get(column.name), len(geometry)) for column in table.columns]
    new = {
        "dataset_options": {"VERSION": _VERSION},
        "layer_options": {"GEOMETRY_NAME": GEOMETRY_COLUMN, "FID": "fid", "SPATIAL_INDEX": "YES"},
    }
    pyogrio.raw.write(
        path,
        shapely.to_wkb(geometry),
        [values for values, _ in data],
        [column.name for column in table.columns],
        field_mask=[mask for _, mask in data],
        layer=table.name,
        driver="GPKG",
        geometry_type=table.geometry,
        crs=crs,
        append=not is_first,
        **(new if is_first else {}),
    )


def write_attributes(path: Path, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create a table without geometry in an existing GeoPackage."""
    names = table.column_names
    definition = ", ".join(f'"{c.name}" {_SQL_TYPES[c.type]}' for c in table.columns)
    quoted, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f'CREATE TABLE "{table.name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT, {definition})')
        # Names come from contracts, values are bound.
        insert = f'INSERT INTO "{table.name}" ({quoted}) VALUES ({marks})'  # nosec B608
        database.executemany(insert, [tuple(row.get(name) for name in names) for row in rows])
        register_attributes(database, table.name)


def register_attributes(database: sqlite3.Connection, table: str) -> None:
    """Make a table of attributes known to readers of the GeoPackage."""
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
        "VALUES (?, 'attributes', ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
        (table, table),
    )


def create_indexes(path: Path, indexes: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    """Index columns, once the rows are there: (table, columns) each."""
    with closing(sqlite3.connect(path)) as database, database:
        for table, columns in indexes:
            listed = ", ".join(f'"{column}"' for column in columns)
            database.execute(
                f'CREATE INDEX IF NOT EXISTS "{index_name(table, columns)}" ON "{table}" ({listed})'
            )


def index_name(table: str, columns: tuple[str, ...]) -> str:
    """Name of the index of a table's columns, the same in a new lot and in one brought up to date."""
    return f"{table}_{'_'.join(columns)}_idx"


def _typed(column: Column, values: Any, count: int) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Values as the array type of the column, and where they are null."""
    raw = [None] * count if values is None else np.asarray(values, dtype=object).tolist()
    null = np.array([value is None or value != value for value in raw], dtype=bool)
    if column.type == "text":
        texts = np.empty(count, dtype=object)
        texts[:] = [None if missing else str(value) for value, missing in zip(raw, null, strict=True)]
        return texts, null
    if column.type == "datetime":
        times = [
            np.datetime64("NaT") if m else np.datetime64(v, "ms") for v, m in zip(raw, null, strict=True)
        ]
        return np.array(times, dtype="datetime64[ms]"), null
    kind = np.int64 if column.type == "integer" else np.float64
    return np.array([0 if m else v for v, m in zip(raw, null, strict=True)], dtype=kind), null
