# SPDX-License-Identifier: GPL-2.0-or-later
"""Handing a lot over: its state, and what a rejected one has to be looked at again."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Sequence
from datetime import datetime, timezone

from inference_backend.contracts.lot import ItemState, LotKey, LotState, Operation
from inference_backend.contracts.lot_states import STATE_NAMES, changed_state, state_of
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.adapters.verify_lot import GoesOn, verify_lot
from ocsge_pi_review.domain.errors import DamagedLotError, NoRightError
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.lot_errors import ClosedLotError, TamperedLotError, UnknownItemError
from ocsge_pi_review.domain.patch import Patch

HANDED_IN = (LotState.DELIVERED, LotState.ACCEPTED)
"""States in which nobody changes a lot; while it is controlled, the controller does."""
BEFORE_WORK = (LotState.PREPARED, LotState.ASSIGNED, LotState.REJECTED)
_IDS_SHOWN = 10


def begin_work(store: LotStore) -> None:
    """Let a gesture through; the first one on a lot that was handed out tells that work has begun.

    Raises:
        ClosedLotError: the lot was handed in.
    """
    state = state_of(store.metadata)
    if state in HANDED_IN:
        english, french = STATE_NAMES[state]
        raise ClosedLotError(label=store.label, state_en=english, state_fr=french)
    if state in BEFORE_WORK and LotKey.STATE.value in store.metadata:
        try:
            change_state(store, LotState.IN_INTERPRETATION)
        except NoRightError:
            # In a database it may be the manager alone who says where a lot stands.
            store.metadata[LotKey.STATE.value] = LotState.IN_INTERPRETATION.value


def change_state(
    store: LotStore, wanted: LotState, comment: str = "", goes_on: GoesOn = lambda _share: True
) -> None:
    """Give a lot another state, with a line in its history.

    Args:
        store: the lot.
        wanted: its new state.
        comment: why; of a lot that is assigned, to whom.
        goes_on: told the share of a delivery that is checked; False stops it.

    Raises:
        LotStateError: that state may not follow.
        InterruptedError: the check was stopped; the state stays.
        TamperedLotError: delivered, and the polygons are not what the journal makes of them.
        JournalError: it cannot be written.
    """
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    values = changed_state(
        store.metadata, wanted, by=store.operator, time_utc=now, comment=comment, label=store.label
    )
    if wanted is LotState.DELIVERED:
        require_journalled(store, goes_on)
    if wanted is LotState.ASSIGNED:
        values[LotKey.ASSIGNED_TO.value] = comment
    store.set_metadata(values)


def require_journalled(store: LotStore, goes_on: GoesOn = lambda _share: True) -> None:
    """Accept a lot that is what its journal says; one in a database is kept right by the server's rights.

    Raises:
        TamperedLotError: it is not.
        DamagedLotError: its journal or its polygons cannot be read.
        InterruptedError: it was stopped.
    """
    if not isinstance(store, GpkgStore):
        return
    try:
        verdict = verify_lot(store.path, goes_on)
    except sqlite3.Error as error:
        raise DamagedLotError(path=store.label, reason=error) from error
    if not verdict.is_sound:
        shown = ", ".join(verdict.differing[:_IDS_SHOWN]) or "?"
        raise TamperedLotError(label=store.label, ids=shown)


def reject(store: LotStore, items: Sequence[int], reason: str) -> None:
    """Send a lot back with items to decide again; the reason is what the operator reads at each.

    Raises:
        UnknownItemError: one is not in the lot; nothing is written.
        LotStateError, JournalError: see `change_state`.
    """
    found = []
    for number in items:
        item = store.item(number)
        if item is None or item.state is ItemState.GONE:
            raise UnknownItemError(item=number)
        found.append(item)
    change_state(store, LotState.REJECTED, reason)
    if found:
        again = {"state": ItemState.REDO.value, "answer": reason or None}
        before = tuple(item.decision for item in found)
        after = tuple({**decision, **again} for decision in before)
        store.perform(Gesture(str(uuid.uuid4()), Operation.COMMENT, Patch((), ()), before, after), 0.0)
