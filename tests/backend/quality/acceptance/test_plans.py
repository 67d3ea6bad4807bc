# SPDX-License-Identifier: GPL-2.0-or-later
"""Plans against published tables that are not the file which the code reads.

Source of `PUBLISHED`: tables I, II-A, II-B and II-C of MIL-STD-105E (1989) as the R package AQLSchemes 1.7-2
(J. Lawson, CRAN) gives them, arrows followed; ISO 2859-1:1999 has the same plans there. Sizes above the
lot's are the lot's (100 % inspection).
"""

from __future__ import annotations

import pytest

from inference_backend.quality.acceptance.errors import PlanError
from inference_backend.quality.acceptance.plans import (
    Severity,
    code_letter,
    known_aqls,
    known_levels,
    single_plan,
    tighter_aql,
)

PUBLISHED = [
    ("normal", 1000, "II", 1.0, "J", 80, 2),
    ("normal", 1200, "II", 1.5, "J", 80, 3),
    ("normal", 20, "I", 1.5, "B", 8, 0),
    ("normal", 4, "II", 6.5, "A", 2, 0),
    ("normal", 500, "II", 4.0, "H", 50, 5),
    ("normal", 3200, "II", 2.5, "K", 125, 7),
    ("normal", 10000, "II", 4.0, "L", 200, 14),
    ("normal", 35000, "II", 6.5, "M", 200, 21),
    ("normal", 120000, "II", 10.0, "N", 125, 21),
    ("normal", 700000, "III", 0.65, "R", 2000, 21),
    ("normal", 700000, "III", 0.015, "R", 800, 0),
    ("normal", 600000, "II", 0.025, "Q", 2000, 1),
    ("normal", 280, "III", 0.4, "H", 32, 0),
    ("normal", 150, "II", 1.0, "F", 13, 0),
    ("normal", 90, "III", 0.65, "F", 20, 0),
    ("normal", 51, "S-4", 10.0, "C", 5, 1),
    ("normal", 8000, "S-3", 2.5, "F", 20, 1),
    ("normal", 2000, "S-1", 4.0, "C", 3, 0),
    ("normal", 2500, "S-2", 1.5, "D", 8, 0),
    ("normal", 400, "I", 0.25, "F", 50, 0),
    ("tightened", 1000, "II", 1.0, "J", 80, 1),
    ("tightened", 1200, "II", 1.5, "J", 80, 2),
    ("tightened", 20, "I", 1.5, "B", 13, 0),
    ("tightened", 7, "II", 10.0, "A", 7, 1),
    ("tightened", 500, "II", 4.0, "H", 50, 3),
    ("tightened", 3200, "II", 2.5, "K", 125, 5),
    ("tightened", 10000, "II", 4.0, "L", 200, 12),
    ("tightened", 35000, "II", 6.5, "M", 200, 18),
    ("tightened", 120000, "II", 10.0, "N", 125, 18),
    ("tightened", 700000, "III", 0.65, "R", 2000, 18),
    ("tightened", 700000, "III", 0.025, "R", 3150, 1),
    ("tightened", 700000, "III", 0.015, "R", 1250, 0),
    ("tightened", 600000, "II", 0.025, "Q", 3150, 1),
    ("tightened", 280, "III", 0.4, "H", 50, 0),
    ("tightened", 150, "II", 1.0, "F", 20, 0),
    ("tightened", 9000, "S-4", 6.5, "G", 32, 3),
    ("reduced", 1000, "III", 0.015, "K", 315, 0),
    ("reduced", 30, "III", 0.1, "E", 30, 0),
    ("reduced", 9000, "I", 0.04, "J", 125, 0),
    ("reduced", 6, "I", 0.65, "A", 6, 0),
    ("reduced", 6, "III", 0.25, "B", 6, 0),
    ("reduced", 30, "II", 0.04, "D", 30, 0),
    ("reduced", 3000, "III", 0.01, "L", 500, 0),
    ("reduced", 6, "I", 6.5, "A", 2, 0),
    ("reduced", 140, "III", 0.015, "G", 140, 0),
    ("reduced", 6, "I", 0.065, "A", 6, 0),
    ("reduced", 6, "III", 6.5, "B", 2, 0),
    ("reduced", 30000, "I", 0.1, "K", 50, 0),
]
LETTERS = """
2 A A A A A A B
15 A A A A A B C
16 A A B B B C D
50 A B B C C D E
51 B B C C C E F
150 B B C D D F G
151 B C D E E G H
500 B C D E F H J
501 C C E F G J K
3200 C D E G H K L
3201 C D F G J L M
35000 C D F H K M N
35001 D E G J L N P
500000 D E G J M P Q
500001 D E H K N Q R
"""
"""Table I by the first or last lot size of a row: S-1 S-2 S-3 S-4 I II III."""
II_C_AT_1_PERCENT = {
    "J": (1, 3),
    "K": (1, 4),
    "L": (2, 5),
    "M": (3, 6),
    "N": (5, 8),
    "P": (7, 10),
    "Q": (10, 13),
}
"""Ac and Re of table II-C of MIL-STD-105E, which leaves a gap that ISO 2859-1:1999 closed."""
LOT_OF_LETTER = {"J": 1200, "K": 3200, "L": 10_000, "M": 35_000, "N": 150_000, "P": 500_000, "Q": 500_001}


