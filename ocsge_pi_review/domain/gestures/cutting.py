# SPDX-License-Identifier: GPL-2.0-or-later
"""A polygon cut along a line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from ocsge_pi_review.domain.errors import BrokenCoverageError
from ocsge_pi_review.domain.gestures.permissions import require_free
from ocsge_pi_review.domain.guard import require_coverage
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.rings import Point, area, contains, segments
from ocsge_pi_review.domain.split import SNAP_M, NewVertices, insert_vertices, split


def split_by(
    row: PolygonRow, line: Sequence[Point], neighbours: Iterable[PolygonRow], new_id: Callable[[], str]
) -> Patch:
    """Cut a polygon along a line; the largest part keeps its id, neighbours receive the new vertices.

    A locked neighbour receives them too: its outline does not move, and without them the two sides of the
    border would not match.

    Args:
        row: the polygon.
        line: vertices of the cut, in the layer's CRS.
        neighbours: polygons around it.
        new_id: gives an unused id at each call.

    Raises:
        LockedPolygonError, MarginPolygonError: it may not be changed.
        LineDoesNotCrossError, LineCrossesItselfError: the line does not cut it.
        BrokenCoverageError: a neighbour does not share the border's vertices.
    """
    require_free(row)
    result = split(row.polygon, line, row.id)
    others_around = [n for n in neighbours if n.id != row.id]
    touched = [n for n in others_around if _has_edge(n, result.new_vertices)]
    _require_matching(row, result.new_vertices, others_around, touched)
    first, *others = result.parts
    parts = [row.with_polygon(first).with_values(area_m2=area(first))]
    for part in others:
        piece = PolygonRow(new_id(), dict(row.attributes), row.wkb)
        parts.append(piece.with_polygon(part).with_values(area_m2=area(part)))
    noded = [n.with_polygon(insert_vertices(n.polygon, result.new_vertices)) for n in touched]
    patch = Patch((row, *touched), (*parts, *noded))
    require_coverage(patch, result.new_vertices)
    return patch


def _require_matching(
    row: PolygonRow, new_vertices: NewVertices, around: list[PolygonRow], touched: list[PolygonRow]
) -> None:
    """Refuse a cut whose end lies on a border that the polygon beyond does not hold vertex for vertex."""
    shared = {e for n in touched for ring in n.polygon for a, b in segments(ring) for e in ((a, b), (b, a))}
    for (ax, ay), (bx, by) in new_vertices.keys() - shared:
        scale = SNAP_M / math.dist((ax, ay), (bx, by))
        beyond = ((ax + bx) / 2 + (by - ay) * scale, (ay + by) / 2 - (bx - ax) * scale)
        for other in around:
            if contains(other.polygon, beyond):
                raise BrokenCoverageError(
                    ids=f"{row.id}, {other.id}", detail=f"{beyond[0]:.2f} {beyond[1]:.2f}"
                )


def _has_edge(row: PolygonRow, new_vertices: NewVertices) -> bool:
    wanted = set(new_vertices) | {(b, a) for a, b in new_vertices}
    return any(edge in wanted for ring in row.polygon for edge in segments(ring))
