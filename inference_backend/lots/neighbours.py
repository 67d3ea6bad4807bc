# SPDX-License-Identifier: GPL-2.0-or-later
"""Which polygons of a lot touch, found square by square: memory does not grow with the lot.

Valid input is a coverage whose neighbours share their vertices.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.lot import OCCUPATION_SOL
from inference_backend.postprocess.lot.gpkg_functions import wkb_of
from inference_backend.postprocess.lot.gpkg_tables import GEOMETRY_COLUMN

POLYGONS_AT_ONCE = 20_000
"""Polygons of a square; one with more is quartered."""
SMALLEST_SQUARE_M = 20.0
_INDEX = f"rtree_{OCCUPATION_SOL.name}_{GEOMETRY_COLUMN}"
_ROWS_AT_ONCE = 500
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Touching:
    """Pairs of polygons of one square; the same pair may come again from the next.

    Attributes:
        corners: (k, 2) row ids of polygons that share a vertex.
        edges: (m, 2) row ids of those that share an edge, once per edge.
        lengths: (m,) length of that edge, m.
        share: of the lot's extent that is done, 0..1.
    """

    corners: Ints
    edges: Ints
    lengths: Floats
    share: float


def touching(database: sqlite3.Connection) -> Iterator[Touching]:
    """Pairs of all polygons, margin included."""
    whole = database.execute(f'SELECT min(minx), min(miny), max(maxx), max(maxy) FROM "{_INDEX}"').fetchone()  # nosec B608
    if whole[0] is None:
        return
    xmin, ymin, xmax, ymax = whole
    total, done, waiting = max((xmax - xmin) * (ymax - ymin), 1.0), 0.0, [(xmin, ymin, xmax, ymax)]
    while waiting:
        box = waiting.pop()
        ids = _ids_in(database, box)
        if len(ids) > POLYGONS_AT_ONCE and box[2] - box[0] > SMALLEST_SQUARE_M:
            waiting.extend(_quarters(box))
            continue
        done += (box[2] - box[0]) * (box[3] - box[1])
        if len(ids) > 1:
            yield _pairs(ids, polygons(database, ids), min(done / total, 1.0))


def polygons(database: sqlite3.Connection, ids: Ints) -> NDArray[np.object_]:
    """Geometries of rows, in the order of `ids`."""
    found: dict[int, bytes] = {}
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        some = ids[start : start + _ROWS_AT_ONCE].tolist()
        marks = ", ".join("?" * len(some))
        query = f'SELECT fid, {GEOMETRY_COLUMN} FROM "{OCCUPATION_SOL.name}" WHERE fid IN ({marks})'  # nosec B608
        found.update((fid, wkb_of(blob)) for fid, blob in database.execute(query, some))
    shapes: NDArray[np.object_] = shapely.from_wkb([found[fid] for fid in ids.tolist()])
    return shapes


def _ids_in(database: sqlite3.Connection, box: Box) -> Ints:
    query = f'SELECT id FROM "{_INDEX}" WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?'  # nosec B608
    rows = database.execute(query, (box[0], box[2], box[1], box[3]))
    return np.fromiter((row[0] for row in rows), dtype=np.int64)


def _quarters(box: Box) -> list[Box]:
    xmin, ymin, xmax, ymax = box
    x, y = (xmin + xmax) / 2, (ymin + ymax) / 2
    return [(xmin, ymin, x, y), (x, ymin, xmax, y), (xmin, y, x, ymax), (x, y, xmax, ymax)]


def _pairs(ids: Ints, shapes: NDArray[np.object_], share: float) -> Touching:
    rings, ring_owner = shapely.get_rings(shapes, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    owner = ring_owner[ring]
    edges, lengths = _shared_edges(points, ring, owner)
    return Touching(ids[_shared_corners(points, owner)], ids[edges], lengths, share)


def _shared_corners(points: Floats, owner: Ints) -> Ints:
    order = np.lexsort((owner, points[:, 1], points[:, 0]))
    points, owner = points[order], owner[order]
    starts = np.r_[True, (points[1:] != points[:-1]).any(axis=1)]
    place = np.cumsum(starts)
    once = np.r_[True, (place[1:] != place[:-1]) | (owner[1:] != owner[:-1])]
    place, owner = place[once], owner[once]
    found = []
    for step in range(1, len(place)):
        same = place[step:] == place[:-step]
        if not same.any():
            break
        found.append(np.column_stack((owner[:-step][same], owner[step:][same])))
    pairs = np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _shared_edges(points: Floats, ring: Ints, owner: Ints) -> tuple[Ints, Floats]:
    inner = ring[1:] == ring[:-1]
    a, b, whose = points[:-1][inner], points[1:][inner], owner[:-1][inner]
    turned = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    low, high = np.where(turned[:, None], b, a), np.where(turned[:, None], a, b)
    order = np.lexsort((high[:, 1], high[:, 0], low[:, 1], low[:, 0]))
    low, high, whose = low[order], high[order], whose[order]
    same = (low[1:] == low[:-1]).all(axis=1) & (high[1:] == high[:-1]).all(axis=1) & (whose[1:] != whose[:-1])
    pairs = np.sort(np.column_stack((whose[:-1][same], whose[1:][same])), axis=1)
    lengths: Floats = np.hypot(*(high[1:] - low[1:])[same].T)
    return pairs, lengths
