# SPDX-License-Identifier: GPL-2.0-or-later
"""Taking back one old edit, whoever made it, where nothing stands on it."""

from __future__ import annotations

from dataclasses import replace

from inference_backend.contracts.lot import Operation
from ocsge_pi_review.adapters.edits import EditLog
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.domain.edit_errors import EditTakenBackError
from ocsge_pi_review.domain.edits import changed_since, require_takeable
from ocsge_pi_review.domain.journal import Gesture, JournalRow


def gesture_back(store: LotStore, log: EditLog, seq: int) -> Gesture:
    """The gesture that takes an edit back; an item that somebody decided anew since keeps its decision.

    Raises:
        EditTakenBackError: it holds no longer, or is itself an undo.
        EditTouchedSinceError: a later edit stands on it.
    """
    row = log.row(seq)
    if row is None:
        raise EditTakenBackError(seq=seq)
    now = store.rows(row.gesture.patch.ids)
    later = log.later_on(row) if changed_since(row, now) else ()
    require_takeable(row, now, later)
    return _without_new_decisions(store, row).turned(Operation.UNDO)


def take_back(store: LotStore, log: EditLog, seq: int) -> Gesture:
    """Take an edit back by a gesture of its own, which a redo makes again.

    Raises:
        EditTakenBackError: it holds no longer, or is itself an undo.
        EditTouchedSinceError: a later edit stands on it.
        StalePolygonError, HeldItemError, JournalError: as `LotStore.perform`.
    """
    gesture = gesture_back(store, log, seq)
    store.perform(gesture, 0.0)
    return gesture


def _without_new_decisions(store: LotStore, row: JournalRow) -> Gesture:
    gesture, kept = row.gesture, []
    for before, after in zip(gesture.items_before, gesture.items_after):
        item = store.item(int(after["item_id"]))
        if item is not None and all(item.decision.get(name) == value for name, value in after.items()):
            kept.append((before, after))
    return replace(
        gesture,
        items_before=tuple(before for before, _ in kept),
        items_after=tuple(after for _, after in kept),
    )
