# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures as readers write them, and texts from outside that stay texts."""

from __future__ import annotations

import math

import pytest

from inference_backend.reporting.markup import join, tag
from inference_backend.reporting.page import page
from inference_backend.reporting.table import heat_matrix, table
from inference_backend.reporting.words import Words

FR, EN = Words("fr"), Words("en")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (FR.number(-1234567.891, 2), "−1\u202f234\u202f567,89"),
        (EN.number(-1234567.891, 2), "−1,234,567.89"),
        (FR.number(-0.0004, 2), "0,00"),
        (FR.percent(0.9418), "94,2\u00a0%"),
        (EN.percent(0.9418), "94.2%"),
        (FR.interval(0.91, 0.965), "[91,0\u00a0; 96,5]\u00a0%"),
        (FR.interval(None, 0.9), ""),
        (FR.number(None), "non connu"),
        (EN.number(math.nan), "not known"),
        (FR.area(650.4), "650\u00a0m²"),
        (FR.area(123_456.0), "12,3\u00a0ha"),
        (FR.area(5_785e6), "5\u202f785\u00a0km²"),
        (FR.euros(36.04, 1, "km²"), "36,0\u00a0€/km²"),
        (FR.duration(7500), "2\u00a0h\u00a005"),
        (FR.day("2026-03-01T23:30:00+00:00"), "1er mars 2026"),
        (EN.moment("2026-11-21T17:05:00+01:00"), "21 November 2026, 16:05 UTC"),
        (FR.moment("hier"), "hier"),
        (FR.day(None), "non connu"),
        (FR.count(1, ("unit", "units"), ("unité", "unités")), "1\u00a0unité"),
        (EN.count(0, ("unit", "units"), ("unité", "unités")), "0\u00a0units"),
    ],
)
def test_figures_are_written_as_the_language_does(written: str, expected: str) -> None:
    assert written == expected


def test_text_is_escaped_wherever_it_stands() -> None:
    hostile = "\"><script>alert(1)</script>\x00'\u202e"
    for markup in (
        tag("p", hostile),
        tag("td", "x", title=hostile),
        join([hostile, [hostile]]),
        table([hostile], [[hostile]], caption=hostile),
        heat_matrix([hostile], [[1.0]], lambda value: hostile, corner=hostile, tips=[hostile]),
        page(hostile, tag("p", "x"), words=FR, running=hostile).partition("<body>")[2],
    ):
        assert "<script" not in markup
        assert "\x00" not in markup
        assert "\u202e" not in markup


def test_a_running_title_cannot_leave_the_style() -> None:
    written = page("t", words=FR, running='"}</style><script>alert(1)</script>\n')
    assert written.count("</style>") == 1
    assert "<script" not in written


def test_a_table_names_its_columns_and_rows() -> None:
    written = table(["Classe", "Part"], [["CS1", FR.percent(0.5)]], align="lr", foot=["total", "1"])
    assert '<th scope="col" class="l">Classe</th>' in written
    assert '<th class="l" scope="row">CS1</th>' in written
    assert '<td class="r">50,0\u00a0%</td>' in written


def test_a_heat_matrix_adds_up() -> None:
    written = heat_matrix(["a", "b"], [[8, 2], [0, 0]], lambda v: f"{v:.0f}", corner="c", total="Σ")
    assert '<td class="h8 d">8</td><td class="e2">2</td><td class="sum strong">10</td>' in written
    assert '<tr class="strong"><th scope="row">Σ</th><td>8</td><td>2</td><td>10</td></tr>' in written
