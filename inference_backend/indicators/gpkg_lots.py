# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot's GeoPackage as the indicators read it: never written to, never waited for long."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from inference_backend.indicators.errors import Trouble, UnreadLotError
from inference_backend.indicators.lot_summary import LotSummary
from inference_backend.indicators.summarise import Limits, summarise

BUSY_TIMEOUT_S = 1.0
"""How long one lot may keep a report of thousands waiting, s."""
_LOG = "-wal"


class GpkgTables:
    """Tables of a GeoPackage; see `summarise.LotTables`."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.label, self._database = str(path), database
        self._columns: dict[str, set[str]] = {}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a statement."""
        return self._database.execute(query).fetchall()

    def columns(self, table: str) -> set[str]:
        """Columns of a table."""
        if table not in self._columns:
            # Asking for one table does not look at the many of the spatial indexes.
            query = f'SELECT name FROM pragma_table_info("{table}")'  # nosec B608 - the contract's names
            self._columns[table] = {str(name) for (name,) in self.rows(query)}
        return self._columns[table]

    def crs(self) -> str:
        """Coordinate system of the polygons."""
        organisation, number, definition = self.rows(
            "SELECT s.organization, s.organization_coordsys_id, s.definition FROM gpkg_geometry_columns AS g "
            "JOIN gpkg_spatial_ref_sys AS s USING (srs_id) WHERE g.table_name = 'occupation_sol'"
        )[0]
        known = str(organisation).upper() not in ("", "NONE", "UNDEFINED")
        return f"{organisation}:{number}" if known else str(definition)

    def box(self) -> tuple[float, float, float, float] | None:
        """Extent of the polygons, as the file says it."""
        found = self.rows(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'occupation_sol'"
        )
        if not found or None in found[0]:
            return None
        xmin, ymin, xmax, ymax = map(float, found[0])
        return xmin, ymin, xmax, ymax


def read_gpkg(path: Path, limits: Limits) -> LotSummary:
    """Summary of a lot.

    Raises:
        UnreadLotError: it cannot be read.
    """
    if not path.is_file():
        raise UnreadLotError(path, Trouble.MISSING)
    try:
        return _read(path, f"{path.resolve().as_uri()}?mode=ro", limits)
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise UnreadLotError(path, Trouble.LOCKED, error) from error
        if "unable to open" not in str(error) or path.with_name(path.name + _LOG).exists():
            raise UnreadLotError(path, Trouble.DAMAGED, error) from error
    except sqlite3.Error as error:
        raise UnreadLotError(path, Trouble.DAMAGED, error) from error
    # On a disk that nobody may write to, SQLite cannot make the log it looks for: nobody changes it either.
    try:
        return _read(path, f"{path.resolve().as_uri()}?immutable=1", limits)
    except sqlite3.Error as error:
        raise UnreadLotError(path, Trouble.DAMAGED, error) from error


def _read(path: Path, uri: str, limits: Limits) -> LotSummary:
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as database:
        # One instant for all tables, though somebody works on.
        database.execute("BEGIN")
        return summarise(GpkgTables(path, database), limits)


def stamp_of(path: Path) -> str:
    """What changes when a lot does: size and time of the file and of the log that SQLite writes first.

    Raises:
        UnreadLotError: there is no such file.
    """
    try:
        parts = [_stamp(path)]
    except OSError as error:
        raise UnreadLotError(path, Trouble.MISSING) from error
    try:
        parts.append(_stamp(path.with_name(path.name + _LOG)))
    except OSError:
        parts.append("")
    return "|".join(parts)


def _stamp(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size},{found.st_mtime_ns}"
