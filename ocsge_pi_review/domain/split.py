# SPDX-License-Identifier: GPL-2.0-or-later
"""A polygon cut by a line, with the new vertices that its neighbours must receive too."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocsge_pi_review.domain.errors import LineCrossesItselfError, LineDoesNotCrossError
from ocsge_pi_review.domain.faces import assemble, trace_walks
from ocsge_pi_review.domain.rings import Edge, Point, Polygon, Ring, area, contains, oriented, segments

SNAP_M = 0.01
"""A line that passes a vertex closer than this goes through it: no side shorter than that is made."""

NewVertices = dict[Edge, list[Point]]
"""Vertices to insert into each directed edge, in its order."""


@dataclass(frozen=True)
class Split:
    """Result of a cut.

    Attributes:
        parts: two polygons or more, the largest first.
        new_vertices: by directed edge of the polygon that was cut.
    """

    parts: tuple[Polygon, ...]
    new_vertices: NewVertices


@dataclass(frozen=True)
class _Crossing:
    at: tuple[int, float]
    node: Point
    edge: Edge | None


def split(polygon: Polygon, line: Sequence[Point], polygon_id: str = "") -> Split:
    """Cut `polygon` along `line`; ends of the line inside it are dropped.

    Raises:
        LineCrossesItselfError: the line has a loop.
        LineDoesNotCrossError: fewer than two parts result.
    """
    _refuse_loops(line)
    crossings = _crossings(polygon, line)
    noded = insert_vertices(oriented(polygon), _by_edge(crossings))
    pieces = _separating(noded, _inner_pieces(noded, line, crossings))
    ends = {point for piece in pieces for point in (piece[0], piece[-1])}
    new_vertices = _by_edge(crossing for crossing in crossings if crossing.node in ends)
    parts = assemble(_both(insert_vertices(oriented(polygon), new_vertices), pieces))
    if len(parts) < 2:
        raise LineDoesNotCrossError(id=polygon_id)
    return Split(tuple(sorted(parts, key=area, reverse=True)), new_vertices)


def insert_vertices(polygon: Polygon, new_vertices: NewVertices) -> Polygon:
    """`polygon` with the new vertices on those of its sides that are named, in either direction."""
    return tuple(_insert_into_ring(ring, new_vertices) for ring in polygon)


def _insert_into_ring(ring: Ring, new_vertices: NewVertices) -> Ring:
    points = [ring[0]]
    for a, b in segments(ring):
        points.extend(new_vertices.get((a, b)) or reversed(new_vertices.get((b, a), [])))
        points.append(b)
    return tuple(points)


def _refuse_loops(line: Sequence[Point]) -> None:
    sides = [(line[i], line[i + 1]) for i in range(len(line) - 1)]
    for i, first in enumerate(sides):
        for second in sides[i + 2 :]:
            if _meeting(first, second) is not None:
                raise LineCrossesItselfError()


def _meeting(first: Edge, second: Edge) -> tuple[float, Point] | None:
    """Position along `first` (0..1) and point where two segments cross; None where they do not."""
    (ax, ay), (bx, by) = first
    (cx, cy), (dx, dy) = second
    ux, uy, vx, vy = bx - ax, by - ay, dx - cx, dy - cy
    denominator = ux * vy - uy * vx
    if denominator == 0.0:
        return None
    t = ((cx - ax) * vy - (cy - ay) * vx) / denominator
    s = ((cx - ax) * uy - (cy - ay) * ux) / denominator
    if not (0.0 <= t <= 1.0 and 0.0 <= s <= 1.0):
        return None
    return t, (cx + s * vx, cy + s * vy)


def _position(side: Edge, point: Point) -> tuple[float, float]:
    """Position 0..1 along `side` of its closest point, and the distance to it."""
    (ax, ay), (bx, by) = side
    ux, uy = bx - ax, by - ay
    length2 = ux * ux + uy * uy
    t = 0.0 if length2 == 0 else ((point[0] - ax) * ux + (point[1] - ay) * uy) / length2
    t = min(max(t, 0.0), 1.0)
    return t, math.dist(point, (ax + t * ux, ay + t * uy))


def _crossings(polygon: Polygon, line: Sequence[Point]) -> list[_Crossing]:
    """Where the line meets the border, in the line's order; an existing vertex wins over a new one."""
    found: list[_Crossing] = []
    for i in range(len(line) - 1):
        side = (line[i], line[i + 1])
        for edge in (e for ring in oriented(polygon) for e in segments(ring)):
            t, distance = _position(side, edge[0])
            if distance <= SNAP_M:
                found.append(_Crossing((i, t), edge[0], None))
            meeting = _meeting(side, edge)
            if meeting and min(math.dist(meeting[1], end) for end in edge) > SNAP_M:
                found.append(_Crossing((i, meeting[0]), meeting[1], edge))
    return _without_repeats(sorted(found, key=lambda crossing: crossing.at))


def _without_repeats(crossings: Iterable[_Crossing]) -> list[_Crossing]:
    kept: list[_Crossing] = []
    for crossing in crossings:
        if not kept or math.dist(kept[-1].node, crossing.node) > SNAP_M:
            kept.append(crossing)
    return kept


def _by_edge(crossings: Iterable[_Crossing]) -> NewVertices:
    new: NewVertices = {}
    for crossing in crossings:
        if crossing.edge is not None:
            new.setdefault(crossing.edge, []).append(crossing.node)
    for edge, points in new.items():
        points.sort(key=lambda point: _position(edge, point)[0])
    return new


def _inner_pieces(
    noded: Polygon, line: Sequence[Point], crossings: list[_Crossing]
) -> list[tuple[Point, ...]]:
    """Stretches of the line between two crossings that run inside the polygon."""
    sides = {edge for ring in noded for edge in segments(ring)}
    pieces = []
    for i in range(len(crossings) - 1):
        start, end = crossings[i], crossings[i + 1]
        between = line[start.at[0] + 1 : end.at[0] + 1]
        inner = [p for p in between if min(math.dist(p, start.node), math.dist(p, end.node)) > SNAP_M]
        piece = (start.node, *inner, end.node)
        middle = ((piece[0][0] + piece[1][0]) / 2, (piece[0][1] + piece[1][1]) / 2)
        runs_along = len(piece) == 2 and ((piece[0], piece[1]) in sides or (piece[1], piece[0]) in sides)
        if not runs_along and contains(noded, middle):
            pieces.append(piece)
    return pieces


def _both(noded: Polygon, pieces: Iterable[tuple[Point, ...]]) -> list[Edge]:
    """Directed edges of a polygon, and those of the pieces in both directions."""
    border = [edge for ring in noded for edge in segments(ring)]
    return border + [e for piece in pieces for a, b in segments(piece) for e in ((a, b), (b, a))]


def _separating(noded: Polygon, pieces: list[tuple[Point, ...]]) -> list[tuple[Point, ...]]:
    """The pieces without those that have the same face on both sides, as between shell and hole."""
    while True:
        walks = trace_walks(_both(noded, pieces))
        face_of = {edge: i for i, walk in enumerate(walks) for edge in walk}
        useful = [p for p in pieces if face_of[(p[0], p[1])] != face_of[(p[1], p[0])]]
        if len(useful) == len(pieces):
            return useful
        pieces = useful
