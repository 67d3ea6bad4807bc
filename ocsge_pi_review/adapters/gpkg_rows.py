# SPDX-License-Identifier: GPL-2.0-or-later
"""The table `occupation_sol` of a GeoPackage as rows, bit for bit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from inference_backend.contracts.lot import OCCUPATION_SOL
from ocsge_pi_review.adapters.gpkg_blob import Box, box_of, polygon_blob, wkb_of
from ocsge_pi_review.adapters.gpkg_table import GpkgTable, quoted
from ocsge_pi_review.domain.errors import LostPolygonError, StalePolygonError
from ocsge_pi_review.domain.patch import Patch, PolygonRow, same_row
from ocsge_pi_review.domain.rings import Point, contains

_SAMPLED_ROWS = 50_000
"""Above this many rows shares of codes come from a sample."""
_SAMPLE_RUNS, _RUN_ROWS = 40, 100
_ROWS_AT_ONCE = 500


class CoverageTable(GpkgTable):
    """Reads rows by index, and writes those of a patch.

    Args:
        connection: of `gpkg.connect`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, OCCUPATION_SOL.name)
        self._skipped = {"fid", "id", self.geometry}

    def row(self, polygon_id: str) -> PolygonRow:
        """A polygon as it stands.

        Raises:
            LostPolygonError: it is not there.
        """
        for found in self.select("id = ?", (polygon_id,)):
            return self._row_of(found)
        raise LostPolygonError(id=polygon_id)

    def rows(self, polygon_ids: Iterable[str]) -> dict[str, PolygonRow]:
        """Those that are there, by id."""
        return {str(found["id"]): self._row_of(found) for found in self.select_ids("id", polygon_ids)}

    def rows_in(self, box: Box) -> list[PolygonRow]:
        """Polygons whose box meets `box`, by id."""
        condition, values = self.in_box(box)
        found = [row for row in self.select(condition, values) if _meets(box_of(row[self.geometry]), box)]
        return sorted(map(self._row_of, found), key=lambda row: row.id)

    def row_at(self, point: Point) -> PolygonRow | None:
        """The polygon that contains a point."""
        for row in self.rows_in((*point, *point)):
            if contains(row.polygon, point):
                return row
        return None

    def every_row(self) -> Iterator[PolygonRow]:
        """All rows in the order of the file, some hundreds at a time: no cursor stays open between two."""
        last, table = -1, quoted(self.name)
        statement = f"SELECT rowid AS at, * FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT ?"  # nosec B608
        while True:
            found = self.connection.execute(statement, (last, _ROWS_AT_ONCE)).fetchall()
            yield from map(self._row_of, found)
            if len(found) < _ROWS_AT_ONCE:
                return
            last = found[-1]["at"]

    def count(self) -> int:
        """Number of rows."""
        return int(self.connection.execute(f"SELECT count(*) FROM {quoted(self.name)}").fetchone()[0])  # nosec B608 - quoted

    def shares(self, column: str) -> dict[str, float]:
        """By code, its share of the polygons."""
        counts: dict[str, float] = {}
        for statement, values in self._sample(quoted(column)):
            for code, count in self.connection.execute(statement, values):
                counts[str(code)] = counts.get(str(code), 0.0) + count
        total = sum(counts.values()) or 1.0
        return {code: count / total for code, count in counts.items()}

    def _sample(self, column: str) -> Iterable[tuple[str, tuple[int, ...]]]:
        table = quoted(self.name)
        # The sign keeps SQLite off the index of codes, which it would read from end to end for each run.
        statement = f"SELECT +{column}, count(*) FROM {table} WHERE rowid BETWEEN ? AND ? GROUP BY 1"  # nosec B608 - quoted
        # Asked for together they are found by looking at every row.
        ends = f"SELECT (SELECT min(rowid) FROM {table}), (SELECT max(rowid) FROM {table})"  # nosec B608 - quoted
        low, high = self.connection.execute(ends).fetchone()
        if low is None:
            return
        if high - low < _SAMPLED_ROWS:
            yield statement, (low, high)
            return
        step = (high - low) // _SAMPLE_RUNS
        for start in range(low, high, step):
            yield statement, (start, start + _RUN_ROWS - 1)

    def require_current(self, patch: Patch) -> None:
        """Accept a patch that starts from what the table holds.

        Raises:
            StalePolygonError: a row differs, is missing, or is there although the patch adds it.
        """
        before = {row.id: row for row in patch.before}
        there = self.rows(patch.ids)
        for polygon_id in patch.ids:
            wanted, found = before.get(polygon_id), there.get(polygon_id)
            if (wanted is None) != (found is None) or (wanted and found and not same_row(wanted, found)):
                raise StalePolygonError(id=polygon_id)

    def apply(self, patch: Patch) -> None:
        """Write the rows of a patch, inside the caller's transaction; triggers keep index and count right."""
        before = {row.id: row for row in patch.before}
        for polygon_id in patch.removed_ids:
            self.delete(polygon_id)
        for row in patch.after:
            old = before.get(row.id)
            if old is None:
                self.add(row)
            else:
                self._change(old, row)

    def delete(self, polygon_id: str) -> None:
        """Take a row out."""
        self.connection.execute(f"DELETE FROM {quoted(self.name)} WHERE id = ?", (polygon_id,))  # nosec B608

    def add(self, row: PolygonRow) -> None:
        """Put a row in."""
        values = {"id": row.id, **self._known(row), self._geometry: polygon_blob(row, self.srs_id)}
        names, marks = ", ".join(map(quoted, values)), ", ".join("?" * len(values))
        statement = f"INSERT INTO {quoted(self.name)} ({names}) VALUES ({marks})"  # nosec B608 - quoted
        self.connection.execute(statement, tuple(values.values()))

    def put(self, row: PolygonRow) -> None:
        """Give a polygon its row, whether it is there or not."""
        if not self._change_values(
            row.id, {**self._known(row), self._geometry: polygon_blob(row, self.srs_id)}
        ):
            self.add(row)

    def _change(self, old: PolygonRow, new: PolygonRow) -> None:
        was = self._known(old)
        values = {name: value for name, value in self._known(new).items() if value != was.get(name)}
        if new.wkb != old.wkb:
            values[self._geometry] = polygon_blob(new, self.srs_id)
        self._change_values(new.id, values)

    def _change_values(self, polygon_id: str, values: dict[str, Any]) -> bool:
        if not values:
            return True
        sets = ", ".join(f"{quoted(name)} = ?" for name in values)
        statement = f"UPDATE {quoted(self.name)} SET {sets} WHERE id = ?"  # nosec B608 - quoted
        return self.connection.execute(statement, (*values.values(), polygon_id)).rowcount > 0

    @property
    def _geometry(self) -> str:
        return str(self.geometry)

    def _known(self, row: PolygonRow) -> dict[str, Any]:
        """Every column of the table: one that the row lacks is null."""
        return {name: row.attributes.get(name) for name in self.columns if name not in self._skipped}

    def _row_of(self, found: sqlite3.Row) -> PolygonRow:
        attributes = {name: found[name] for name in self.columns if name not in self._skipped}
        return PolygonRow(str(found["id"]), attributes, wkb_of(found[self.geometry]))


def _meets(box: Box | None, other: Box) -> bool:
    if box is None:
        return False
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]
