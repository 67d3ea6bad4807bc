# SPDX-License-Identifier: GPL-2.0-or-later
"""A border that moves: what one polygon gives up, its neighbours take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ocsge_pi_review.domain.alignment import alignment_lines
from ocsge_pi_review.domain.drawn import require_simple
from ocsge_pi_review.domain.errors import LineChangesNothingError
from ocsge_pi_review.domain.line_ends import reach_borders
from ocsge_pi_review.domain.moving import move_border
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.permissions import require_free
from ocsge_pi_review.domain.rings import Point


def reshape(
    row: PolygonRow,
    line: Sequence[Point],
    around: Iterable[PolygonRow],
    new_id: Callable[[], str],
    reach_m: float = 0.0,
) -> Patch:
    """Move the border of a polygon to a drawn line.

    The line leaves the polygon's border and comes back to it, as often as it likes. Ground that it encloses
    outside goes to the polygon, from whichever neighbours have it; ground that it cuts off inside goes to the
    neighbour behind that stretch of border. Locked ground stays where it is.

    Args:
        row: the polygon in front.
        line: vertices in the layer's CRS.
        around: every polygon whose box meets that of the line or of the polygon.
        new_id: gives an unused id at each call, for a neighbour that falls into parts.
        reach_m: an end of the line this near to a border is led on to it, m.

    Raises:
        LockedPolygonError, MarginPolygonError: it may not be changed, or nobody may take what it gives up.
        LineCrossesItselfError, LineChangesNothingError: the line moves no border.
        BrokenCoverageError: a neighbour does not share the border's vertices.
    """
    rows = list(around)
    longer = reach_borders([row, *rows], line, reach_m)
    require_simple(longer)
    return move_border(row, [longer], rows, new_id)


def align(
    row: PolygonRow,
    reference: Sequence[Point],
    tolerance_m: float,
    around: Iterable[PolygonRow],
    new_id: Callable[[], str],
) -> Patch:
    """Move those stretches of a polygon's border that run along a reference line onto it.

    Args:
        row: the polygon in front.
        reference: vertices of the line, in the layer's CRS; longer than needed is fine.
        tolerance_m: a border farther from the line than this stays, m.
        around: every polygon whose box meets that of the polygon, grown by the tolerance.
        new_id: gives an unused id at each call.

    Raises:
        LockedPolygonError, MarginPolygonError: it may not be changed.
        LineChangesNothingError: no border runs along the line, or it is there already.
    """
    require_free(row)
    lines = alignment_lines(row.polygon, reference, tolerance_m)
    if not lines:
        raise LineChangesNothingError(id=row.id)
    return move_border(row, lines, around, new_id, keep_untakeable=True)
