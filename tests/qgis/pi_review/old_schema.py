# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot as schema 1 had it, with a journal that a killed session left half applied."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from inference_backend.contracts.lot import (
    ADDED_COLUMNS,
    ADDED_ITEM_COLUMNS,
    ADDED_JOURNAL_COLUMNS,
    INDEXES,
)
from ocsge_pi_review.adapters import gpkg
from ocsge_pi_review.adapters.gpkg_upgrade import index_name
from ocsge_pi_review.domain.patch import PolygonRow, rows_to_json

JOURNAL_COLUMNS = (
    "seq, gesture_id, time_utc, operator, operation, item_id, duration_s, before, after, item_before, "
    "item_after, state"
)


def make_old(path: Path) -> Path:
    """Take away what schema 2 added."""
    with closing(gpkg.connect(path)) as database:
        for name, columns in INDEXES:
            database.execute(f"DROP INDEX IF EXISTS {index_name(name, columns)}")
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'edit_journal'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        for name in ("rtree_edit_journal_geom", "edit_journal", "imagery", "reference"):
            database.execute(f'DROP TABLE IF EXISTS "{name}"')
            for table in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions", "gpkg_ogr_contents"):
                database.execute(f"DELETE FROM {table} WHERE table_name = ?", (name,))
        database.execute(
            f"CREATE TABLE edit_journal (fid INTEGER PRIMARY KEY AUTOINCREMENT, {JOURNAL_COLUMNS})"
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES "
            "('edit_journal', 'attributes', 'edit_journal')"
        )
        for table, names in (("occupation_sol", ADDED_COLUMNS), ("review_item", ADDED_ITEM_COLUMNS)):
            for name in names:
                database.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
        assert "in_force" in ADDED_JOURNAL_COLUMNS
        database.execute("DELETE FROM lot WHERE key IN ('lot_uuid', 'last_polygon_id')")
        database.execute("UPDATE lot SET value = '1' WHERE key = 'schema_version'")
        database.execute("UPDATE review_item SET state = NULL WHERE item_id = 7")
    return path


def journal_old(
    path: Path,
    seq: int,
    operation: str,
    rows: tuple[PolygonRow, PolygonRow],
    state: str,
    item: dict[str, object],
) -> None:
    """A row as schema 1 wrote it: one item, as an object."""
    before, after = ({**item, "state": name} for name in ("todo", "done"))
    if operation == "undo":
        before, after = after, before
    values = (
        seq, f"g{item['item_id']}", "2026-01-05T08:00:00.000Z", "essai", operation, item["item_id"], 2.0,
        rows_to_json(rows[:1]), rows_to_json(rows[1:]), json.dumps(before), json.dumps(after), state,
    )  # fmt: skip
    with closing(gpkg.connect(path)) as database:
        marks = ", ".join("?" * len(values))
        database.execute(f"INSERT INTO edit_journal ({JOURNAL_COLUMNS}) VALUES ({marks})", values)
        database.execute(
            "UPDATE review_item SET state = ? WHERE item_id = ?", (after["state"], item["item_id"])
        )
