# SPDX-License-Identifier: GPL-2.0-or-later
"""The table `occupation_sol` in PostGIS as rows, bit for bit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocsge_pi_review.adapters.postgis_connection import Database, placeholders
from ocsge_pi_review.domain.errors import LostPolygonError, StalePolygonError
from ocsge_pi_review.domain.patch import Patch, PolygonRow, same_row
from ocsge_pi_review.domain.rings import Point

_COLUMNS = """
    SELECT attname AS name FROM pg_attribute
    WHERE attrelid = %(table)s AND attnum > 0 AND NOT attisdropped
      AND attname NOT IN ('fid', 'geom', 'id') ORDER BY attnum"""
_SAMPLED_ROWS = 30_000
"""Above this many rows shares of codes come from a sample of about as many."""


class CoverageRows:
    """Reads rows by index, and writes those of a patch.

    Args:
        database: connected, with the lot's names.
        oid: of the table `occupation_sol`.
        srid: of its geometry.
    """

    def __init__(self, database: Database, oid: int, srid: int) -> None:
        self._database, self._oid, self._srid = database, oid, srid
        self.attributes = [row["name"] for row in database.rows(_COLUMNS, {"table": oid})]
        sql = database.driver.sql
        self._selected = sql.SQL(", ").join(
            [
                sql.Identifier("id"),
                *map(sql.Identifier, self.attributes),
                sql.SQL("ST_AsBinary(geom, 'NDR') AS geom"),
            ]
        )

    def row(self, polygon_id: str) -> PolygonRow:
        """A polygon as it stands.

        Raises:
            LostPolygonError: it is not there.
        """
        found = self.rows([polygon_id])
        if polygon_id not in found:
            raise LostPolygonError(id=polygon_id)
        return found[polygon_id]

    def rows(self, polygon_ids: Iterable[str]) -> dict[str, PolygonRow]:
        """Those that are there, by id."""
        statement = "SELECT {columns} FROM {occupation_sol} WHERE id = ANY(%s)"
        found = self._database.rows(statement, (list(polygon_ids),), columns=self._selected)
        return {row["id"]: self._row_of(row) for row in found}

    def rows_in(self, box: tuple[float, float, float, float]) -> list[PolygonRow]:
        """Polygons whose box meets `box` (xmin, ymin, xmax, ymax), by id."""
        statement = (
            "SELECT {columns} FROM {occupation_sol} "
            "WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s, %s) ORDER BY id"
        )
        found = self._database.rows(statement, (*box, self._srid), columns=self._selected)
        return [self._row_of(row) for row in found]

    def row_at(self, point: Point) -> PolygonRow | None:
        """The polygon that contains a point."""
        statement = (
            "SELECT {columns} FROM {occupation_sol} "
            "WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(%s, %s), %s)) ORDER BY id LIMIT 1"
        )
        found = self._database.rows(statement, (*point, self._srid), columns=self._selected)
        return self._row_of(found[0]) if found else None

    def zone_share(self, row: PolygonRow) -> float:
        """Share of a polygon's area in the zone construite, 0..1."""
        statement = """
            WITH wanted AS (SELECT ST_GeomFromWKB(%s, %s) AS geom)
            SELECT coalesce(sum(CASE WHEN ST_CoveredBy(wanted.geom, zone.geom) THEN ST_Area(wanted.geom)
                ELSE ST_Area(ST_Intersection(wanted.geom, zone.geom)) END), 0) / ST_Area(wanted.geom) AS share
            FROM wanted LEFT JOIN {zone_construite} AS zone ON ST_Intersects(wanted.geom, zone.geom)
            GROUP BY wanted.geom"""
        found = self._database.rows(statement, (self._database.driver.Binary(row.wkb), self._srid))
        return min(1.0, float(found[0]["share"])) if found else 0.0

    def code_shares(self, column: str) -> dict[str, float]:
        """By code, about its share of the polygons."""
        size = "SELECT greatest(reltuples, 1) AS n FROM pg_class WHERE oid = %s"
        percent = min(100.0, 100.0 * _SAMPLED_ROWS / self._database.rows(size, (self._oid,))[0]["n"])
        statement = (
            "SELECT {code} AS code, count(*) AS n FROM {occupation_sol} "
            "TABLESAMPLE SYSTEM (%(percent)s) REPEATABLE (1) GROUP BY 1"
        )
        identifier = self._database.identifier(column)
        counts = self._database.rows(statement, {"percent": percent}, code=identifier)
        total = sum(row["n"] for row in counts) or 1
        return {str(row["code"]): row["n"] / total for row in counts}

    def lock_current(self, patch: Patch) -> None:
        """Lock the rows of a patch that are there, in the caller's transaction, if they are as it says.

        Rows are locked by id, so that two gestures wait for each other and never in a circle.

        Raises:
            StalePolygonError: a row differs, is missing, or is there although the patch adds it.
        """
        statement = "SELECT {columns} FROM {occupation_sol} WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
        found = self._database.execute(statement, (list(patch.ids),), columns=self._selected)
        there = {row["id"]: self._row_of(row) for row in found}
        before = {row.id: row for row in patch.before}
        for polygon_id in patch.ids:
            wanted, row = before.get(polygon_id), there.get(polygon_id)
            if (wanted is None) != (row is None) or (wanted and row and not same_row(wanted, row)):
                raise StalePolygonError(id=polygon_id)

    def apply(self, patch: Patch) -> None:
        """Write the rows of a patch, inside the caller's transaction.

        Raises:
            StalePolygonError: a colleague added a row of the same id meanwhile.
        """
        before = {row.id: row for row in patch.before}
        if patch.removed_ids:
            statement = "DELETE FROM {occupation_sol} WHERE id = ANY(%s)"
            self._database.execute(statement, (list(patch.removed_ids),))
        for row in patch.after:
            old = before.get(row.id)
            if old is None:
                self._add(row)
            else:
                self._change(old, row)

    def _add(self, row: PolygonRow) -> None:
        values = {"id": row.id, **self._known(row)}
        names, marks = placeholders(self._database, tuple(values))
        statement = "INSERT INTO {occupation_sol} ({columns}, geom) VALUES ({marks}, ST_GeomFromWKB(%s, %s))"
        self._database.execute(
            statement, (*values.values(), *self._geometry(row)), columns=names, marks=marks
        )

    def _change(self, old: PolygonRow, new: PolygonRow) -> None:
        was, sql = self._known(old), self._database.driver.sql
        changed = {name: value for name, value in self._known(new).items() if value != was[name]}
        sets = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in changed]
        values: list[Any] = list(changed.values())
        if new.wkb != old.wkb:
            sets.append(sql.SQL("geom = ST_GeomFromWKB(%s, %s)"))
            values += self._geometry(new)
        if sets:
            statement = "UPDATE {occupation_sol} SET {sets} WHERE id = %s"
            self._database.execute(statement, (*values, new.id), sets=sql.SQL(", ").join(sets))

    def _known(self, row: PolygonRow) -> dict[str, Any]:
        """Every column of the table: one that the row lacks is null."""
        return {name: row.attributes.get(name) for name in self.attributes}

    def _geometry(self, row: PolygonRow) -> tuple[Any, int]:
        return self._database.driver.Binary(row.wkb), self._srid

    def _row_of(self, found: dict[str, Any]) -> PolygonRow:
        attributes = {name: found[name] for name in self.attributes}
        return PolygonRow(str(found["id"]), attributes, bytes(found["geom"]))
