# SPDX-License-Identifier: GPL-2.0-or-later
"""A review in progress: what is in front of the operator, and one method per gesture."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsGeometry
from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.lot import ItemState, Operation
from inference_backend.contracts.nomenclature import Dimension
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters.coverage_layer import CoverageLayer
from ocsge_pi_review.adapters.journalled_layer import JournalledLayer
from ocsge_pi_review.adapters.lot_file import now_utc
from ocsge_pi_review.adapters.zones import ZoneConstruite
from ocsge_pi_review.domain import gestures
from ocsge_pi_review.domain.errors import LostPolygonError
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.merge import common_border
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.queue import ReviewQueue
from ocsge_pi_review.domain.rings import Point
from ocsge_pi_review.domain.rules import minimum_area_m2


@dataclass(frozen=True)
class SmallPart:
    """A polygon that a gesture left under its minimum area; areas in m2."""

    polygon_id: str
    area_m2: float
    minimum_m2: float


class Review(QObject):
    """Queue, focus and gestures over one lot.

    Signals:
        focus_changed(): another item or polygon is in front.
        item_changed(int): the decision of an item changed.
        polygons_changed(object): ids of rows added, changed or removed.
        left_small(object): list of `SmallPart` after a cut.

    Args:
        queue: the items.
        coverage: the polygons.
        journal: the writer.
        profile: codes and thresholds.
        zone: the zone construite.
        new_id: gives unused polygon ids.
    """

    focus_changed = pyqtSignal()
    item_changed = pyqtSignal(int)
    polygons_changed = pyqtSignal(object)
    left_small = pyqtSignal(object)

    def __init__(
        self,
        queue: ReviewQueue,
        coverage: CoverageLayer,
        journal: JournalledLayer,
        profile: Profile,
        zone: ZoneConstruite,
        new_id: Any,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.queue, self.coverage, self.journal, self.profile = queue, coverage, journal, profile
        self._zone, self._new_id = zone, new_id
        self.item_id: int | None = None
        self.polygon_id: str | None = None
        self._since = time.monotonic()
        journal.journalled.connect(self._on_journalled)

    @property
    def item(self) -> ReviewItem | None:
        """The item in front, None for a polygon that is not in the queue."""
        return None if self.item_id is None else self.queue[self.item_id]

    def row(self) -> PolygonRow:
        """The polygon in front.

        Raises:
            LostPolygonError: it was merged away, or nothing is in front.
        """
        return self.coverage.row(self.polygon_id or "")

    def minimum_m2(self, row: PolygonRow) -> float:
        """The least area the profile allows that polygon, m2."""
        geometry = QgsGeometry()
        geometry.fromWkb(row.wkb)
        return minimum_area_m2(self.profile, row.cs, self._zone.holds(geometry))

    def borders_m(self, row: PolygonRow, dimension: Dimension) -> dict[str, float]:
        """By code, length of the border shared with neighbours that carry it, m."""
        lengths: dict[str, float] = {}
        for other in self.coverage.around(row):
            code = other.cs if dimension == "cs" else other.us
            shared = common_border(row.polygon, other.polygon)
            if shared > 0 and not other.is_locked:
                lengths[code] = lengths.get(code, 0.0) + shared
        return lengths

    def show_item(self, item_id: int | None) -> None:
        """Put an item in front; None leaves things as they are."""
        if item_id is not None:
            self._focus(item_id, self.queue[item_id].polygon_id)

    def show_polygon(self, polygon_id: str) -> None:
        """Put a polygon in front, with its item if it has one."""
        item = self.queue.of_polygon(polygon_id)
        self._focus(None if item is None else item.item_id, polygon_id)

    def step(self, places: int) -> None:
        """Go forward or back in the queue."""
        self.show_item(self.queue.neighbour(self.item_id, places))

    def next_todo(self) -> bool:
        """Go to the next untouched item; False when none is left."""
        following = self.queue.next_todo(self.item_id)
        self.show_item(following)
        return following is not None

    def accept(self) -> bool:
        """Accept the proposal and go to the next item; False when none is left."""
        item = self.item
        if item is not None and item.is_open:
            self._decide(Operation.ACCEPT, gestures.keep(self.row()))
        return self.next_todo()

    def set_code(self, dimension: Dimension, code: str) -> None:
        """Give the polygon in front another cover or use."""
        operation = Operation.SET_COVER if dimension == "cs" else Operation.SET_USE
        self._decide(operation, gestures.set_code(self.row(), dimension, code, self.profile))

    def take_runner_up(self) -> bool:
        """Give the polygon the model's second choice; False where there is none."""
        runner_up = self.row().attributes.get("runner_up_cs")
        if runner_up:
            self.set_code("cs", str(runner_up))
        return bool(runner_up)

    def merge_into(self, neighbour_id: str) -> None:
        """Let a neighbour absorb the polygon in front, which then stands in front."""
        patch = gestures.merge_into(self.row(), self.coverage.row(neighbour_id))
        self._decide(Operation.MERGE, patch)
        self.polygon_id = neighbour_id
        self.focus_changed.emit()

    def split(self, line: Sequence[Point]) -> None:
        """Cut the polygon in front; the largest part stays in front, undecided."""
        row = self.row()
        patch = gestures.split_by(row, line, self.coverage.around(row), self._new_id)
        decision = None if self.item is None else self.item.decision
        self._perform(Operation.SPLIT, patch, decision)
        self.focus_changed.emit()
        parts = [part for part in patch.after if part.id not in {r.id for r in patch.before[1:]}]
        small = [SmallPart(p.id, p.attributes["area_m2"], self.minimum_m2(p)) for p in parts]
        small = [part for part in small if part.area_m2 < part.minimum_m2]
        if small:
            self.left_small.emit(small)

    def postpone(self, comment: str, ask: bool) -> None:
        """Leave the item for later, or for the controller, with a comment."""
        item = self.item
        if item is None:
            raise LostPolygonError(id=self.polygon_id or "")
        state = ItemState.ASKED if ask else ItemState.POSTPONED
        decision = self._decision(item, state, None, None, comment)
        operation = Operation.ASK if ask else Operation.POSTPONE
        self._perform(operation, gestures.keep(self.row()), decision)

    def undo(self) -> Gesture | None:
        """Take the last gesture back and show where it was; None when there is none."""
        return self._show(self.journal.undo())

    def redo(self) -> Gesture | None:
        """Do it again; None when nothing was undone."""
        return self._show(self.journal.redo())

    def _show(self, gesture: Gesture | None) -> Gesture | None:
        if gesture is not None:
            if gesture.item_id is not None:
                self.show_item(gesture.item_id)
            elif gesture.patch.after:
                self.show_polygon(gesture.patch.after[0].id)
        return gesture

    def _focus(self, item_id: int | None, polygon_id: str) -> None:
        self.item_id, self.polygon_id = item_id, polygon_id
        self._since = time.monotonic()
        self.focus_changed.emit()

    def _decide(self, operation: Operation, patch: Patch) -> None:
        """Perform a gesture that settles the item in front."""
        final, item = patch.after[0], self.item
        decision = None
        if item is not None:
            decision = self._decision(item, ItemState.DONE, final.cs, final.us, item.comment)
        self._perform(operation, patch, decision)

    def _decision(
        self, item: ReviewItem, state: ItemState, cs: str | None, us: str | None, comment: str | None
    ) -> dict[str, Any]:
        spent = (item.duration_s or 0.0) + time.monotonic() - self._since
        return {
            "item_id": item.item_id,
            "state": state.value,
            "decision_cs": cs,
            "decision_us": us,
            "operator": self.journal.operator,
            "decided_at": now_utc(),
            "duration_s": round(spent, 1),
            "comment": comment or None,
        }

    def _perform(self, operation: Operation, patch: Patch, decision: dict[str, Any] | None) -> None:
        before = None if self.item is None else self.item.decision
        gesture = Gesture(str(uuid.uuid4()), operation, patch, before, decision)
        self.journal.perform(gesture, time.monotonic() - self._since)
        self._since = time.monotonic()

    def _on_journalled(self, gesture: Gesture) -> None:
        if gesture.item_after is not None:
            item_id = int(gesture.item_after["item_id"])
            self.queue.replace(self.queue[item_id].with_decision(gesture.item_after))
            self.item_changed.emit(item_id)
        self.polygons_changed.emit(gesture.patch.ids)
