# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons of a coverage cut into cells by lines: what every gesture that draws is made of.

A gesture says which polygon each cell belongs to from now on; cells of one polygon are joined by dropping the
edges between them. No coordinate of an existing border changes, and a vertex that a border needs reaches the
polygons on both sides of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocsge_pi_review.domain.errors import BrokenCoverageError
from ocsge_pi_review.domain.faces import assemble, trace_walks
from ocsge_pi_review.domain.noding import Noding, node, undirected
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.rings import Edge, Point, Polygon, Ring, oriented, segments


@dataclass(frozen=True)
class Cell:
    """A piece of one polygon.

    Attributes:
        owner: id of the row that it was cut from.
        polygon: rings, interior on the left.
    """

    owner: str
    polygon: Polygon


class Arrangement:
    """Rows cut by lines.

    Args:
        rows: polygons of a valid coverage; every one that the lines meet.
        lines: chains of vertices, in the rows' CRS.
        cuttable: ids of the rows that lines cut; None: all. The others receive vertices alone.

    Attributes:
        rows: by id.
        cells: pieces of the rows, those of one row together.
        cuts: undirected edges between cells of one row.
        barriers: those, and the border edges that the lines run along.
        new_vertices: by undirected border edge (smaller end first), its new vertices from that end on.
        computed: vertices that are no end of any border or line as drawn.

    Raises:
        BrokenCoverageError: a border that gets vertices has other vertices on its far side.
        InvalidResultError: the lines cannot be cut cleanly.
    """

    def __init__(
        self,
        rows: Iterable[PolygonRow],
        lines: Iterable[Sequence[Point]],
        cuttable: Iterable[str] | None = None,
    ) -> None:
        self.rows = {row.id: row for row in rows}
        polygons = {row_id: oriented(row.polygon) for row_id, row in self.rows.items()}
        borders = {undirected(a, b) for p in polygons.values() for ring in p for a, b in segments(ring)}
        noding = node(sorted(borders), lines)
        inner = _inside(noding, polygons, set(self.rows if cuttable is None else cuttable))
        noded = {
            row_id: insert_vertices(polygon, noding.border_nodes) for row_id, polygon in polygons.items()
        }
        kept = {row_id: _separating(noded[row_id], pieces) for row_id, pieces in inner.items()}
        self.cuts = {piece for pieces in kept.values() for piece in pieces}
        self.computed = noding.computed
        self.barriers = self.cuts | noding.along
        self.new_vertices = noding.border_nodes
        self._require_matching(polygons)
        self.cells = [
            Cell(row_id, part)
            for row_id in polygons
            for part in _cells(noded[row_id], kept.get(row_id, set()))
        ]

    def _require_matching(self, polygons: dict[str, Polygon]) -> None:
        """Refuse new vertices on a border that the polygon beyond does not hold edge for edge."""
        if not self.new_vertices:
            return
        sides: dict[Edge, int] = {}
        for polygon in polygons.values():
            for ring in polygon:
                for a, b in segments(ring):
                    edge = undirected(a, b)
                    if edge in self.new_vertices:
                        sides[edge] = sides.get(edge, 0) + 1
        for edge in (edge for edge, count in sides.items() if count < 2):
            middle = self.new_vertices[edge][0]
            holders = [i for i, polygon in polygons.items() if _on_border(polygon, edge, middle)]
            if holders:
                raise BrokenCoverageError(ids=", ".join(holders), detail=f"{middle[0]:.2f} {middle[1]:.2f}")


def insert_vertices(polygon: Polygon, new_vertices: dict[Edge, list[Point]]) -> Polygon:
    """`polygon` with the new vertices on those of its sides that are named, smaller end first."""
    if not new_vertices:
        return polygon
    return tuple(_insert_into_ring(ring, new_vertices) for ring in polygon)


def _insert_into_ring(ring: Ring, new_vertices: dict[Edge, list[Point]]) -> Ring:
    points = [ring[0]]
    for a, b in segments(ring):
        if a < b:
            points.extend(new_vertices.get((a, b), ()))
        else:
            points.extend(reversed(new_vertices.get((b, a), ())))
        points.append(b)
    return tuple(points)


def _inside(noding: Noding, polygons: dict[str, Polygon], cuttable: set[str]) -> dict[str, set[Edge]]:
    """By row that may be cut, the pieces of the lines that run inside it."""
    pieces = sorted(noding.pieces)
    found: dict[str, set[Edge]] = {}
    if not pieces:
        return found
    ends = np.array(pieces, dtype=np.float64).reshape(-1, 4)
    middles = (ends[:, :2] + ends[:, 2:]) / 2
    for row_id in polygons.keys() & cuttable:
        hit = np.nonzero(contains_points(polygons[row_id], middles))[0]
        if hit.size:
            found[row_id] = {pieces[k] for k in hit}
    return found


def contains_points(polygon: Polygon, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of (n, 2) points that are not on the border are inside, by the even-odd rule."""
    rings = [np.array(ring, dtype=np.float64) for ring in polygon]
    low, high = rings[0].min(axis=0), rings[0].max(axis=0)
    near = np.nonzero(np.all((points >= low) & (points <= high), axis=1))[0]
    inside = np.zeros(len(points), dtype=bool)
    if near.size:
        start = np.vstack([ring[:-1] for ring in rings])
        end = np.vstack([ring[1:] for ring in rings])
        x, y = points[near, 0][:, None], points[near, 1][:, None]
        spans = (start[:, 1] > y) != (end[:, 1] > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (end[:, 0] - start[:, 0]) * (y - start[:, 1]) / (end[:, 1] - start[:, 1]) + start[:, 0]
        inside[near] = np.count_nonzero(spans & (x < at), axis=1) % 2 == 1
    return inside


def _border_edges(polygon: Polygon) -> list[Edge]:
    return [edge for ring in polygon for edge in segments(ring)]


def _both(pieces: Iterable[Edge]) -> list[Edge]:
    return [edge for a, b in pieces for edge in ((a, b), (b, a))]


def _separating(noded: Polygon, pieces: set[Edge]) -> set[Edge]:
    """The pieces that have different faces on their two sides: no loose ends, no bridges to holes."""
    walks = trace_walks([*_border_edges(noded), *_both(pieces)])
    face_of = {edge: i for i, walk in enumerate(walks) for edge in walk}
    return {(a, b) for a, b in pieces if face_of[(a, b)] != face_of[(b, a)]}


def _cells(noded: Polygon, cuts: set[Edge]) -> list[Polygon]:
    if not cuts:
        return [noded]
    return assemble([*_border_edges(noded), *_both(cuts)])


def _on_border(polygon: Polygon, edge: Edge, point: Point) -> bool:
    """Whether a border runs through a point of `edge` without being that edge."""
    for a, b in _border_edges(polygon):
        if undirected(a, b) == edge:
            continue
        length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
        cross = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
        along = (b[0] - a[0]) * (point[0] - a[0]) + (b[1] - a[1]) * (point[1] - a[1])
        if 0 < along < length2 and cross * cross <= 1e-12 * length2:
            return True
    return False
