# SPDX-License-Identifier: GPL-2.0-or-later
"""Which rows a gesture may change."""

from __future__ import annotations

from ocsge_pi_review.domain.errors import LockedPolygonError, MarginPolygonError
from ocsge_pi_review.domain.patch import PolygonRow


def is_free(row: PolygonRow) -> bool:
    """Whether the outline and the codes of a row may change: neither skeleton nor margin."""
    return not row.is_locked and not row.is_margin


def require_free(*rows: PolygonRow) -> None:
    """Accept rows that a gesture may change.

    Raises:
        LockedPolygonError: one belongs to the skeleton.
        MarginPolygonError: one belongs to another lot.
    """
    for row in rows:
        if row.is_margin:
            raise MarginPolygonError(id=row.id, lot=row.attributes.get("margin_of") or "?")
        if row.is_locked:
            raise LockedPolygonError(id=row.id, source=row.attributes.get("source") or "NC")
