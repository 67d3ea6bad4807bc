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

from ocsge_pi_review.domain.errors import BrokenCoverageError, InvalidResultError
from ocsge_pi_review.domain.faces import polygons_of, trace_walks
from ocsge_pi_review.domain.noding import REACH_M, node, undirected
from ocsge_pi_review.domain.outlines import Outline
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.rings import Edge, Point, Polygon, Ring, segments


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
        self.outlines = {row_id: Outline.of_row(row) for row_id, row in self.rows.items()}
        chains = [list(line) for line in lines]
        near = self._near(chains)
        noding = node(sorted({undirected(a, b) for edges in near.values() for a, b in edges}), chains)
        self.computed, self.new_vertices = noding.computed, noding.border_nodes
        self._require_matching(near)
        cuttable = set(self.rows if cuttable is None else cuttable)
        inner = self._inside(sorted(noding.pieces), cuttable)
        self.cells: list[Cell] = []
        self.cuts: set[Edge] = set()
        for row_id, outline in self.outlines.items():
            noded = outline.polygon
            if any(undirected(a, b) in self.new_vertices for a, b in near.get(row_id, ())):
                noded = insert_vertices(noded, self.new_vertices)
            parts, cuts = _cut(noded, inner.get(row_id, []))
            self.cells += [Cell(row_id, part) for part in parts]
            self.cuts |= cuts
        self.barriers = self.cuts | noding.along

    def _near(self, chains: list[list[Point]]) -> dict[str, list[Edge]]:
        """By row, its sides in reach of the lines."""
        if not any(chains):
            return {}
        points = np.array([point for chain in chains for point in chain], dtype=np.float64)
        if not np.all(np.isfinite(points)):
            raise InvalidResultError(id=", ".join(list(self.rows)[:1]), reason="NaN")
        low, high = points.min(axis=0) - REACH_M, points.max(axis=0) + REACH_M
        found = {row_id: outline.edges_near(low, high) for row_id, outline in self.outlines.items()}
        return {row_id: edges for row_id, edges in found.items() if edges}

    def _require_matching(self, near: dict[str, list[Edge]]) -> None:
        """Refuse new vertices on a border that the polygon beyond does not hold edge for edge."""
        sides = dict.fromkeys(self.new_vertices, 0)
        for edges in near.values():
            for a, b in edges:
                edge = undirected(a, b)
                if edge in sides:
                    sides[edge] += 1
        for edge in (edge for edge, count in sides.items() if count < 2):
            middle = self.new_vertices[edge][0]
            holders = [row_id for row_id, edges in near.items() if _on_border(edges, edge, middle)]
            if holders:
                raise BrokenCoverageError(ids=", ".join(holders), detail=f"{middle[0]:.2f} {middle[1]:.2f}")

    def _inside(self, pieces: list[Edge], cuttable: set[str]) -> dict[str, list[Edge]]:
        """By row that may be cut, the pieces of the lines that run inside it."""
        if not pieces:
            return {}
        ends = np.array(pieces, dtype=np.float64).reshape(-1, 4)
        middles = (ends[:, :2] + ends[:, 2:]) / 2
        found = {}
        for row_id, outline in self.outlines.items():
            if row_id in cuttable:
                hit = np.nonzero(outline.contains(middles))[0]
                if hit.size:
                    found[row_id] = [pieces[k] for k in hit]
        return found


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


def _cut(noded: Polygon, pieces: list[Edge]) -> tuple[list[Polygon], set[Edge]]:
    """The parts of a polygon, and the pieces that part it: no loose ends, no bridges to holes."""
    if not pieces:
        return [noded], set()
    border = [edge for ring in noded for edge in segments(ring)]
    walks = trace_walks([*border, *_both(pieces)])
    face_of = {edge: i for i, walk in enumerate(walks) for edge in walk}
    cuts = [(a, b) for a, b in pieces if face_of[(a, b)] != face_of[(b, a)]]
    if not cuts:
        return [noded], set()
    if len(cuts) < len(pieces):
        walks = trace_walks([*border, *_both(cuts)])
    return polygons_of(walks), set(cuts)


def _both(pieces: Iterable[Edge]) -> list[Edge]:
    return [edge for a, b in pieces for edge in ((a, b), (b, a))]


def _on_border(edges: Iterable[Edge], edge: Edge, point: Point) -> bool:
    """Whether one of the edges runs through a point of `edge` without being that edge."""
    for a, b in edges:
        if undirected(a, b) == edge:
            continue
        length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
        cross = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
        along = (b[0] - a[0]) * (point[0] - a[0]) + (b[1] - a[1]) * (point[1] - a[1])
        if 0 < along < length2 and cross * cross <= 1e-12 * length2:
            return True
    return False
