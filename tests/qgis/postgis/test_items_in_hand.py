# SPDX-License-Identifier: GPL-2.0-or-later
"""Two people never get the same item; holds end visibly and are kept while one works."""

from __future__ import annotations

import threading
from collections import Counter

import psycopg2
import pytest

from inference_backend.contracts.lot import ItemState, LotState, Operation
from inference_backend.contracts.lot_states import LotStateError, history_of
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters.hold_keeper import HoldKeeper
from ocsge_pi_review.adapters.lot_handover import change_state
from ocsge_pi_review.adapters.postgis_store import PostgisStore
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.domain.errors import (
    ChangedLotError,
    DecidedItemError,
    HeldItemError,
    LotError,
    StalePolygonError,
)
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.lot_errors import ClosedLotError
from tests.qgis.postgis.conftest import SCHEMA
from tests.qgis.postgis.gestures import accept, postpone, set_cover

ALL = ItemFilter()


def let_holds_end(server, database):
    """Time passes on the server."""
    server.sql(f"UPDATE {SCHEMA}.review_item SET held_until = held_until - interval '1 hour'", database)


def test_three_people_at_once_share_the_queue_without_a_double(opened, address):
    taken: Counter[int] = Counter()
    failures: list[BaseException] = []
    everybody = threading.Barrier(3, timeout=60)

    def work(operator: str) -> None:
        try:
            store = PostgisStore(address, operator)
            rank = 0
            while (item := store.take_next(ALL, rank)) is not None:
                if not rank:
                    everybody.wait()  # or a quick one leaves nothing for whoever connects last
                taken[item.item_id] += 1
                rank = item.rank
                store.perform(set_cover(store, item), 0.1)
            store.close()
        except BaseException as error:
            failures.append(error)

    people = [threading.Thread(target=work, args=(name,)) for name in ("anne", "bob", "chloe")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert not failures
    assert set(taken.values()) == {1}
    assert len(taken) == 24
    store = opened("dora")
    rows = list(store.journal())
    assert [row.seq for row in rows] == list(range(1, 25))
    assert {row.gesture.item_id for row in rows} == set(taken)
    assert len({row.operator for row in rows}) == 3
    assert store.counts(ALL).by_state == {ItemState.DONE: 24}


def test_a_row_that_somebody_is_taking_this_instant_is_skipped_not_waited_for(opened, address):
    store = opened("anne")
    with psycopg2.connect(address.account().conninfo()) as other, other.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {SCHEMA}.review_item WHERE rank = 1 FOR UPDATE")
        # Waiting for the lock would end in an error after five seconds.
        assert store.take_next(ALL, 0).rank == 2
        other.rollback()
    assert store.take_next(ALL, 23).rank == 24
    assert store.take_next(ALL, 24).rank == 1, "from the top again after the end"


def test_a_held_item_is_refused_with_its_holder_and_free_once_released(opened):
    anne, bob = opened("anne"), opened("bob")
    item = anne.take_next(ALL, 0)
    assert (item.holder, bob.item(item.item_id).holder) == ("anne", "anne")
    with pytest.raises(HeldItemError) as refused:
        bob.take(item.item_id)
    assert "anne" in refused.value.text("fr")
    assert bob.take_next(ALL, 0).rank == item.rank + 1
    with pytest.raises(HeldItemError):
        bob.perform(accept(bob, item), 1.0)
    anne.release([item.item_id])
    assert bob.take(item.item_id).holder == "bob"
    anne.release()
    assert bob.item(item.item_id).holder == "bob", "nobody releases what a colleague holds"
    bob.close()
    assert anne.item(item.item_id).holder is None


def test_an_ended_hold_is_taken_over_and_both_are_told(opened, server, database):
    anne, bob = opened("anne"), opened("bob")
    heard = {"anne": [], "bob": []}
    anne.listen(heard["anne"].append)
    bob.listen(heard["bob"].append)
    item = anne.take_next(ALL, 0)
    let_holds_end(server, database)
    seen = bob.item(item.item_id)
    assert (seen.holder, seen.held_until < "2100") == ("anne", True), "whose it was stays visible"
    assert bob.take_next(ALL, 0).item_id == item.item_id
    anne.renew()
    assert [(n.kind, n.rank, n.who) for n in heard["bob"]] == [("taken_over", item.rank, "anne")]
    assert [(n.kind, n.rank, n.who) for n in heard["anne"]] == [("lost", item.rank, "bob")]
    with pytest.raises(HeldItemError):
        anne.perform(accept(anne, item), 1.0)


def test_what_a_colleague_decided_meanwhile_is_not_decided_again(opened, server, database):
    anne, bob = opened("anne"), opened("bob")
    item = anne.take_next(ALL, 0)
    let_holds_end(server, database)
    bob.perform(set_cover(bob, bob.take(item.item_id)), 1.0)
    late = accept(anne, item)
    with pytest.raises(DecidedItemError) as refused:
        anne.perform(late, 1.0)
    assert "bob" in refused.value.text("en")
    assert anne.last_seq() == 1
    stale = set_cover(anne, anne.take_next(ALL, 0))
    bob.perform(set_cover(bob, bob.page(ALL, 5, 1)[0], "CS2.2.1"), 1.0)
    anne.perform(stale, 1.0)
    again = bob.last_done()
    anne.perform(accept(anne, anne.page(ALL, 8, 1)[0]), 1.0)
    bob.perform(again.turned(Operation.UNDO), 1.0)
    with pytest.raises((DecidedItemError, StalePolygonError)):
        bob.perform(again.turned(Operation.UNDO), 1.0)


def test_a_key_on_an_item_that_a_colleague_decided_meanwhile_overwrites_nothing(opened, server, database):
    anne, bob = opened("anne"), opened("bob")
    review = Review(anne, Profile.load())
    assert review.next_todo()
    item_id = review.item_id
    let_holds_end(server, database)
    bob.perform(set_cover(bob, bob.take(item_id)), 1.0)
    with pytest.raises(DecidedItemError):
        review.accept()
    assert (bob.item(item_id).operator, anne.last_seq()) == ("bob", 1)
    assert review.item.operator == "bob", "what the colleague decided is shown"
    assert review.next_todo()
    review.accept()
    assert anne.last_seq() == 2


def test_a_decided_item_is_out_of_hand_and_an_undone_one_is_in_hand_again(opened):
    store = opened("anne")
    item = store.take_next(ALL, 0)
    gesture = set_cover(store, item)
    store.perform(gesture, 1.0)
    assert (store.item(item.item_id).holder, store.held_count) == (None, 0)
    store.perform(gesture.turned(Operation.UNDO), 0.1)
    assert (store.item(item.item_id).holder, store.held_count) == ("anne", 1)
    other = store.take_next(ALL, item.rank)
    store.perform(postpone(store, other), 1.0)
    assert store.item(other.item_id).holder is None
    assert store.item(other.item_id).comment == "à revoir"
    assert store.take_next(ALL, item.rank).rank == other.rank + 1, "a postponed item is not served"


def test_one_name_works_once_at_a_time(opened, address):
    store = opened("anne")
    with pytest.raises(LotError) as refused:
        PostgisStore(address, "anne")
    assert "anne" in refused.value.text("fr")
    store.close()
    opened("anne")


def test_the_keeper_renews_while_there_is_work_and_says_when_holds_have_ended(opened, qtbot):
    store = opened("anne", hold_s=60.0)
    now = [0.0]
    keeper = HoldKeeper(store, clock=lambda: now[0])
    ended = []
    keeper.ended.connect(lambda: ended.append(now[0]))
    item = store.take_next(ALL, 0)
    first = item.held_until
    now[0] = 40.0
    keeper.look()
    renewed = store.item(item.item_id).held_until
    assert renewed > first
    now[0] = 90.0
    keeper.look()
    assert store.item(item.item_id).held_until == renewed, "no work, no renewal"
    now[0] = 101.0
    keeper.look()
    keeper.look()
    assert ended == [101.0], "said once"
    keeper.note_work()
    assert store.item(item.item_id).held_until > renewed
    keeper.stop()


def test_a_lot_handed_in_by_a_colleague_takes_no_more_gestures(opened):
    anne, bob = opened("anne"), opened("bob")
    item = bob.take_next(ALL, 0)
    for store in (anne, bob):
        change_state(store, LotState.IN_INTERPRETATION)
    assert len(history_of(bob.metadata)) == 1, "both began, the first one is told of"
    change_state(anne, LotState.DELIVERED)
    with pytest.raises(ClosedLotError):
        bob.perform(accept(bob, item), 1.0)
    assert bob.last_seq() == 0
    with pytest.raises(LotStateError):
        change_state(bob, LotState.PREPARED)
    change_state(anne, LotState.IN_INTERPRETATION)
    with pytest.raises(ChangedLotError) as refused:
        change_state(bob, LotState.IN_CONTROL)
    assert "in_interpretation" in refused.value.text("fr")
    bob.perform(accept(bob, item), 1.0)
    assert [line["state"] for line in history_of(bob.metadata)][-1] == "in_interpretation"
