# SPDX-License-Identifier: GPL-2.0-or-later
"""Where two neighbours meet on a border that moves away, their own border has to follow it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ocsge_pi_review.domain.drawn import nearest_on
from ocsge_pi_review.domain.rings import Edge, Point, Polygon, contains, segments


def connectors(cell: Polygon, holders: Mapping[Edge, str | None]) -> list[tuple[Point, Point]]:
    """Straight lines through a cell, from where its neighbours change to the line that cut it off.

    Args:
        cell: what a polygon gives up, interior on the left.
        holders: by edge of the cell on the old border, who is behind it; edges of the cut are left out.
    """
    cut = [edge for ring in cell for edge in segments(ring) if edge not in holders]
    if not cut or len({holder for holder in holders.values() if holder is not None}) < 2:
        return []
    found = []
    for ring in cell:
        sides = list(segments(ring))
        for k, side in enumerate(sides):
            following = sides[(k + 1) % len(sides)]
            if side in holders and following in holders and holders[side] != holders[following]:
                foot = min((nearest_on(a, b, side[1]) for a, b in cut), key=lambda p: math.dist(p, side[1]))
                if _runs_inside(cell, side[1], foot):
                    found.append((side[1], foot))
    return found


def _runs_inside(cell: Polygon, start: Point, end: Point) -> bool:
    if start == end:
        return False
    steps = [0.1, 0.3, 0.5, 0.7, 0.9]
    along = [(start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])) for t in steps]
    return all(contains(cell, point) for point in along)
