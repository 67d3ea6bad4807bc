# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines drawn over borders, cut into pieces that meet at common vertices alone.

Borders come first: their vertices never move. A line that passes a vertex within 1 cm goes through it, and a
drawn vertex within 1 cm of a border lies on it; every other crossing makes a new vertex of both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from ocsge_pi_review.domain.errors import InvalidResultError
from ocsge_pi_review.domain.rings import Edge, Point
from ocsge_pi_review.domain.sides import Floats, boxes, boxes_meet, cross, project

SNAP_M = 0.01
"""What is nearer than this is the same place: no shorter new side is made where it can be helped."""
MAXIMUM_ROUNDS = 40
"""Rounds after which lines that still cross something are given up."""
_ON_M = 1e-7
"""A vertex this near to a line is on it but for rounding."""
REACH_M = 10 * SNAP_M
"""Borders farther than this from every line as drawn are not looked at: snapping bends a line less."""


@dataclass
class Noding:
    """What `node` finds.

    Attributes:
        pieces: undirected pieces of the lines (smaller end first) that are no piece of a border.
        border_nodes: by border edge (smaller end first), its new vertices from the smaller end on.
        computed: vertices that neither a border nor a drawn line had.
        along: undirected edges of borders, new vertices included, that the lines run along.
    """

    pieces: set[Edge] = field(default_factory=set)
    border_nodes: dict[Edge, list[Point]] = field(default_factory=dict)
    computed: set[Point] = field(default_factory=set)
    along: set[Edge] = field(default_factory=set)


def undirected(a: Point, b: Point) -> Edge:
    """The edge between two points, the smaller first."""
    return (a, b) if a < b else (b, a)


def node(borders: Sequence[Edge], lines: Iterable[Sequence[Point]]) -> Noding:
    """Cut lines where they meet borders and each other.

    Args:
        borders: undirected edges that meet at their ends alone, the smaller end first.
        lines: chains of vertices.

    Raises:
        InvalidResultError: the lines pass so many places within 1 cm that no clean cut is found.
    """
    chains = [list(line) for line in lines if len(line) > 1]
    if not chains:
        return Noding()
    noder = _Noder(borders, chains)
    noder.snap_vertices()
    for _ in range(MAXIMUM_ROUNDS):
        if not (noder.bend() or noder.cross_borders() or noder.cross_lines()):
            return Noding(noder.pieces, noder.nodes_in_order(), noder.computed, noder.along())
    raise InvalidResultError(id="?", reason=f"{len(noder.pieces)} pieces")


