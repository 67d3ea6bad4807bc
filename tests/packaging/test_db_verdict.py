# SPDX-License-Identifier: GPL-2.0-or-later
"""The judge of the database benchmarks sees what it is there to see."""

from __future__ import annotations

import json

from benchmarks.db import verdict


def entry(seq, gesture, item=1, state="done", operation="accept", in_force=1, code="CS1"):
    decision = {"item_id": item, "state": state, "operator": "a", "decision_cs": code}
    row = {"id": f"P{item}", "attributes": {"code_cs": code}, "wkb_hex": "00"}
    return {
        "seq": seq,
        "gesture_id": gesture,
        "operation": operation,
        "item_id": item,
        "in_force": in_force,
        "before": json.dumps([row]),
        "after": json.dumps([row]),
        "item_after": json.dumps([decision]),
    }


def confirmed(seq, gesture, who="a", item=1, at=2.0):
    note = {"what": "confirmed", "seq": seq, "gesture": gesture, "operation": "accept"}
    return {**note, "who": who, "item": item, "at": at}


def taken(who, shown, item=1):
    return {"what": "taken", "who": who, "item": item, "shown": shown}


def test_a_confirmed_gesture_that_is_missing_or_renumbered_is_lost():
    journal = [entry(1, "g1"), entry(2, "g2", item=2)]
    assert verdict._lost(journal, [confirmed(1, "g1"), confirmed(2, "g2")]) == 0
    assert verdict._lost(journal, [confirmed(1, "g1"), confirmed(3, "g2"), confirmed(4, "g3")]) == 2


def test_a_gesture_made_oftener_than_sent_and_an_item_settled_twice_are_seen():
    sent = [{"what": "sent", "gesture": "g1", "operation": "accept"}]
    assert verdict._made_twice([entry(1, "g1")], sent) == 0
    assert verdict._made_twice([entry(1, "g1"), entry(2, "g1")], sent) == 1
    assert verdict._decided_twice([entry(1, "g1"), entry(2, "g2")]) == 1
    assert verdict._decided_twice([entry(1, "g1", in_force=0), entry(2, "g2")]) == 0


def test_two_people_with_one_item_at_one_instant_are_seen():
    notes = [
        taken("a", 1.0),
        taken("b", 1.5),
        confirmed(1, "g1", "a", at=2.0),
        confirmed(2, "g2", "b", at=3.0),
    ]
    assert verdict._given_twice(notes) == 1
    notes = [
        taken("a", 1.0),
        confirmed(1, "g1", "a", at=2.0),
        taken("b", 2.5),
        confirmed(2, "g2", "b", at=3.0),
    ]
    assert verdict._given_twice(notes) == 0
    left = {"what": "left", "who": "a", "item": 1, "at": 1.2}
    notes = [taken("a", 1.0), left, taken("b", 1.5), confirmed(1, "g1", "b", at=2.0)]
    assert verdict._given_twice(notes) == 0


def test_items_and_polygons_that_the_journal_does_not_give_are_seen():
    journal = [entry(1, "g1"), entry(2, "g2", item=2, code="CS2")]
    right = [{"item_id": 1, "state": "done", "operator": "a", "decision_cs": "CS1"}]
    assert verdict._items_wrong(journal, right) == 0
    assert verdict._items_wrong(journal, [{**right[0], "state": "todo"}]) == 1
    assert verdict._polygons_wrong(journal, {"P1": ("CS1", "00"), "P2": ("CS2", "00")}) == 0
    assert verdict._polygons_wrong(journal, {"P1": ("CS1", "01")}) == 2
