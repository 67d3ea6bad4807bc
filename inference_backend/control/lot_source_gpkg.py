# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of a lot in its GeoPackage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from inference_backend.contracts.control import CONTROL, CONTROL_ANSWER, CONTROL_SAMPLE
from inference_backend.contracts.lot import OCCUPATION_SOL, TABLES
from inference_backend.contracts.profile import Profile
from inference_backend.contracts.tables import Table
from inference_backend.control.lot_source import Box, PolygonRow
from inference_backend.lots.lot_file import LotFile, open_lot, read_metadata
from inference_backend.lots.neighbours import polygons
from inference_backend.postprocess.lot.gpkg_functions import blob_of, wkb_of
from inference_backend.postprocess.lot.gpkg_tables import GEOMETRY_COLUMN, register_attributes
from inference_backend.postprocess.lot.lot_rows import polygon_rows

_INDEX = f"rtree_{OCCUPATION_SOL.name}_{GEOMETRY_COLUMN}"
_ROWS_AT_ONCE = 500
_SQL_TYPES = {"text": "TEXT", "integer": "INTEGER", "real": "REAL", "datetime": "DATETIME"}
_NAMES = {table.name: f'"{table.name}"' for table in TABLES}
_OPERATORS = """
    SELECT polygon_id, operator, max(seq) FROM (
        SELECT json_extract(touched.value, '$.id') AS polygon_id, j.operator, j.seq
        FROM edit_journal AS j, json_each(j.after) AS touched WHERE j.in_force = 1
        UNION ALL
        SELECT i.polygon_id, j.operator, j.seq FROM edit_journal AS j
        JOIN review_item AS i ON i.item_id = j.item_id WHERE j.in_force = 1
    ) WHERE operator IS NOT NULL GROUP BY polygon_id
"""


@contextmanager
def gpkg_tables(path: Path, *, write: bool) -> Iterator[GpkgTables]:
    """Open a lot's GeoPackage.

    Raises:
        LotFileError: missing, damaged, no lot, of another version, or in use.
    """
    with open_lot(path, write=write) as lot:
        yield GpkgTables(lot)


