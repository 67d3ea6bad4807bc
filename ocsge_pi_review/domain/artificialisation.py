# SPDX-License-Identifier: GPL-2.0-or-later
"""Which polygons count as artificialised: the matrix of couples, then the rule of small clusters.

A preview for a few polygons around a gesture, not the official figure: a cluster that reaches the limit of
what is known here counts as large.

Source: annexe R. 101-1 of the code de l'urbanisme (décret 2023-1096) and its public computation; figures in
the profile's section `artificialisation`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.rings import Point, area, edges


def is_artificialised(row: PolygonRow, profile: Profile) -> bool:
    """Status of a polygon by its couple alone."""
    return profile.nomenclature.is_artificialised(row.cs, row.us)


def statuses(rows: Sequence[PolygonRow], profile: Profile) -> dict[str, bool]:
    """By id, whether a polygon is artificialised once small clusters took the status around them."""
    final = {row.id: is_artificialised(row, profile) for row in rows}
    minimum_m2 = profile.number("artificialisation", "cluster_minimum")
    groups = clusters(rows, final)
    # Clearings first: a small place around a smaller garden is judged with it, and both end alike.
    for status in (False, True):
        small = [group for group in groups if final[group[0].id] is status and _area(group) < minimum_m2]
        enclosed = _enclosed(small, rows)
        final.update({row.id: not status for group in enclosed for row in group})
        if enclosed and not status:
            groups = clusters(rows, final)
    final.update({row.id: True for row in rows if _stays_built(row, profile)})
    return final


def clusters(rows: Sequence[PolygonRow], status: dict[str, bool]) -> list[list[PolygonRow]]:
    """Rows of the same status that touch, be it at one vertex."""
    parent = {row.id: row.id for row in rows}

    def root(row_id: str) -> str:
        while parent[row_id] != row_id:
            parent[row_id] = parent[parent[row_id]]
            row_id = parent[row_id]
        return row_id

    first: dict[tuple[Point, bool], str] = {}
    for row in rows:
        for point in {point for ring in row.polygon for point in ring}:
            other = first.setdefault((point, status[row.id]), row.id)
            if other != row.id:
                parent[root(row.id)] = root(other)
    groups: dict[str, list[PolygonRow]] = {}
    for row in rows:
        groups.setdefault(root(row.id), []).append(row)
    return list(groups.values())


def _enclosed(groups: list[list[PolygonRow]], rows: Iterable[PolygonRow]) -> list[list[PolygonRow]]:
    """Groups whose every side has a polygon of `rows` beyond."""
    if not groups:
        return []
    known = {edge for row in rows for edge in edges(row.polygon)}
    return [group for group in groups if all((b, a) in known for row in group for a, b in edges(row.polygon))]


def _stays_built(row: PolygonRow, profile: Profile) -> bool:
    if row.cs not in profile.section("artificialisation", "built_covers"):
        return False
    return area(row.polygon) >= profile.number("artificialisation", "built_minimum")


def _area(rows: Iterable[PolygonRow]) -> float:
    return math.fsum(area(row.polygon) for row in rows)
