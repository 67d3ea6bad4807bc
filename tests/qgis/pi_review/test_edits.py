# SPDX-License-Identifier: GPL-2.0-or-later
"""Second look at edits: what the log says by filter, what an edit did, taking one back."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from qgis.PyQt import sip

from inference_backend.contracts.lot import EDIT_JOURNAL, ItemState, Operation, Reason
from ocsge_pi_review.adapters.edits import EditLog
from ocsge_pi_review.adapters.edits_undo import take_back
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.domain.edit_errors import EditTakenBackError, EditTouchedSinceError
from ocsge_pi_review.domain.edits import EditFilter, polygon_changes
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.patch import Patch

ALL = EditFilter(in_force_only=False)


def recode(store: GpkgStore, rank: int, code: str) -> str:
    """Give the polygon of an item another cover, and decide the item; the polygon's id."""
    (item,) = store.page(ItemFilter(), rank - 1, 1)
    row = store.row(item.polygon_id)
    decided = {**item.decision, "state": ItemState.DONE.value, "operator": store.operator}
    gesture = Gesture(
        f"g{store.operator}{rank}{code}",
        Operation.SET_COVER,
        Patch((row,), (row.with_values(code_cs=code),)),
        (item.decision,),
        (decided,),
        item.item_id,
        item.reasons,
        100.0,
    )
    store.perform(gesture, 2.0)
    return row.id


@pytest.fixture
def store(lot_path, qgis_app):
    opened = GpkgStore(lot_path, "ada")
    yield opened
    opened.close()


@pytest.fixture
def log(store):
    layers = [store.layer(EDIT_JOURNAL.name, name) for name in ("log", "shown")]
    yield EditLog(*layers)
    for layer in layers:  # before QGIS ends
        sip.delete(layer)


def chosen(log: EditLog, wanted: EditFilter) -> list[int]:
    log.choose(wanted)
    return log.numbers()


def test_edits_are_found_by_person_reason_operation_and_time(store, log):
    recode(store, 1, "CS1.2.3")
    recode(store, 2, "CS1.2.3")
    time.sleep(0.01)
    middle = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    time.sleep(0.01)
    store.operator = "l'autre"
    recode(store, 3, "CS1.2.3")
    store.perform(store.last_done().turned(Operation.UNDO), 1.0)
    assert log.operators() == ["ada", "l'autre"]
    assert chosen(log, EditFilter()) == [2, 1]
    assert chosen(log, ALL) == [4, 3, 2, 1]
    assert chosen(log, EditFilter(operators=("l'autre",), in_force_only=False)) == [4, 3]
    assert chosen(log, EditFilter(operations=(Operation.UNDO,), in_force_only=False)) == [4]
    assert chosen(log, EditFilter(since=middle, in_force_only=False)) == [4, 3]
    assert chosen(log, EditFilter(until=middle)) == [2, 1]
    reasons = {edit.seq: edit.reasons for edit in log.lines((1, 2, 3)).values()}
    doubtful = [seq for seq in (2, 1) if Reason.SMALL_MARGIN.value in reasons[seq]]
    assert chosen(log, EditFilter(reasons=(Reason.SMALL_MARGIN,))) == doubtful != []


def test_an_edit_is_read_as_it_was_made(store, log):
    polygon = recode(store, 1, "CS1.2.3")
    (edit,) = log.lines([1]).values()
    assert (edit.operator, edit.operation, edit.changed_m2) == ("ada", Operation.SET_COVER, 100.0)
    row = log.row(1)
    assert row == next(store.journal())
    (change,) = polygon_changes(row)
    assert (change.polygon_id, change.changes_codes, change.changes_outline) == (polygon, True, False)


def test_an_old_edit_is_taken_back_and_made_again(store, log):
    polygon = recode(store, 1, "CS1.2.3")
    recode(store, 2, "CS1.2.3")
    store.operator = "contrôle"
    was = log.row(1).gesture.patch.before[0]
    take_back(store, log, 1)
    assert store.row(polygon) == was
    assert store.page(ItemFilter(), 0, 1)[0].state is ItemState.TODO
    assert chosen(log, EditFilter()) == [2]
    with pytest.raises(EditTakenBackError, match="1"):
        take_back(store, log, 1)
    store.perform(store.last_undone(), 0.0)
    assert store.row(polygon).cs == "CS1.2.3"


def test_an_edit_on_which_another_stands_is_not_taken_back(store, log):
    polygon = recode(store, 1, "CS1.2.3")
    recode(store, 1, "CS1.2.2")
    with pytest.raises(EditTouchedSinceError) as refused:
        take_back(store, log, 1)
    assert polygon in str(refused.value)
    assert "2 (ada)" in str(refused.value)
    take_back(store, log, 2)
    take_back(store, log, 1)
    assert chosen(log, EditFilter()) == []


def test_taking_back_keeps_what_was_decided_about_the_item_since(store, log):
    recode(store, 1, "CS1.2.3")
    (item,) = store.page(ItemFilter(), 0, 1)
    asked = {**item.decision, "state": ItemState.ASKED.value, "comment": "à voir"}
    ask = Gesture("ask", Operation.ASK, Patch((), ()), (item.decision,), (asked,), item.item_id)
    store.perform(ask, 1.0)
    take_back(store, log, 1)
    assert store.item(item.item_id).state is ItemState.ASKED