class GpkgTables:
    """`LotTables` of a GeoPackage.

    Args:
        lot: the open file.
    """

    shape_digest = f"shape_digest(id, {GEOMETRY_COLUMN})"

    def __init__(self, lot: LotFile) -> None:
        self._lot, self._database = lot, lot.database
        self._database.create_function("shape_digest", 2, _shape_digest, deterministic=True)
        self.label = str(lot.path)
        self.metadata = lot.metadata
        self.folder: Path | None = lot.path.resolve().parent

    @property
    def crs(self) -> str:
        """Coordinate system of the polygons."""
        return self._lot.crs

    @property
    def crs_is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return bool(pyproj.CRS.from_user_input(self.crs).is_geographic)

    def profile(self) -> Profile:
        """The rules that the lot was made with."""
        return self._lot.profile()

    def columns(self, table: str) -> tuple[str, ...]:
        """Columns of a table."""
        return tuple(row[1] for row in self._database.execute(f'PRAGMA table_info("{table}")'))

    def select(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a query."""
        return self._database.execute(query.format_map(_NAMES), tuple(values))

    def execute(self, query: str, values: Sequence[Any] = ()) -> int:
        """Number of rows that a statement changed."""
        return self._database.execute(query.format_map(_NAMES), tuple(values)).rowcount

    def insert(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows."""
        names = [*table.column_names, *([GEOMETRY_COLUMN] if table.geometry else [])]
        listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        query = f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})'  # nosec B608 - the contract's names
        srs_id = self._lot.srs_id
        values = (tuple(_stored(name, row.get(name), srs_id) for name in names) for row in rows)
        self._database.executemany(query, values)

    def set_metadata(self, values: Mapping[str, str]) -> None:
        """Write values of the table `lot`."""
        self._lot.set_metadata(values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements or none."""
        with self._lot.transaction():
            self.metadata = self._lot.metadata = read_metadata(self._database)
            yield

    def ensure_control_tables(self) -> None:
        """Add tables and columns that a lot of schema 2 lacks."""
        for table in (CONTROL, CONTROL_ANSWER):
            if not self.columns(table.name):
                columns = ", ".join(f'"{c.name}" {_SQL_TYPES[c.type]}' for c in table.columns)
                key = "fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"
                self._database.execute(f'CREATE TABLE "{table.name}" ({key}, {columns})')
                register_attributes(self._database, table.name)
        present = self.columns(CONTROL_SAMPLE.name)
        for column in CONTROL_SAMPLE.columns:
            if column.name not in present:
                kind = _SQL_TYPES[column.type]
                self._database.execute(
                    f'ALTER TABLE "{CONTROL_SAMPLE.name}" ADD COLUMN "{column.name}" {kind}'
                )

    def extent(self) -> Box:
        """Box of all polygons, as the file states it."""
        query = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?"
        stated = self._database.execute(query, (OCCUPATION_SOL.name,)).fetchone()
        if stated is None or None in stated:
            query = f'SELECT min(minx), min(miny), max(maxx), max(maxy) FROM "{_INDEX}"'  # nosec B608
            stated = self._database.execute(query).fetchone()
        xmin, ymin, xmax, ymax = (float(value or 0.0) for value in stated)
        return xmin, ymin, xmax, ymax

    def boxes(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Row ids and boxes, out of the spatial index."""
        rows = self._database.execute(f'SELECT id, minx, miny, maxx, maxy FROM "{_INDEX}"').fetchall()  # nosec B608
        table = np.array(rows, dtype=np.float64).reshape(-1, 5)
        return table[:, 0].astype(np.int64), table[:, 1:]

    def polygons(self, fids: NDArray[np.int64]) -> NDArray[np.object_]:
        """Geometries of rows."""
        return polygons(self._database, fids) if len(fids) else np.zeros(0, dtype=object)

    def polygon_rows(self, fids: Iterable[int]) -> Iterator[PolygonRow]:
        """Rows whole."""
        wanted = [int(fid) for fid in fids]
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            some = wanted[start : start + _ROWS_AT_ONCE]
            yield from polygon_rows(self._database, f"fid IN ({', '.join('?' * len(some))})", tuple(some))

    def fids_of(self, ids: Iterable[str]) -> list[int]:
        """Row ids of polygons."""
        wanted, found = list(ids), []
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            some = wanted[start : start + _ROWS_AT_ONCE]
            query = f'SELECT fid FROM occupation_sol WHERE "id" IN ({", ".join("?" * len(some))})'  # nosec B608
            found += [int(row[0]) for row in self._database.execute(query, some)]
        return found

    def near(self, box: Box) -> NDArray[np.int64]:
        """Row ids of polygons whose box meets `box`."""
        query = f'SELECT id FROM "{_INDEX}" WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?'  # nosec B608
        rows = self._database.execute(query, (box[0], box[2], box[1], box[3]))
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def features(self, layer: str, boxes: Iterable[Box]) -> Iterator[tuple[int, dict[str, Any], bytes]]:
        """Objects of a reference layer that meet boxes."""
        quoted = layer.replace('"', '""')
        names = [name for name in self.columns(layer) if name not in ("fid", GEOMETRY_COLUMN)]
        listed = ", ".join('"' + name.replace('"', '""') + '"' for name in ("fid", GEOMETRY_COLUMN, *names))
        met = (
            f'SELECT id FROM "rtree_{quoted}_{GEOMETRY_COLUMN}" '  # nosec B608 - names of the file, quoted
            "WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"
        )
        query = f'SELECT {listed} FROM "{quoted}" WHERE fid IN ({met})'  # nosec B608
        seen: set[int] = set()
        for box in boxes:
            for fid, blob, *values in self._database.execute(query, (box[0], box[2], box[1], box[3])):
                if fid not in seen:
                    seen.add(fid)
                    yield fid, dict(zip(names, values, strict=True)), wkb_of(blob)

    def unit_shapes(self, control_id: str) -> dict[int, bytes]:
        """WKB of each unit of a control."""
        query = f"SELECT sample_id, {GEOMETRY_COLUMN} FROM control_sample WHERE control_id = ?"  # nosec B608
        return {int(row[0]): wkb_of(row[1]) for row in self._database.execute(query, (control_id,))}

    def last_operators(self) -> dict[str, str]:
        """Who last decided on a polygon."""
        return {str(row[0]): str(row[1]) for row in self._database.execute(_OPERATORS) if row[0]}


def _stored(name: str, value: Any, srs_id: int) -> Any:
    return blob_of(value, srs_id) if name == GEOMETRY_COLUMN and value is not None else value


def _shape_digest(polygon_id: object, blob: bytes) -> bytes:
    return hashlib.sha256(b"%b\0%b" % (str(polygon_id).encode(), wkb_of(blob))).digest()
