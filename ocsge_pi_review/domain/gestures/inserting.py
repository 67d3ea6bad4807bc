# SPDX-License-Identifier: GPL-2.0-or-later
"""Ground that a new polygon takes from those underneath."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from inference_backend.contracts.lot import PRODUCTION_COLUMNS
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.arrangement import Arrangement
from ocsge_pi_review.domain.composing import MINIMUM_PIECE_M2, Composition, borders_of
from ocsge_pi_review.domain.drawn import closed
from ocsge_pi_review.domain.errors import SliverError
from ocsge_pi_review.domain.gestures.codes import Codes
from ocsge_pi_review.domain.noding import REACH_M
from ocsge_pi_review.domain.outlines import Outline
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.permissions import is_free, require_free
from ocsge_pi_review.domain.ribbon import ribbon
from ocsge_pi_review.domain.rings import Point, Polygon, area

NEW = "new"
NOT_KNOWN = "NC"
_PRODUCTION = tuple(column.name for column in PRODUCTION_COLUMNS)


def insert_polygon(
    shape: Polygon,
    codes: Codes,
    around: Iterable[PolygonRow],
    new_id: Callable[[], str],
    profile: Profile,
    join: bool = False,
) -> Patch:
    """Lay a polygon over the coverage, cutting those underneath.

    Locked and read-only ground is left out. A polygon that is covered whole disappears. Where that leaves
    several pieces, each is a polygon of its own.

    Args:
        shape: rings, the shell first; closed or not, either direction.
        codes: of the new polygon.
        around: every polygon whose box meets that of the shape.
        new_id: gives an unused id at each call.
        profile: the nomenclature.
        join: whether the new polygon grows the neighbour that carries its codes along the longest border,
            instead of standing alone.

    Raises:
        UnknownCodeError: a code is not a leaf of its dimension.
        LockedPolygonError, MarginPolygonError: nothing underneath may be changed.
        LineCrossesItselfError, SliverError: the shape is no plain polygon, or too small.
        BrokenCoverageError: polygons underneath do not share their vertices.
    """
    values = codes.values(profile)
    rings = closed(shape)
    rows = list(around)
    arrangement = Arrangement(rows, rings, [row.id for row in rows if is_free(row)])
    covered = _covered(arrangement, rings)
    taken = [i for i in covered if is_free(arrangement.rows[arrangement.cells[i].owner])]
    if not taken:
        _refuse(arrangement, rings)
    labels = [cell.owner for cell in arrangement.cells]
    for i in taken:
        labels[i] = NEW
    below = _mostly(arrangement, taken)
    grown = _continued(arrangement, labels, codes) if join else None
    if grown is not None:
        labels = [grown if label == NEW else label for label in labels]
    made = {} if grown is not None else {NEW: _new_row(below, values)}
    return Composition(arrangement, labels, made, new_id).patch(grown or NEW, origin=grown or below.id)


def take_segment(
    shape: Polygon,
    codes: Codes,
    around: Iterable[PolygonRow],
    new_id: Callable[[], str],
    profile: Profile,
    join: bool = True,
) -> Patch:
    """Lay a segment of the image over the coverage: `insert_polygon`, joined to what it continues."""
    return insert_polygon(shape, codes, around, new_id, profile, join)


def road(
    axis: Sequence[Point],
    width_m: float,
    codes: Codes,
    around: Iterable[PolygonRow],
    new_id: Callable[[], str],
    profile: Profile,
    join: bool = False,
) -> Patch:
    """Lay a road of constant width along an axis: flat ends, mitred corners.

    Args:
        axis: vertices of the middle line, in the layer's CRS.
        width_m: from side to side, m.
        codes: of the road.
        around: every polygon whose box meets that of the axis, grown by half the width.
        new_id: gives an unused id at each call.
        profile: the nomenclature.
        join: as for `insert_polygon`.

    Raises:
        Those of `insert_polygon`.
    """
    return insert_polygon(ribbon(axis, width_m), codes, around, new_id, profile, join)


def _covered(arrangement: Arrangement, shape: Polygon) -> list[int]:
    """Cells inside the shape."""
    outline = Outline.of_polygon(shape)
    low, high = outline.low - REACH_M, outline.high + REACH_M
    some = [
        i
        for i, cell in enumerate(arrangement.cells)
        if all(low[k] <= value <= high[k] for k, value in enumerate(cell.polygon[0][0]))
    ]
    points = [Outline.of_polygon(arrangement.cells[i].polygon).inner_point() for i in some]
    if not some:
        return []
    inside = outline.contains(np.array(points, dtype=np.float64))
    return [some[k] for k in np.nonzero(inside)[0]]


def _refuse(arrangement: Arrangement, shape: Polygon) -> None:
    """Say why a shape takes nothing."""
    middle = np.array([Outline.of_polygon(shape).inner_point()], dtype=np.float64)
    for row_id, outline in arrangement.outlines.items():
        if outline.contains(middle)[0]:
            require_free(arrangement.rows[row_id])
    raise SliverError(area_m2=0.0, minimum_m2=MINIMUM_PIECE_M2)


def _mostly(arrangement: Arrangement, taken: list[int]) -> PolygonRow:
    """The row that gives most of the ground."""
    given: dict[str, float] = {}
    for i in taken:
        cell = arrangement.cells[i]
        given[cell.owner] = given.get(cell.owner, 0.0) + area(cell.polygon)
    return arrangement.rows[max(given, key=lambda row_id: (given[row_id], row_id))]


def _continued(arrangement: Arrangement, labels: list[str], codes: Codes) -> str | None:
    """The free polygon with the same codes along the longest border of the new one."""
    borders = borders_of(arrangement, labels, NEW)
    rows = arrangement.rows
    same = {
        label: length
        for label, length in borders.items()
        if is_free(rows[label]) and (rows[label].cs, rows[label].us) == (codes.cs, codes.us)
    }
    return max(same, key=lambda label: (same[label], label)) if same else None


def _new_row(below: PolygonRow, values: dict[str, Any]) -> PolygonRow:
    """Attributes of a polygon that a person drew, those of the year and origin as of the ground it takes."""
    unknown: dict[str, Any] = {name: None for name in _PRODUCTION if name in below.attributes}
    origin: dict[str, Any] = {
        name: NOT_KNOWN for name in ("id_origine", "code_or") if name in below.attributes
    }
    attributes = {**below.attributes, **unknown, **origin, **values}
    return PolygonRow("", attributes, b"")
