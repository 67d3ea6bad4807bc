# SPDX-License-Identifier: GPL-2.0-or-later
"""The operations of a review: rows in, a patch out. Nothing is written here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from inference_backend.contracts.nomenclature import Dimension
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.errors import BrokenCoverageError, LockedPolygonError, UnknownCodeError
from ocsge_pi_review.domain.guard import require_coverage
from ocsge_pi_review.domain.merge import merge
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.rings import Point, area, contains, segments
from ocsge_pi_review.domain.split import SNAP_M, NewVertices, insert_vertices, split

OPERATOR_RULE = "operator"
"""Value of `cs_rule` and `us_rule` once a person has decided."""


def keep(row: PolygonRow) -> Patch:
    """Accept a polygon as it is."""
    return Patch((row,), (row,))


def set_code(row: PolygonRow, dimension: Dimension, code: str, profile: Profile) -> Patch:
    """Give a polygon another cover (`cs`) or use (`us`).

    Raises:
        LockedPolygonError: it belongs to the skeleton.
        UnknownCodeError: not a leaf of that dimension.
    """
    _require_unlocked(row)
    if not profile.nomenclature.is_leaf(code) or profile.nomenclature[code].dimension != dimension:
        raise UnknownCodeError(code=code, profile=profile.name)
    values: dict[str, Any] = {f"code_{dimension}": code, f"{dimension}_rule": OPERATOR_RULE}
    return Patch((row,), (row.with_values(**values),))


def merge_into(row: PolygonRow, neighbour: PolygonRow) -> Patch:
    """Let `neighbour` absorb `row`, keeping its own id and codes.

    Raises:
        LockedPolygonError: either belongs to the skeleton.
        NotNeighboursError, MergeInPiecesError: the union is not one polygon.
        BrokenCoverageError: the two do not share their vertices.
    """
    _require_unlocked(row)
    _require_unlocked(neighbour)
    union = merge(row.polygon, neighbour.polygon, (row.id, neighbour.id))
    merged = neighbour.with_polygon(union).with_values(area_m2=area(union))
    patch = Patch((row, neighbour), (merged,))
    require_coverage(patch)
    return patch


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
        LockedPolygonError: it belongs to the skeleton.
        LineDoesNotCrossError, LineCrossesItselfError: the line does not cut it.
        BrokenCoverageError: a neighbour does not share the border's vertices.
    """
    _require_unlocked(row)
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


def _require_unlocked(row: PolygonRow) -> None:
    if row.is_locked:
        raise LockedPolygonError(id=row.id, source=row.attributes.get("source") or "NC")
