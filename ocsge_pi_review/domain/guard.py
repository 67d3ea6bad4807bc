# SPDX-License-Identifier: GPL-2.0-or-later
"""The last look at a patch before it is journalled: does the coverage stay one?"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from ocsge_pi_review.domain.errors import BrokenCoverageError
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.rings import Edge, Point, area, outer_border

AREA_TOLERANCE_M2 = 1e-6
"""Rounding of areas of some km2 summed in double precision, m2."""


def require_coverage(
    patch: Patch,
    new_vertices: Mapping[Edge, list[Point]] | None = None,
    dropped: Collection[Point] = (),
) -> None:
    """Accept a patch whose rows cover the same ground without overlap, with the same outer vertices.

    The rows before and after must have the same outer border, edge for edge, so that neighbours outside the
    patch still match. The one exception: an edge that gets new vertices and has no neighbour at all, at the
    limit of the lot.

    Args:
        patch: the change.
        new_vertices: by undirected border edge (smaller end first), its new vertices from that end on.
        dropped: those of the new vertices that were not needed after all.

    Raises:
        BrokenCoverageError: gap, overlap, or a vertex that a neighbour does not have.
    """
    if not patch.changes_layer:
        return
    wanted = {
        edge: [point for point in points if point not in dropped]
        for edge, points in (new_vertices or {}).items()
    }
    try:
        before = _noded(outer_border(row.polygon for row in patch.before), wanted)
        after = outer_border(row.polygon for row in patch.after)
    except ValueError as error:
        raise BrokenCoverageError(ids=", ".join(patch.ids), detail=error) from error
    if before != after:
        raise BrokenCoverageError(ids=", ".join(patch.ids), detail=f"{len(before ^ after)} edges")
    difference = _area(patch.after) - _area(patch.before)
    if abs(difference) > AREA_TOLERANCE_M2:
        raise BrokenCoverageError(ids=", ".join(patch.ids), detail=f"{difference:.9f} m²")


def _area(rows: tuple[PolygonRow, ...]) -> float:
    return math.fsum(area(row.polygon) for row in rows)


def _noded(border: set[Edge], new_vertices: dict[Edge, list[Point]]) -> set[Edge]:
    noded: set[Edge] = set()
    for a, b in border:
        inner = new_vertices.get((a, b), []) if a < b else new_vertices.get((b, a), [])[::-1]
        points = (a, *inner, b)
        noded.update((points[i], points[i + 1]) for i in range(len(points) - 1))
    return noded
