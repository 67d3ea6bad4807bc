# SPDX-License-Identifier: GPL-2.0-or-later
"""The gestures of a review in two halves: a plan, which a preview may show, and the writing of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from qgis.core import QgsRectangle

from inference_backend.contracts.lot import Operation
from inference_backend.contracts.nomenclature import Dimension
from ocsge_pi_review.domain import gestures
from ocsge_pi_review.domain.alignment import LONGEST_LEAP
from ocsge_pi_review.domain.effects import Effects, effects
from ocsge_pi_review.domain.errors import BelowMinimumError
from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.line_ends import lengthen_ends
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.plan import Plan, new_ids
from ocsge_pi_review.domain.refusal import Refusal, boxes_of
from ocsge_pi_review.domain.ribbon import MITRE_LIMIT
from ocsge_pi_review.domain.rings import Point, Polygon
from ocsge_pi_review.domain.thresholds_live import require_thresholds, threshold_changes

if TYPE_CHECKING:
    from ocsge_pi_review.adapters.review import Review

FAR_M = 60.0
"""How far around a gesture polygons are looked at to judge clusters of artificialised ground, m."""


class ReviewGestures:
    """Plans over one review; `make` writes one.

    Args:
        review: queue, focus and store.
    """

    def __init__(self, review: Review) -> None:
        self._review = review
        self._refused: Refusal | None = None

    def set_codes(self, polygon_ids: Sequence[str], codes: dict[Dimension, str]) -> Plan:
        """Give polygons the same cover or use; it settles their items."""
        patch = gestures.set_codes(self._rows(polygon_ids), codes, self._review.profile)
        operation = Operation.SET_COVER if "cs" in codes else Operation.SET_USE
        return Plan(operation, patch, tuple(polygon_ids))

    def accept(self, polygon_ids: Sequence[str]) -> Plan:
        """Accept polygons as they are."""
        return Plan(Operation.ACCEPT, gestures.keep(*self._rows(polygon_ids)), tuple(polygon_ids))

    def merge(self, neighbour_id: str) -> Plan:
        """Let a neighbour absorb the polygon in front."""
        row = self._review.row()
        patch = gestures.merge_into(row, self._review.store.row(neighbour_id))
        return Plan(Operation.MERGE, patch, (row.id,), neighbour_id)

    def absorb(self) -> Plan:
        """Give the polygon in front to the neighbour that suits it best."""
        row = self._review.row()
        patch = gestures.absorb(row, self._around([row.polygon]), self._review.profile)
        return Plan(Operation.ABSORB, patch, (row.id,), patch.after[0].id)

    def split(self, line: Sequence[Point], reach_m: float) -> Plan:
        """Cut the polygon in front; ends within reach of its border are carried across it."""
        row = self._review.row()
        longer = lengthen_ends(row.polygon, line, reach_m)
        return Plan(Operation.SPLIT, gestures.split_by(row, longer, self._around([row.polygon]), new_ids()))

    def reshape(self, line: Sequence[Point]) -> Plan:
        """Move the border of the polygon in front to a line."""
        row = self._review.row()
        around = self._around([row.polygon, (tuple(line),)])
        return Plan(Operation.RESHAPE, gestures.reshape(row, line, around, new_ids()))

    def align(self, reference: Sequence[Point], tolerance_m: float) -> Plan:
        """Move the border of the polygon in front onto a reference line."""
        row = self._review.row()
        around = self._around([row.polygon], LONGEST_LEAP * tolerance_m)
        return Plan(Operation.ALIGN, gestures.align(row, reference, tolerance_m, around, new_ids()))

    def insert(self, ring: Sequence[Point], codes: Codes) -> Plan:
        """Lay a drawn polygon over the coverage."""
        shape = (tuple(ring),)
        around = self._around([shape])
        patch = gestures.insert_polygon(shape, codes, around, new_ids(), self._review.profile)
        return Plan(Operation.INSERT, patch, (), patch.after[0].id)

    def road(self, axis: Sequence[Point], width_m: float, codes: Codes) -> Plan:
        """Lay a road over the coverage."""
        # A mitred corner reaches farther than the width.
        around = self._around([(tuple(axis),)], MITRE_LIMIT * width_m / 2)
        patch = gestures.road(axis, width_m, codes, around, new_ids(), self._review.profile)
        return Plan(Operation.ROAD, patch, (), patch.after[0].id)

    def segment(self, shape: Polygon, codes: Codes, within: str | None = None) -> Plan:
        """Lay a segment of the image over the coverage.

        Args:
            shape: its rings.
            codes: of what it becomes.
            within: the only polygon that it may cut; None for all that are free.
        """
        around = self._around([shape])
        if within is not None:
            around = [_frozen(row) if row.id != within else row for row in around]
        join = within is None
        patch = gestures.take_segment(shape, codes, around, new_ids(), self._review.profile, join)
        return Plan(Operation.SEGMENT, _thawed(patch), (), patch.after[0].id)

    def effects(self, plan: Plan) -> Effects:
        """What a plan does to thresholds and artificialisation."""
        store = self._review.store
        around = self._around([row.polygon for row in plan.patch.touched], FAR_M)
        return effects(plan.patch, around, store.zone_share, self._review.profile)

    def make(self, plan: Plan) -> None:
        """Write a plan as one gesture.

        One that brings a polygon under its minimum area is refused the first time; made again at the same
        place it is written, since a cut is often followed by the merge that heals it.

        Raises:
            ReviewError: it was refused; nothing is written.
        """
        refused, self._refused = self._refused, None
        try:
            require_thresholds(plan.patch, self._review.store.zone_share, self._review.profile)
        except BelowMinimumError:
            wanted = self._refusal(plan)
            if refused is None or not refused.is_repeated_by(wanted):
                self._refused = wanted
                raise
        names = plan.placeholders
        self._review.make(plan.with_ids(dict(zip(names, self._review.store.new_ids(len(names))))))

    def _refusal(self, plan: Plan) -> Refusal:
        """A plan as it is known again."""
        broken, _ = threshold_changes(plan.patch, self._review.store.zone_share, self._review.profile)
        small = {one.polygon_id for one in broken}
        boxes = boxes_of(row for row in plan.patch.after if row.id in small)
        return Refusal(plan.operation, self._review.polygon_id, boxes)

    def _rows(self, polygon_ids: Iterable[str]) -> tuple[PolygonRow, ...]:
        return tuple(self._review.store.row(polygon_id) for polygon_id in polygon_ids)

    def _around(self, shapes: Iterable[Polygon], margin_m: float = 0.0) -> list[PolygonRow]:
        """Polygons that may have to change or to receive vertices."""
        points = [point for shape in shapes for ring in shape for point in ring]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = QgsRectangle(min(xs), min(ys), max(xs), max(ys))
        # One metre more: a neighbour that only touches the box is a neighbour all the same.
        return self._review.store.rows_in(box.buffered(margin_m + 1.0))


_HELD = "_held"


def _frozen(row: PolygonRow) -> PolygonRow:
    """The same polygon as if it were locked, so that it keeps its ground."""
    return row.with_values(ossature=1, **{_HELD: row.attributes.get("ossature")})


def _thawed(patch: Patch) -> Patch:
    return Patch(tuple(map(_own, patch.before)), tuple(map(_own, patch.after)))


def _own(row: PolygonRow) -> PolygonRow:
    if _HELD not in row.attributes:
        return row
    values = {name: value for name, value in row.attributes.items() if name != _HELD}
    return PolygonRow(row.id, {**values, "ossature": row.attributes[_HELD]}, row.wkb)
