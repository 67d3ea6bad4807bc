# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons chosen together, so that one key decides them all."""

from __future__ import annotations

from collections.abc import Iterable

from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.permissions import is_free

MOST = 500
"""Polygons of one gesture: beyond that a mistake is dear, and its journal row long."""


def toggled(chosen: Iterable[str], polygon_id: str) -> tuple[str, ...]:
    """With one more polygon, or without it where it was chosen."""
    known = tuple(chosen)
    if polygon_id in known:
        return tuple(other for other in known if other != polygon_id)
    return (*known, polygon_id)[:MOST]


def choosable(rows: Iterable[PolygonRow]) -> tuple[str, ...]:
    """Those that a gesture may change."""
    return tuple(row.id for row in rows if is_free(row))[:MOST]


def alike(row: PolygonRow, rows: Iterable[PolygonRow]) -> tuple[str, ...]:
    """The polygon and those with the same codes and the same second choice, it first."""
    wanted = _kind(row)
    others = [other for other in rows if other.id != row.id and _kind(other) == wanted]
    return choosable([row, *others])


def _kind(row: PolygonRow) -> tuple[str, str, str]:
    return row.cs, row.us, str(row.attributes.get("runner_up_cs") or "")
