# SPDX-License-Identifier: GPL-2.0-or-later
"""The margin of a lot: polygons of its neighbours, which a gesture may give vertices and nothing else."""

from __future__ import annotations

from ocsge_pi_review.domain.errors import MarginPolygonError
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.rings import area

_SAME_AREA_M2 = 1e-3
"""A vertex within rounding of the side it was put on moves no ground, m2."""


def require_margin_kept(patch: Patch) -> None:
    """Accept a patch that leaves the margin's polygons with their codes and on their ground.

    Raises:
        MarginPolygonError: one is changed otherwise, taken away or made.
    """
    before = {row.id: row for row in patch.before}
    after = {row.id: row for row in patch.after}
    for row in (*patch.before, *patch.after):
        if row.is_margin and not _is_kept(before.get(row.id), after.get(row.id)):
            raise MarginPolygonError(id=row.id, lot=row.attributes.get("margin_of") or "?")


def _is_kept(before: PolygonRow | None, after: PolygonRow | None) -> bool:
    if before is None or after is None or before.attributes != after.attributes:
        return False
    if before.wkb == after.wkb:
        return True
    vertices = {point for ring in before.polygon for point in ring}
    kept = {point for ring in after.polygon for point in ring}
    return vertices <= kept and abs(area(before.polygon) - area(after.polygon)) < _SAME_AREA_M2
