# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot from its GeoPackage into a schema of PostGIS: one transaction, streamed, bit for bit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from psycopg2 import sql

from inference_backend.contracts.errors import OcsgeError
from inference_backend.contracts.lot import EDIT_JOURNAL, IMAGERY, OCCUPATION_SOL, REVIEW_ITEM, LotKey
from inference_backend.errors import ConfigError, VectorError
from inference_backend.postgis.address import LotAddress, connected
from inference_backend.postgis.copy_text import RowStream, line_of
from inference_backend.postgis.lot_file import StoredTable, srid_of, stored_tables
from inference_backend.postgis.rights import CONTROLLERS, INTERPRETERS, ensure_role, grant
from inference_backend.postgis.tables import create_indexes, create_sequence, create_table, vacuum
from inference_backend.postprocess.lot.gpkg_functions import wkb_of
from inference_backend.postprocess.lot.polygon_ids import number_of
from inference_backend.progress import Progress, Silent

_ROWS_BETWEEN_LOOKS = 5_000


@dataclass(frozen=True)
class Published:
    """What went into the database."""

    polygons: int
    items: int
    gestures: int


def publish(
    path: Path,
    address: LotAddress,
    interpreters: str = INTERPRETERS,
    controllers: str = CONTROLLERS,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> Published:
    """Copy a lot; the schema appears whole or not at all.

    Args:
        path: `lot.gpkg`, which nobody has open for writing.
        address: a schema that does not exist yet.
        interpreters: group of accounts that review, created where it is missing.
        controllers: group that reviews and controls.
        progress: told the share of the rows that are copied; may raise `Cancelled`.

    Raises:
        VectorError: not a lot, or in a coordinate system without EPSG number.
        ConfigError: no connection, no PostGIS, or the schema is there already.
        OutputError: the server refuses.
    """
    with closing(_opened(path)) as database, connected(address) as connection:
        tables = stored_tables(path, database)
        srid = srid_of(path, database)
        cursor = connection.cursor()
        _make_schema(cursor, address)
        copied = _copy_all(cursor, database, address.schema, tables, srid, progress)
        _use_absolute_paths(cursor, address.schema, path)
        create_indexes(cursor, address.schema, tables)
        create_sequence(cursor, address.schema, _last_number(database))
        for role in (interpreters, controllers):
            ensure_role(cursor, role)
        grant(cursor, address.schema, interpreters, controllers)
    # The lot is there; what the server refuses to do now it does by itself later.
    with suppress(OcsgeError), connected(address, is_one_transaction=False) as connection:
        vacuum(connection.cursor(), address.schema, tables)
    progress.update(1.0)
    return Published(*(copied[table.name] for table in (OCCUPATION_SOL, REVIEW_ITEM, EDIT_JOURNAL)))


def _opened(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise VectorError(
            path=path,
            problem_en="there is no such file",
            problem_fr="ce fichier n'existe pas",
            remedy_en="Check the path.",
            remedy_fr="Vérifiez le chemin.",
        )
    try:
        # Not read-only: what a killed QGIS left in the write-ahead log counts.
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
        database.execute("BEGIN")
        database.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as error:
        raise VectorError(
            path=path,
            problem_en=f"not a readable GeoPackage ({error})",
            problem_fr=f"GeoPackage illisible ({error})",
            remedy_en="Close it elsewhere, or copy it again.",
            remedy_fr="Fermez-le ailleurs, ou copiez-le à nouveau.",
        ) from error
    return database


def _make_schema(cursor: Any, address: LotAddress) -> None:
    cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
    if cursor.fetchone() is None:
        raise _unusable(
            address,
            "the database lacks PostGIS",
            "PostGIS manque à la base",
            "Run CREATE EXTENSION postgis.",
            "Exécutez CREATE EXTENSION postgis.",
        )
    cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (address.schema,))
    if cursor.fetchone() is not None:
        raise _unusable(
            address,
            "the schema exists already",
            "le schéma existe déjà",
            "Choose another name, or fetch that lot and drop its schema.",
            "Choisissez un autre nom, ou rapatriez ce lot et supprimez son schéma.",
        )
    cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(address.schema)))


def _copy_all(
    cursor: Any,
    database: sqlite3.Connection,
    schema: str,
    tables: list[StoredTable],
    srid: int,
    progress: Progress,
) -> dict[str, int]:
    counts = {
        stored.table.name: int(
            database.execute(f'SELECT count(*) FROM "{stored.table.name}"').fetchone()[0]  # nosec B608 - of the file
        )
        for stored in tables
    }
    total, done = max(sum(counts.values()), 1), 0
    for stored in tables:
        create_table(cursor, schema, stored, srid)
        names = [column.name for column in stored.table.columns]
        names += [] if stored.geometry_type is None else ["geom"]
        statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FREEZE)").format(
            sql.Identifier(schema, stored.table.name), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        lines = _lines(database, stored, srid, progress, done / total, total)
        cursor.copy_expert(statement, RowStream(lines))
        done += counts[stored.table.name]
    return counts


def _lines(
    database: sqlite3.Connection, stored: StoredTable, srid: int, progress: Progress, start: float, total: int
) -> Iterator[str]:
    names = [column.name for column in stored.table.columns]
    names += [] if stored.geometry_column is None else [stored.geometry_column]
    listed = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    query = f'SELECT {listed} FROM "{stored.table.name}" ORDER BY rowid'  # nosec B608 - names of the file, quoted
    for number, row in enumerate(database.execute(query)):
        if number % _ROWS_BETWEEN_LOOKS == 0:
            progress.update(start + number / total, stored.table.name)
        if stored.geometry_column is None:
            yield line_of(row, None, None)
        else:
            yield line_of(row[:-1], _wkb(row[-1], stored.is_foreign), srid)


def _wkb(blob: bytes | None, is_foreign: bool) -> bytes | None:
    if blob is None:
        return None
    wkb = wkb_of(blob)
    # A reference layer may have heights, which the column has no room for.
    return bytes(shapely.to_wkb(shapely.force_2d(shapely.from_wkb(wkb)))) if is_foreign else wkb


def _use_absolute_paths(cursor: Any, schema: str, path: Path) -> None:
    """Images beside the file are found from its folder no more."""
    table = sql.Identifier(schema, IMAGERY.name)
    cursor.execute(sql.SQL("SELECT fid, uri FROM {}").format(table))
    for fid, uri in cursor.fetchall():
        beside = path.resolve().parent / (uri or "")
        if uri and beside.is_file():
            statement = sql.SQL("UPDATE {} SET uri = %s WHERE fid = %s").format(table)
            cursor.execute(statement, (str(beside), fid))


def _last_number(database: sqlite3.Connection) -> int:
    found = database.execute("SELECT value FROM lot WHERE key = ?", (LotKey.LAST_ID.value,)).fetchone()
    if found and found[0]:
        return number_of(str(found[0]))
    ids = database.execute(f'SELECT id FROM "{OCCUPATION_SOL.name}"')  # nosec B608 - the contract's name
    return max((number_of(str(row[0])) for row in ids), default=0)


def _unusable(
    address: LotAddress, problem_en: str, problem_fr: str, remedy_en: str, remedy_fr: str
) -> ConfigError:
    return ConfigError(
        path=address.label,
        problem_en=problem_en,
        problem_fr=problem_fr,
        remedy_en=remedy_en,
        remedy_fr=remedy_fr,
    )
