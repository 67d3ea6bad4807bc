# SPDX-License-Identifier: GPL-2.0-or-later
"""The last look at a patch before it is journalled: does the coverage stay one?"""

from __future__ import annotations

import math

from ocsge_pi_review.domain.errors import BrokenCoverageError
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.rings import Edge, area, outer_border
from ocsge_pi_review.domain.split import NewVertices

AREA_TOLERANCE_M2 = 1e-6
"""Rounding of areas of some km2 summed in double precision, m2."""


def require_coverage(patch: Patch, new_vertices: NewVertices | None = None) -> None:
    """Accept a patch whose rows cover the same ground without overlap, with the same outer vertices.

    The rows before and after must have the same outer border, edge for edge, so that neighbours outside the
    patch still match. The one exception: an edge that gets new vertices and has no neighbour at all, at the
    limit of the lot.

    Raises:
        BrokenCoverageError: gap, overlap, or a vertex that a neighbour does not have.
    """
    if not patch.changes_layer:
        return
    try:
        before = _noded(outer_border(row.polygon for row in patch.before), new_vertices or {})
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


def _noded(border: set[Edge], new_vertices: NewVertices) -> set[Edge]:
    noded: set[Edge] = set()
    for edge in border:
        points = (edge[0], *new_vertices.get(edge, ()), edge[1])
        noded.update((points[i], points[i + 1]) for i in range(len(points) - 1))
    return noded
