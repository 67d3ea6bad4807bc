# SPDX-License-Identifier: GPL-2.0-or-later
"""Switching rules of ISO 2859-1:1999, 9.3 and 9.4."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inference_backend.quality.acceptance.plans import Severity
from inference_backend.quality.acceptance.switching import (
    Inspection,
    Standing,
    resumed,
    score_step,
    standing_after,
    tighter_accept,
)


def lots(outcomes: str, *, accept: int = 1, wrong: int = 0, tighter: int | None = 0) -> list[Inspection]:
    """One inspection per letter: `a` accepted, `r` rejected."""
    return [Inspection(Severity.NORMAL, letter == "a", accept, wrong, tighter) for letter in outcomes]


def after(outcomes: str, *, may_reduce: bool = False) -> Standing:
    return standing_after(lots(outcomes), may_reduce=may_reduce)


@pytest.mark.parametrize(
    ("outcomes", "severity"),
    [
        ("", Severity.NORMAL),
        ("r", Severity.NORMAL),
        ("rr", Severity.TIGHTENED),
        ("raar", Severity.TIGHTENED),
        ("raaar", Severity.TIGHTENED),
        ("raaaar", Severity.NORMAL),
        ("rr" + "aaaa", Severity.TIGHTENED),
        ("rr" + "aaaaa", Severity.NORMAL),
        ("rr" + "aaaara", Severity.TIGHTENED),
        ("rr" + "aaaaa" + "r", Severity.NORMAL),
        ("rr" + "aaaaa" + "rr", Severity.TIGHTENED),
    ],
)
def test_severity_follows_the_outcomes(outcomes: str, severity: Severity) -> None:
    assert after(outcomes).severity is severity


def test_five_rejections_under_tightened_control_stop_it_until_the_supplier_acted() -> None:
    assert not after("rr" + "rarararr"[:-1]).stopped
    stopped = after("rr" + "rararaarr")
    assert stopped.stopped
    assert standing_after(lots("aaaaa"), may_reduce=False, start=stopped).stopped
    again = resumed(stopped)
    assert (again.severity, again.stopped, again.rejected_tightened) == (Severity.TIGHTENED, False, 0)


def test_lots_controlled_harder_once_sampling_was_stopped_take_it_up_again() -> None:
    """9.4: control goes on as tightened once the supplier's action was found effective; 5 lots end it."""
    stopped = after("rr" + "rararaarr")
    tightened = [replace(lot, severity=Severity.TIGHTENED) for lot in lots("aaaaa")]
    four = standing_after(tightened[:4], may_reduce=False, start=stopped)
    assert (four.severity, four.stopped, four.accepted_in_row) == (Severity.TIGHTENED, False, 4)
    assert standing_after(tightened, may_reduce=False, start=stopped) == Standing()


def test_back_to_normal_forgets_the_rejections_of_the_tightened_run() -> None:
    assert not after("rr" + "rrrr" + "aaaaa" + "rr" + "rrrr").stopped


def test_score_adds_two_for_small_acceptance_numbers_and_a_rejection_resets_it() -> None:
    assert after("aaa").score == 6
    assert after("aaar").score == 0
    assert after("aaara").score == 2


@pytest.mark.parametrize(
    ("accept", "wrong", "tighter", "step"),
    [
        (0, 0, 0, 2),
        (1, 1, 0, 2),
        (2, 1, 1, 3),
        (2, 2, 1, None),
        (5, 3, 3, 3),
        (5, 4, 3, None),
        (3, 0, None, None),
    ],
)
def test_score_of_an_accepted_lot(accept: int, wrong: int, tighter: int | None, step: int | None) -> None:
    assert score_step(Inspection(Severity.NORMAL, True, accept, wrong, tighter)) == step


def test_thirty_points_reduce_where_the_authority_wishes_it() -> None:
    assert after("a" * 15, may_reduce=True).severity is Severity.REDUCED
    assert after("a" * 14, may_reduce=True).severity is Severity.NORMAL
    assert after("a" * 40).severity is Severity.NORMAL
    ten = standing_after(lots("a" * 10, accept=3, wrong=1, tighter=2), may_reduce=True)
    assert ten.severity is Severity.REDUCED


def test_one_rejection_or_unsteady_production_ends_reduced_control() -> None:
    reduced = after("a" * 15, may_reduce=True)
    assert standing_after(lots("a"), may_reduce=True, start=reduced).severity is Severity.REDUCED
    assert standing_after(lots("r"), may_reduce=True, start=reduced) == Standing()
    assert standing_after(lots("a"), may_reduce=False, start=reduced) == Standing()


def test_acceptance_number_one_step_tighter_is_that_of_the_next_smaller_aql() -> None:
    assert tighter_accept(1000, 1.5, "II", Severity.NORMAL) == 2
    assert tighter_accept(1000, 0.01, "II", Severity.NORMAL) is None
