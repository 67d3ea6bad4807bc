# SPDX-License-Identifier: GPL-2.0-or-later
"""From directed edges back to polygons: the one algorithm under merge and split.

Each face is walked with its interior on the left; where several edges leave a vertex, the sharpest left turn
stays on the same face. No coordinate is computed here, so none changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from ocsge_pi_review.domain.outlines import Outline
from ocsge_pi_review.domain.rings import Edge, Point, Polygon, Ring, segments, signed_area


def trace_walks(edges: Iterable[Edge]) -> list[list[Edge]]:
    """Closed walks, one per border of a face.

    Args:
        edges: directed edges, interior on the left; as many leave each vertex as reach it.
    """
    leaving: dict[Point, list[Point]] = {}
    for start, end in edges:
        leaving.setdefault(start, []).append(end)
    walks = []
    while leaving:
        first = next(iter(leaving))
        walk = [(first, _take(leaving, first, leaving[first][0]))]
        while walk[-1][1] != first or _continues(leaving, walk):
            previous, here = walk[-1]
            walk.append((here, _take(leaving, here, _sharpest_left(previous, here, leaving[here]))))
        walks.append(walk)
    return walks


def _continues(leaving: dict[Point, list[Point]], walk: list[Edge]) -> bool:
    """Whether a walk back at its start is still on the same face, a pinch having brought it there early."""
    previous, here = walk[-1]
    if here not in leaving:
        return False
    return _sharpest_left(previous, here, [*leaving[here], walk[0][1]]) != walk[0][1]


def _take(leaving: dict[Point, list[Point]], start: Point, end: Point) -> Point:
    leaving[start].remove(end)
    if not leaving[start]:
        del leaving[start]
    return end


def _sharpest_left(previous: Point, here: Point, ends: list[Point]) -> Point:
    if len(ends) == 1:
        return ends[0]
    back = math.atan2(previous[1] - here[1], previous[0] - here[0])

    def clockwise_from_back(end: Point) -> float:
        turn = (back - math.atan2(end[1] - here[1], end[0] - here[0])) % (2 * math.pi)
        return turn if turn > 0 else 2 * math.pi

    return min(ends, key=clockwise_from_back)


def simple_rings(walk: list[Edge]) -> list[Ring]:
    """The walk cut where it meets itself: rings that visit no vertex twice."""
    rings: list[Ring] = []
    path: list[Point] = []
    position: dict[Point, int] = {}
    for point, _ in [*walk, walk[0]]:
        if point in position:
            at = position[point]
            loop = path[at:]
            rings.append((*loop, point))
            for gone in loop[1:]:
                del position[gone]
            del path[at + 1 :]
        else:
            position[point] = len(path)
            path.append(point)
    return rings


def assemble(edges: Iterable[Edge]) -> list[Polygon]:
    """Polygons whose borders are `edges`, each with its holes.

    Raises:
        ValueError: a hole lies in no shell, so the edges bound no area.
    """
    return polygons_of(trace_walks(edges))


def polygons_of(walks: Iterable[list[Edge]]) -> list[Polygon]:
    """Polygons with their holes, from the walks around them.

    Raises:
        ValueError: a hole lies in no shell, so the walks bound no area.
    """
    rings = [ring for walk in walks for ring in simple_rings(walk)]
    shells = [ring for ring in rings if signed_area(ring) > 0]
    holes = [ring for ring in rings if signed_area(ring) <= 0]
    held: list[list[Ring]] = [[] for _ in shells]
    for hole, i in zip(holes, _shells_of(holes, shells)):
        held[i].append(hole)
    return [(shell, *held[i]) for i, shell in enumerate(shells)]


def _shells_of(holes: list[Ring], shells: list[Ring]) -> list[int]:
    """By hole, the smallest shell around it."""
    if len(shells) == 1 or not holes:
        return [0] * len(holes)
    # The middle of a side: a vertex of the hole may touch the shell, a side may not. The face on the far side
    # of that side is in the hole, and the middle lies on its border.
    middles = np.array([(hole[0], hole[1]) for hole in holes], dtype=np.float64).mean(axis=1)
    beyond = {(hole[1], hole[0]): k for k, hole in enumerate(holes)}
    best = [(math.inf, -1)] * len(holes)
    for i, shell in enumerate(shells):
        inside = Outline.of_polygon((shell,)).contains(middles)
        for edge in beyond.keys() & set(segments(shell)):
            inside[beyond[edge]] = False
        ground = signed_area(shell)
        for k in np.nonzero(inside)[0]:
            best[k] = min(best[k], (ground, i))
    for (_, i), middle in zip(best, middles):
        if i < 0:
            raise ValueError(f"a hole at {middle} lies in no polygon")
    return [i for _, i in best]
