# SPDX-License-Identifier: GPL-2.0-or-later
"""A review in progress: which item is in front, and the one door by which gestures are written."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from qgis.core import QgsRectangle
from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.lot import ItemState, Operation
from inference_backend.contracts.profile import Profile
from inference_backend.contracts.thresholds import minimum_area_m2
from ocsge_pi_review.adapters.changed_ground import changed_m2, require_valid
from ocsge_pi_review.adapters.gpkg_blob import box_of_row
from ocsge_pi_review.adapters.lot_handover import begin_work
from ocsge_pi_review.adapters.lot_store import OPEN_STATES, LotStore
from ocsge_pi_review.domain import decisions
from ocsge_pi_review.domain.errors import HeldItemError, LostPolygonError, StalePolygonError
from ocsge_pi_review.domain.gestures import keep
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.margin import require_margin_kept
from ocsge_pi_review.domain.merge import common_borders
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.domain.queue import LOWEST_RANK

_TOUCHING_M = 0.01
"""A box of no margin would miss neighbours that only touch it."""


class Review(QObject):
    """Queue, focus and gestures over one lot.

    Signals:
        focus_changed(): another item or polygon is in front.
        item_changed(int): the decision of an item changed.
        polygons_changed(object): ids of rows added, changed or removed.
        filter_changed(): the queue shows other items.
        item_held(object): the item now in front is with a colleague: a `HeldItemError`.
        performed(object): a `Gesture` is on the disk.

    Args:
        store: the lot.
        profile: codes and thresholds.
    """

    focus_changed = pyqtSignal()
    item_changed = pyqtSignal(int)
    polygons_changed = pyqtSignal(object)
    filter_changed = pyqtSignal()
    item_held = pyqtSignal(object)
    performed = pyqtSignal(object)

    def __init__(self, store: LotStore, profile: Profile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store, self.profile = store, profile
        self.item: ReviewItem | None = None
        """The item in front, None for a polygon that is not in the queue."""
        self.polygon_id: str | None = None
        self._filter = ItemFilter()
        self._rank = LOWEST_RANK
        self._since_s = time.monotonic()

    @property
    def item_id(self) -> int | None:
        """Id of the item in front."""
        return None if self.item is None else self.item.item_id

    @property
    def filter(self) -> ItemFilter:
        """What of the queue is walked through."""
        return self._filter

    @filter.setter
    def filter(self, wanted: ItemFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self.filter_changed.emit()

    @property
    def spent_s(self) -> float:
        """Time since the item was put in front or the last gesture made, s."""
        return time.monotonic() - self._since_s

    def row(self) -> PolygonRow:
        """The polygon in front.

        Raises:
            LostPolygonError: it was merged away, or nothing is in front.
        """
        return self.store.row(self.polygon_id or "")

    def around(self, row: PolygonRow) -> list[PolygonRow]:
        """Polygons whose box meets that of `row`, itself excluded."""
        box = QgsRectangle(*box_of_row(row)).buffered(_TOUCHING_M)
        return [other for other in self.store.rows_in(box) if other.id != row.id]

    def minimum_m2(self, row: PolygonRow) -> float:
        """The least area the profile allows that polygon, m2."""
        return minimum_area_m2(row.cs, self.store.zone_share(row), self.profile)

    def borders_m(self, row: PolygonRow) -> dict[str, float]:
        """By code, cover or use, length of the border shared with neighbours that carry it, m."""
        lengths: dict[str, float] = {}
        free = [other for other in self.around(row) if not other.is_locked]
        shared_m = common_borders(row.polygon, (other.polygon for other in free))
        for other, length_m in zip(free, shared_m):
            if length_m > 0:
                for code in (other.cs, other.us):
                    lengths[code] = lengths.get(code, 0.0) + length_m
        return lengths

    def show_item(self, item_id: int | None) -> None:
        """Put an item in front; None leaves things as they are."""
        item = None if item_id is None else self.store.item(item_id)
        if item is not None:
            self._focus(item, self._polygon_of(item))

    def show_polygon(self, polygon_id: str) -> None:
        """Put a polygon in front, with its item if it has one."""
        self._focus(self.store.items_of([polygon_id]).get(polygon_id), polygon_id)

    def step(self, places: int) -> None:
        """Go forward or back in the queue."""
        item = self.store.neighbour(self._filter, self._rank, places)
        if item is not None:
            self._focus(item, self._polygon_of(item))

    def go_to_top(self) -> None:
        """Let the next step begin at the top of the queue, where items were put meanwhile."""
        self._rank = LOWEST_RANK
        self.filter_changed.emit()

    def next_todo(self) -> bool:
        """Go to the next item to do; False when none is left."""
        item = self._following()
        if item is not None:
            self._focus(item, self._polygon_of(item), is_taken=True)
        return item is not None

    def accept(self) -> bool:
        """Accept the proposal and go to the next item; False when none is left."""
        if self.item is not None and self.item.is_open:
            row = self.row()
            self.make(Plan(Operation.ACCEPT, keep(row), (row.id,)))
        return self.next_todo()

    def postpone(self, comment: str, ask: bool, sketch: str | None = None) -> None:
        """Leave the item for later, or for the controller, with a comment.

        Raises:
            LostPolygonError: no item is in front, or its polygon was absorbed.
        """
        if self.item is None:
            raise LostPolygonError(id=self.polygon_id or "")
        if not self.item.is_open:
            # One that is open again must have a polygon to be decided on.
            self.store.row(self.item.polygon_id)
        state, operation = ItemState.POSTPONED, Operation.POSTPONE
        if ask:
            state, operation = ItemState.ASKED, Operation.ASK
        self.perform(
            operation, self._kept(), [self._decided(self.item, state, comment=comment, sketch=sketch)]
        )

    def comment(self, comment: str, sketch: str | None = None) -> None:
        """Write a comment and leave the item's state.

        Raises:
            LostPolygonError: no item is in front.
        """
        if self.item is None:
            raise LostPolygonError(id=self.polygon_id or "")
        decision = {**self.item.decision, "comment": comment or None, "sketch": sketch}
        self.perform(Operation.COMMENT, self._kept(), [decision])

    def make(self, plan: Plan) -> Gesture:
        """Write a plan; the items of the polygons it settles are decided with it, be they many.

        Raises:
            ReviewError: it was refused; nothing is written.
        """
        if not plan.patch.after:
            raise LostPolygonError(id=", ".join(plan.settles) or "–")
        items = self.store.items_of(plan.settles)
        if self.item is not None and self.item.is_open and self.polygon_id in plan.settles:
            items.setdefault(self.item.polygon_id, self.item)
        spent_s = self.spent_s / max(len(items), 1)
        after = {row.id: row for row in plan.patch.after}
        # A polygon that a neighbour absorbed takes the neighbour's codes.
        heir = after.get(plan.front or self.polygon_id or "", plan.patch.after[0])
        done = [
            decisions.done(item, after.get(item.polygon_id, heir), self.store.operator, spent_s)
            for item in items.values()
        ]
        gesture = self.perform(plan.operation, plan.patch, done)
        if plan.front is not None and plan.front != self.polygon_id:
            # The item stays: going on in the queue starts from it.
            self.polygon_id = plan.front
            self.focus_changed.emit()
        return gesture

    def perform(
        self, operation: Operation, patch: Patch, decided: Iterable[Mapping[str, Any]] = ()
    ) -> Gesture:
        """Write a gesture: the journal, the polygons and the decisions, all or none.

        Args:
            operation: its name.
            patch: rows before and after.
            decided: decision columns of items as they become; items of polygons that go are added as gone.

        Raises:
            MarginPolygonError: it changes a polygon of another lot.
            InvalidResultError: a new geometry is invalid.
            StalePolygonError, HeldItemError, JournalError: see `LotStore.perform`; nothing is written.
        """
        require_margin_kept(patch)
        require_valid(patch)
        gesture = self._gesture(operation, patch, {int(d["item_id"]): dict(d) for d in decided})
        self._write(gesture, self.spent_s)
        return gesture

    def undo(self) -> Gesture | None:
        """Take the operator's last gesture back and show where it was; None when there is none."""
        made = self.store.last_done()
        return None if made is None else self._turn(made.turned(Operation.UNDO))

    def redo(self) -> Gesture | None:
        """Do it again; None when nothing was undone."""
        made = self.store.last_undone()
        return None if made is None else self._turn(replace(made, operation=Operation.REDO))

    def take_back(self, gesture: Gesture) -> Gesture:
        """Write the undo of any gesture, an old one or a colleague's, and show where it was.

        Raises:
            StalePolygonError, HeldItemError, JournalError: see `LotStore.perform`; nothing is written.
        """
        return self._turn(gesture)

    def refresh(self) -> None:
        """Read the item in front again: a colleague may have changed it."""
        if self.item is not None:
            self.item = self.store.item(self.item.item_id)

    def _show_as_it_is(self) -> None:
        """Somebody else changed what is in front: what they made of it is to be seen."""
        self.refresh()
        if self.item is not None:
            self.item_changed.emit(self.item.item_id)

    def _following(self) -> ReviewItem | None:
        states = self._filter.states
        if states and not set(states) & set(OPEN_STATES):
            # Postponed items, for instance, are walked through one after the other.
            return self.store.neighbour(self._filter, self._rank, 1)
        return self.store.take_next(self._filter, self._rank)

    def _polygon_of(self, item: ReviewItem) -> str:
        """Its polygon; of one that was absorbed and is sent back, the polygon that lies there now."""
        if item.state is not ItemState.REDO or item.x is None or item.y is None:
            return item.polygon_id
        if self.store.rows([item.polygon_id]):
            return item.polygon_id
        there = self.store.row_at((item.x, item.y))
        return item.polygon_id if there is None else there.id

    def _focus(self, item: ReviewItem | None, polygon_id: str, is_taken: bool = False) -> None:
        former = self.item_id
        refusal = None
        if item is not None and not is_taken:
            try:
                item = self.store.take(item.item_id)
            except HeldItemError as error:
                refusal = error
        self.item, self.polygon_id = item, polygon_id
        self._rank = self._rank if item is None else item.rank
        self._since_s = time.monotonic()
        # First: where the one before cannot be given back, the screen shows what keys decide all the same.
        self.focus_changed.emit()
        if former is not None and former != self.item_id:
            self.store.release([former])
        if refusal is not None:
            self.item_held.emit(refusal)

    def _kept(self) -> Patch:
        rows = self.store.rows([self.polygon_id or ""])
        return keep(*rows.values())

    def _decided(self, item: ReviewItem, state: ItemState, **values: Any) -> dict[str, Any]:
        return decisions.decided(item, state, self.store.operator, self.spent_s, **values)

    def _gesture(self, operation: Operation, patch: Patch, decided: dict[int, dict[str, Any]]) -> Gesture:
        items = {item.item_id: item for item in self.store.items_of(patch.ids).values()}
        missing = decided.keys() - items.keys()
        items.update({item_id: item for item_id in missing if (item := self.store.item(item_id)) is not None})
        gone = set(patch.removed_ids)
        for item in items.values():
            if item.polygon_id in gone and item.item_id not in decided:
                decided[item.item_id] = {**item.decision, "state": ItemState.GONE.value}
        in_front = self.item
        if in_front is not None and in_front.item_id in items:
            # As it is on the screen: a decision that the operator has not seen is not overwritten.
            items[in_front.item_id] = in_front
        order = sorted(
            decided, key=lambda item_id: (in_front is None or item_id != in_front.item_id, item_id)
        )
        return Gesture(
            str(uuid.uuid4()),
            operation,
            patch,
            tuple(items[item_id].decision for item_id in order),
            tuple(decided[item_id] for item_id in order),
            None if in_front is None else in_front.item_id,
            () if in_front is None else in_front.reasons,
            changed_m2(patch),
        )

    def _turn(self, gesture: Gesture) -> Gesture:
        self._write(gesture, 0.0)
        if gesture.item_id is not None:
            self.show_item(gesture.item_id)
        elif gesture.patch.after:
            self.show_polygon(gesture.patch.after[0].id)
        return gesture

    def _write(self, gesture: Gesture, duration_s: float) -> None:
        begin_work(self.store)
        try:
            self.store.perform(gesture, duration_s)
        except (StalePolygonError, HeldItemError):
            self._show_as_it_is()
            raise
        self._since_s = time.monotonic()
        self.refresh()
        # The map first: what is written to the panels is painted with it.
        if gesture.patch.changes_layer:
            self.polygons_changed.emit(gesture.patch.ids)
        for decision in gesture.items_after:
            self.item_changed.emit(int(decision["item_id"]))
        self.performed.emit(gesture)
