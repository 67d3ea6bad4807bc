# SPDX-License-Identifier: GPL-2.0-or-later
"""What is common to the tables of a GeoPackage: names, identifiers by hundreds, spatial index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ocsge_pi_review.domain.errors import DamagedLotError

if TYPE_CHECKING:
    from ocsge_pi_review.adapters.gpkg_store import GpkgStore

_Method = TypeVar("_Method", bound=Callable[..., Any])

IDS_AT_ONCE = 500
"""Values bound in one statement."""


class GpkgTable:
    """Columns and geometry of one table.

    Args:
        connection: of `gpkg.connect`.
        name: of the table, one of the contract's.
    """

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self.connection, self.name = connection, name
        self.columns = tuple(row["name"] for row in connection.execute(f"PRAGMA table_info({quoted(name)})"))
        found = connection.execute(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = ?", (name,)
        ).fetchone()
        self.geometry: str | None = found["column_name"] if found else None
        self.srs_id: int = found["srs_id"] if found else 0
        self.index = f"rtree_{name}_{self.geometry}"

    def in_box(self, box: tuple[float, float, float, float]) -> tuple[str, tuple[float, ...]]:
        """Condition on `rowid` and its values: the box of the geometry meets `box` (xmin, ymin, xmax, ymax).

        The index holds boxes in single precision, rounded outwards.
        """
        xmin, ymin, xmax, ymax = box
        found = (
            f"SELECT id FROM {quoted(self.index)} WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"  # nosec B608 - quoted
        )
        return f"rowid IN ({found})", (xmin, xmax, ymin, ymax)

    def select(self, condition: str, values: Iterable[object] = ()) -> Iterator[sqlite3.Row]:
        """Rows that meet a condition made of constants and marks."""
        statement = f"SELECT * FROM {quoted(self.name)} WHERE {condition}"  # nosec B608 - quoted
        return iter(self.connection.execute(statement, tuple(values)))

    def select_ids(self, column: str, values: Iterable[object]) -> Iterator[sqlite3.Row]:
        """Rows whose indexed column holds one of the values."""
        wanted = list(dict.fromkeys(values))
        for start in range(0, len(wanted), IDS_AT_ONCE):
            some = wanted[start : start + IDS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            yield from self.select(f"{quoted(column)} IN ({marks})", some)


def quoted(name: str) -> str:
    """A name of table or column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def readable(method: _Method) -> _Method:
    """A method of a store that says in our words that the file can no longer be read."""

    @wraps(method)
    def told(store: GpkgStore, *arguments: Any, **named: Any) -> Any:
        try:
            return method(store, *arguments, **named)
        except sqlite3.Error as error:
            raise DamagedLotError(path=store.label, reason=error) from error

    return cast("_Method", told)
