# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes one lot with rows of another: SQLite moves them, so that memory does not grow with their number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.control import CONTROL, CONTROL_ANSWER, CONTROL_SAMPLE
from inference_backend.contracts.fingerprint import to_text
from inference_backend.contracts.lot import (
    EDIT_JOURNAL,
    IMAGERY,
    INDEXES,
    LOT,
    OCCUPATION_SOL,
    REFERENCE,
    REVIEW_ITEM,
    TABLES,
    ZONE_CONSTRUITE,
    LotKey,
)
from inference_backend.contracts.signalement import SIGNALEMENT
from inference_backend.lots.lot_file import LotFile, cancellable
from inference_backend.lots.remarks import has_remarks
from inference_backend.postprocess.lot.gpkg_dressing import store_aliases, store_styles
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions, wkb_of
from inference_backend.postprocess.lot.gpkg_tables import (
    GEOMETRY_COLUMN,
    create_indexes,
    write_attributes,
    write_spatial,
)
from inference_backend.postprocess.lot.lot_rows import lot_fingerprint
from inference_backend.progress import Progress, Span

_AT_ONCE = 20_000
_SPATIAL = (OCCUPATION_SOL, ZONE_CONSTRUITE, REVIEW_ITEM, EDIT_JOURNAL, CONTROL_SAMPLE, SIGNALEMENT)
Ints = NDArray[np.int64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Members:
    """Rows of the parent that go into a lot.

    Attributes:
        own: row ids of the lot's polygons.
        margin: row ids of their neighbours.
        margin_of: (len(margin),) names of the lots that those belong to.
        commune: (len(own),) INSEE codes, empty where unknown.
    """

    own: Ints
    margin: Ints
    margin_of: list[str]
    commune: list[str]


def write_members(
    path: Path, parent: LotFile, members: Members, metadata: Mapping[str, str], progress: Progress
) -> dict[str, str]:
    """Write a lot of the parent's rows; indexes, styles and fingerprint included.

    Args:
        path: a file that does not exist yet.
        parent: where the rows come from.
        members: which.
        metadata: `LotKey` values; footprint and fingerprint are added.
        progress: told the share that is done.

    Returns:
        The values of the table `lot`.

    Raises:
        sqlite3.Error: the file cannot be written.
        Cancelled: the user asked to stop.
    """
    texts = dict(metadata)
    _write_empty_tables(path, parent.crs)
    with _connected(path, parent) as database:
        with cancellable(database, progress, 0.0):
            _fill(database, members)
        texts[LotKey.FOOTPRINT.value] = shapely.to_wkt(_footprint(database, Span(progress, 0.3, 0.6)), -1)
        texts[LotKey.BASE_FINGERPRINT.value] = to_text(lot_fingerprint(database, Span(progress, 0.6, 0.9)))
        _state_extents(database)
    write_attributes(path, LOT, [{"key": key, "value": value} for key, value in texts.items()])
    create_indexes(path, INDEXES)
    store_styles(path)
    store_aliases(path, TABLES)
    return texts


def members_box(path: Path) -> Box:
    """Box of the lot's own polygons, in its CRS; not of those of the skeleton, which go on and on."""
    query = (
        f'SELECT min(minx), min(miny), max(maxx), max(maxy) FROM "{_index(OCCUPATION_SOL.name)}" '  # nosec B608
        f'WHERE id IN (SELECT fid FROM "{OCCUPATION_SOL.name}" WHERE margin_of IS NULL'
    )
    with closing(sqlite3.connect(path)) as database:
        box = database.execute(f"{query} AND coalesce(ossature, 0) = 0)").fetchone()
        if box[0] is None:
            box = database.execute(f"{query})").fetchone()
    xmin, ymin, xmax, ymax = box
    return float(xmin), float(ymin), float(xmax), float(ymax)


def _write_empty_tables(path: Path, crs: str) -> None:
    for table in _SPATIAL:
        write_spatial(path, table, np.zeros(0, dtype=object), {}, crs)
    for table in (CONTROL, CONTROL_ANSWER, IMAGERY, REFERENCE):
        write_attributes(path, table, ())


@contextmanager
def _connected(path: Path, parent: LotFile) -> Iterator[sqlite3.Connection]:
    """The new file, with the parent attached for reading."""
    with closing(sqlite3.connect(path.resolve().as_uri(), uri=True, isolation_level=None)) as database:
        add_spatial_functions(database)
        # Nobody sees this file before it is whole: it needs no journal of its own.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("ATTACH ? AS parent", (f"{parent.path.resolve().as_uri()}?mode=ro",))
        yield database
        database.execute("DETACH parent")


def _fill(database: sqlite3.Connection, members: Members) -> None:
    database.execute(
        "CREATE TEMP TABLE member (fid INTEGER PRIMARY KEY, is_own INTEGER, margin_of TEXT, commune TEXT)"
    )
    own = zip(members.own.tolist(), members.commune, strict=True)
    database.execute("BEGIN")
    database.executemany("INSERT INTO member VALUES (?, 1, NULL, ?)", ((f, c or None) for f, c in own))
    margin = zip(members.margin.tolist(), members.margin_of, strict=True)
    database.executemany("INSERT INTO member VALUES (?, 0, ?, NULL)", margin)
    _copy(database, OCCUPATION_SOL.name, {"margin_of": "m.margin_of"}, "JOIN member m ON m.fid = p.fid")
    _copy(
        database,
        REVIEW_ITEM.name,
        {
            "rank": "row_number() OVER (ORDER BY p.rank)",
            "commune": "coalesce(m.commune, p.commune)",
            "holder": "NULL",
            "held_until": "NULL",
        },
        f'JOIN "{OCCUPATION_SOL.name}" c ON c.id = p.polygon_id JOIN member m ON m.fid = c.fid AND m.is_own',
    )
    if has_remarks(database, "parent"):
        _copy(database, SIGNALEMENT.name, {}, f'JOIN main."{REVIEW_ITEM.name}" i ON i.item_id = p.item_id')
    box = f'"{_index(OCCUPATION_SOL.name)}"'
    _copy(
        database,
        ZONE_CONSTRUITE.name,
        {},
        f'JOIN parent."{_index(ZONE_CONSTRUITE.name)}" z ON z.id = p.fid '  # nosec B608 - our own
        f"WHERE z.maxx >= (SELECT min(minx) FROM {box}) AND z.minx <= (SELECT max(maxx) FROM {box}) "
        f"AND z.maxy >= (SELECT min(miny) FROM {box}) AND z.miny <= (SELECT max(maxy) FROM {box})",
    )
    database.execute("COMMIT")


def _copy(database: sqlite3.Connection, table: str, computed: Mapping[str, str], which: str) -> None:
    """Rows of the parent's table; columns that only one of the two files has are left out."""
    ours = [row[1] for row in database.execute(f'PRAGMA main.table_info("{table}")')]
    theirs = {row[1] for row in database.execute(f'PRAGMA parent.table_info("{table}")')}
    names = [name for name in ours if name in theirs or name in computed]
    values = ", ".join(computed.get(name, f'p."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    database.execute(
        f'INSERT INTO main."{table}" ({listed}) SELECT {values} FROM parent."{table}" p {which}'  # nosec B608 - the contract's names
    )


def _footprint(database: sqlite3.Connection, progress: Progress) -> shapely.Geometry:
    """What the lot's own polygons cover, some thousand at a time."""
    query = f'SELECT {GEOMETRY_COLUMN} FROM "{OCCUPATION_SOL.name}" WHERE margin_of IS NULL'  # nosec B608
    cursor, unions = database.execute(query), []
    while rows := cursor.fetchmany(_AT_ONCE):
        unions.append(shapely.coverage_union_all(shapely.from_wkb([wkb_of(row[0]) for row in rows])))
        progress.update(len(unions) / (len(unions) + 1))
    whole: shapely.Geometry = shapely.coverage_union_all(unions)
    return whole


def _state_extents(database: sqlite3.Connection) -> None:
    """GDAL believes what `gpkg_contents` says, which rows that came by SQL do not change."""
    for table in (OCCUPATION_SOL, REVIEW_ITEM, ZONE_CONSTRUITE, SIGNALEMENT):
        query = f'SELECT min(minx), min(miny), max(maxx), max(maxy) FROM "{_index(table.name)}"'  # nosec B608
        box = database.execute(query).fetchone()
        database.execute(
            "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
            (*box, table.name),
        )


def _index(table: str) -> str:
    return f"rtree_{table}_{GEOMETRY_COLUMN}"
