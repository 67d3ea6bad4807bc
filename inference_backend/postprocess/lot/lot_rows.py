# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of a lot as they stand in the file, read one after the other, and their fingerprint."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from inference_backend.contracts.fingerprint import combined, row_fingerprint
from inference_backend.contracts.lot import OCCUPATION_SOL
from inference_backend.postprocess.lot.gpkg_functions import wkb_of
from inference_backend.postprocess.lot.gpkg_tables import GEOMETRY_COLUMN
from inference_backend.progress import Progress, Silent

_ROWS_BETWEEN_LOOKS = 5_000


def polygon_columns(database: sqlite3.Connection) -> list[str]:
    """Columns of the polygons in this file, without `fid`, `geom` and `id`; an older lot lacks some."""
    found = [row[1] for row in database.execute(f'PRAGMA table_info("{OCCUPATION_SOL.name}")')]
    return [name for name in found if name not in ("fid", GEOMETRY_COLUMN, "id")]


def polygon_rows(
    database: sqlite3.Connection, where: str = "", values: tuple[Any, ...] = ()
) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    """Id, other attributes and WKB of the polygons, in the order of the file.

    Args:
        database: the lot.
        where: condition in SQL, of the caller's own constants.
        values: what its marks stand for.
    """
    names = polygon_columns(database)
    listed = ", ".join(f'"{name}"' for name in ("id", GEOMETRY_COLUMN, *names))
    condition = f" WHERE {where}" if where else ""
    query = f'SELECT {listed} FROM "{OCCUPATION_SOL.name}"{condition}'  # nosec B608 - names of the file, quoted
    for polygon_id, blob, *rest in database.execute(query, values):
        yield str(polygon_id), dict(zip(names, rest, strict=True)), wkb_of(blob)


def lot_fingerprint(
    database: sqlite3.Connection,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> int:
    """Fingerprint of all polygons of a lot (see `contracts.fingerprint`)."""
    (count,) = database.execute(f'SELECT count(*) FROM "{OCCUPATION_SOL.name}"').fetchone()  # nosec B608
    total = 0
    for number, row in enumerate(polygon_rows(database)):
        if number % _ROWS_BETWEEN_LOOKS == 0:
            progress.update(number / max(count, 1))
        total += row_fingerprint(*row)
    return combined((total,))
