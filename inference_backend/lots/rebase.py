# SPDX-License-Identifier: GPL-2.0-or-later
"""One gesture of a lot that came back, put onto the parent as it stands now.

The parent's polygons must be those that the gesture started from; vertices that somebody else added on
common borders meanwhile are no difference, and end up on both sides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import shapely

from inference_backend.lots.border_vertices import is_same_shape, with_vertices_of
from inference_backend.lots.coverage_rows import CoverageRows
from inference_backend.lots.journal_rows import Row
from inference_backend.quality.edge_match import unmatched

AREA_TOLERANCE = 1e-6
"""Largest difference of areas before and after: m2, and of the larger ones relative."""
_NOT_COMPARED = ("margin_of", "area_m2")


class Reason(StrEnum):
    """Why a gesture cannot be applied."""

    OUTSIDE = "outside_the_lot"
    CHANGED = "changed_in_the_parent"
    GONE = "gone_from_the_parent"
    ID_TAKEN = "id_taken"
    BREAKS = "breaks_the_coverage"
    ITEM_DECIDED = "item_decided_meanwhile"


@dataclass(frozen=True)
class Rebased:
    """A gesture in the parent's terms: its rows before and after, neighbours with new vertices included."""

    before: tuple[Row, ...]
    after: tuple[Row, ...]


@dataclass(frozen=True)
class Refused:
    """A gesture that cannot be applied.

    Attributes:
        reason: why.
        rows: the parent's polygons in question.
    """

    reason: Reason
    rows: tuple[Row, ...] = ()


def rebase(before: tuple[Row, ...], after: tuple[Row, ...], parent: CoverageRows) -> Rebased | Refused:
    """Rows of the parent that do there what a gesture did in the lot.

    Args:
        before: polygons of the gesture as they were in the lot.
        after: the same, as they became.
        parent: where they shall go.
    """
    before, after = _core(before, after)
    if any(row.attributes.get("margin_of") is not None for row in before):
        return Refused(Reason.OUTSIDE)
    theirs, is_lost = [], False
    for row in before:
        found = parent.get(row.id)
        is_lost = is_lost or found is None
        theirs.append(found)
    known = tuple(row for row in theirs if row is not None)
    if is_lost:
        return Refused(Reason.GONE, known)
    if not all(_is_same(ours, row) for ours, row in zip(before, known, strict=True)):
        return Refused(Reason.CHANGED, known)
    old = {row.id for row in before}
    taken = [row for row in (parent.get(new.id) for new in after if new.id not in old) if row is not None]
    if taken:
        return Refused(Reason.ID_TAKEN, tuple(taken))
    return _placed(before, after, known, parent)


def _core(before: tuple[Row, ...], after: tuple[Row, ...]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Without rows that only got or lost vertices: the parent's neighbours get theirs anew."""
    becomes = {row.id: row for row in after}
    only_vertices = {
        row.id
        for row in before
        if row.id in becomes
        and row.wkb != becomes[row.id].wkb
        and _attributes(row) == _attributes(becomes[row.id])
        and is_same_shape(row.shape, becomes[row.id].shape)
    }
    return (
        tuple(row for row in before if row.id not in only_vertices),
        tuple(row for row in after if row.id not in only_vertices),
    )


def _is_same(ours: Row, theirs: Row) -> bool:
    # A column that somebody added to the parent is in no lot, and no gesture changes it.
    known = {name: value for name, value in theirs.attributes.items() if name in ours.attributes}
    if _attributes(ours) != _attributes(replace(theirs, attributes=known)):
        return False
    return ours.wkb == theirs.wkb or is_same_shape(ours.shape, theirs.shape)


def _attributes(row: Row) -> dict[str, Any]:
    return {k: v for k, v in row.attributes.items() if v is not None and k not in _NOT_COMPARED}


def _placed(
    before: tuple[Row, ...], after: tuple[Row, ...], theirs: tuple[Row, ...], parent: CoverageRows
) -> Rebased | Refused:
    was = {row.id: row.wkb for row in before}
    if set(was) == {row.id for row in after} and all(row.wkb == was[row.id] for row in after):
        own = {row.id: row for row in theirs}
        return Rebased(theirs, tuple(_dressed(row, own[row.id].wkb, own[row.id]) for row in after))
    return _with_neighbours(after, theirs, parent)


def _with_neighbours(
    after: tuple[Row, ...], theirs: tuple[Row, ...], parent: CoverageRows
) -> Rebased | Refused:
    shapes = [row.shape for row in after]
    moved = {row.id for row in theirs}
    box = shapely.total_bounds([*(row.shape for row in theirs), *shapes])
    around = [row for row in parent.near(tuple(box.tolist())) if row.id not in moved]
    near = [row.shape for row in around]
    matched = with_vertices_of(shapes, [*near, *shapes])
    neighbours = with_vertices_of(near, matched)
    if not _is_sound([row.shape for row in theirs], matched, neighbours):
        return Refused(Reason.BREAKS, theirs)
    own = {row.id: row for row in theirs}
    new = [
        _dressed(row, row.wkb if shape is old else _wkb(shape), own.get(row.id))
        for row, shape, old in zip(after, matched, shapes, strict=True)
    ]
    changed = [
        (row, Row(row.id, row.attributes, _wkb(shape)))
        for row, shape, old in zip(around, neighbours, near, strict=True)
        if shape is not old
    ]
    return Rebased((*theirs, *(row for row, _ in changed)), (*new, *(row for _, row in changed)))


def _is_sound(
    before: list[shapely.Polygon], after: list[shapely.Polygon], neighbours: list[shapely.Polygon]
) -> bool:
    """Whether the same ground is covered, without overlap, and fits its neighbours."""
    if not all(shape.is_valid and shape.geom_type == "Polygon" for shape in after):
        return False
    old, new = math.fsum(shape.area for shape in before), math.fsum(shape.area for shape in after)
    if abs(old - new) > AREA_TOLERANCE * max(1.0, old):
        return False
    ground = shapely.union_all(before)
    touching = [shape for shape in neighbours if shapely.dwithin(shape, ground, 1.0)]
    whole = [*after, *touching]
    # Vertices that lie off a side by a rounding make slivers under any width that a border could have.
    return not unmatched(np.array(whole, dtype=object)).any() and (
        shapely.symmetric_difference(ground, shapely.union_all(after)).area <= AREA_TOLERANCE * max(1.0, old)
    )


def _dressed(row: Row, wkb: bytes, theirs: Row | None) -> Row:
    """A row of the lot as the parent keeps it."""
    was = theirs.attributes if theirs else {}
    attributes = {**was, **row.attributes, "margin_of": was.get("margin_of")}
    if wkb != row.wkb:
        attributes["area_m2"] = float(shapely.area(shapely.from_wkb(wkb)))
    return Row(row.id, attributes, wkb)


def _wkb(shape: shapely.Polygon) -> bytes:
    return bytes(shapely.to_wkb(shape, byte_order=1))