@pytest.mark.parametrize(("severity", "lot", "level", "aql", "letter", "size", "accept"), PUBLISHED)
def test_plan_is_the_published_one(
    severity: str, lot: int, level: str, aql: float, letter: str, size: int, accept: int
) -> None:
    plan = single_plan(lot, aql, level, Severity(severity))
    assert (plan.code_letter, plan.size, plan.accept, plan.reject) == (letter, size, accept, accept + 1)


def test_code_letters_are_those_of_table_1() -> None:
    for line in LETTERS.strip().splitlines():
        size, *letters = line.split()
        assert [code_letter(int(size), level) for level in known_levels()] == letters


def test_reduced_plan_follows_two_arrows_as_in_the_published_example() -> None:
    """Lot of 125, level III, AQL 1.0: letter G, arrows over H to J (AQL Inspector's Rule, ISO version)."""
    plan = single_plan(125, 1.0, "III", Severity.REDUCED)
    assert (plan.code_letter, plan.letter, plan.size, plan.accept, plan.reject) == ("G", "J", 32, 1, 2)


@pytest.mark.parametrize(("letter", "gap"), II_C_AT_1_PERCENT.items())
def test_reduced_acceptance_numbers_lie_in_the_gap_that_the_standard_closed(
    letter: str, gap: tuple[int, int]
) -> None:
    plan = single_plan(LOT_OF_LETTER[letter], 1.0, "II", Severity.REDUCED)
    assert plan.letter == letter
    assert gap[0] <= plan.accept < gap[1]


def test_every_lot_and_aql_has_a_plan_and_the_tightened_one_accepts_no_larger_share() -> None:
    for lot in (2, 10, 20, 40, 80, 140, 250, 400, 1000, 3000, 9000, 30_000, 140_000, 400_000, 600_000):
        for aql in known_aqls():
            normal, tightened = (
                single_plan(lot, aql, "II", severity) for severity in (Severity.NORMAL, Severity.TIGHTENED)
            )
            assert tightened.accept / tightened.size <= normal.accept / normal.size


def test_a_tighter_aql_is_the_next_smaller_one() -> None:
    assert [tighter_aql(aql) for aql in (10.0, 1.0, 0.01)] == [6.5, 0.65, None]


@pytest.mark.parametrize(("lot", "aql", "level"), [(1, 1.0, "II"), (100, 3.0, "II"), (100, 1.0, "IV")])
def test_what_the_standard_does_not_have_is_named(lot: int, aql: float, level: str) -> None:
    with pytest.raises(PlanError) as error:
        single_plan(lot, aql, level, Severity.NORMAL)
    assert "ISO 2859-1" in error.value.text("fr")
