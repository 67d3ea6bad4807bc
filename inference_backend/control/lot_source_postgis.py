# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of a lot in a schema of PostGIS."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from psycopg2 import extensions, extras, sql

from inference_backend.contracts.control import CONTROL_TABLES
from inference_backend.contracts.lot import LOT, OCCUPATION_SOL, TABLES, WORKABLE_SCHEMAS, LotKey
from inference_backend.contracts.profile import Profile
from inference_backend.contracts.tables import Table
from inference_backend.control.lot_source import Box, PolygonRow
from inference_backend.errors import ConfigError
from inference_backend.postgis.address import LotAddress, connected
from inference_backend.postgis.lot_file import StoredTable
from inference_backend.postgis.rights import CONTROLLERS
from inference_backend.postgis.tables import create_table

_ROWS_AT_ONCE = 5_000
_TIMESTAMPTZ = 1184
_ADDED_TYPES = {"text": "text", "integer": "bigint", "real": "double precision"}
_OPERATORS = """
    SELECT DISTINCT ON (polygon_id) polygon_id, operator FROM (
        SELECT touched.value ->> 'id' AS polygon_id, j.operator, j.seq FROM {edit_journal} AS j,
        json_array_elements(coalesce(j.after, '[]')::json) AS touched WHERE j.in_force = 1
        UNION ALL
        SELECT i.polygon_id, j.operator, j.seq FROM {edit_journal} AS j
        JOIN {review_item} AS i ON i.item_id = j.item_id WHERE j.in_force = 1
    ) AS gestures WHERE operator IS NOT NULL ORDER BY polygon_id, seq DESC
"""


@contextmanager
def postgis_tables(address: LotAddress) -> Iterator[PostgisTables]:
    """Open a lot of a database; what is written outside `transaction` is lost.

    Raises:
        ConfigError: no connection, or no lot there.
        OutputError: the server refuses.
    """
    with connected(address) as connection:
        _give_texts(connection)
        yield PostgisTables(connection, address)
        connection.rollback()


