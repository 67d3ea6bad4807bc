# SPDX-License-Identifier: GPL-2.0-or-later
"""Gestures as a review makes them."""

from __future__ import annotations

import uuid

from inference_backend.contracts.lot import ItemState, Operation
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.domain import decisions
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.patch import Patch


def set_cover(store: LotStore, item: ReviewItem, code: str = "CS1.2.2") -> Gesture:
    """The gesture that gives an item's polygon another cover and settles the item."""
    row = store.row(item.polygon_id)
    after = row.with_values(code_cs=code, cs_rule="operator")
    done = decisions.done(item, after, store.operator, 1.5)
    return _gesture(Operation.SET_COVER, Patch((row,), (after,)), item, done)


def accept(store: LotStore, item: ReviewItem) -> Gesture:
    row = store.row(item.polygon_id)
    return _gesture(
        Operation.ACCEPT, Patch((row,), (row,)), item, decisions.done(item, row, store.operator, 1.0)
    )


def postpone(store: LotStore, item: ReviewItem) -> Gesture:
    row = store.row(item.polygon_id)
    later = decisions.decided(item, ItemState.POSTPONED, store.operator, 1.0, comment="à revoir")
    return _gesture(Operation.POSTPONE, Patch((row,), (row,)), item, later)


def _gesture(operation: Operation, patch: Patch, item: ReviewItem, decision: dict) -> Gesture:
    before, after = (item.decision,), (decision,)
    return Gesture(str(uuid.uuid4()), operation, patch, before, after, item.item_id, item.reasons, 12.5)
