# SPDX-License-Identifier: GPL-2.0-or-later
"""Is a coverage still one after a gesture? Answered by GEOS, which the gestures do not use."""

from __future__ import annotations

import math

import numpy as np
import shapely

from inference_backend.quality.edge_match import unmatched
from ocsge_pi_review.domain.composing import MINIMUM_PIECE_M2
from ocsge_pi_review.domain.patch import Patch, PolygonRow

Rows = dict[str, PolygonRow]
AREA_SHARE = 1e-6
"""How far the whole area may move, as a share of it."""
OUTLINE_M2 = 1e-6
"""How much ground an outline that may not move may gain or lose, m2: the rounding of coordinates."""


def applied(rows: Rows, patch: Patch) -> Rows:
    """The coverage after a patch, which must have been made from this one."""
    for row in patch.before:
        assert rows[row.id] == row, f"{row.id} was another when the patch was made"
    removed = set(patch.removed_ids)
    left = {key: row for key, row in rows.items() if key not in removed}
    made = [row.id for row in patch.after if row.id not in {b.id for b in patch.before}]
    assert not set(made) & rows.keys(), "a new polygon has the id of another"
    return {**left, **{row.id: row for row in patch.after}}


def judge(rows: Rows, like: Rows) -> None:
    """Fail unless `rows` cover the ground of `like` once, in valid polygons with common vertices."""
    shapes, original = _shapes(rows), _shapes(like)
    bad = [key for key, shape in zip(rows, shapes, strict=True) if not _is_plain(shape)]
    assert not bad, f"invalid: {bad}: {[shapely.is_valid_reason(s) for s in shapes if not _is_plain(s)]}"
    assert not unmatched(np.array(shapes, dtype=object)).any(), "gap or overlap along a border"
    whole, before = shapely.union_all(shapes), shapely.union_all(original)
    assert shapely.get_num_interior_rings(whole) == shapely.get_num_interior_rings(before), "gap"
    total, wanted = _area(shapes), _area(original)
    assert abs(total - wanted) <= AREA_SHARE * wanted, f"area {wanted} m2 became {total} m2"
    assert abs(total - whole.area) <= AREA_SHARE * wanted, "overlap"


def judge_patch(patch: Patch) -> None:
    """Fail where a patch moves what may not move, or makes a piece too small to stay."""
    after = {row.id: row for row in patch.after}
    for row in patch.before:
        if row.is_locked or row.is_margin:
            now = after[row.id]
            assert now.attributes == row.attributes, f"{row.id}: attributes of the skeleton or the margin"
            moved = shapely.from_wkb(now.wkb).symmetric_difference(shapely.from_wkb(row.wkb))
            assert moved.area < OUTLINE_M2, f"{row.id}: the outline moved by {moved.area} m2"
            assert set(row.polygon[0]) <= set(now.polygon[0]), f"{row.id}: a vertex is gone"
    known = {row.id for row in patch.before}
    for row in patch.after:
        area_m2 = shapely.from_wkb(row.wkb).area
        assert row.id in known or area_m2 >= MINIMUM_PIECE_M2, f"{row.id}: a sliver of {area_m2} m2"
        stated = row.attributes.get("area_m2")
        assert stated is None or math.isclose(stated, area_m2, rel_tol=1e-6, abs_tol=1e-3), f"{row.id}: area"


def _shapes(rows: Rows) -> list[shapely.Polygon]:
    return [shapely.from_wkb(row.wkb) for row in rows.values()]


def _is_plain(shape: shapely.Geometry) -> bool:
    return bool(shape.geom_type == "Polygon" and shape.is_valid and not shape.is_empty)


def _area(shapes: list[shapely.Polygon]) -> float:
    return math.fsum(shape.area for shape in shapes)
