# SPDX-License-Identifier: GPL-2.0-or-later
"""Read-only layers on the tables of a lot, without what the file wants QGIS to do with them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from qgis.core import QgsVectorLayer

from ocsge_pi_review.adapters.gpkg import connect
from ocsge_pi_review.domain.errors import LotError


def gpkg_layer(path: Path, table: str, name: str) -> QgsVectorLayer:
    """A layer on a table of a GeoPackage.

    Raises:
        LotError: QGIS cannot read it, or it is no plain table.
    """
    if not _is_plain_table(path, table):
        raise _unreadable(str(path), table)
    options = QgsVectorLayer.LayerOptions()
    # A stored style may bring forms, actions and default values that run code.
    options.loadDefaultStyle = False
    return read_only(QgsVectorLayer(f"{path}|layername={table}", name, "ogr", options), str(path), table)


def read_only(layer: QgsVectorLayer, label: str, table: str) -> QgsVectorLayer:
    """The layer, which no tool of QGIS can edit.

    Raises:
        LotError: it is not valid.
    """
    if not layer.isValid():
        raise _unreadable(label, table)
    layer.setReadOnly(True)
    return layer


def _is_plain_table(path: Path, table: str) -> bool:
    """Whether a name is that of a table: a view calls functions, a virtual table reads what it likes."""
    statement = "SELECT type, sql FROM sqlite_master WHERE name = ? COLLATE NOCASE"
    try:
        with closing(connect(path)) as database:
            found = database.execute(statement, (table,)).fetchone()
    except sqlite3.Error:
        return False
    words = str(found["sql"]).split(maxsplit=2) if found and found["type"] == "table" else []
    return [word.upper() for word in words[:2]] == ["CREATE", "TABLE"]


def _unreadable(label: str, table: str) -> LotError:
    return LotError(
        path=label,
        problem_en=f"layer {table} cannot be read",
        problem_fr=f"la couche {table} est illisible",
        remedy_en="Choose a lot written by ocsge postprocess, or make it again.",
        remedy_fr="Choisissez un lot écrit par ocsge postprocess, ou refaites-le.",
    )