class _Noder:
    def __init__(self, borders: Sequence[Edge], chains: list[list[Point]]) -> None:
        self._origin = chains[0][0]
        self.chains = chains
        self.computed: set[Point] = set()
        self.pieces: set[Edge] = set()
        self._along: set[Edge] = set()
        self._nodes: dict[Edge, list[Point]] = {}
        legs = self._array([(c[i], c[i + 1]) for c in chains for i in range(len(c) - 1)])
        near = _near(self._array(borders), legs, REACH_M)
        self._parents = [borders[i] for i in near]
        self._split_borders()

    def _array(self, edges: Sequence[Edge]) -> Floats:
        """(n, 4) coordinates relative to the origin, where they are exact."""
        flat = np.array(edges, dtype=np.float64).reshape(-1, 4)
        return np.asarray(flat - np.array([*self._origin, *self._origin]))

    def _points(self, points: Sequence[Point]) -> Floats:
        flat = np.array(points, dtype=np.float64).reshape(-1, 2)
        return np.asarray(flat - np.array(self._origin))

    def _absolute(self, x: float, y: float) -> Point:
        return float(self._origin[0] + x), float(self._origin[1] + y)

    def _split_borders(self) -> None:
        """Border edges as they are now, new vertices included."""
        self._edges: list[Edge] = []
        self._parent_of: list[Edge] = []
        for parent in self._parents:
            chain = (parent[0], *self._nodes.get(parent, ()), parent[1])
            for i in range(len(chain) - 1):
                self._edges.append((chain[i], chain[i + 1]))
                self._parent_of.append(parent)
        self._edge_set = {undirected(a, b) for a, b in self._edges}
        self._edge_array = self._array(self._edges)
        self._vertices = sorted({point for edge in self._edges for point in edge})

    def nodes_in_order(self) -> dict[Edge, list[Point]]:
        """New vertices of the border edges that have some."""
        return {edge: points for edge, points in self._nodes.items() if points}

    def along(self) -> set[Edge]:
        """Border edges that a line runs along, cut where the border got vertices since."""
        found = self._along & self._edge_set
        parents = {self._parent_of[k]: None for k in range(len(self._edges))}
        later = self._along - self._edge_set
        for parent in parents if later else ():
            chain = (parent[0], *self._nodes.get(parent, ()), parent[1])
            places = {point: k for k, point in enumerate(chain)}
            for a, b in later:
                if a in places and b in places:
                    first, last = sorted((places[a], places[b]))
                    found |= {undirected(chain[k], chain[k + 1]) for k in range(first, last)}
        return found

    def _add_node(self, parent: Edge, place: Point) -> Point:
        """A vertex on a border edge: one that is there within the snap, else a new one."""
        known = [parent[0], *self._nodes.get(parent, ()), parent[1]]
        nearest: Point = min(known, key=lambda point: math.dist(point, place))
        if math.dist(nearest, place) <= SNAP_M:
            return nearest
        points = self._nodes.setdefault(parent, [])
        points.append(place)
        points.sort(key=lambda point: math.dist(parent[0], point))
        self.computed.add(place)
        return place

    def snap_vertices(self) -> None:
        """Move drawn vertices onto what they nearly touch: vertices, then borders, then each other."""
        drawn = list(dict.fromkeys(point for chain in self.chains for point in chain))
        moved = self._onto_vertices(drawn)
        moved |= self._onto_borders([point for point in drawn if point not in moved])
        moved |= _onto_each_other([point for point in drawn if point not in moved])
        for chain in self.chains:
            points = [moved.get(point, point) for point in chain]
            self._add_pieces(points)
        self._split_borders()
        self._drop_borders()

    def _onto_vertices(self, drawn: list[Point]) -> dict[Point, Point]:
        if not self._vertices:
            return {}
        here, there = self._points(drawn), self._points(self._vertices)
        i, j = boxes_meet(np.hstack([here, here]), np.hstack([there, there]), SNAP_M)
        best: dict[int, tuple[float, int]] = {}
        for a, b, far in zip(i, j, np.hypot(*(here[i] - there[j]).T)):
            if far <= SNAP_M and (a not in best or far < best[a][0]):
                best[a] = (far, b)
        return {drawn[a]: self._vertices[b] for a, (_, b) in best.items()}

    def _onto_borders(self, drawn: list[Point]) -> dict[Point, Point]:
        moved: dict[Point, Point] = {}
        if not drawn or not self._edges:
            return moved
        here = self._points(drawn)
        i, j = boxes_meet(np.hstack([here, here]), boxes(self._edge_array), SNAP_M)
        t, far = project(here[i], self._edge_array[j])
        for k in np.argsort(far, kind="stable"):
            if far[k] > SNAP_M:
                break
            point = drawn[i[k]]
            if point not in moved:
                ax, ay, bx, by = self._edge_array[j[k]]
                foot = self._absolute(ax + t[k] * (bx - ax), ay + t[k] * (by - ay))
                moved[point] = self._add_node(self._parent_of[j[k]], foot)
        return moved

    def _add_pieces(self, chain: Sequence[Point]) -> None:
        for i in range(len(chain) - 1):
            if chain[i] != chain[i + 1]:
                self.pieces.add(undirected(chain[i], chain[i + 1]))

    def _drop_borders(self) -> None:
        """A piece that is a border edge needs nothing more."""
        self._along |= self.pieces & self._edge_set
        self.pieces -= self._edge_set

    def _replace(self, inserted: dict[Edge, list[Point]]) -> bool:
        """Cut pieces at the points; whether that changed anything."""
        changed = False
        for piece, points in inserted.items():
            inner = [p for p in dict.fromkeys(points) if p not in piece]
            if inner:
                inner.sort(key=partial(math.dist, piece[0]))
                self.pieces.discard(piece)
                self._add_pieces([piece[0], *inner, piece[1]])
                changed = True
        if changed:
            self._split_borders()
            self._drop_borders()
        return changed

    def bend(self) -> bool:
        """Lead pieces through every vertex that they pass within the snap."""
        pieces = sorted(self.pieces)
        if not pieces:
            return False
        own = {point for piece in pieces for point in piece}
        vertices = [*self._vertices, *sorted(own.difference(self._vertices))]
        legs, points = self._array(pieces), self._points(vertices)
        i, j = boxes_meet(boxes(legs), np.hstack([points, points]), SNAP_M)
        t, far = project(points[j], legs[i])
        length = np.hypot(*(legs[i, 2:] - legs[i, :2]).T)
        # Two vertices nearer to each other than the snap would take turns for ever.
        inner = np.minimum(t, 1 - t) * length > np.where(far <= _ON_M, 0.0, SNAP_M)
        inserted: dict[Edge, list[Point]] = {}
        for k in np.nonzero((far <= SNAP_M) & inner)[0]:
            piece, vertex = pieces[i[k]], vertices[j[k]]
            if vertex not in piece:
                inserted.setdefault(piece, []).append(vertex)
        return self._replace(inserted)

    def cross_borders(self) -> bool:
        """Make a vertex where a piece crosses a border."""
        pieces = sorted(self.pieces)
        if not pieces or not self._edges:
            return False
        legs = self._array(pieces)
        inserted: dict[Edge, list[Point]] = {}
        for i, j, x, y in self._crossings(pieces, legs, self._edges, self._edge_array):
            vertex = self._add_node(self._parent_of[j], self._absolute(x, y))
            inserted.setdefault(pieces[i], []).append(vertex)
        return self._replace(inserted)

    def cross_lines(self) -> bool:
        """Make a vertex where two pieces cross."""
        pieces = sorted(self.pieces)
        legs = self._array(pieces)
        inserted: dict[Edge, list[Point]] = {}
        for i, j, x, y in self._crossings(pieces, legs, pieces, legs):
            if i >= j:
                continue
            place = self._absolute(x, y)
            here = [*inserted.get(pieces[i], ()), *inserted.get(pieces[j], ())]
            near = [point for point in here if math.dist(point, place) <= SNAP_M]
            vertex = near[0] if near else place
            self.computed.add(vertex)
            for piece in (pieces[i], pieces[j]):
                inserted.setdefault(piece, []).append(vertex)
        return self._replace(inserted)

    def _crossings(
        self, pieces: list[Edge], legs: Floats, others: list[Edge], sides: Floats
    ) -> list[tuple[int, int, float, float]]:
        """Proper crossings of pieces with others that share no end with them."""
        i, j = boxes_meet(boxes(legs), boxes(sides), 0.0)
        at, hit = cross(legs[i], sides[j])
        return [
            (int(i[k]), int(j[k]), float(at[k, 0]), float(at[k, 1]))
            for k in np.nonzero(hit)[0]
            if not set(pieces[i[k]]) & set(others[j[k]])
        ]


def _onto_each_other(drawn: list[Point]) -> dict[Point, Point]:
    """Later vertices of a line onto earlier ones within the snap."""
    kept: dict[tuple[int, int], list[Point]] = {}
    moved: dict[Point, Point] = {}
    for point in drawn:
        column, line = math.floor(point[0] / SNAP_M), math.floor(point[1] / SNAP_M)
        around = [(column + dx, line + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        near = [p for cell in around for p in kept.get(cell, ()) if math.dist(p, point) <= SNAP_M]
        if near:
            moved[point] = near[0]
        else:
            kept.setdefault((column, line), []).append(point)
    return moved


def _near(edges: Floats, legs: Floats, reach: float) -> list[int]:
    """Which edges have a box that comes within `reach` of that of a leg."""
    sides, around = boxes(edges), boxes(legs)
    low, high = around[:, :2].min(axis=0) - reach, around[:, 2:].max(axis=0) + reach
    some = np.nonzero(np.all((sides[:, 2:] >= low) & (sides[:, :2] <= high), axis=1))[0]
    _, hit = boxes_meet(around, sides[some], reach)
    return [int(k) for k in some[np.unique(hit)]]
