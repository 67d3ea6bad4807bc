# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons and items of an open lot, read and written one by one."""

from __future__ import annotations

from typing import Any

from inference_backend.contracts.lot import OCCUPATION_SOL, REVIEW_ITEM
from inference_backend.lots.journal_rows import Row
from inference_backend.lots.lot_file import LotFile
from inference_backend.postprocess.lot.gpkg_functions import blob_of
from inference_backend.postprocess.lot.gpkg_tables import GEOMETRY_COLUMN
from inference_backend.postprocess.lot.lot_rows import polygon_columns, polygon_rows

DECISION_FIELDS = (
    "state", "decision_cs", "decision_us", "operator", "decided_at", "duration_s", "comment", "sketch",
    "answer",
)  # fmt: skip
"""Columns of an item that a gesture may change."""
_INDEX = f"rtree_{OCCUPATION_SOL.name}_{GEOMETRY_COLUMN}"
Box = tuple[float, float, float, float]


class CoverageRows:
    """The polygons of a lot by id; writing happens inside the caller's transaction.

    Args:
        lot: an open lot.
    """

    def __init__(self, lot: LotFile) -> None:
        self._database, self._srs_id = lot.database, lot.srs_id
        self._columns = polygon_columns(lot.database)

    def get(self, polygon_id: str) -> Row | None:
        """A polygon as it stands, None where there is none."""
        found = next(iter(polygon_rows(self._database, '"id" = ?', (polygon_id,))), None)
        return None if found is None else Row(*found)

    def near(self, box: Box) -> list[Row]:
        """Polygons whose box meets `box`."""
        condition = (
            f'fid IN (SELECT id FROM "{_INDEX}" WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?)'  # nosec B608
        )
        rows = polygon_rows(self._database, condition, (box[0], box[2], box[1], box[3]))
        return [Row(*found) for found in rows]

    def replace(self, before: tuple[Row, ...], after: tuple[Row, ...]) -> None:
        """Write rows; those that are only before go."""
        kept = {row.id for row in after}
        for row in before:
            if row.id not in kept:
                self._database.execute(f'DELETE FROM "{OCCUPATION_SOL.name}" WHERE "id" = ?', (row.id,))  # nosec B608
        known = {row.id: row for row in before}
        for row in after:
            if row.id not in known:
                self._insert(row)
            elif row != known[row.id]:
                self._update(row, moved=row.wkb != known[row.id].wkb)

    def _insert(self, row: Row) -> None:
        names = ["id", GEOMETRY_COLUMN, *self._columns]
        values = [row.id, blob_of(row.wkb, self._srs_id), *(row.attributes.get(n) for n in self._columns)]
        listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        self._database.execute(f'INSERT INTO "{OCCUPATION_SOL.name}" ({listed}) VALUES ({marks})', values)  # nosec B608

    def _update(self, row: Row, *, moved: bool) -> None:
        values: dict[str, Any] = {name: row.attributes.get(name) for name in self._columns}
        if moved:  # the spatial index follows by triggers, which cost more than the row
            values[GEOMETRY_COLUMN] = blob_of(row.wkb, self._srs_id)
        listed = ", ".join(f'"{name}" = ?' for name in values)
        query = f'UPDATE "{OCCUPATION_SOL.name}" SET {listed} WHERE "id" = ?'  # nosec B608
        self._database.execute(query, (*values.values(), row.id))


class ItemRows:
    """Decisions on the items of a lot.

    Args:
        lot: an open lot.
    """

    def __init__(self, lot: LotFile) -> None:
        self._database = lot.database

    def get(self, item_id: int) -> dict[str, Any] | None:
        """The decision columns of an item with the key `item_id`, None where there is no such item."""
        names = ("item_id", *DECISION_FIELDS)
        query = f'SELECT {", ".join(names)} FROM "{REVIEW_ITEM.name}" WHERE item_id = ?'  # nosec B608
        found = self._database.execute(query, (item_id,)).fetchone()
        return None if found is None else dict(zip(names, found, strict=True))

    def put(self, decision: dict[str, Any]) -> None:
        """Write the decision columns of an item."""
        listed = ", ".join(f'"{name}" = ?' for name in DECISION_FIELDS)
        query = f'UPDATE "{REVIEW_ITEM.name}" SET {listed} WHERE item_id = ?'  # nosec B608
        values = [decision.get(name) for name in DECISION_FIELDS]
        self._database.execute(query, (*values, decision["item_id"]))
