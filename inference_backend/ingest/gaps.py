# SPDX-License-Identifier: GPL-2.0-or-later
"""Holes of a coverage: narrow and small ones go to the neighbours, the others stay outside and are told."""

from __future__ import annotations

import numpy as np
import shapely

from inference_backend.ingest.borders import joined, shared_borders
from inference_backend.ingest.slivers import Limits, mean_width
from inference_backend.ingest.types import NO_ROW, Bools, Floats, Geometries, Ints, Ledger, Pieces, Repair


def find_holes(polygons: Geometries) -> Geometries:
    """(k,) what the union of a valid coverage encloses without covering it."""
    parts = shapely.get_parts(shapely.coverage_union_all(polygons))
    parts = parts[shapely.get_dimensions(parts) == 2]
    rings, owner = shapely.get_rings(parts, return_index=True)
    inner = np.concatenate([[False], owner[1:] == owner[:-1]]) if len(rings) else np.zeros(0, bool)
    holes = shapely.polygons(rings[inner])
    if not len(holes):
        return np.empty(0, dtype=object)
    holes = _without_islands(holes, parts)
    pieces = shapely.get_parts(holes)
    solid: Geometries = pieces[shapely.area(pieces) > 0]
    return solid


def fill_holes(
    pieces: Pieces, ossature: Bools, limits: Limits, is_partition: bool, ledger: Ledger
) -> tuple[Pieces, Geometries]:
    """Pieces that took the holes in, and the holes that stay.

    Thin holes are always filled: each of their triangles goes to the neighbour along which it lies. In a
    layer that should cover its extent, holes up to `limits.hole_m2` go to the neighbour with the longest
    common border. The skeleton takes only what touches nothing else.

    Args:
        pieces: a valid coverage.
        ossature: (rows,) of the skeleton.
        limits: which holes are thin or small.
        is_partition: whether the layer should cover its extent.
        ledger: gets a line for each hole, by neighbour.
    """
    holes = find_holes(pieces.geometry)
    thin = limits.is_thin(holes)
    small = shapely.area(holes) <= limits.hole_m2
    filled = thin | (small if is_partition else np.zeros(len(holes), bool))
    left = holes[~filled]
    for hole in left:
        _tell(ledger, Repair.GAP_LEFT, hole, NO_ROW)
    if not filled.any():
        return pieces, left
    shreds = _shreds(holes[filled], thin[filled])
    taken = _takers(shreds, pieces, ossature)
    for shred, taker in zip(shreds, taken.tolist(), strict=True):
        _tell(ledger, Repair.GAP_FILLED, shred, int(pieces.row[taker]))
    return _filled(pieces, shreds, taken), left


def _without_islands(holes: Geometries, parts: Geometries) -> Geometries:
    tree = shapely.STRtree(parts)
    hole, part = tree.query(holes, predicate="contains")
    result = holes.copy()
    for i in np.unique(hole).tolist():
        result[i] = shapely.difference(holes[i], shapely.union_all(parts[part[hole == i]]))
    return result


def _shreds(holes: Geometries, thin: Bools) -> Geometries:
    """Holes as they are given away: thin ones in triangles, which have no new vertices."""
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(holes[thin]))
    return np.concatenate([triangles[shapely.area(triangles) > 0], holes[~thin]])


def _takers(shreds: Geometries, pieces: Pieces, ossature: Bools) -> Ints:
    """(k,) piece that takes each shred: the longest border, off the skeleton where possible.

    A triangle inside a hole lies along other triangles alone and follows the one with the longest border.
    """
    near = np.unique(shapely.STRtree(pieces.geometry).query(shreds, predicate="intersects")[1])
    count = len(near)
    pairs, length = shared_borders(np.concatenate([pieces.geometry[near], shreds]))
    locked = ossature[pieces.row[near]]
    taker = np.full(len(shreds), -1, dtype=np.int64)
    for allowed in (~locked, np.ones(count, dtype=bool)):
        _take(taker, pairs, length, allowed, count)
    return near[taker]


def _take(taker: Ints, pairs: Ints, length: Floats, allowed: Bools, count: int) -> None:
    """Rounds in which every shred without a taker asks the allowed pieces and the shreds that have one."""
    beside: dict[int, list[tuple[int, float]]] = {}
    for (first, second), metres in zip(pairs.tolist(), length.tolist(), strict=True):
        for one, other in ((first, second), (second, first)):
            if one >= count:
                beside.setdefault(one - count, []).append((other, metres))
    changed = True
    while changed:
        changed = False
        decided: dict[int, int] = {}
        for shred in np.flatnonzero(taker < 0).tolist():
            votes: dict[int, float] = {}
            for other, metres in beside.get(shred, []):
                piece = other if other < count else int(taker[other - count])
                if piece >= 0 and allowed[piece]:
                    votes[piece] = votes.get(piece, 0.0) + metres
            if votes:
                decided[shred] = max(votes, key=lambda piece: (votes[piece], -piece))
        for shred, piece in decided.items():
            taker[shred], changed = piece, True


def _filled(pieces: Pieces, shreds: Geometries, taken: Ints) -> Pieces:
    everything = np.concatenate([pieces.geometry, shreds])
    order = np.argsort(taken, kind="stable")
    takers, start = np.unique(taken[order], return_index=True)
    groups = [
        np.concatenate([[taker], order[a:b] + len(pieces.row)])
        for taker, a, b in zip(takers, start, [*start[1:], len(order)], strict=True)
    ]
    geometry = pieces.geometry.copy()
    geometry[takers] = joined(everything, groups)
    parts, owner = shapely.get_parts(geometry, return_index=True)
    return Pieces(parts, pieces.row[owner], pieces.cut[owner])


def _tell(ledger: Ledger, repair: Repair, polygon: shapely.Geometry, winner: int) -> None:
    point = shapely.point_on_surface(polygon)
    where = (float(shapely.get_x(point)), float(shapely.get_y(point)))
    note = f"{mean_width(polygon):.3f} m"
    ledger.add(repair, shapely.area(polygon), where, winner=winner, gained=winner != NO_ROW, note=note)
