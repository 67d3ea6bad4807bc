# SPDX-License-Identifier: GPL-2.0-or-later
"""Reading a journal: what is in force, what can be undone, what can be done again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from inference_backend.contracts.lot import Operation
from ocsge_pi_review.domain.patch import Patch, PolygonRow


@dataclass(frozen=True)
class Gesture:
    """One gesture, ready to be journalled.

    Attributes:
        gesture_id: UUID; an undo carries that of the gesture it takes back.
        operation: what was done.
        patch: rows of the coverage before and after.
        item_before: decision columns of the item as they were, None where no item was in front.
        item_after: the same, as they become.
    """

    gesture_id: str
    operation: Operation
    patch: Patch
    item_before: dict[str, Any] | None = None
    item_after: dict[str, Any] | None = None

    @property
    def item_id(self) -> int | None:
        """The item in front of the operator."""
        return None if self.item_before is None else int(self.item_before["item_id"])

    def turned(self, operation: Operation) -> Gesture:
        """The undo of a gesture, or the redo of an undo."""
        return Gesture(self.gesture_id, operation, self.patch.inverse, self.item_after, self.item_before)


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
