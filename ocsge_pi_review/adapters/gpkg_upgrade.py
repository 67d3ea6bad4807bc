# SPDX-License-Identifier: GPL-2.0-or-later
"""Bringing a lot to the present schema when it is opened: what it lacks is added, nothing else changes."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator

from inference_backend.contracts.control import CONTROL_SAMPLE
from inference_backend.contracts.lot import (
    ADDED_COLUMNS,
    ADDED_ITEM_COLUMNS,
    ADDED_JOURNAL_COLUMNS,
    ADDED_TABLES,
    EDIT_JOURNAL,
    IMAGERY,
    INDEXES,
    OCCUPATION_SOL,
    REFERENCE,
    REVIEW_ITEM,
    SCHEMA_VERSION,
    ZONE_CONSTRUITE,
    JournalState,
    LotKey,
    Operation,
)
from inference_backend.contracts.signalement import SIGNALEMENT
from inference_backend.contracts.tables import Table
from ocsge_pi_review.adapters.gpkg import transaction
from ocsge_pi_review.adapters.gpkg_journal import JournalTable
from ocsge_pi_review.adapters.gpkg_rows import CoverageTable
from ocsge_pi_review.adapters.gpkg_spatial import add_geometry, add_spatial_index, has_spatial_index
from ocsge_pi_review.adapters.gpkg_table import quoted
from ocsge_pi_review.domain.id_series import highest
from ocsge_pi_review.domain.journal import fold, net_effect
from ocsge_pi_review.domain.patch import rows_from_json

_SQL_TYPES = {"text": "TEXT", "integer": "INTEGER", "real": "REAL", "datetime": "DATETIME"}
_ADDED = {
    OCCUPATION_SOL: ADDED_COLUMNS,
    REVIEW_ITEM: ADDED_ITEM_COLUMNS,
    EDIT_JOURNAL: ADDED_JOURNAL_COLUMNS,
    CONTROL_SAMPLE: CONTROL_SAMPLE.column_names,
}
_NEW = (*ADDED_TABLES, IMAGERY, REFERENCE)
_SPATIAL = (OCCUPATION_SOL, ZONE_CONSTRUITE, REVIEW_ITEM, EDIT_JOURNAL, SIGNALEMENT)


def upgrade(connection: sqlite3.Connection) -> None:
    """Add columns, tables, indexes and values of the present schema, all or none.

    Raises:
        sqlite3.Error: the file cannot be written, or is damaged.
    """
    if _is_complete(connection):
        return
    with transaction(connection):
        for table, added in _ADDED.items():
            _add_columns(connection, table, added)
        for table in _NEW:
            _add_table(connection, table)
        for table in (EDIT_JOURNAL, SIGNALEMENT):
            if not _has_geometry(connection, table.name):
                kind = str(table.geometry).upper()
                add_geometry(connection, table.name, kind, like=OCCUPATION_SOL.name)
        for table in _SPATIAL:
            if not has_spatial_index(connection, table.name):
                add_spatial_index(connection, table.name)
        for name, columns in INDEXES:
            _add_index(connection, name, columns)
        connection.execute("UPDATE review_item SET state = 'todo' WHERE state IS NULL")
        _bring_journal_up_to_date(connection)
        for key, value in _metadata(connection):
            connection.execute("INSERT INTO lot (key, value) VALUES (?, ?)", (key, value))
        connection.execute("UPDATE lot SET value = ? WHERE key = ?", (SCHEMA_VERSION, LotKey.SCHEMA.value))


def _is_complete(connection: sqlite3.Connection) -> bool:
    known = {row["key"]: row["value"] for row in connection.execute("SELECT key, value FROM lot")}
    return (
        known.get(LotKey.SCHEMA.value) == SCHEMA_VERSION
        and all(known.get(key.value) for key in (LotKey.LOT_ID, LotKey.LAST_ID))
        and all(_is_there(connection, index_name(*index)) for index in INDEXES)
        and all(has_spatial_index(connection, table.name) for table in _SPATIAL)
        and all(set(added) <= set(_columns(connection, table.name)) for table, added in _ADDED.items())
        and all(_is_there(connection, table.name) for table in _NEW)
    )


def index_name(table: str, columns: tuple[str, ...]) -> str:
    """Name of an index, the same in a new lot and in one that was brought up to date."""
    return f"{table}_{'_'.join(columns)}_idx"


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row["name"] for row in connection.execute(f"PRAGMA table_info({quoted(table)})")]


def _is_there(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def _has_geometry(connection: sqlite3.Connection, table: str) -> bool:
    statement = "SELECT 1 FROM gpkg_geometry_columns WHERE lower(table_name) = ?"
    return connection.execute(statement, (table,)).fetchone() is not None


def _add_columns(connection: sqlite3.Connection, table: Table, added: tuple[str, ...]) -> None:
    present = _columns(connection, table.name)
    for column in table.columns:
        if column.name in added and column.name not in present:
            kind = _SQL_TYPES[column.type]
            connection.execute(f"ALTER TABLE {quoted(table.name)} ADD COLUMN {quoted(column.name)} {kind}")


def _add_table(connection: sqlite3.Connection, table: Table) -> None:
    if _is_there(connection, table.name):
        return
    columns = ", ".join(f"{quoted(column.name)} {_SQL_TYPES[column.type]}" for column in table.columns)
    connection.execute(
        f"CREATE TABLE {quoted(table.name)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {columns})"
    )
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)",
        (table.name, table.name),
    )


def _add_index(connection: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> None:
    listed = ", ".join(map(quoted, columns))
    name = quoted(index_name(table, columns))
    connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {quoted(table)} ({listed})")


def _bring_journal_up_to_date(connection: sqlite3.Connection) -> None:
    """Apply rows that an interrupted session of schema 1 left in the journal alone; say what is in force."""
    journal, coverage = JournalTable(connection), CoverageTable(connection)
    rows = "SELECT operation, gesture_id FROM edit_journal WHERE in_force IS NULL ORDER BY seq"
    turns = [(Operation(row["operation"]), row["gesture_id"]) for row in connection.execute(rows)]
    connection.execute("UPDATE edit_journal SET in_force = 0 WHERE in_force IS NULL")
    for gesture_id in fold(turns).done:
        journal.set_in_force(gesture_id, True)
    pending = (row.gesture.patch for row in journal.rows_where("state = ?", (JournalState.WRITTEN.value,)))
    last, _ = net_effect(pending)
    for polygon_id, row in last.items():
        if row is None:
            coverage.delete(polygon_id)
        else:
            coverage.put(row)
    values = (JournalState.APPLIED.value, JournalState.WRITTEN.value)
    connection.execute("UPDATE edit_journal SET state = ? WHERE state = ?", values)


def _metadata(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    known = {row["key"] for row in connection.execute("SELECT key FROM lot WHERE value IS NOT NULL")}
    if LotKey.LOT_ID.value not in known:
        yield LotKey.LOT_ID.value, str(uuid.uuid4())
    if LotKey.LAST_ID.value not in known:
        yield LotKey.LAST_ID.value, highest(_ids_ever(connection))


def _ids_ever(connection: sqlite3.Connection) -> Iterator[str]:
    """The highest id of the layer, and every id of the journal, undone gestures included."""
    found = connection.execute(
        "SELECT id, max(CAST(substr(id, length(rtrim(id, '0123456789')) + 1) AS INTEGER)) FROM occupation_sol"
    ).fetchone()
    if found["id"] is not None:
        yield str(found["id"])
    for (after,) in connection.execute("SELECT after FROM edit_journal"):
        for row in rows_from_json(after):
            yield row.id
