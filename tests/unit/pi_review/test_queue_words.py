# SPDX-License-Identifier: GPL-2.0-or-later
"""What the queue says of an item and of the pace, and what a drawing keeps."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inference_backend.contracts.lot import ItemState, Reason
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from ocsge_pi_review.domain.framing import LEAST_SHARE, MOST_SHARE, scale_factor
from ocsge_pi_review.domain.holds import held_by_other
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.pace import Day, LiveCounts, others, own_day, per_hour
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.queue import QueueCounts
from ocsge_pi_review.domain.sentence import reason_sentence
from ocsge_pi_review.domain.sketch import Stroke, sketch_from_json, sketch_to_json, thinned

NOMENCLATURE = Profile.load(DEFAULT_PROFILE).nomenclature
ROW = PolygonRow("OCSGE1", {"undecided_share": 0.38, "disagree_share": 0.301, "merged_share": 0.0}, b"")
ITEM = ReviewItem(1, "OCSGE1", 1, 1.0, (), "CS2.2.1", "US1.1", runner_up_cs="CS1.1.1.2", confidence=0.46)


def sentence(*reasons: Reason, language: str = "fr", item: ReviewItem = ITEM) -> str:
    told = replace(item, reasons=tuple(reason.value for reason in reasons))
    return reason_sentence(ROW, told, NOMENCLATURE, language)


def test_reasons_become_one_french_sentence_with_their_figures():
    text = sentence(Reason.LOW_CONFIDENCE, Reason.UNDECIDED, Reason.REFERENCE_DISAGREES)
    assert text == (
        "À vérifier parce que le modèle n'est sûr de la couverture qu'à 46\u202f%, "
        "que 38\u202f% de la surface sont restés indécis "
        "et que les données de référence disent autre chose sur 30\u202f% de la surface."
    )


def test_que_is_cut_before_a_vowel():
    assert "parce qu'aucune donnée" in sentence(Reason.MISSING_SOURCE)
    assert "parce qu'avec le second choix, il serait artificialisé" in sentence(
        Reason.ARTIFICIALISATION_AT_STAKE
    )


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_clause_with_and_without_figures(reason, language):
    bare = replace(ITEM, confidence=None, runner_up_cs=None)
    for item in (ITEM, bare):
        text = sentence(reason, language=language, item=item)
        assert text.endswith(".")
        assert "{" not in text
        assert "None" not in text
        assert text.startswith("À vérifier" if language == "fr" else "To check because ")


def test_unknown_reasons_of_another_version_are_left_out():
    assert reason_sentence(ROW, replace(ITEM, reasons=("new_one",)), NOMENCLATURE, "fr") == ""


def test_live_counts_follow_decisions_and_their_undo():
    live = LiveCounts()
    live.restart(QueueCounts({ItemState.TODO: 2, ItemState.DONE: 1}, 10.0, 10.0))
    live.see([ITEM])
    done = replace(ITEM, state=ItemState.DONE, duration_s=6.0)
    assert live.change(done)
    assert (live.counts.done, live.counts.left, live.counts.spent_s, live.done_here) == (2, 1, 16.0, 1)
    assert live.change(ITEM)
    assert (live.counts.done, live.counts.left, live.counts.spent_s, live.done_here) == (1, 2, 10.0, 0)


def test_a_change_of_an_item_never_seen_asks_for_a_new_count():
    live = LiveCounts()
    assert not live.change(ITEM)
    assert live.change(replace(ITEM, state=ItemState.GONE))


def test_pace_and_the_days_work():
    assert per_hour(QueueCounts({}, 0.0, None)) is None
    assert per_hour(QueueCounts({}, 0.0, 12.0)) == 300
    days = (Day("anne", 10, 60.0), Day("luc", 5, 30.0), Day("zoé", 7, 40.0))
    assert own_day(days, "luc") == Day("luc", 5, 30.0)
    assert own_day(days, "personne").count == 0
    assert others(days, "luc", show_names=False) == (Day("", 17, 100.0),)
    assert [day.name for day in others(days, "luc", show_names=True)] == ["anne", "zoé"]


def test_a_drawing_survives_its_column():
    strokes = (Stroke(((1.0, 2.0), (3.5, 4.25))), Stroke(((7.0, 8.0),)))
    text = sketch_to_json(strokes)
    assert sketch_from_json(text) == strokes
    assert json.loads(text)["type"] == "GeometryCollection"
    assert sketch_to_json([]) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '{"type":"Point","coordinates":["a",1]}', '{"type":"LineString","coordinates":[]}',
     '{"type":"Point","coordinates":[NaN,1]}', '{"type":"GeometryCollection","geometries":7}'],
)  # fmt: skip
def test_a_drawing_that_nobody_can_read_is_no_drawing(text):
    assert sketch_from_json(text) == ()


def test_a_stroke_is_thinned_but_keeps_its_ends():
    points = [(x / 10, 0.0) for x in range(101)]
    kept = thinned(points, 1.0)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert len(kept) <= 12


def test_the_scale_stays_where_the_polygon_fits_the_view():
    assert scale_factor((30, 20), (100, 80), 2000, 1000) == 1.0
    assert scale_factor((80, 20), (100, 80), 2000, 1000) == pytest.approx(0.8 / 0.42)
    assert scale_factor((5, 2), (100, 80), 2000, 1000) == 0.5


def test_a_small_polygon_is_not_shown_closer_than_allowed():
    assert scale_factor((1, 1), (100, 80), 1000, 1000) == 1.0
    assert 500 * scale_factor((1, 1), (50, 40), 500, 1000) == 1000
    assert LEAST_SHARE < MOST_SHARE


def test_a_hold_ends_and_one_s_own_is_none():
    now = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    held = replace(ITEM, holder="luc", held_until="2026-03-02T14:05:00Z")
    assert held_by_other(held, "anne", now) == "luc"
    assert held_by_other(held, "luc", now) is None
    assert held_by_other(held, "anne", now + timedelta(minutes=6)) is None
    assert held_by_other(replace(held, held_until="?"), "anne", now) == "luc"
