# SPDX-License-Identifier: GPL-2.0-or-later
"""Ground that a new polygon takes from those underneath."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.gestures.codes import Codes
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.rings import Point, Polygon


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
        join: whether the new polygon grows the neighbours that carry its codes instead of standing alone.

    Raises:
        UnknownCodeError: a code is not a leaf of its dimension.
        LockedPolygonError, MarginPolygonError: nothing underneath may be changed.
        LineCrossesItselfError, SliverError: the shape is no plain polygon, or too small.
        BrokenCoverageError: polygons underneath do not share their vertices.
    """
    raise NotImplementedError


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
    raise NotImplementedError
