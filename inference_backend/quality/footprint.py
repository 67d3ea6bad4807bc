# SPDX-License-Identifier: GPL-2.0-or-later
"""What a layer should cover: the footprint that its lot states."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import shapely

from inference_backend.contracts.lot import LOT, LotKey


def known_footprint(path: Path, given: shapely.Geometry | None) -> tuple[shapely.Geometry | None, str]:
    """The footprint and where it comes from: `given`, `lot`, or None and `union`."""
    if given is not None:
        return given, "given"
    text = _stated(path)
    return (shapely.from_wkt(text), "lot") if text else (None, "union")


def _stated(path: Path) -> str | None:
    if path.suffix.lower() != ".gpkg":
        return None
    try:
        with closing(sqlite3.connect(f"file:{path.resolve()}?mode=ro", uri=True)) as database:
            query = f'SELECT value FROM "{LOT.name}" WHERE key = ?'  # nosec B608 - the contract's name
            row = database.execute(query, (LotKey.FOOTPRINT.value,)).fetchone()
    except sqlite3.Error:
        return None  # no lot of ours: it has no such table
    return str(row[0]) if row and row[0] else None
