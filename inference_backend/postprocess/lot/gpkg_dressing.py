# SPDX-License-Identifier: GPL-2.0-or-later
"""What makes a lot speak French in QGIS at once: official styles and aliases, stored in the GeoPackage."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.tables import Table
from inference_backend.postprocess.lot.gpkg_tables import GEOMETRY_COLUMN, register_attributes

STYLES = (
    ("occupation_sol", "couverture", "cover.qml", True),
    ("occupation_sol", "usage", "use.qml", False),
    ("occupation_sol", "confiance", "confidence.qml", False),
    ("review_item", "état", "review_item.qml", True),
    ("review_item", "motifs", "review_reasons.qml", False),
    ("zone_construite", "zone construite", "zone_construite.qml", True),
)
"""Table, name of the style, file in resources/styles, whether QGIS opens the layer with it."""

_LAYER_STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
"""
_DATA_COLUMNS = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
    mime_type TEXT, constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name))
"""
_EXTENSIONS = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
    scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))
"""
_SCHEMA_EXTENSION = (
    "gpkg_data_columns", None, "gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema",
    "read-write",
)  # fmt: skip


def store_styles(path: Path) -> None:
    """Add the table `layer_styles`, by which QGIS styles the layers when it opens them."""
    folder = resources_dir() / "styles"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_LAYER_STYLES)
        for table, name, file, default in STYLES:
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, useAsDefault) VALUES ('', '', ?, ?, ?, ?, ?)",
                (table, GEOMETRY_COLUMN, name, (folder / file).read_text(encoding="utf-8"), default),
            )
        register_attributes(database, "layer_styles")


def store_aliases(path: Path, tables: tuple[Table, ...]) -> None:
    """Add French titles and the contract's descriptions of columns (extension gpkg_schema)."""
    aliases = json.loads((resources_dir() / "styles" / "aliases_fr.json").read_text(encoding="utf-8"))
    rows = [
        (table.name, column.name, aliases[table.name][column.name], column.unit_or_domain or None)
        for table in tables
        for column in table.columns
    ]
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_EXTENSIONS)
        database.execute(_DATA_COLUMNS)
        database.execute("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", _SCHEMA_EXTENSION)
        database.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, title, description) VALUES (?, ?, ?, ?)",
            rows,
        )
