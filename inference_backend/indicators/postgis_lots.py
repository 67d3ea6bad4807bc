# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots in PostGIS as the indicators read them: one connection for all schemas of a server."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from inference_backend.errors import BackendError
from inference_backend.indicators.errors import Trouble, UnreadLotError
from inference_backend.indicators.lot_summary import LotSummary
from inference_backend.indicators.summarise import Limits, summarise
from inference_backend.postgis.address import LotAddress, connected

PREFIX = "postgis:"
_ANY = "*"


class PostgisTables:
    """Tables of a schema; see `summarise.LotTables`."""

    def __init__(self, address: LotAddress, cursor: Any) -> None:
        self.label, self._schema, self._cursor = PREFIX + address.label, address.schema, cursor

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a statement; the schema is the first of the search path."""
        self._cursor.execute(query)
        return list(self._cursor.fetchall())

    def columns(self, table: str) -> set[str]:
        """Columns of a table."""
        return self._columns.get(table, set())

    def crs(self) -> str:
        """Coordinate system of the polygons."""
        self._cursor.execute(
            "SELECT s.auth_name, s.auth_srid, s.srtext FROM geometry_columns AS g "
            "JOIN spatial_ref_sys AS s USING (srid) "
            "WHERE g.f_table_schema = %s AND g.f_table_name = 'occupation_sol'",
            (self._schema,),
        )
        name, number, text = self._cursor.fetchone()
        return f"{name}:{number}" if name else str(text)

    def box(self) -> tuple[float, float, float, float] | None:
        """Nothing: asking would read every polygon; a lot's own footprint says it."""
        return None

    @cached_property
    def _columns(self) -> dict[str, set[str]]:
        self._cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE n.nspname = %s AND c.relkind = 'r'",
            (self._schema,),
        )
        found: dict[str, set[str]] = {}
        for table, column in self._cursor.fetchall():
            found.setdefault(table, set()).add(column)
        return found


def read_postgis(text: str, limits: Limits) -> Iterator[tuple[str, LotSummary | UnreadLotError]]:
    """Every lot that an address or a pattern means.

    Args:
        text: `postgis:SERVICE/SCHEMA`, `postgis:host=… dbname=…/SCHEMA`; the schema may end with `*`.
        limits: thresholds.

    Yields:
        The lot's name for messages, and what it says or why it cannot be read.
    """
    place, _, schema = text.removeprefix(PREFIX).rpartition("/")
    pattern = schema.removesuffix(_ANY)
    try:
        address = LotAddress.parse(f"{place}/{pattern or 'any'}")
        shown = f"{PREFIX}{LotAddress(address.conninfo, schema).label}"
        with connected(address) as connection:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            cursor = connection.cursor()
            cursor.execute("SET TIME ZONE 'UTC'")
            names = _schemas(cursor, schema)
            if not names:
                yield shown, UnreadLotError(shown, Trouble.NO_MATCH)
            for name in names:
                yield _one(LotAddress(address.conninfo, name), connection, cursor, limits)
    except BackendError as error:
        if isinstance(error, UnreadLotError):
            raise
        shown = f"{PREFIX}{LotAddress(place, schema).label}"
        yield shown, UnreadLotError(shown, Trouble.NO_CONNECTION, error.values.get("problem_en", ""))


def _schemas(cursor: Any, pattern: str) -> list[str]:
    cursor.execute(
        "SELECT n.nspname FROM pg_namespace AS n JOIN pg_class AS c ON c.relnamespace = n.oid "
        "WHERE c.relname = 'occupation_sol' AND has_schema_privilege(n.oid, 'USAGE') ORDER BY n.nspname"
    )
    return [name for (name,) in cursor.fetchall() if fnmatch.fnmatchcase(name, pattern)]


def _one(
    address: LotAddress, connection: Any, cursor: Any, limits: Limits
) -> tuple[str, LotSummary | UnreadLotError]:
    from psycopg2 import Error, sql

    label = PREFIX + address.label
    try:
        with connection.cursor() as own:
            own.execute("SAVEPOINT lot")
            own.execute(sql.SQL("SET LOCAL search_path TO {}, public").format(sql.Identifier(address.schema)))
            summary: LotSummary | UnreadLotError = summarise(PostgisTables(address, own), limits)
            own.execute("RELEASE SAVEPOINT lot")
    except UnreadLotError as error:
        summary = error
    except Error as error:
        cursor.execute("ROLLBACK TO SAVEPOINT lot")
        summary = UnreadLotError(label, Trouble.DAMAGED, (str(error).strip().splitlines() or [""])[0])
    return label, summary
