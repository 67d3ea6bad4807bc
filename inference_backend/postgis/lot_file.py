# SPDX-License-Identifier: GPL-2.0-or-later
"""What a lot's GeoPackage holds, described as tables: those of the contract, columns and layers besides."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from inference_backend.contracts.lot import LOT, REFERENCE, SCHEMA_VERSION, TABLES, LotKey
from inference_backend.contracts.tables import Column, ColumnType, Table
from inference_backend.errors import VectorError

_KINDS: tuple[tuple[str, ColumnType], ...] = (
    ("INT", "integer"),
    ("BOOL", "integer"),
    ("REAL", "real"),
    ("DOUBLE", "real"),
    ("FLOAT", "real"),
    ("TEXT", "text"),
    ("CHAR", "text"),
    ("DATE", "text"),  # dates of foreign columns keep the form they have
)
ANY_GEOMETRY = "Geometry"


@dataclass(frozen=True)
class StoredTable:
    """One table of the file.

    Attributes:
        table: its columns as the file has them.
        geometry_column: name there, None where there is none.
        geometry_type: PostGIS's word for the type, None where there is none.
    """

    table: Table
    geometry_column: str | None
    geometry_type: str | None

    @property
    def is_foreign(self) -> bool:
        """Whether the contract does not know the table: a reference layer, of any geometry."""
        return self.geometry_type == ANY_GEOMETRY


def stored_tables(path: Path, database: sqlite3.Connection) -> list[StoredTable]:
    """Every table of a lot: the contract's, then the reference layers that it names.

    Raises:
        VectorError: not a lot of the present schema.
    """
    present = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    lacking = [table.name for table in TABLES if table.name not in present]
    version = None
    if LOT.name in present:
        found = database.execute("SELECT value FROM lot WHERE key = ?", (LotKey.SCHEMA.value,)).fetchone()
        version = found[0] if found else None
    if lacking or version != SCHEMA_VERSION:
        raise VectorError(
            path=path,
            problem_en=f"not a lot of schema {SCHEMA_VERSION} (its schema: {version})",
            problem_fr=f"ce n'est pas un lot au schéma {SCHEMA_VERSION} (le sien : {version})",
            remedy_en="Make it again, or open it once in the review plugin, which brings it up to date.",
            remedy_fr="Refaites-le, ou ouvrez-le une fois dans l'extension de reprise, qui le met à jour.",
        )
    query = f'SELECT DISTINCT layer FROM "{REFERENCE.name}"'  # nosec B608 - the contract's name
    named = [str(row[0]) for row in database.execute(query)]
    tables = [_stored(database, table) for table in TABLES]
    known = {table.name for table in TABLES}
    tables += [_stored(database, Table(name, ())) for name in named if name in present - known]
    return tables


def srid_of(path: Path, database: sqlite3.Connection) -> int:
    """EPSG number of the polygons' coordinate system.

    Raises:
        VectorError: it has none, so that a database cannot name it.
    """
    row = database.execute(
        "SELECT s.organization, s.organization_coordsys_id FROM gpkg_geometry_columns AS g "
        "JOIN gpkg_spatial_ref_sys AS s USING (srs_id) WHERE g.table_name = 'occupation_sol'"
    ).fetchone()
    if row is None or str(row[0]).upper() != "EPSG":
        raise VectorError(
            path=path,
            problem_en="its coordinate system has no EPSG number",
            problem_fr="son système de coordonnées n'a pas de numéro EPSG",
            remedy_en="Import the layer with --crs and a system that has one.",
            remedy_fr="Importez la couche avec --crs et un système qui en a un.",
        )
    return int(row[1])


def _stored(database: sqlite3.Connection, table: Table) -> StoredTable:
    geometry = database.execute(
        "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (table.name,)
    ).fetchone()
    column = None if geometry is None else str(geometry[0])
    known = {c.name: c for c in table.columns}
    found = []
    for _, name, declared, _, _, is_key in database.execute(f'PRAGMA table_info("{table.name}")'):
        if is_key or name == column:
            continue
        kind = known[name].type if name in known else _kind(str(declared))
        if kind is not None and "%" not in name:
            found.append(Column(str(name), kind))
    geometry_type = None if column is None else (table.geometry or ANY_GEOMETRY)
    return StoredTable(replace(table, columns=tuple(found)), column, geometry_type)


def _kind(declared: str) -> ColumnType | None:
    """Type of a column of the file; None for what no table of a lot has (binary)."""
    return next((kind for word, kind in _KINDS if word in declared.upper()), None)
