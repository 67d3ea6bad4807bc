# SPDX-License-Identifier: GPL-2.0-or-later
"""Rule of ISO 2859-1: so many wrong units in a random sample of so many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inference_backend.contracts.control_report import Test
from inference_backend.quality.acceptance.characteristic import (
    CountPlan,
    acceptance_chance,
    curve,
    quality_at,
)
from inference_backend.quality.acceptance.plans import SamplingPlan, Severity, single_plan
from inference_backend.quality.acceptance.switching import tighter_accept

_CONSUMER_CHANCE = 0.1


@dataclass(frozen=True)
class IsoRule:
    """A scheme of the standard.

    Attributes:
        aql_percent: by dimension, `cs` and `us`: percent of wrong units.
        level: inspection level.
        severity: of this control.
        limiting_quality: share of right units at which the consumer's risk is stated, 0..1.
    """

    aql_percent: Mapping[str, float]
    level: str
    severity: Severity
    limiting_quality: float


def iso_test(dimension: str, wrong: Sequence[bool | None], rule: IsoRule, lot_size: int) -> Test:
    """Whether a sample holds the plan's acceptance number.

    Args:
        dimension: `cs` or `us`.
        wrong: units in random order; None where nobody could say or answered. The plan's number of units is
            taken from the front; those of which nothing can be said are passed over.
        rule: the scheme.
        lot_size: units of the lot.

    Returns:
        A test that says nothing (None) where fewer units were judged than the plan asks for.

    Raises:
        PlanError: the standard has no such plan.
    """
    plan = single_plan(lot_size, rule.aql_percent[dimension], rule.level, rule.severity)
    judged = [outcome for outcome in wrong if outcome is not None][: plan.size]
    found = sum(judged)
    enough = len(judged) >= plan.size
    passed = found <= plan.accept if enough else False if found >= plan.reject else None
    detail = {**_plan_figures(plan), **_risks(plan, rule), "judged": len(judged)}
    return Test(f"iso2859_{dimension}", passed, dimension, plan.accept, found, detail)


def _plan_figures(plan: SamplingPlan) -> dict[str, object]:
    return {
        "lot_size": plan.lot_size,
        "level": plan.level,
        "aql_percent": plan.aql_percent,
        "severity": plan.severity.value,
        "code_letter": plan.code_letter,
        "letter": plan.letter,
        "size": plan.size,
        "accept": plan.accept,
        "reject": plan.reject,
        "accept_tighter": tighter_accept(plan.lot_size, plan.aql_percent, plan.level, plan.severity),
    }


def _risks(plan: SamplingPlan, rule: IsoRule) -> dict[str, object]:
    """Each party's risk, as the standard states them: of a process (12.1)."""
    process = CountPlan(plan.size, plan.accept)
    shares = [plan.aql_percent / 100, 1 - rule.limiting_quality]
    at_aql, at_limit = acceptance_chance(process, shares).tolist()
    return {
        "producer_risk": 1 - at_aql,
        "consumer_risk": at_limit,
        "limiting_quality": rule.limiting_quality,
        "consumer_risk_quality": quality_at(process, _CONSUMER_CHANCE),
        "curve": curve(process),
    }
