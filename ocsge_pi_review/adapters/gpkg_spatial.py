# SPDX-License-Identifier: GPL-2.0-or-later
"""Geometry columns and spatial indexes (extension gpkg_rtree_index) of tables that lack them."""

from __future__ import annotations

import sqlite3

from ocsge_pi_review.adapters.gpkg_table import GpkgTable, quoted

_EXTENSIONS = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
    scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))
"""
_BOX = "NEW.{g}, ST_MinX(NEW.{c}), ST_MaxX(NEW.{c}), ST_MinY(NEW.{c}), ST_MaxY(NEW.{c})"
_FULL = "(NEW.{c} NOTNULL AND NOT ST_IsEmpty(NEW.{c}))"
_VOID = "(NEW.{c} ISNULL OR ST_IsEmpty(NEW.{c}))"
_PUT = "INSERT OR REPLACE INTO {i} VALUES (" + _BOX + ")"
_TRIGGERS = {
    "insert": f"AFTER INSERT ON {{t}} WHEN {_FULL} BEGIN {_PUT}; END",
    "update1": f"AFTER UPDATE OF {{c}} ON {{t}} WHEN OLD.{{g}} = NEW.{{g}} AND {_FULL} BEGIN {_PUT}; END",  # nosec B608 - our own
    "update2": f"AFTER UPDATE OF {{c}} ON {{t}} WHEN OLD.{{g}} = NEW.{{g}} AND {_VOID} "  # nosec B608 - our own
    "BEGIN DELETE FROM {i} WHERE id = OLD.{g}; END",
    "update3": f"AFTER UPDATE ON {{t}} WHEN OLD.{{g}} != NEW.{{g}} AND {_FULL} "  # nosec B608 - our own
    f"BEGIN DELETE FROM {{i}} WHERE id = OLD.{{g}}; {_PUT}; END",
    "update4": f"AFTER UPDATE ON {{t}} WHEN OLD.{{g}} != NEW.{{g}} AND {_VOID} "  # nosec B608 - our own
    "BEGIN DELETE FROM {i} WHERE id IN (OLD.{g}, NEW.{g}); END",
    "delete": "AFTER DELETE ON {t} WHEN OLD.{c} NOT NULL BEGIN DELETE FROM {i} WHERE id = OLD.{g}; END",
}
"""Source: GeoPackage 1.2, annex F.3; the names and forms that GDAL writes."""


def has_spatial_index(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a table has a geometry and its index; True for a table that is not there."""
    found = GpkgTable(connection, table)
    if not found.columns:
        return True
    statement = "SELECT count(*) FROM sqlite_master WHERE name IN (?, ?)"
    names = (found.index, f"{found.index}_insert")
    return int(connection.execute(statement, names).fetchone()[0]) == len(names)


def add_geometry(connection: sqlite3.Connection, table: str, kind: str, like: str) -> None:
    """Give a table of attributes an empty geometry column in the CRS of another table."""
    connection.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN geom {kind}")
    srs_id = GpkgTable(connection, like).srs_id
    connection.execute("DELETE FROM gpkg_contents WHERE lower(table_name) = ?", (table,))
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'features', ?, ?)",
        (table, table, srs_id),
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (table, kind, srs_id)
    )


def add_spatial_index(connection: sqlite3.Connection, table: str) -> None:
    """Make the index of a table from its rows, and the triggers that keep it right."""
    found = GpkgTable(connection, table)
    column, index, name = quoted(str(found.geometry)), quoted(found.index), quoted(table)
    connection.execute(_EXTENSIONS)
    connection.execute(f"DROP TABLE IF EXISTS {index}")
    connection.execute(f"CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy)")
    connection.execute(
        f"INSERT INTO {index} SELECT rowid, ST_MinX({column}), ST_MaxX({column}), ST_MinY({column}), "  # nosec B608 - quoted
        f"ST_MaxY({column}) FROM {name} WHERE {column} NOT NULL AND NOT ST_IsEmpty({column})"
    )
    for moment, body in _TRIGGERS.items():
        trigger = quoted(f"{found.index}_{moment}")
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        words = body.format(t=name, c=column, i=index, g=quoted(_key(connection, table)))
        connection.execute(f"CREATE TRIGGER {trigger} {words}")
    connection.execute(
        "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', "
        "'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        (table, found.geometry),
    )


def _key(connection: sqlite3.Connection, table: str) -> str:
    keys = [row["name"] for row in connection.execute(f"PRAGMA table_info({quoted(table)})") if row["pk"]]
    return str(keys[0])
