# SPDX-License-Identifier: GPL-2.0-or-later
"""Handing a lot over in QGIS: who may change it when, and what is checked before it leaves."""

from __future__ import annotations

import json

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QMenu, QWidget

from inference_backend.contracts.fingerprint import combined, row_fingerprint, to_text
from inference_backend.contracts.lot import ItemState, LotKey, LotState
from inference_backend.contracts.lot_states import LotStateError, state_of
from ocsge_common.messages import MessageLog
from ocsge_pi_review.adapters.lot_handover import change_state, reject
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.domain.errors import DamagedLotError
from ocsge_pi_review.domain.lot_errors import ClosedLotError, TamperedLotError, UnknownItemError
from ocsge_pi_review.gui.lot_state import LotStateMenu, StateDialog
from tests.qgis.pi_review.algorithms import registered_provider, run


@pytest.fixture
def handed_out(lot):
    """A lot that says where it stands and what it was like."""
    rows = lot.store.rows_in(lot.layers.occupation.extent())
    base = combined(row_fingerprint(row.id, row.attributes, row.wkb) for row in rows)
    lot.store.set_metadata(
        {LotKey.STATE.value: LotState.ASSIGNED.value, LotKey.BASE_FINGERPRINT.value: to_text(base)}
    )
    lot.review.next_todo()
    return lot


def test_the_first_gesture_begins_the_work_and_a_delivered_lot_takes_none(handed_out):
    review, store = handed_out.review, handed_out.store
    review.accept()
    assert state_of(store.metadata) is LotState.IN_INTERPRETATION

    change_state(store, LotState.DELIVERED)

    with pytest.raises(ClosedLotError) as error:
        review.accept()
    assert "livré" in error.value.text("fr")
    with pytest.raises(ClosedLotError):
        review.undo()
    assert store.last_seq() == 1
    lines = json.loads(store.metadata[LotKey.HISTORY.value])
    assert [(line["state"], line["by"]) for line in lines] == [
        ("in_interpretation", "essai"), ("delivered", "essai")
    ]  # fmt: skip
    change_state(store, LotState.IN_INTERPRETATION)
    review.accept()
    assert store.last_seq() == 2


def test_a_lot_changed_past_its_journal_is_not_delivered(handed_out):
    store = handed_out.store
    handed_out.review.accept()
    row = next(r for r in store.rows_in(handed_out.layers.occupation.extent()) if not r.is_locked)
    store._coverage.put(row.with_values(code_us="US5", us_rule="hand"))

    with pytest.raises(TamperedLotError):
        change_state(store, LotState.DELIVERED)
    assert state_of(store.metadata) is LotState.IN_INTERPRETATION


def test_a_lot_whose_journal_cannot_be_read_is_not_delivered(handed_out):
    store = handed_out.store
    handed_out.review.accept()
    store._connection.execute("UPDATE edit_journal SET before = '{'")

    with pytest.raises(DamagedLotError, match="journal"):
        change_state(store, LotState.DELIVERED)
    assert state_of(store.metadata) is LotState.IN_INTERPRETATION


def test_a_rejected_lot_serves_what_has_to_be_decided_again(handed_out):
    review, store = handed_out.review, handed_out.store
    item = review.item_id
    review.accept()
    change_state(store, LotState.DELIVERED)
    change_state(store, LotState.IN_CONTROL)
    with pytest.raises(UnknownItemError):
        reject(store, [item, 9999], "à revoir")
    with pytest.raises(LotStateError):
        change_state(store, LotState.PREPARED)

    reject(store, [item], "c'est un pré")

    again = store.item(item)
    assert (again.state, again.answer) == (ItemState.REDO, "c'est un pré")
    assert state_of(store.metadata) is LotState.REJECTED
    review.show_item(item)
    review.accept()
    assert store.item(item).state is ItemState.DONE


def test_the_menu_offers_what_may_follow(handed_out, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    menu, open_lots = QMenu(window), [handed_out]
    states = LotStateMenu(menu, lambda: open_lots[0], MessageLog("essai"), window)
    handed_out.review.accept()

    menu.aboutToShow.emit()
    names = [action.objectName() for action in states.menu.actions() if action.objectName()]
    assert names == ["lotState_delivered", "lotState_assigned"]
    states.menu.actions()[0].trigger()
    assert state_of(handed_out.store.metadata) is LotState.DELIVERED
    menu.aboutToShow.emit()
    callback = states.menu.actions()[1]
    assert "back" in callback.text() or "Rappeler" in callback.text()
    callback.trigger()
    states.change(handed_out, LotState.ASSIGNED, "Paul")
    assert handed_out.store.metadata[LotKey.ASSIGNED_TO.value] == "Paul"
    states.change(handed_out, LotState.IN_INTERPRETATION)
    states.change(handed_out, LotState.DELIVERED)
    menu.aboutToShow.emit()
    assert "delivered" in states.menu.title() or "livré" in states.menu.title()
    open_lots[0] = None
    menu.aboutToShow.emit()
    assert not states.menu.isEnabled()


def test_numbers_of_items_are_read_however_they_are_separated(qgis_app):
    dialog = StateDialog(LotState.REJECTED, 12)
    assert dialog.items == (12,)
    dialog.items_line.setText("12, 15  7")
    assert dialog.items == (12, 15, 7)
    dialog.items_line.setText("12 quinze")
    with pytest.raises(UnknownItemError):
        _ = dialog.items


def test_processing_changes_the_state_of_a_closed_lot(handed_out):
    path = handed_out.path
    handed_out.review.accept()
    handed_out.close(QgsProject.instance())

    with registered_provider():
        answer, _ = run("setlotstate", {"LOT": str(path), "STATE": 3, "BY": "Anne"})

    assert answer["STATE_NAME"] == "delivered"
    again = open_lot(path, "essai", QgsProject.instance())
    assert state_of(again.store.metadata) is LotState.DELIVERED
    again.close(QgsProject.instance())


def test_a_check_that_is_stopped_leaves_the_state(handed_out):
    handed_out.review.accept()

    with pytest.raises(InterruptedError):
        change_state(handed_out.store, LotState.DELIVERED, goes_on=lambda share: False)

    assert state_of(handed_out.store.metadata) is LotState.IN_INTERPRETATION
