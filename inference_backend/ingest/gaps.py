# SPDX-License-Identifier: GPL-2.0-or-later
"""Gaps of a coverage: narrow and small ones go to the neighbours, the others stay outside and are told."""

from __future__ import annotations

import numpy as np
import shapely

from inference_backend.ingest.borders import joined, shared_borders
from inference_backend.ingest.slivers import Limits, mean_width
from inference_backend.ingest.types import Bools, Floats, Geometries, Ints, Ledger, Pieces, Repair


def find_gaps(polygons: Geometries) -> Geometries:
    """(k,) what the union of a valid coverage encloses without covering it."""
    parts = shapely.get_parts(shapely.coverage_union_all(polygons))
    parts = parts[shapely.get_dimensions(parts) == 2]
    rings, owner = shapely.get_rings(parts, return_index=True)
    inner = np.concatenate([[False], owner[1:] == owner[:-1]]) if len(rings) else np.zeros(0, bool)
    gaps = shapely.polygons(rings[inner])
    if not len(gaps):
        return np.empty(0, dtype=object)
    gaps = _without_islands(gaps, parts)
    pieces = shapely.get_parts(gaps)
    solid: Geometries = pieces[shapely.area(pieces) > 0]
    return solid


def fill_gaps(
    pieces: Pieces, ossature: Bools, limits: Limits, is_partition: bool, ledger: Ledger
) -> tuple[Pieces, Geometries]:
    """Pieces that took the gaps in, and the gaps that stay.

    Thin gaps are always filled: each of their triangles goes to the neighbour along which it lies. In a
    layer that should cover its extent, gaps up to `limits.gap_m2` go to the neighbour with the longest
    common border. The skeleton takes only what touches nothing else.

    Args:
        pieces: a valid coverage.
        ossature: (rows,) of the skeleton.
        limits: which gaps are thin or small.
        is_partition: whether the layer should cover its extent.
        ledger: gets a line for each gap, or for each feature that took of it.
    """
    gaps = find_gaps(pieces.geometry)
    thin = limits.is_thin(gaps)
    small = shapely.area(gaps) <= limits.gap_m2
    filled = thin | (small if is_partition else np.zeros(len(gaps), bool))
    left = gaps[~filled]
    for gap in left:
        _tell_left(ledger, gap)
    if not filled.any():
        return pieces, left
    shreds, gap_of = _shreds(gaps[filled], thin[filled])
    taken = _takers(shreds, pieces, ossature)
    _tell_filled(ledger, shreds, gap_of, pieces.row[taken])
    return _filled(pieces, shreds, taken), left


def _without_islands(gaps: Geometries, parts: Geometries) -> Geometries:
    """Gaps without the islands in them; what an island encloses is a gap of its own already."""
    parts = shapely.polygons(shapely.get_exterior_ring(parts))
    tree = shapely.STRtree(parts)
    gap, part = tree.query(gaps, predicate="contains")
    result = gaps.copy()
    for i in np.unique(gap).tolist():
        result[i] = shapely.difference(gaps[i], shapely.union_all(parts[part[gap == i]]))
    return result


def _shreds(gaps: Geometries, thin: Bools) -> tuple[Geometries, Ints]:
    """Gaps as they are given away, and which gap each is of: thin ones in triangles, without new vertices."""
    cut = shapely.constrained_delaunay_triangles(gaps[thin])
    triangles, gap = shapely.get_parts(cut, return_index=True)
    solid = shapely.area(triangles) > 0
    numbers = np.concatenate([np.flatnonzero(thin)[gap[solid]], np.flatnonzero(~thin)])
    return np.concatenate([triangles[solid], gaps[~thin]]), numbers.astype(np.int64)


def _takers(shreds: Geometries, pieces: Pieces, ossature: Bools) -> Ints:
    """(k,) piece that takes each shred: the longest border, off the skeleton where possible.

    A triangle inside a gap lies along other triangles alone and follows the one with the longest border.
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


def _tell_filled(ledger: Ledger, shreds: Geometries, gap: Ints, winner: Ints) -> None:
    """One line for each gap and feature that took of it, at the largest shred."""
    area = shapely.area(shreds)
    order = np.lexsort((-area, winner, gap))
    first = np.concatenate([[True], (np.diff(gap[order]) != 0) | (np.diff(winner[order]) != 0)])
    total = np.add.reduceat(area[order], np.flatnonzero(first))
    largest = order[first]
    points = shapely.point_on_surface(shreds[largest])
    for row, square_metres, x, y in zip(
        winner[largest].tolist(), total, shapely.get_x(points), shapely.get_y(points), strict=True
    ):
        ledger.add(Repair.GAP_FILLED, square_metres, (float(x), float(y)), winner=row, gained=True)


def _tell_left(ledger: Ledger, gap: shapely.Geometry) -> None:
    point = shapely.point_on_surface(gap)
    where = (float(shapely.get_x(point)), float(shapely.get_y(point)))
    ledger.add(Repair.GAP_LEFT, shapely.area(gap), where, note=f"{mean_width(gap):.3f} m")
