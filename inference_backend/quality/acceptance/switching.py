# SPDX-License-Identifier: GPL-2.0-or-later
"""Switching rules of ISO 2859-1: which severity the next lot of a supplier meets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inference_backend.quality.acceptance.plans import (
    Severity,
    single_plan,
    switching_numbers,
    tighter_aql,
)


@dataclass(frozen=True)
class Inspection:
    """The first control of one lot; lots that came back after redo are no part of a history.

    Attributes:
        severity: that it was controlled with.
        accepted: the outcome.
        accept: acceptance number of its plan.
        wrong: wrong units found.
        accept_tighter: acceptance number had the AQL been one step tighter, None where there is none.
    """

    severity: Severity
    accepted: bool
    accept: int
    wrong: int
    accept_tighter: int | None = None


@dataclass(frozen=True)
class Standing:
    """Where a supplier stands after its history.

    Attributes:
        severity: of the next control.
        score: switching score (counts under normal control alone).
        accepted_in_row: accepted lots in a row under tightened control.
        rejected_tightened: lots rejected in the present run of tightened controls.
        recent: outcomes of the last lots under normal control, newest last.
        stopped: control by sampling is discontinued until the supplier acted (9.4).
    """

    severity: Severity = Severity.NORMAL
    score: int = 0
    accepted_in_row: int = 0
    rejected_tightened: int = 0
    recent: tuple[bool, ...] = ()
    stopped: bool = False


def standing_after(
    history: Iterable[Inspection],
    *,
    may_reduce: bool,
    start: Standing = Standing(),
) -> Standing:
    """Where a supplier stands after these lots, oldest first.

    Args:
        history: first controls.
        may_reduce: whether production is steady and the authority wishes reduced controls (9.3.3).
        start: where it stood before.

    Source: ISO 2859-1:1999, 9.3 and 9.4.
    """
    standing = start
    for inspection in history:
        standing = _next(standing, inspection, may_reduce)
    return standing


def resumed(standing: Standing) -> Standing:
    """Where a supplier stands once what it did was found effective: tightened control (9.4)."""
    return Standing(Severity.TIGHTENED) if standing.stopped else standing


def score_step(inspection: Inspection) -> int | None:
    """What a lot under normal control adds to the switching score, None where it resets it to 0 (9.3.3.2)."""
    numbers = switching_numbers()
    if not inspection.accepted:
        return None
    if inspection.accept <= numbers["score_small_accept_up_to"]:
        return int(numbers["score_small"])
    tighter = inspection.accept_tighter
    passes = tighter is not None and inspection.wrong <= tighter
    return int(numbers["score_tighter"]) if passes else None


def tighter_accept(lot_size: int, aql_percent: float, level: str, severity: Severity) -> int | None:
    """Acceptance number of the plan whose AQL is one step tighter, None for the smallest AQL."""
    aql = tighter_aql(aql_percent)
    return None if aql is None else single_plan(lot_size, aql, level, severity).accept


def _next(standing: Standing, inspection: Inspection, may_reduce: bool) -> Standing:
    if standing.stopped:
        # Nobody controls such a supplier as tightened but the authority that found its action effective.
        if inspection.severity is not Severity.TIGHTENED:
            return standing
        standing = resumed(standing)
    if standing.severity is Severity.TIGHTENED:
        return _after_tightened(standing, inspection)
    if standing.severity is Severity.REDUCED:
        return standing if inspection.accepted and may_reduce else Standing()
    return _after_normal(standing, inspection, may_reduce)


def _after_tightened(standing: Standing, inspection: Inspection) -> Standing:
    numbers = switching_numbers()
    row = standing.accepted_in_row + 1 if inspection.accepted else 0
    rejected = standing.rejected_tightened + (not inspection.accepted)
    if row >= numbers["normal_accepted"]:
        return Standing()
    stopped = rejected >= numbers["stop_rejected"]
    return Standing(Severity.TIGHTENED, 0, row, rejected, (), stopped)


def _after_normal(standing: Standing, inspection: Inspection, may_reduce: bool) -> Standing:
    numbers = switching_numbers()
    recent = (*standing.recent, inspection.accepted)[-numbers["tightened_among"] :]
    if recent.count(False) >= numbers["tightened_rejected"]:
        return Standing(Severity.TIGHTENED)
    step = score_step(inspection)
    score = 0 if step is None else standing.score + step
    if may_reduce and score >= numbers["reduced_score"]:
        return Standing(Severity.REDUCED, score)
    return Standing(Severity.NORMAL, score, recent=recent)
