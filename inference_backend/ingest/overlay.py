# SPDX-License-Identifier: GPL-2.0-or-later
"""From claims that overlap or do not match to a coverage: noded only where it is none.

Polygons whose edges match all around are not touched. The others are noded together with what lies against
them, batch by batch; each face that the lines enclose goes to its best claim. Vertices lie on a fine grid, so
that the same lines give the same nodes in any batch (snap rounding is local).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from inference_backend.ingest.noding import noded_lines, segments_of
from inference_backend.ingest.types import Floats, Geometries, Ints, Ledger, Parts, Pieces, Repair
from inference_backend.progress import Progress

BATCH_VERTICES = 100_000
"""Vertices of the polygons that one batch solves; bounds memory."""
ROUNDS = 4
"""Each round adds the neighbours that got no vertex yet; in practice the second one finds nothing left."""
Boxes = Floats


@dataclass
class Claims:
    """The state of the overlay.

    Attributes:
        parts: claims, never changed.
        rank: (n,) who wins.
        grid_m: all their vertices are multiples of this, m.
        solved: part to the polygons that it keeps, for parts that were noded.
        lost: (loser, winner) to area and a point.
        wrong_edges: (k, 2, 2) segments that match nobody's; None to node every line.
    """

    parts: Parts
    rank: Ints
    grid_m: float
    solved: dict[int, Geometries]
    lost: dict[tuple[int, int], tuple[float, float, float]]
    wrong_edges: Floats | None = None


def resolve(parts: Parts, rank: Ints, grid_m: float, ledger: Ledger, progress: Progress) -> Pieces:
    """Pieces that form a valid coverage of exactly what the parts cover.

    Args:
        parts: valid single polygons on the grid.
        rank: (n,) order of the claims, the lowest wins.
        grid_m: the grid, m.
        ledger: gets a line per pair of parts that overlap: loser, winner, area.
        progress: told between batches.

    Raises:
        Cancelled: the user asked to stop.
    """
    tree = shapely.STRtree(parts.geometry)
    edges = shapely.coverage_invalid_edges(parts.geometry)
    wrong = np.flatnonzero(~shapely.is_empty(edges)).astype(np.int64)
    wrong_edges = segments_of(edges[wrong])
    wrong = _with_containers(wrong, parts.geometry)
    claims = Claims(parts, rank, grid_m, {}, {}, wrong_edges)
    before = np.empty(0, np.int64)
    for _ in range(ROUNDS):
        # GEOS also flags what lies beside a polygon whose hole touches its shell; twice the same is no news.
        if not len(wrong) or np.array_equal(wrong, before):
            break
        for done, batch in _batches(claims, wrong):
            progress.update(done, "overlaps")
            _solve(claims, batch, tree)
        claims.wrong_edges, before = None, wrong
        wrong = _still_unmatched(claims, tree)
    _tell_overlaps(claims, ledger)
    return _pieces(claims)


def _with_containers(wrong: Ints, geometry: Geometries) -> Ints:
    """The unmatched polygons and those around them: GEOS flags a polygon inside another, not the other."""
    inside = shapely.STRtree(shapely.point_on_surface(geometry[wrong]))
    around = inside.query(geometry, predicate="contains")[0]
    return np.union1d(wrong, around).astype(np.int64)


def _unmatched(geometry: Geometries) -> Ints:
    edges = shapely.coverage_invalid_edges(geometry)
    return np.flatnonzero(~shapely.is_empty(edges)).astype(np.int64)


def _batches(claims: Claims, members: Ints) -> list[tuple[float, Ints]]:
    """Members in batches of neighbours, each with the share of the work done before it."""
    order = members[_along_curve(claims.parts.geometry[members])]
    sizes = np.cumsum(shapely.get_num_coordinates(claims.parts.geometry[order]))
    number = sizes // BATCH_VERTICES
    cuts = np.flatnonzero(np.diff(number)) + 1
    return [
        (float(sizes[start - 1] / sizes[-1]) if start else 0.0, order[start:end])
        for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)
    ]


def _along_curve(geometry: Geometries) -> Ints:
    """Order that keeps neighbours together: interleaved bits of the centre's position."""
    boxes = shapely.bounds(geometry)
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    low, high = centre.min(axis=0), centre.max(axis=0)
    cell = ((centre - low) / np.maximum(high - low, 1e-9) * 0xFFFF).astype(np.uint64)
    code = np.zeros(len(geometry), np.uint64)
    for bit in range(16):
        place = np.uint64(bit)
        for axis in range(2):
            one = (cell[:, axis] >> place) & np.uint64(1)
            code |= one << np.uint64(2 * bit + axis)
    return np.argsort(code, kind="stable")


