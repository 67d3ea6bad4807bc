# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of a production in words, and the marks of a chart."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from ocsge_pi_review.domain.chart_scale import day_number, month_marks, round_marks
from ocsge_pi_review.domain.figures import figure_text, interval_text


@pytest.mark.parametrize(
    ("value", "unit", "french", "english"),
    [
        (495_956.25, "km2", "495\u202f956\u00a0km²", "495,956\u00a0km²"),
        (3.24, "km2", "3,2\u00a0km²", "3.2\u00a0km²"),
        (0.9569, "share", "95,7\u00a0%", "95.7%"),
        (27.516, "eur_per_km2", "27,5\u00a0€/km²", "27.5\u00a0€/km²"),
        (1.0, "days", "1,0 jour", "1.0 day"),
        (15, "days", "15,0 jours", "15.0 days"),
        (412.3, "per_hour", "412/h", "412/h"),
        ("2026-11-21", "date", "21/11/2026", "2026-11-21"),
        ({"fr": "accepté", "en": "accepted"}, "text", "accepté", "accepted"),
        (0, "count", "0", "0"),
        (None, "eur", "non connu", "not known"),
    ],
)
def test_a_figure_in_both_languages(value, unit, french, english):
    assert (figure_text(value, unit, "fr"), figure_text(value, unit, "en")) == (french, english)


def test_an_interval_names_its_unit_once():
    assert interval_text(0.94, 0.979, "share", "fr") == "94,0 – 97,9\u00a0%"
    assert interval_text(0.94, 0.979, "share", "en") == "94.0 – 97.9%"
    assert interval_text(None, 0.9, "share", "fr") == ""


@pytest.mark.parametrize("top", [0.0004, 0.7, 3, 9.99, 10, 47, 100, 123_456, 568_000])
def test_marks_are_few_and_round_and_reach_the_top(top):
    marks = round_marks(top)
    step = marks[1]
    assert marks[0] == 0
    assert 2 <= len(marks) <= 6
    assert marks[-1] >= top > marks[-2]
    assert float(f"{step:.2g}") == pytest.approx(step)


@pytest.mark.parametrize("top", [0, -3, float("nan"), float("inf")])
def test_an_axis_without_values_still_has_two_marks(top):
    assert round_marks(top) == [0.0, 1.0]


def test_months_are_marked_evenly_within_the_days():
    days = [day_number("2025-09-10"), day_number("2026-11-21T10:00:00Z")]
    marks = month_marks(days, 8)
    assert marks[0] >= date(2025, 9, 10)
    assert 3 <= len(marks) <= 8
    assert {(b.year - a.year) * 12 + b.month - a.month for a, b in pairwise(marks)} == {2}
    assert month_marks([day_number("2026-01-05")]) == []
