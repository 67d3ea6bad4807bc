# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot from a schema of PostGIS into a GeoPackage, as it stands at one instant: streamed, bit for bit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np
import pyogrio
import shapely
from psycopg2 import sql

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.lot import (
    EDIT_JOURNAL,
    INDEXES,
    LOT,
    OCCUPATION_SOL,
    REVIEW_ITEM,
    TABLES,
    LotKey,
)
from inference_backend.contracts.tables import Column, ColumnType, GeometryType, Table
from inference_backend.errors import ConfigError, OutputError, gdal_reason
from inference_backend.postgis.address import LotAddress, connected
from inference_backend.postgis.publish import Published
from inference_backend.postgis.tables import SEQUENCE
from inference_backend.postprocess.lot.gpkg_dressing import store_aliases, store_styles
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions, blob_of
from inference_backend.postprocess.lot.gpkg_tables import (
    GEOMETRY_COLUMN,
    create_indexes,
    write_attributes,
    write_spatial,
)
from inference_backend.postprocess.lot.polygon_ids import FIRST, number_of, with_number
from inference_backend.postprocess.lot.reviewed_lot import require_replaceable
from inference_backend.progress import Progress, Silent

_ROWS_AT_ONCE = 2_000
_KINDS: dict[str, ColumnType] = {
    "bigint": "integer",
    "double precision": "real",
    "timestamp with time zone": "datetime",
}
_NOT_TAKEN = ("holder", "held_until")
"""Who has what in hand means nothing in a file."""


def fetch(
    address: LotAddress,
    path: Path,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> Published:
    """Write a lot of a database as a GeoPackage; the database keeps it.

    Args:
        address: the lot.
        path: the GeoPackage to write, whole or not at all.
        progress: told the share of the rows that are copied; may raise `Cancelled`.

    Returns:
        What the file holds.

    Raises:
        ConfigError: no connection, or no lot there.
        OutputError: the file cannot be written.
        ReviewedLotError, LotInUseError: the lot at `path` must not be replaced.
    """
    require_replaceable(path)
    with connected(address) as connection:
        # One instant for all tables, though the team works on.
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        cursor = connection.cursor()
        cursor.execute("SET TIME ZONE 'UTC'")
        tables = _tables(cursor, address)
        try:
            with replace_when_done(path) as temporary:
                counts = _write(cursor, address, tables, temporary, progress)
        except (sqlite3.Error, OSError, pyogrio.errors.DataSourceError) as error:
            raise OutputError(path=path, reason=gdal_reason(error)) from error
    progress.update(1.0)
    return Published(*(counts[table.name] for table in (OCCUPATION_SOL, REVIEW_ITEM, EDIT_JOURNAL)))


def _tables(cursor: Any, address: LotAddress) -> list[Table]:
    """The tables of the schema: the contract's, then reference layers."""
    cursor.execute(
        "SELECT c.relname, a.attname, format_type(a.atttypid, NULL), g.type FROM pg_class AS c "
        "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "LEFT JOIN geometry_columns AS g ON g.f_table_schema = %(schema)s AND g.f_table_name = c.relname "
        "AND g.f_geometry_column = a.attname "
        "WHERE c.relkind = 'r' "
        "AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %(schema)s) "
        "ORDER BY c.oid, a.attnum",
        {"schema": address.schema},
    )
    columns: dict[str, list[Column]] = {}
    geometry: dict[str, str] = {}
    for table, name, kind, shape in cursor.fetchall():
        found = columns.setdefault(table, [])
        if shape is not None:
            geometry[table] = shape
        elif name != "fid":
            found.append(Column(name, _KINDS.get(kind, "text")))
    lacking = [table.name for table in TABLES if table.name not in columns]
    if lacking:
        raise ConfigError(
            path=address.label,
            problem_en=f"no lot there (missing: {', '.join(lacking)})",
            problem_fr=f"pas de lot à cet endroit (manquent : {', '.join(lacking)})",
            remedy_en="Name the schema of a lot that ocsge lot publish made.",
            remedy_fr="Nommez le schéma d'un lot créé par ocsge lot publish.",
        )
    names = [table.name for table in TABLES]
    names += [name for name in columns if name not in names]
    return [Table(name, tuple(columns[name]), _geometry_type(geometry.get(name))) for name in names]


def _geometry_type(name: str | None) -> GeometryType | None:
    words = {word.upper(): word for word in get_args(GeometryType)}
    if name is None:
        return None
    return words.get(name.upper()) or cast("GeometryType", "Unknown")


def _write(
    cursor: Any, address: LotAddress, tables: Sequence[Table], path: Path, progress: Progress
) -> dict[str, int]:
    srid = _srid(cursor, address)
    for table in tables:
        if table.geometry is not None:
            write_spatial(path, table, np.zeros(0, dtype=object), {}, f"EPSG:{srid}")
    for table in tables:
        if table.geometry is None:
            write_attributes(path, table, ())
    counts: dict[str, int] = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        add_spatial_functions(database)
        # Nobody sees this file before it is whole: it needs no journal of its own.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        for number, table in enumerate(tables):
            rows = _rows(cursor, address, table, srid, progress, number / len(tables))
            counts[table.name] = _insert(database, table, rows)
        _keep_last_id(cursor, database, address)
        database.execute("COMMIT")
        _state_extents(database, tables)
    create_indexes(path, INDEXES)
    store_styles(path)
    store_aliases(path, TABLES)
    return counts


def _insert(database: sqlite3.Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> int:
    names = [*table.column_names, *([GEOMETRY_COLUMN] if table.geometry else [])]
    listed = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    marks = ", ".join("?" * len(names))
    query = f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})'  # nosec B608 - names quoted, values bound
    return database.executemany(query, rows).rowcount if names else 0


