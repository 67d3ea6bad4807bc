# SPDX-License-Identifier: GPL-2.0-or-later
"""Reading a journal: what is in force, what can be undone, what can be done again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from inference_backend.contracts.lot import Operation
from ocsge_pi_review.domain.patch import Patch, PolygonRow

TURNS = (Operation.UNDO, Operation.REDO)
"""Operations that take another gesture back or make it again."""


@dataclass(frozen=True)
class Gesture:
    """One gesture, ready to be journalled.

    Attributes:
        gesture_id: UUID; an undo carries that of the gesture it takes back.
        operation: what was done.
        patch: rows of the coverage before and after.
        items_before: decision columns of the items touched, as they were; the item in front first.
        items_after: the same items, as they become.
        item_id: the item in front, None where the polygon is not in the queue.
        reasons: why that item was in the queue.
        changed_m2: area whose cover or use changes, m2.
    """

    gesture_id: str
    operation: Operation
    patch: Patch
    items_before: tuple[dict[str, Any], ...] = ()
    items_after: tuple[dict[str, Any], ...] = ()
    item_id: int | None = None
    reasons: tuple[str, ...] = ()
    changed_m2: float = 0.0

    def turned(self, operation: Operation) -> Gesture:
        """The undo of a gesture, or the redo of an undo."""
        return replace(
            self,
            operation=operation,
            patch=self.patch.inverse,
            items_before=self.items_after,
            items_after=self.items_before,
        )


@dataclass(frozen=True)
class JournalRow:
    """A gesture as the journal keeps it.

    Attributes:
        seq: 1..n without hole.
        time_utc: ISO 8601.
        duration_s: time since the gesture before or since the item's opening, s.
        is_in_force: False once it is taken back, and for the rows of undo and redo themselves.
    """

    seq: int
    gesture: Gesture
    time_utc: str
    operator: str
    duration_s: float
    is_in_force: bool


@dataclass(frozen=True)
class History:
    """Gestures in force and taken back, oldest first."""

    done: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()

    def after(self, operation: Operation, gesture_id: str) -> History:
        """The history once a journal row was added."""
        if operation is Operation.UNDO:
            return History(_without(self.done, gesture_id), (*self.undone, gesture_id))
        if operation is Operation.REDO:
            return History((*self.done, gesture_id), _without(self.undone, gesture_id))
        return History((*self.done, gesture_id), ())


def fold(rows: Iterable[tuple[Operation, str]]) -> History:
    """The history that a journal tells, from (operation, gesture_id) in order."""
    history = History()
    for operation, gesture_id in rows:
        history = history.after(operation, gesture_id)
    return history


def _without(ids: tuple[str, ...], gesture_id: str) -> tuple[str, ...]:
    return tuple(known for known in ids if known != gesture_id)


def net_effect(patches: Iterable[Patch]) -> tuple[dict[str, PolygonRow | None], dict[str, PolygonRow]]:
    """What a run of patches leaves: by id, the last row (None: deleted) and the first row seen.

    Applying the last rows gives the same layer whether some, all or none of the patches are in it already.
    """
    last: dict[str, PolygonRow | None] = {}
    first: dict[str, PolygonRow] = {}
    for patch in patches:
        for row in patch.before:
            if row.id not in last:
                first[row.id] = row
        last.update(dict.fromkeys(patch.removed_ids))
        last.update({row.id: row for row in patch.after})
    return last, first
