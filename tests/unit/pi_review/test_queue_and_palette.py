# SPDX-License-Identifier: GPL-2.0-or-later
"""Order of work, keys, history of gestures, corrections, forgiven line ends."""

from __future__ import annotations

import dataclasses

import pytest

from inference_backend.contracts.lot import ItemState, Operation
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.corrections import corrections
from ocsge_pi_review.domain.coverage_check import check_coverage
from ocsge_pi_review.domain.errors import ReviewError, WkbError
from ocsge_pi_review.domain.item import ReviewItem, decision_from_json, decision_to_json
from ocsge_pi_review.domain.journal import History, fold, net_effect
from ocsge_pi_review.domain.keymap import DEFAULT_KEYS, bindings
from ocsge_pi_review.domain.line_ends import lengthen_ends
from ocsge_pi_review.domain.palette import by_context, by_frequency, keys_for
from ocsge_pi_review.domain.patch import Patch, rows_from_json, rows_to_json
from ocsge_pi_review.domain.queue import ReviewQueue
from ocsge_pi_review.domain.rules import minimum_area_m2
from ocsge_pi_review.domain.wkb import decode
from tests.unit.pi_review.review_coverage import make_polygons, make_rows


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.load()


def item(item_id: int, rank: int, state: str = "todo", duration_s: float | None = None) -> ReviewItem:
    row = dict.fromkeys(ReviewItem.__dataclass_fields__)
    row |= {"item_id": item_id, "polygon_id": f"P{item_id}", "rank": rank, "priority": 1.0}
    row |= {"reasons": "low_confidence,small_margin", "state": state, "duration_s": duration_s}
    return ReviewItem.from_row(row)


def test_the_queue_goes_by_rank_and_wraps_to_what_is_left():
    queue = ReviewQueue([item(1, 3), item(2, 1), item(3, 2, "done", 8.0), item(4, 4, "postponed")])
    assert [i.item_id for i in queue.items] == [2, 3, 1, 4]
    assert queue.next_todo(None) == 2
    assert queue.next_todo(2) == 1
    assert queue.next_todo(1) == 2
    assert queue.neighbour(2, 1) == 3
    assert queue.neighbour(2, -1) is None
    queue.replace(dataclasses.replace(queue[2], state=ItemState.DONE))
    assert queue.next_todo(1) is None


def test_progress_tells_the_time_left_from_the_pace():
    queue = ReviewQueue([item(i, i, "done", 10.0) for i in range(1, 4)] + [item(9, 9), item(10, 10)])
    progress = queue.progress()
    assert (progress.done, progress.total, progress.spent_s, progress.left_s) == (3, 5, 30.0, 20.0)
    assert ReviewQueue([item(1, 1)]).progress().left_s is None


def test_decisions_survive_the_journal():
    decided = item(1, 1).with_decision({**item(1, 1).decision, "state": "asked", "comment": "é «?»"})
    assert decision_from_json(decision_to_json(decided.decision)) == decided.decision
    assert decision_from_json(None) is None


def test_the_palette_puts_the_second_choice_first_and_the_present_code_last(profile):
    codes = by_context(
        profile.nomenclature,
        "cs",
        "CS2.2.1",
        "CS1.2.1",
        {"CS2.1.1.1": 80.0, "CS1.2.2": 20.0},
        {"CS1.2.2": 0.1},
    )
    assert codes[:3] == ("CS1.2.1", "CS2.1.1.1", "CS1.2.2")
    assert codes[-1] == "CS2.2.1"
    assert sorted(codes) == sorted(c.code for c in profile.nomenclature.leaves("cs"))


def test_keys_are_digits_for_covers_and_reach_every_use(profile):
    covers = by_frequency(profile.nomenclature, "cs", {"CS2.2.1": 0.5})
    assert covers[0] == "CS2.2.1"
    assert list(keys_for(covers)) == list("1234567890")
    uses = by_frequency(profile.nomenclature, "us", {})
    assert len(keys_for(uses, letters=True)) == 20


