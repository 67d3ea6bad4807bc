# SPDX-License-Identifier: GPL-2.0-or-later
"""A decision is written on what the operator sees, never on what changed since or on something else."""

from __future__ import annotations

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QMenu

from inference_backend.contracts.lot import ItemState, LotKey, LotState, Operation
from ocsge_common.messages import MessageLog
from ocsge_pi_review.adapters.lot_handover import change_state, reject
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from ocsge_pi_review.adapters.settings import ReviewSettings, review_settings
from ocsge_pi_review.domain.errors import JournalError, LostPolygonError, StalePolygonError
from ocsge_pi_review.gui.lot_state import LotStateMenu
from tests.qgis.pi_review.gesture_moves import free_neighbour, merge, set_use
from tests.qgis.pi_review.hands import Hands
from tests.qgis.pi_review.layer_checks import item_row
from tests.qgis.pi_review.plugin_fixture import loaded_plugin

KEY = Qt.Key


@pytest.fixture
def opened(qgis_iface, qgis_canvas, qgis_parent, qgis_new_project, lot_path, monkeypatch):
    """The plugin with a lot."""
    review_settings().save(ReviewSettings(operator="essai"))
    for plugin in loaded_plugin(qgis_iface, qgis_canvas, qgis_parent, monkeypatch):
        plugin.controller.open(lot_path)
        QgsApplication.processEvents()
        yield plugin


def decided_elsewhere(store, item_id: int) -> None:
    """A colleague decided an item, as it happens in a shared lot."""
    store._connection.execute(
        "UPDATE review_item SET state = 'done', operator = 'anne' WHERE item_id = ?", (item_id,)
    )


@pytest.mark.parametrize("what", ["accept", "code", "comment", "postpone"])
def test_a_decision_that_the_operator_has_not_seen_is_not_overwritten(lot, what):
    review, store = lot.review, lot.store
    review.show_item(1)
    decided_elsewhere(store, 1)
    acts = {
        "accept": review.accept,
        "code": lambda: ReviewGestures(review).make(
            ReviewGestures(review).set_codes([review.row().id], {"us": "US5"})
        ),
        "comment": lambda: review.comment("haie ?"),
        "postpone": lambda: review.postpone("plus tard", ask=False),
    }
    with pytest.raises(StalePolygonError):
        acts[what]()
    assert (store.item(1).operator, store.item(1).state, store.last_seq()) == ("anne", ItemState.DONE, 0)
    assert review.item.operator == "anne", "what is in front is shown as it is now"


def test_a_note_on_an_item_just_sent_back_leaves_it_to_be_redone(lot, qtbot, qgis_parent):
    review, store = lot.review, lot.store
    store.set_metadata({LotKey.STATE.value: LotState.IN_INTERPRETATION.value})
    review.show_item(1)
    review.accept()
    review.show_item(1)
    change_state(store, LotState.DELIVERED)
    change_state(store, LotState.IN_CONTROL)
    menu = LotStateMenu(QMenu(qgis_parent), lambda: lot, MessageLog("essai"), qgis_parent)
    menu.change(lot, LotState.REJECTED, "c'est un pré", (1,))
    assert review.item.state is ItemState.REDO
    review.comment("vu")
    assert (store.item(1).state, store.item(1).answer) == (ItemState.REDO, "c'est un pré")


def test_an_item_whose_polygon_is_gone_is_not_put_aside(lot):
    review, store = lot.review, lot.store
    gone = review_gone(lot)
    review.show_item(gone)
    for ask in (True, False):
        with pytest.raises(LostPolygonError):
            review.postpone("où est-il ?", ask=ask)
    assert store.item(gone).state is ItemState.GONE


def test_an_absorbed_item_that_is_sent_back_is_decided_on_what_lies_there_now(lot):
    review, store = lot.review, lot.store
    store.set_metadata({LotKey.STATE.value: LotState.IN_INTERPRETATION.value})
    review.show_item(1)
    merge(review)
    heir = review.polygon_id
    for state in (LotState.DELIVERED, LotState.IN_CONTROL):
        change_state(store, state)
    reject(store, [1], "c'est un pré")
    review.next_todo()
    review.show_item(1)
    assert (review.polygon_id, review.item.answer) == (heir, "c'est un pré")
    set_use(review)
    assert (store.item(1).state, store.item(1).decision_us) == (ItemState.DONE, "US3")
    assert store.row(heir).us == "US3"
    review.undo()
    assert (review.item.state, review.polygon_id) == (ItemState.REDO, heir)
    review.accept()
    assert store.item(1).state is ItemState.DONE


