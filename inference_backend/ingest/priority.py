# SPDX-License-Identifier: GPL-2.0-or-later
"""Who keeps an area that several polygons claim: one strict order of all parts, and identical twins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from inference_backend.ingest.types import Bools, Floats, Geometries, Ints, Ledger, Parts, Repair

OVERLAP_RULES = ("small", "large", "first", "last")


def order_of_claims(
    parts: Parts, ossature: Bools, quality: Ints, millesime: Sequence[str], rule: str
) -> Ints:
    """(n,) rank of each part; the lowest keeps what several claim.

    The skeleton comes before the rest, a part whose codes are leaves before one whose codes must be guessed,
    a younger image before an older one. Then by `rule`: the smaller part (a detail drawn over its
    background survives), the larger, the first or the last in the files. Ties go to the first.

    Args:
        parts: the claims.
        ossature: (rows,) of the skeleton.
        quality: (rows,) number of codes that are no leaves, 0..2.
        millesime: (rows,) years, empty where unknown.
        rule: one of `OVERLAP_RULES`.
    """
    row = parts.row
    area: Floats = np.round(shapely.area(parts.geometry), 6)
    years = np.array([int(year) if year.isdigit() else 0 for year in millesime], dtype=np.int64)
    place = np.arange(len(row))
    by_rule = {"small": area, "large": -area, "first": place, "last": -place}[rule]
    keys = (place, by_rule, -years[row], quality[row], ~ossature[row])
    rank = np.empty(len(row), dtype=np.int64)
    rank[np.lexsort(keys)] = place
    return rank


def drop_duplicates(parts: Parts, rank: Ints, ledger: Ledger, codes: Sequence[str]) -> tuple[Parts, Ints]:
    """One part of every set of equal shapes, the best in the order; the others are told.

    Args:
        parts: the claims.
        rank: their order.
        ledger: gets a line for each that goes.
        codes: (rows,) codes as text, to tell whether twins agree.
    """
    order = np.argsort(rank, kind="stable")
    keep = np.ones(len(rank), dtype=bool)
    for group in _equal_shapes(parts.geometry):
        ranked = group[np.argsort(rank[group])]
        winner, losers = ranked[0], ranked[1:]
        keep[losers] = False
        point = shapely.point_on_surface(parts.geometry[winner])
        for loser in losers:
            first, second = int(parts.row[winner]), int(parts.row[loser])
            note = "" if codes[first] == codes[second] else f"{codes[second]} ≠ {codes[first]}"
            area = shapely.area(parts.geometry[loser])
            where = (float(shapely.get_x(point)), float(shapely.get_y(point)))
            ledger.add(Repair.DUPLICATE, area, where, loser=second, winner=first, note=note)
    new_rank = np.empty(len(rank), dtype=np.int64)
    new_rank[order] = np.arange(len(rank))
    return Parts(parts.geometry[keep], parts.row[keep]), new_rank[keep]


def _equal_shapes(geometry: Geometries) -> list[Ints]:
    """Groups of two and more parts of the same shape; only equal boxes are compared."""
    boxes = np.ascontiguousarray(shapely.bounds(geometry))
    _, inverse, count = np.unique(boxes, axis=0, return_inverse=True, return_counts=True)
    suspects = np.flatnonzero(count[inverse.ravel()] > 1)
    if not len(suspects):
        return []
    forms = shapely.to_wkb(shapely.normalize(geometry[suspects]))
    groups: dict[bytes, list[int]] = {}
    for place, form in zip(suspects.tolist(), forms.tolist(), strict=True):
        groups.setdefault(form, []).append(place)
    return [np.array(group, dtype=np.int64) for group in groups.values() if len(group) > 1]
