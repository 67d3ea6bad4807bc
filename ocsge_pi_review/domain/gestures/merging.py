# SPDX-License-Identifier: GPL-2.0-or-later
"""Two neighbours become one polygon."""

from __future__ import annotations

from ocsge_pi_review.domain.guard import require_coverage
from ocsge_pi_review.domain.merge import merge
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.permissions import require_free
from ocsge_pi_review.domain.rings import area


def merge_into(row: PolygonRow, neighbour: PolygonRow) -> Patch:
    """Let `neighbour` absorb `row`, keeping its own id and codes.

    Raises:
        LockedPolygonError, MarginPolygonError: either may not be changed.
        NotNeighboursError, MergeInPiecesError: the union is not one polygon.
        BrokenCoverageError: the two do not share their vertices.
    """
    require_free(row, neighbour)
    union = merge(row.polygon, neighbour.polygon, (row.id, neighbour.id))
    merged = neighbour.with_polygon(union).with_values(area_m2=area(union))
    patch = Patch((row, neighbour), (merged,))
    require_coverage(patch)
    return patch