class PostgisTables:
    """`LotTables` of a schema.

    Args:
        connection: of psycopg2.
        address: of the lot.
    """

    folder: Path | None = None
    shape_digest = "sha256(convert_to(id, 'UTF8') || decode('00', 'hex') || ST_AsBinary(geom, 'NDR'))"

    def __init__(self, connection: Any, address: LotAddress) -> None:
        self._connection, self._schema = connection, address.schema
        self.label = address.label
        self._names = {
            table.name: sql.Identifier(address.schema, table.name).as_string(connection) for table in TABLES
        }
        self.metadata = self._read_metadata()

    @property
    def crs(self) -> str:
        """Coordinate system of the polygons."""
        return f"EPSG:{self._srid()}"

    @property
    def crs_is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return bool(pyproj.CRS.from_user_input(self.crs).is_geographic)

    def profile(self) -> Profile:
        """The rules that the lot was made with; what they lack, being older, comes from this installation."""
        installed = Profile.load(self.metadata.get(LotKey.PROFILE.value) or "ocsge-2.0")
        text = self.metadata.get(LotKey.PROFILE_RULES.value)
        rules = {**installed.rules, **json.loads(text)} if text else installed.rules
        return Profile(installed.name, installed.path, installed.nomenclature, rules)

    def columns(self, table: str) -> tuple[str, ...]:
        """Columns of a table."""
        query = (
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
        )
        with self._connection.cursor() as cursor:
            cursor.execute(query, (self._schema, table))
            return tuple(row[0] for row in cursor.fetchall())

    def select(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a query."""
        with self._connection.cursor() as cursor:
            cursor.execute(self._text(query), tuple(values))
            yield from cursor

    def execute(self, query: str, values: Sequence[Any] = ()) -> int:
        """Number of rows that a statement changed."""
        with self._connection.cursor() as cursor:
            cursor.execute(self._text(query), tuple(values))
            return int(cursor.rowcount)

    def insert(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows."""
        names = [*table.column_names, *(["geom"] if table.geometry else [])]
        place = "(" + ", ".join(
            f"ST_SetSRID(ST_GeomFromWKB(%s), {self._srid()})" if name == "geom" else "%s" for name in names
        ) + ")"  # fmt: skip
        query = f"INSERT INTO {self._names[table.name]} ({', '.join(names)}) VALUES %s"  # nosec B608 - the contract's names
        values = [tuple(row.get(name) for name in names) for row in rows]
        with self._connection.cursor() as cursor:
            extras.execute_values(cursor, query, values, template=place)

    def set_metadata(self, values: Mapping[str, str]) -> None:
        """Write values of the table `lot`."""
        query = (
            "INSERT INTO {lot} (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        )
        for pair in values.items():
            self.execute(query, pair)
        self.metadata.update(values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements or none; others still read."""
        self._connection.rollback()
        try:
            self.execute("LOCK TABLE {lot} IN SHARE ROW EXCLUSIVE MODE")
            self.metadata = self._read_metadata()
            yield
            self._connection.commit()
        except BaseException:
            self._connection.rollback()
            raise

    def ensure_control_tables(self) -> None:
        """Add tables and columns that a lot of schema 2 lacks; only the owner of the schema may."""
        with self._connection.cursor() as cursor:
            for table in CONTROL_TABLES:
                present = self.columns(table.name)
                if not present:
                    create_table(cursor, self._schema, StoredTable(table, None, table.geometry), self._srid())
                    self._grant(cursor, table.name)
                for column in table.columns if present else ():
                    if column.name not in present:
                        kind = _ADDED_TYPES[column.type]
                        cursor.execute(
                            f"ALTER TABLE {self._names[table.name]} ADD COLUMN {column.name} {kind}"
                        )

    def extent(self) -> Box:
        """Box of all polygons."""
        query = (
            "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) "
            "FROM (SELECT ST_Extent(geom) AS b FROM {occupation_sol}) AS whole"
        )
        xmin, ymin, xmax, ymax = (float(value or 0.0) for value in next(self.select(query)))
        return xmin, ymin, xmax, ymax

    def boxes(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Row ids and boxes."""
        rows = list(self.select("SELECT fid, ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom) "
                                "FROM {occupation_sol}"))  # fmt: skip
        table = np.array(rows, dtype=np.float64).reshape(-1, 5)
        return table[:, 0].astype(np.int64), table[:, 1:]

    def polygons(self, fids: NDArray[np.int64]) -> NDArray[np.object_]:
        """Geometries of rows."""
        found: dict[int, bytes] = {}
        query = "SELECT fid, ST_AsBinary(geom, 'NDR') FROM {occupation_sol} WHERE fid = ANY(?)"
        for start in range(0, len(fids), _ROWS_AT_ONCE):
            some = fids[start : start + _ROWS_AT_ONCE].tolist()
            found.update((row[0], bytes(row[1])) for row in self.select(query, (some,)))
        shapes: NDArray[np.object_] = shapely.from_wkb([found[fid] for fid in fids.tolist()])
        return shapes

    def polygon_rows(self, fids: Iterable[int]) -> Iterator[PolygonRow]:
        """Rows whole."""
        names = [name for name in self.columns(OCCUPATION_SOL.name) if name not in ("fid", "geom", "id")]
        listed = ", ".join(f'"{name}"' for name in names)
        query = f"SELECT id, ST_AsBinary(geom, 'NDR'), {listed} FROM {{occupation_sol}} WHERE fid = ANY(?)"  # nosec B608
        for polygon_id, wkb, *rest in self.select(query, ([int(fid) for fid in fids],)):
            yield str(polygon_id), dict(zip(names, rest, strict=True)), bytes(wkb)

    def fids_of(self, ids: Iterable[str]) -> list[int]:
        """Row ids of polygons."""
        query = "SELECT fid FROM {occupation_sol} WHERE id = ANY(?)"
        return [int(row[0]) for row in self.select(query, (list(ids),))]

    def near(self, box: Box) -> NDArray[np.int64]:
        """Row ids of polygons whose box meets `box`."""
        query = "SELECT fid FROM {occupation_sol} WHERE geom && ST_MakeEnvelope(?, ?, ?, ?, ?)"
        rows = self.select(query, (*box, self._srid()))
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def features(self, layer: str, boxes: Iterable[Box]) -> Iterator[tuple[int, dict[str, Any], bytes]]:
        """Objects of a reference layer that meet boxes."""
        names = [name for name in self.columns(layer) if name not in ("fid", "geom")]
        selected = sql.SQL(", ").join(map(sql.Identifier, names))
        statement = sql.SQL(
            "SELECT fid, ST_AsBinary(geom, 'NDR') {} {} FROM {} "
            "WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s, %s) AND geom IS NOT NULL"
        ).format(sql.SQL("," if names else ""), selected, sql.Identifier(self._schema, layer))
        seen: set[int] = set()
        with self._connection.cursor() as cursor:
            for box in boxes:
                cursor.execute(statement, (*box, self._srid()))
                for fid, wkb, *values in cursor.fetchall():
                    if fid not in seen:
                        seen.add(fid)
                        yield fid, dict(zip(names, values, strict=True)), bytes(wkb)

    def unit_shapes(self, control_id: str) -> dict[int, bytes]:
        """WKB of each unit of a control."""
        query = "SELECT sample_id, ST_AsBinary(geom, 'NDR') FROM {control_sample} WHERE control_id = ?"
        return {int(row[0]): bytes(row[1]) for row in self.select(query, (control_id,))}

    def last_operators(self) -> dict[str, str]:
        """Who last decided on a polygon."""
        return {str(row[0]): str(row[1]) for row in self.select(_OPERATORS) if row[0]}

    def _text(self, query: str) -> str:
        return query.format_map(self._names).replace("?", "%s")

    def _srid(self) -> int:
        query = "SELECT srid FROM geometry_columns WHERE f_table_schema = ? AND f_table_name = ?"
        return int(next(self.select(query, (self._schema, OCCUPATION_SOL.name)))[0])

    def _grant(self, cursor: Any, table: str) -> None:
        """The controllers' group keeps what it has on the tables of a control."""
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (CONTROLLERS,))
        if cursor.fetchone() is not None:
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {self._names[table]} TO {CONTROLLERS}")

    def _read_metadata(self) -> dict[str, str]:
        if not self.columns(LOT.name) or not self.columns(OCCUPATION_SOL.name):
            raise _no_lot(self.label)
        rows = self.select("SELECT key, value FROM {lot}")
        found = {str(key): str(value) for key, value in rows if value is not None}
        if found.get(LotKey.SCHEMA.value) not in WORKABLE_SCHEMAS:
            raise _no_lot(self.label)
        return found


def _give_texts(connection: Any) -> None:
    """Times as the texts that a GeoPackage holds."""
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    iso = extensions.new_type((_TIMESTAMPTZ,), "ISO_TEXT", _iso)
    extensions.register_type(iso, connection)


def _iso(value: str | None, cursor: Any) -> str | None:
    return None if value is None else value.replace(" ", "T").replace("+00", "Z")


def _no_lot(label: str) -> ConfigError:
    return ConfigError(
        path=label,
        problem_en="no lot there that a control can work with",
        problem_fr="pas de lot à cet endroit qu'un contrôle puisse traiter",
        remedy_en="Name the schema of a lot that ocsge lot publish made.",
        remedy_fr="Nommez le schéma d'un lot créé par ocsge lot publish.",
    )