def _rows(
    cursor: Any, address: LotAddress, table: Table, srid: int, progress: Progress, share: float
) -> Iterator[tuple[Any, ...]]:
    """Rows of a table in order, with a GeoPackage geometry at the end where it has one."""
    selected = [_selected(column) for column in table.columns]
    if table.geometry is not None:
        selected.append(sql.SQL("ST_AsBinary(geom, 'NDR')"))
    statement = sql.SQL("SELECT {} FROM {} ORDER BY fid").format(
        sql.SQL(", ").join(selected), sql.Identifier(address.schema, table.name)
    )
    with cursor.connection.cursor("ocsge_fetch") as streamed:
        streamed.itersize = _ROWS_AT_ONCE
        streamed.execute(statement)
        for number, row in enumerate(streamed):
            if number % _ROWS_AT_ONCE == 0:
                progress.update(share, table.name)
            if table.geometry is None:
                yield row
            else:
                yield (*row[:-1], None if row[-1] is None else _blob(bytes(row[-1]), srid))


def _blob(wkb: bytes, srid: int) -> bytes | None:
    # An empty geometry (a comment touches no polygon) has no box; the file says that there is none.
    return None if shapely.from_wkb(wkb).is_empty else blob_of(wkb, srid)


def _selected(column: Column) -> Any:
    name = sql.Identifier(column.name)
    if column.name in _NOT_TAKEN:
        return sql.SQL("NULL")
    if column.type == "datetime":
        return sql.SQL('to_char({}, \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\')').format(name)
    return name


def _srid(cursor: Any, address: LotAddress) -> int:
    cursor.execute(
        "SELECT srid FROM geometry_columns WHERE f_table_schema = %s AND f_table_name = %s",
        (address.schema, OCCUPATION_SOL.name),
    )
    return int(cursor.fetchone()[0])


def _keep_last_id(cursor: Any, database: sqlite3.Connection, address: LotAddress) -> None:
    """Say the highest id given, so that the file gives none of them again."""
    cursor.execute(
        sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(address.schema, SEQUENCE))
    )
    value, is_called = cursor.fetchone()
    query = f'SELECT value FROM "{LOT.name}" WHERE key = ?'  # nosec B608 - the contract's name
    known = database.execute(query, (LotKey.LAST_ID.value,)).fetchone()
    last = str(known[0]) if known else FIRST
    number = max(number_of(last), int(value) if is_called else int(value) - 1)
    database.execute(f'DELETE FROM "{LOT.name}" WHERE key = ?', (LotKey.LAST_ID.value,))  # nosec B608
    database.execute(
        f'INSERT INTO "{LOT.name}" (key, value) VALUES (?, ?)',  # nosec B608 - the contract's name
        (LotKey.LAST_ID.value, with_number(last, number)),
    )


def _state_extents(database: sqlite3.Connection, tables: Sequence[Table]) -> None:
    """GDAL believes what `gpkg_contents` says, which rows that came by SQL do not change."""
    for table in tables:
        if table.geometry is not None:
            index = f'"rtree_{table.name}_{GEOMETRY_COLUMN}"'
            query = f"SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {index}"  # nosec B608
            database.execute(
                "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
                (*database.execute(query).fetchone(), table.name),
            )