def _solve(claims: Claims, batch: Ints, tree: shapely.STRtree) -> None:
    """Faces of a batch and of what lies against it; the batch's members get theirs."""
    geometry, grid = claims.parts.geometry, claims.grid_m
    near = _grown_boxes(geometry[batch], 2 * grid)
    context = np.unique(tree.query(near)[1])
    lines = noded_lines(geometry[context], np.isin(context, batch), near, claims.wrong_edges, grid)
    faces = shapely.get_parts(shapely.polygonize(lines))
    if not len(faces):
        faces = np.empty(0, dtype=object)
    points = shapely.point_on_surface(faces)
    claim, face = shapely.STRtree(points).query(geometry[context], predicate="contains")
    claimant = context[claim]
    order = np.lexsort((claims.rank[claimant], face))
    face, claimant = face[order], claimant[order]
    first = np.concatenate([[True], face[1:] != face[:-1]]) if len(face) else np.zeros(0, bool)
    winner = claimant[first][np.cumsum(first) - 1] if len(face) else claimant
    _note_losses(claims, batch, faces, points, face[~first], claimant[~first], winner[~first])
    owned, owner = face[first], claimant[first]
    for member in batch.tolist():
        claims.solved[member] = np.empty(0, dtype=object)
    mine = np.isin(owner, batch)
    owned, owner = owned[mine], owner[mine]
    order = np.argsort(owner, kind="stable")
    owned, owner = owned[order], owner[order]
    cuts = np.flatnonzero(np.diff(owner)) + 1
    for group in np.split(np.arange(len(owner)), cuts) if len(owner) else []:
        own = faces[owned[group]]
        merged = own if len(own) == 1 else shapely.get_parts(shapely.coverage_union_all(own))
        claims.solved[int(owner[group[0]])] = merged


def _note_losses(
    claims: Claims, batch: Ints, faces: Geometries, points: Geometries, face: Ints, loser: Ints, winner: Ints
) -> None:
    mine = np.isin(loser, batch)
    fresh: dict[tuple[int, int], tuple[float, float, float]] = {}
    largest: dict[tuple[int, int], float] = {}
    areas = shapely.area(faces[face[mine]])
    xs, ys = shapely.get_x(points[face[mine]]), shapely.get_y(points[face[mine]])
    for pair_loser, pair_winner, area, x, y in zip(
        loser[mine].tolist(), winner[mine].tolist(), areas.tolist(), xs.tolist(), ys.tolist(), strict=True
    ):
        pair = (pair_loser, pair_winner)
        total, old_x, old_y = fresh.get(pair, (0.0, x, y))
        if area > largest.get(pair, -1.0):
            largest[pair], old_x, old_y = area, x, y
        fresh[pair] = (total + area, old_x, old_y)
    # A part may be solved again in a later round, with the same faces and more vertices.
    members = set(batch.tolist())
    for pair in [pair for pair in claims.lost if pair[0] in members]:
        del claims.lost[pair]
    claims.lost.update(fresh)


def _grown_boxes(geometry: Geometries, margin: float) -> Geometries:
    xmin, ymin, xmax, ymax = shapely.bounds(geometry).T
    boxes: Geometries = shapely.box(xmin - margin, ymin - margin, xmax + margin, ymax + margin)
    return boxes


def _still_unmatched(claims: Claims, tree: shapely.STRtree) -> Ints:
    """Parts that do not match yet among those that were solved and what lies against them."""
    solved = np.array(sorted(claims.solved), dtype=np.int64)
    near = np.unique(tree.query(_grown_boxes(claims.parts.geometry[solved], claims.grid_m))[1])
    pieces, owner = _with_owner(claims, near)
    wrong = _unmatched(pieces)
    return np.unique(owner[wrong])


def _with_owner(claims: Claims, among: Ints) -> tuple[Geometries, Ints]:
    """What a sorted choice of parts has become, with the part of each."""
    solved = np.array(sorted(set(claims.solved).intersection(among.tolist())), dtype=np.int64)
    untouched = np.setdiff1d(among, solved)
    lists = [claims.solved[i] for i in solved.tolist()]
    pieces = np.concatenate([claims.parts.geometry[untouched], *lists])
    owner = np.concatenate([untouched, np.repeat(solved, [len(x) for x in lists])]).astype(np.int64)
    order = np.argsort(owner, kind="stable")
    return pieces[order], owner[order]


def _pieces(claims: Claims) -> Pieces:
    pieces, owner = _with_owner(claims, np.arange(len(claims.rank)))
    robbed = np.zeros(len(claims.rank), dtype=bool)
    robbed[[loser for loser, _ in claims.lost]] = True
    return Pieces(pieces, claims.parts.row[owner], robbed[owner])


def _tell_overlaps(claims: Claims, ledger: Ledger) -> None:
    """One line for each pair of features, in a stable order; a feature may overlap itself."""
    row = claims.parts.row
    for (loser, winner), (area, x, y) in sorted(claims.lost.items()):
        ledger.add(Repair.OVERLAP, area, (x, y), loser=int(row[loser]), winner=int(row[winner]))
