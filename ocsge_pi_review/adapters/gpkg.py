# SPDX-License-Identifier: GPL-2.0-or-later
"""A second connection to a GeoPackage that OGR has open, for the tables of attributes.

Triggers of a spatial index call functions that only OGR defines; SQLite wants them as soon as it prepares a
statement on such a table, hence those below. Readers and one writer share the file through a write-ahead
log, as QGIS itself asks for when it edits a GeoPackage.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another connection's transaction, s."""

_ENVELOPE_SIZES = (0, 32, 48, 48, 64)
_EMPTY_FLAG = 0x10


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing GeoPackage in autocommit mode; a commit is on the disk when it returns.

    Raises:
        sqlite3.Error: missing, or not a database.
    """
    uri = path.resolve().as_uri() + "?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for name, corner in (("ST_MinX", 0), ("ST_MaxX", 1), ("ST_MinY", 2), ("ST_MaxY", 3)):
        connection.create_function(name, 1, _corner_function(corner), deterministic=True)
    connection.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def use_write_ahead_log(connection: sqlite3.Connection) -> bool:
    """Let readers and a writer share the file; False where the file system cannot (network shares)."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    return bool(mode == "wal")


def leave_write_ahead_log(connection: sqlite3.Connection) -> bool:
    """Bring everything into the one file, so that copying it copies the work; False while others read it."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA busy_timeout = 200")
    try:
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        return False
    return bool(mode == "delete")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All statements or none; takes the write lock at once, so that it waits rather than fails."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _corner_function(corner: int):  # noqa: ANN202 - a function for SQLite
    def read(blob: bytes | None) -> float | None:
        envelope = _envelope(blob)
        return None if envelope is None else envelope[corner]

    return read


def _is_empty(blob: bytes | None) -> int | None:
    return None if blob is None else int(bool(blob[3] & _EMPTY_FLAG))


def _envelope(blob: bytes | None) -> tuple[float, float, float, float] | None:
    """(xmin, xmax, ymin, ymax) of a GeoPackage geometry that has an envelope or is a point."""
    if blob is None or blob[3] & _EMPTY_FLAG:
        return None
    order = "<" if blob[3] & 1 else ">"
    size = _ENVELOPE_SIZES[(blob[3] >> 1) & 7]
    if size:
        xmin, xmax, ymin, ymax = struct.unpack_from(order + "4d", blob, 8)
        return xmin, xmax, ymin, ymax
    x, y = struct.unpack_from(("<" if blob[8] == 1 else ">") + "2d", blob, 13)
    return x, x, y, y
