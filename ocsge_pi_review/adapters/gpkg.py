# SPDX-License-Identifier: GPL-2.0-or-later
"""A second connection to a GeoPackage that OGR has open, for the tables of attributes.

Triggers of a spatial index call functions that only OGR defines; SQLite wants them as soon as it prepares a
statement on such a table, hence those below. Readers and one writer share the file through a write-ahead
log, as QGIS itself asks for when it edits a GeoPackage.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.PyQt.QtCore import QCoreApplication, QEventLoop

from ocsge_pi_review.adapters.gpkg_blob import box_of, is_empty

BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another connection's transaction, s."""

_TRIES, _WAIT_MS = 8, 50
_INDEX_TABLES = ("rtree_", "gpkg_ogr_contents")
_WRITES = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
_ATTACHES = (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing GeoPackage in autocommit mode; a commit is on the disk when it returns.

    Raises:
        sqlite3.Error: missing, or not a database.
    """
    uri = path.resolve().as_uri() + "?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for name, corner in (("ST_MinX", 0), ("ST_MinY", 1), ("ST_MaxX", 2), ("ST_MaxY", 3)):
        connection.create_function(name, 1, _corner_function(corner), deterministic=True)
    connection.create_function("ST_IsEmpty", 1, is_empty, deterministic=True)
    connection.set_authorizer(_authorise)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _authorise(action: int, first: str | None, _second: str | None, _base: str | None, by: str | None) -> int:
    """Let triggers of a file from outside do no more than keep spatial indexes and feature counts right."""
    if action in _ATTACHES:
        return sqlite3.SQLITE_DENY
    if by is not None and action in _WRITES and not str(first).startswith(_INDEX_TABLES):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def use_write_ahead_log(connection: sqlite3.Connection) -> bool:
    """Let readers and a writer share the file; False where the file system cannot (network shares)."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    return bool(mode == "wal")


def leave_write_ahead_log(connection: sqlite3.Connection) -> bool:
    """Bring everything into the one file, so that copying it copies the work; False while others read it."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA busy_timeout = 100")
    for _ in range(_TRIES):
        try:
            if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete":
                return True
        except sqlite3.OperationalError:
            # A picture of the map under way lets go of the file once QGIS has been told that it ended.
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, _WAIT_MS)
            time.sleep(_WAIT_MS / 1000)
    return False


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All statements or none; takes the write lock at once, so that it waits rather than fails."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # A full disk ends the transaction by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _corner_function(corner: int):  # noqa: ANN202 - a function for SQLite
    def read(blob: bytes | None) -> float | None:
        box = box_of(blob)
        return None if box is None else box[corner]

    return read
