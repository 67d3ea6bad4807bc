# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot of as many polygons as wanted, of real shapes, written row after row: what stores are measured on.

    python -m benchmarks.big_lot build/review/big.gpkg --polygons 1000000

A lot of one made commune is laid side by side with its mirror images, so that every border has the same
vertices on both sides: the result is one valid coverage, with its queue, its zones, its indexes and a true
fingerprint. Communes, ids and ranks differ from tile to tile; memory does not grow with the number of rows.
"""

from __future__ import annotations

import argparse
import math
import sqlite3
import struct
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.quality_scenes import CACHE, scene_of
from inference_backend.atomic import replace_when_done
from inference_backend.contracts.fingerprint import combined, row_fingerprint, to_text
from inference_backend.contracts.lot import INDEXES, LotKey
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.lot.gpkg_functions import wkb_of
from inference_backend.postprocess.lot.gpkg_tables import create_indexes, index_name
from inference_backend.postprocess.pipeline import postprocess

POLYGONS = 1_000_000
TILE_SEED = 4000
FIRST_COMMUNE = 33001
COMMUNES = 535
_TABLES = ("occupation_sol", "zone_construite", "review_item")
_HEAD = struct.Struct("<2sBBi4d")
_LITTLE_ENDIAN_WITH_BOX = 0x03


@dataclass(frozen=True)
class Rows:
    """Rows of a table of the tile.

    Attributes:
        names: columns, without `fid` and `geom`.
        values: by row.
        geometry: (n,) shapely, coordinates from the tile's south-west corner, m.
    """

    names: list[str]
    values: list[tuple[Any, ...]]
    geometry: NDArray[np.object_]


def make_tile(path: Path) -> Path:
    """The lot of one made commune that nothing was fitted on, made once."""
    if not path.exists():
        scene = scene_of(TILE_SEED)
        path.parent.mkdir(parents=True, exist_ok=True)
        postprocess(scene.prediction, (scene.references,), path, profile=Profile.load(), millesime="2022")
    return path


def make_big_lot(path: Path, polygons: int, tile: Path) -> int:
    """Write `path`, whole or not at all.

    Returns:
        Its number of polygons: whole rows of tiles, at least as many as wanted.
    """
    with replace_when_done(path) as temporary:
        with closing(sqlite3.connect(tile)) as source:
            source.execute("VACUUM INTO ?", (str(temporary),))
        with closing(sqlite3.connect(temporary, isolation_level=None)) as database:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
                database.execute(f"PRAGMA {pragma}")
            count = _Mosaic(database, polygons).write()
        create_indexes(temporary, INDEXES)
    return count


class _Mosaic:
    """The tile and its mirror images, on a grid from the tile's own corner to the east and the north."""

    def __init__(self, database: sqlite3.Connection, polygons: int) -> None:
        self.database = database
        polygon_tile = self._read("occupation_sol", None)
        self.origin = np.floor(shapely.total_bounds(polygon_tile.geometry)[:2])
        self.size = shapely.total_bounds(polygon_tile.geometry)[2:] - self.origin
        self.tiles = {name: self._read(name, self.origin) for name in _TABLES}
        wanted = polygons / len(polygon_tile.values)
        self.across = math.ceil(math.sqrt(wanted))
        self.up = math.ceil(wanted / self.across)
        self.fingerprint = 0
        query = "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'occupation_sol'"
        self.srs_id = int(database.execute(query).fetchone()[0])

    def write(self) -> int:
        """Replace the rows of the copy by those of the mosaic; how many polygons there are."""
        self.database.execute("BEGIN")
        triggers = self._drop("trigger") + self._drop("index")
        for name in _TABLES:
            self._write_table(name)
        self._write_metadata()
        for statement in triggers:
            self.database.execute(statement)
        self.database.execute("COMMIT")
        return self.count

    @property
    def count(self) -> int:
        """Number of polygons."""
        return len(self.tiles["occupation_sol"].values) * self.across * self.up

    def _read(self, table: str, origin: NDArray[np.float64] | None) -> Rows:
        names = [row[1] for row in self.database.execute(f'PRAGMA table_info("{table}")')]
        names = [name for name in names if name not in ("fid", "geom")]
        listed = ", ".join(f'"{name}"' for name in ("geom", *names))
        found = self.database.execute(f'SELECT {listed} FROM "{table}" ORDER BY fid').fetchall()
        geometry = shapely.from_wkb([wkb_of(row[0]) for row in found])
        if origin is not None:
            geometry = shapely.transform(geometry, lambda points: points - origin)
        return Rows(names, [row[1:] for row in found], geometry)

    def _drop(self, kind: str) -> list[str]:
        """Drop triggers and our own indexes; the statements that make the triggers again."""
        query = "SELECT name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL"
        ours = {index_name(table, columns) for table, columns in INDEXES}
        found = self.database.execute(query, (kind,)).fetchall()
        found = [row for row in found if kind == "trigger" or row[0] in ours]
        for name, _ in found:
            self.database.execute(f'DROP {kind.upper()} "{name}"')
        return [sql for _, sql in found] if kind == "trigger" else []

    def _write_table(self, name: str) -> None:
        tile = self.tiles[name]
        self.database.execute(f'DELETE FROM "{name}"')
        self.database.execute(f'DELETE FROM "rtree_{name}_geom"')
        listed = ", ".join(f'"{column}"' for column in ("fid", "geom", *tile.names))
        insert = f'INSERT INTO "{name}" ({listed}) VALUES ({", ".join("?" * (len(tile.names) + 2))})'
        boxed = f'INSERT INTO "rtree_{name}_geom" VALUES (?, ?, ?, ?, ?)'
        for number, (wkb, boxes) in enumerate(self._laid(tile.geometry)):
            first = number * len(wkb) + 1
            values = self._values(name, number, wkb)
            blobs = [self._blob(text, box) for text, box in zip(wkb, boxes, strict=True)]
            fids = range(first, first + len(wkb))
            rows = zip(fids, blobs, values, strict=True)
            self.database.executemany(insert, ((fid, blob, *row) for fid, blob, row in rows))
            self.database.executemany(boxed, ((f, *box) for f, box in zip(fids, boxes, strict=True)))
        self._tell_contents(name)

    def _laid(self, geometry: NDArray[np.object_]) -> Iterator[tuple[list[bytes], list[list[float]]]]:
        """WKB and boxes (xmin, xmax, ymin, ymax) of each tile, row after row from the south-west."""
        turned = {flips: self._turned(geometry, flips) for flips in ((0, 0), (1, 0), (0, 1), (1, 1))}
        for row in range(self.up):
            for column in range(self.across):
                corner = self.origin + self.size * (column, row)
                placed = shapely.transform(turned[column % 2, row % 2], lambda p, corner=corner: p + corner)
                yield list(shapely.to_wkb(placed)), shapely.bounds(placed)[:, [0, 2, 1, 3]].tolist()

    def _turned(self, geometry: NDArray[np.object_], flips: tuple[int, int]) -> NDArray[np.object_]:
        """The tile mirrored; one mirror turns rings round, which is put right."""
        flip = np.array(flips, dtype=bool)
        mirrored = shapely.transform(geometry, lambda points: np.where(flip, self.size - points, points))
        return shapely.reverse(mirrored) if flip.sum() == 1 else mirrored

    def _values(self, name: str, number: int, wkb: list[bytes]) -> list[tuple[Any, ...]]:
        """Attributes of a tile's rows, with ids, ranks and commune of their own."""
        tile = self.tiles[name]
        rows = [dict(zip(tile.names, values, strict=True)) for values in tile.values]
        place = {row["id"]: k for k, row in enumerate(self._polygons())}
        tiles = self.across * self.up
        for k, row in enumerate(rows):
            if name == "review_item":
                row["item_id"] = number * len(rows) + k + 1
                row["polygon_id"] = _polygon_id(number * len(place) + place[row["polygon_id"]] + 1)
                row["rank"] = (row["rank"] - 1) * tiles + number + 1
                row["commune"] = str(FIRST_COMMUNE + number % COMMUNES)
            elif name == "zone_construite":
                row["id"] = f"ZC{number * len(rows) + k + 1:07d}"
            else:
                row["id"] = _polygon_id(number * len(rows) + k + 1)
        if name == "occupation_sol":
            prints = (row_fingerprint(row["id"], row, text) for row, text in zip(rows, wkb, strict=True))
            self.fingerprint = combined(prints, (), self.fingerprint)
        return [tuple(row.values()) for row in rows]

    def _polygons(self) -> Iterator[dict[str, Any]]:
        tile = self.tiles["occupation_sol"]
        return (dict(zip(tile.names, values, strict=True)) for values in tile.values)

    def _blob(self, wkb: bytes, box: list[float]) -> bytes:
        return _HEAD.pack(b"GP", 0, _LITTLE_ENDIAN_WITH_BOX, self.srs_id, *box) + wkb

    def _tell_contents(self, name: str) -> None:
        """Extent and number of rows, which readers take from the GeoPackage's own tables."""
        top = self.origin + self.size * (self.across, self.up)
        self.database.execute(
            "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
            (*self.origin.tolist(), *top.tolist(), name),
        )
        count = f'(SELECT count(*) FROM "{name}")'
        self.database.execute(
            f"UPDATE gpkg_ogr_contents SET feature_count = {count} WHERE table_name = ?", (name,)
        )

    def _write_metadata(self) -> None:
        top = self.origin + self.size * (self.across, self.up)
        texts = {
            LotKey.NAME: f"Mosaïque de {self.across} × {self.up}",
            LotKey.LOT_ID: str(uuid.uuid4()),
            LotKey.BASE_FINGERPRINT: to_text(self.fingerprint),
            LotKey.FOOTPRINT: shapely.box(*self.origin, *top).wkt,
            LotKey.LAST_ID: _polygon_id(self.count),
        }
        for key, text in texts.items():
            self.database.execute("DELETE FROM lot WHERE key = ?", (key.value,))
            self.database.execute("INSERT INTO lot (key, value) VALUES (?, ?)", (key.value, text))


def _polygon_id(number: int) -> str:
    return f"OCSGE{number:010d}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--polygons", type=int, default=POLYGONS)
    parser.add_argument("--tile", type=Path, help="lot of a rectangle; by default that of a made commune")
    given = parser.parse_args()
    tile = given.tile or make_tile(CACHE.parent / "review" / "tile.gpkg")
    given.output.parent.mkdir(parents=True, exist_ok=True)
    print(f"{make_big_lot(given.output, given.polygons, tile)} polygons in {given.output}")


if __name__ == "__main__":
    main()
