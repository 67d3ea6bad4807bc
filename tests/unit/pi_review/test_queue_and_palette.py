# SPDX-License-Identifier: GPL-2.0-or-later
"""Items and their filters, decisions, ids, keys, history of gestures, the margin, forgiven line ends."""

from __future__ import annotations

import dataclasses
import json

import pytest

from inference_backend.contracts.lot import ItemState, Operation, Reason
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.coverage_check import check_coverage
from ocsge_pi_review.domain.decisions import decided, done
from ocsge_pi_review.domain.errors import MarginPolygonError, ReviewError, WkbError
from ocsge_pi_review.domain.id_series import IdSeries, highest
from ocsge_pi_review.domain.item import ReviewItem, decisions_from_json, decisions_to_json
from ocsge_pi_review.domain.item_filter import ItemFilter, matches
from ocsge_pi_review.domain.journal import History, fold, net_effect
from ocsge_pi_review.domain.keymap import DEFAULT_KEYS, bindings
from ocsge_pi_review.domain.line_ends import lengthen_ends
from ocsge_pi_review.domain.margin import require_margin_kept
from ocsge_pi_review.domain.palette import by_context, by_frequency, keys_for
from ocsge_pi_review.domain.patch import Patch, rows_from_json, rows_to_json, same_row
from ocsge_pi_review.domain.queue import QueueCounts
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


def test_counts_tell_the_time_left_from_the_pace():
    counts = QueueCounts({ItemState.DONE: 3, ItemState.TODO: 2, ItemState.GONE: 4}, 30.0, 10.0)
    assert (counts.total, counts.done, counts.left, counts.left_s) == (5, 3, 2, 20.0)
    assert QueueCounts({ItemState.TODO: 1}).left_s is None


def test_decisions_survive_the_journal():
    decided = item(1, 1).with_decision({**item(1, 1).decision, "state": "asked", "comment": "é «?»"})
    many = (decided.decision, item(2, 2).decision)
    assert decisions_from_json(decisions_to_json(many)) == many
    assert decisions_from_json(json.dumps(decided.decision)) == many[:1], "one object, as schema 1 has it"
    assert decisions_from_json(decisions_to_json(())) == ()


def test_a_settled_item_carries_codes_and_all_the_time_spent_on_it():
    row = next(iter(make_rows().values()))
    postponed = decided(item(1, 1), ItemState.POSTPONED, "essai", 4.04, comment="flou")
    assert (postponed["state"], postponed["duration_s"], postponed["comment"]) == ("postponed", 4.0, "flou")
    after = done(item(1, 1).with_decision(postponed), row, "essai", 2.0)
    assert (after["decision_cs"], after["decision_us"], after["duration_s"]) == (row.cs, row.us, 6.0)
    assert after["comment"] == "flou"


def test_ids_count_on_in_their_own_form():
    series = IdSeries(highest(["OCSGE0000000009", "OCSGE0000000101", "autre"]))
    assert series.take(2) == ["OCSGE0000000102", "OCSGE0000000103"]
    assert series.last == "OCSGE0000000103"
    assert IdSeries(highest([])).take(1) == ["OCSGE0000000001"]
    assert IdSeries("sans numéro").take(1) == ["sans numéro0000000001"]


def test_a_column_that_one_row_lacks_is_null():
    row = next(iter(make_rows().values()))
    assert same_row(row, row.with_values(margin_of=None))
    assert not same_row(row, row.with_values(margin_of="2"))
    assert not same_row(row, row.with_values(code_cs="CS1.2.3"))


def test_ground_touched_leaves_out_what_gets_vertices_alone():
    first, second = list(make_rows().values())[5:7]
    noded = second.with_polygon(with_a_vertex(second.polygon))
    changed = Patch((first, second), (first.with_values(code_cs="CS1.2.3"), noded))
    assert changed.touched == (first,)
    assert Patch((second,), (noded,)).touched == (second,)


def test_the_margin_takes_vertices_and_nothing_else():
    own = list(make_rows().values())[5]
    margin = own.with_values(margin_of="lot 2")
    ring, *holes = margin.polygon
    require_margin_kept(Patch((margin,), (margin,)))
    require_margin_kept(Patch((margin,), (margin.with_polygon(with_a_vertex(margin.polygon)),)))
    require_margin_kept(Patch((own,), (own.with_values(code_cs="CS1.2.3"),)))
    moved = ((ring[0], (ring[1][0] + 1.0, ring[1][1]), *ring[2:]), *holes)
    thinned = ((ring[0], *ring[2:]), *holes)
    for after in (
        (),
        (margin.with_values(code_us="US3"),),
        (margin.with_values(margin_of=None),),
        (margin.with_polygon(moved),),
        (margin.with_polygon(thinned),),
    ):
        with pytest.raises(MarginPolygonError):
            require_margin_kept(Patch((margin,), after))


def with_a_vertex(polygon):
    (ax, ay), (bx, by) = polygon[0][:2]
    return (((ax, ay), ((ax + bx) / 2, (ay + by) / 2), *polygon[0][1:]), *polygon[1:])


@pytest.mark.parametrize(
    ("wanted", "is_let_through"),
    [
        (ItemFilter(), True),
        (ItemFilter(states=(ItemState.TODO, ItemState.REDO)), True),
        (ItemFilter(states=(ItemState.DONE,)), False),
        (ItemFilter(reasons=(Reason.SMALL_MARGIN, Reason.UNDECIDED)), True),
        (ItemFilter(reasons=(Reason.UNDECIDED,)), False),
        (ItemFilter(covers=("CS1.1",)), True),
        (ItemFilter(covers=("CS1.1.1.1",)), True),
        (ItemFilter(covers=("CS1.1.1.1.1", "CS1.1.1.")), False),
        (ItemFilter(uses=("US5", "US2")), False),
        (ItemFilter(communes=("33001",)), True),
        (ItemFilter(communes=("3300",)), False),
        (ItemFilter(box=(0.0, 0.0, 9.0, 9.0)), True),
        (ItemFilter(box=(6.0, 0.0, 9.0, 9.0)), False),
    ],
)
def test_a_filter_asks_all_of_its_conditions(wanted, is_let_through):
    one = dataclasses.replace(
        item(1, 1), proposed_cs="CS1.1.1.1", proposed_us="US1.2", commune="33001", x=5.0, y=5.0
    )
    assert matches(one, wanted) == is_let_through


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