def test_changed_keys_win_and_second_keys_never_steal():
    keys = bindings({"accept": "X", "merge": "Return", "split": ""})
    assert (keys["X"], keys["Return"], keys["S"]) == ("accept", "merge", "split")
    assert "Space" not in keys
    assert set(DEFAULT_KEYS) <= set(bindings({}).values())


def test_history_follows_undo_redo_and_new_work():
    o = Operation
    history = fold([(o.MERGE, "a"), (o.SPLIT, "b"), (o.UNDO, "b"), (o.UNDO, "a"), (o.REDO, "a")])
    assert history == History(("a",), ("b",))
    assert history.after(o.ACCEPT, "c") == History(("a", "c"), ())


def test_rows_survive_the_journal_bit_for_bit():
    rows = tuple(make_rows().values())
    assert rows_from_json(rows_to_json(rows)) == rows


def test_net_effect_is_the_last_word_on_each_polygon():
    a, b, c = (row for row in list(make_rows().values())[1:4])
    a2, a3 = a.with_values(code_cs="CS1.2.1"), a.with_values(code_cs="CS1.2.2")
    last, first = net_effect(
        [Patch((a,), (a2,)), Patch((a2, b), (b,)), Patch((b,), (b, c)), Patch((), (a3,))]
    )
    assert last == {a.id: a3, b.id: b, c.id: c}
    assert first == {a.id: a, b.id: b}


def test_work_undone_is_no_correction():
    row = list(make_rows().values())[1]
    changed = row.with_values(code_cs="CS1.2.1")
    assert corrections([Patch((row,), (changed,)), Patch((changed,), (row,))]) == []
    (correction,) = corrections([Patch((row,), (changed,))])
    assert correction.values == {"cs_corr": "CS1.2.1", "us_corr": "RAS", "os_corr": "RAS", "decoup_geo": "0"}


def test_minimum_areas_come_from_the_profile(profile):
    assert minimum_area_m2(profile, "CS1.1.1.1", False) == 200
    assert minimum_area_m2(profile, "CS2.2.1", True) == 500
    assert minimum_area_m2(profile, "CS2.2.1", False) == 2500


def test_a_line_end_just_short_of_the_border_is_carried_across():
    square = (((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)),)
    line = lengthen_ends(square, [(1.0, 5.0), (9.5, 5.0)], reach_m=1.5)
    assert line[0] == (pytest.approx(-0.05), 5.0)
    assert line[-1] == (pytest.approx(10.05), 5.0)
    assert lengthen_ends(square, [(5.0, 5.0), (20.0, 5.0)], reach_m=1.5) == [(5.0, 5.0), (20.0, 5.0)]


@pytest.mark.parametrize(
    "data", [b"", b"\x01", b"\x01\x06\x00\x00\x00\x01\x00\x00\x00", b"\x01\x03\x00\x00\x00"]
)
def test_geometries_other_than_plain_polygons_are_named(data):
    with pytest.raises(WkbError):
        decode(data)


def test_gaps_overlaps_and_missing_vertices_are_found():
    polygons = make_polygons()
    assert check_coverage(polygons).is_valid
    first, second = list(polygons)[5:7]
    without = {key: polygon for key, polygon in polygons.items() if key not in ("OCSGE0000000002",)}
    assert len(check_coverage(without).gaps) == 1
    twice = {**polygons, "copy": polygons[first]}
    assert check_coverage(twice).doubled_edges > 0
    assert check_coverage(twice).overlap_m2 > 1
    ring = polygons[second][0]
    thinned = {**polygons, second: ((*ring[:2], *ring[3:]), *polygons[second][1:])}
    assert not check_coverage(thinned).is_valid


def test_every_error_speaks_both_languages_and_builds_without_help():
    def leaves(cls: type) -> list[type]:
        below = cls.__subclasses__()
        return [cls] if not below else [leaf for sub in below for leaf in leaves(sub)]

    for cls in leaves(ReviewError):
        assert set(cls.templates) == {"en", "fr"}
        assert cls.templates["en"] != cls.templates["fr"]
