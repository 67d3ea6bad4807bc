# SPDX-License-Identifier: GPL-2.0-or-later
"""A polygon cut along a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ocsge_pi_review.domain.arrangement import Arrangement
from ocsge_pi_review.domain.composing import Composition
from ocsge_pi_review.domain.drawn import require_simple
from ocsge_pi_review.domain.errors import LineDoesNotCrossError
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.permissions import require_free
from ocsge_pi_review.domain.rings import Point, area


def split_by(
    row: PolygonRow, line: Sequence[Point], neighbours: Iterable[PolygonRow], new_id: Callable[[], str]
) -> Patch:
    """Cut a polygon along a line; the largest part keeps its id, neighbours receive the new vertices.

    A locked neighbour receives them too: its outline does not move, and without them the two sides of the
    border would not match. Ends of the line inside the polygon are dropped; parts too small to stay go back
    to the part beside them.

    Args:
        row: the polygon.
        line: vertices of the cut, in the layer's CRS.
        neighbours: polygons around it, itself among them or not.
        new_id: gives an unused id at each call.

    Raises:
        LockedPolygonError, MarginPolygonError: it may not be changed.
        LineDoesNotCrossError, LineCrossesItselfError: the line does not cut it.
        BrokenCoverageError: a neighbour does not share the border's vertices.
    """
    require_free(row)
    require_simple(line)
    around = [other for other in neighbours if other.id != row.id]
    arrangement = Arrangement([row, *around], [line], {row.id})
    own = [i for i, cell in enumerate(arrangement.cells) if cell.owner == row.id]
    largest = max(own, key=lambda i: area(arrangement.cells[i].polygon))
    labels = [cell.owner for cell in arrangement.cells]
    made = {f"part {i}": row for i in own if i != largest}
    for i in own:
        labels[i] = row.id if i == largest else f"part {i}"
    composition = Composition(arrangement, labels, made, new_id)
    if len({composition.labels[i] for i in own}) < 2:
        raise LineDoesNotCrossError(id=row.id)
    return composition.patch(row.id)