def review_gone(lot) -> int:
    """Let a polygon with an item be absorbed by a gesture on another; number of its item."""
    review, store = lot.review, lot.store
    for item in store.page(review.filter, 0, 24):
        review.show_item(item.item_id)
        neighbour = free_neighbour(review)
        if neighbour in store.items_of([neighbour]):
            review.perform(Operation.MERGE, ReviewGestures(review).merge(neighbour).patch)
            assert store.item(item.item_id).state is ItemState.GONE
            return item.item_id
    raise AssertionError("no two items side by side")


def test_the_panel_follows_though_the_item_before_cannot_be_given_back(lot, monkeypatch):
    review, seen = lot.review, []
    review.show_item(1)
    review.focus_changed.connect(lambda: seen.append(review.item_id))

    def fails(_items):
        raise JournalError(path="lot", reason="down")

    monkeypatch.setattr(review.store, "release", fails)
    with pytest.raises(JournalError):
        review.show_item(2)
    assert (review.item_id, seen) == (2, [2])


def test_a_choice_ends_when_another_polygon_comes_in_front(opened, qgis_canvas):
    review, bench = opened.controller.lot.review, opened.controller.view.bench
    hands = Hands(qgis_canvas)
    others = [review.store.item(number).polygon_id for number in (5, 6)]
    bench.tools.selection.choose((review.polygon_id, *others))
    hands.press(KEY.Key_D)
    assert review.item_id == 2
    assert bench.tools.selection.ids == ()
    hands.press(KEY.Key_Space)
    lot = opened.controller.lot
    assert [item_row(lot.path, n)["state"] for n in (1, 2, 5, 6)] == ["todo", "done", "todo", "todo"]


@pytest.mark.parametrize("way", ["accept", "code"])
def test_deciding_others_leaves_the_item_in_front(opened, qgis_canvas, way):
    lot, bench = opened.controller.lot, opened.controller.view.bench
    bench.tools.selection.choose(tuple(lot.store.item(number).polygon_id for number in (5, 6)))
    if way == "accept":
        Hands(qgis_canvas).press(KEY.Key_Space)
    else:
        bench.choose_code("US5")
    assert [item_row(lot.path, n)["state"] for n in (1, 5, 6)] == ["todo", "done", "done"]
    assert lot.review.item_id == 1
    Hands(qgis_canvas).press(KEY.Key_Space)
    assert (item_row(lot.path, 1)["state"], lot.review.item_id) == ("done", 2)


def test_a_finished_lot_opens_on_its_first_item(opened):
    lot = opened.controller.lot
    lot.store._connection.execute("UPDATE review_item SET state = 'done'")
    opened.controller.open(lot.path)
    QgsApplication.processEvents()
    assert opened.controller.lot.review.item_id == 1


def test_a_comment_goes_to_the_item_it_was_written_for(opened, qgis_canvas):
    lot, view = opened.controller.lot, opened.controller.view
    review = lot.review
    view.queue.gestures["comment"]()
    dialog = view.queue.comments.dialog
    dialog.editor.setPlainText("serre ou hangar ?")
    away = review.store.row(review.store.item(2).polygon_id)
    review.show_polygon(away.id)
    dialog.note_button.click()
    assert (item_row(lot.path, 1)["comment"], item_row(lot.path, 2)["comment"]) == ("serre ou hangar ?", None)


def test_what_is_asked_about_is_not_decided_with_those_alike(opened, qgis_canvas):
    lot, bench = opened.controller.lot, opened.controller.view.bench
    ids = [lot.store.item(number).polygon_id for number in (1, 5, 6)]
    lot.store._connection.execute(
        "UPDATE occupation_sol SET code_cs = 'CS2.2.1', code_us = 'US1.1', runner_up_cs = 'CS2.1.3' "
        "WHERE id IN (?, ?, ?)",
        ids,
    )
    lot.store._connection.execute("UPDATE review_item SET state = 'asked' WHERE item_id = 5")
    qgis_canvas.setExtent(lot.layers.occupation.extent())
    bench.actions()["alike"]()
    chosen = bench.tools.selection.ids
    assert chosen[0] == ids[0]
    assert ids[2] in chosen
    assert ids[1] not in chosen
