# SPDX-License-Identifier: GPL-2.0-or-later
"""From what a sample shows to a verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest
from statsmodels.stats.proportion import proportion_confint

from inference_backend.contracts.control_report import Assessment, Estimate, Verdict
from inference_backend.quality.acceptance.contract import (
    ContractRule,
    DecidedOn,
    Thresholds,
    contract_tests,
    count_plan,
    holds,
    units_needed,
)
from inference_backend.quality.acceptance.errors import PlanError
from inference_backend.quality.acceptance.iso2859 import IsoRule, iso_test
from inference_backend.quality.acceptance.plans import Severity
from inference_backend.quality.acceptance.verdict import decision_of

NOTHING = Estimate(None, None, None, None, 0)


def share(value: float, low: float, high: float, units: int = 100) -> Estimate:
    return Estimate(value, (high - low) / 3.92, low, high, units)


def assessment(overall: Estimate, users: dict[str, Estimate], dimension: str = "cs") -> Assessment:
    codes = tuple(users)
    zeros = tuple((0,) * len(codes) for _ in codes)
    mapped = dict.fromkeys(codes, 10.0)
    return Assessment(dimension, 0, "count", codes, zeros, zeros, overall, users, {}, {}, {}, mapped, "", "")


def rule(overall_on: DecidedOn = DecidedOn.LOW, each_class: float | None = 0.85) -> ContractRule:
    thresholds = {"cs": Thresholds(0.9, each_class)}
    return ContractRule(thresholds, overall_on, DecidedOn.HIGH, 5, agreed_quality=0.95, limiting_quality=0.85)


@pytest.mark.parametrize(
    ("decided_on", "outcomes"),
    [
        (DecidedOn.LOW, (False, False, True)),
        (DecidedOn.ESTIMATE, (False, True, True)),
        (DecidedOn.HIGH, (False, True, True)),
        (DecidedOn.BOTH, (False, None, True)),
    ],
)
def test_which_end_of_the_interval_counts(decided_on: DecidedOn, outcomes: tuple[bool | None, ...]) -> None:
    estimates = (share(0.85, 0.81, 0.88), share(0.92, 0.88, 0.95), share(0.95, 0.91, 0.97))
    assert tuple(holds(estimate, 0.9, decided_on) for estimate in estimates) == outcomes


def test_nothing_estimated_decides_nothing() -> None:
    tests = contract_tests([assessment(NOTHING, {"CS1": NOTHING})], rule(), 500)
    assert {test.passed for test in tests} == {None}
    assert decision_of("contract", tests).verdict is Verdict.UNDECIDED


def test_a_rare_class_decides_nothing_and_one_wholly_judged_is_decided_exactly():
    few, all_of_it = Estimate(0.5, 0.0, 0.5, 0.5, 4), Estimate(0.8, 0.0, 0.8, 0.8, 5)
    found = assessment(share(0.96, 0.93, 0.98), {"CS1": few, "CS2": all_of_it})
    tests = {test.subject: test for test in contract_tests([found], rule(), 500)}
    assert (tests["CS1"].passed, tests["CS2"].passed) == (None, False)
    assert decision_of("contract", list(tests.values())).verdict is Verdict.REJECTED


def test_open_classes_do_not_keep_a_lot_from_being_accepted() -> None:
    few = Estimate(0.5, 0.3, 0.1, 0.8, 3)
    tests = contract_tests([assessment(share(0.96, 0.93, 0.98), {"CS1": few})], rule(), 500)
    decision = decision_of("contract", tests)
    assert decision.verdict is Verdict.ACCEPTED
    assert [test.passed for test in decision.tests] == [None, True]


@pytest.mark.parametrize("decided_on", list(DecidedOn))
def test_what_nobody_could_say_of_is_neither_right_nor_wrong(decided_on: DecidedOn) -> None:
    """A sample that speaks for 60 % of the lot cannot say that 90 % are right, nor that they are not."""
    good, bad = share(0.98, 0.95, 0.99), share(0.7, 0.6, 0.8)
    outcomes = [
        contract_tests([replace(assessment(found, {}), covered=part)], rule(decided_on, None), 500)[0].passed
        for found, part in ((good, 0.6), (good, 0.99), (bad, 0.2), (bad, 0.99))
    ]
    open_ = {DecidedOn.LOW: False, DecidedOn.HIGH: True}.get(decided_on)
    assert outcomes == [open_, True, open_, False]


def test_no_more_units_settle_it_than_there_are() -> None:
    found = Estimate(0.92, 0.03, 0.85, 0.96, 80)
    needed = units_needed(found, 0.9)
    assert needed is not None
    assert needed > 500
    (test,) = contract_tests([assessment(found, {})], rule(DecidedOn.BOTH, None), 500)
    assert test.detail["units_needed"] == 500


def test_failed_tests_come_first_and_reject() -> None:
    low = Estimate(0.6, 0.05, 0.5, 0.7, 60)
    tests = contract_tests([assessment(share(0.96, 0.93, 0.98), {"CS1": low})], rule(), 500)
    decision = decision_of("contract", tests)
    assert decision.verdict is Verdict.REJECTED
    assert decision.tests[0].subject == "CS1"


def test_plan_of_an_interval_is_the_last_count_that_wilsons_interval_accepts() -> None:
    right = 0.95
    low, high = proportion_confint(190, 200, method="wilson")
    found = Estimate(right, (right * (1 - right) / 200) ** 0.5, low, high, 200)
    plan = count_plan(found, 0.9, DecidedOn.LOW, 10_000)
    assert plan is not None
    assert (plan.size, plan.lot_size) == (200, 10_000)
    lows = [
        proportion_confint(200 - wrong, 200, method="wilson")[0] for wrong in (plan.accept, plan.accept + 1)
    ]
    assert lows[0] >= 0.9 > lows[1]


def test_each_rule_protects_the_party_it_says() -> None:
    found = Estimate(0.9, 0.015, 0.87, 0.925, 400)
    chances = {}
    for decided_on in (DecidedOn.LOW, DecidedOn.ESTIMATE, DecidedOn.HIGH):
        strict = ContractRule({"cs": Thresholds(0.9, None)}, decided_on, decided_on, 5, 0.9, 0.9)
        detail = contract_tests([assessment(found, {})], strict, 20_000)[0].detail
        assert detail["producer_risk"] + detail["consumer_risk"] == pytest.approx(1)
        chances[decided_on] = detail["consumer_risk"]
    assert chances[DecidedOn.LOW] < 0.035
    assert 0.4 < chances[DecidedOn.ESTIMATE] < 0.6
    assert chances[DecidedOn.HIGH] > 0.965


def test_units_that_would_decide_are_those_whose_interval_leaves_the_threshold():
    right = 0.93
    found = Estimate(right, (right * (1 - right) / 100) ** 0.5, 0.86, 0.97, 100)
    needed = units_needed(found, 0.9)
    assert needed is not None
    low = proportion_confint(right * needed, needed, method="wilson")[0]
    before = proportion_confint(right * needed * 0.9, needed * 0.9, method="wilson")[0]
    assert low >= 0.9 > before
    assert units_needed(Estimate(0.9, 0.03, 0.83, 0.94, 100), 0.9) is None
    assert units_needed(NOTHING, 0.9) is None


def test_a_design_effect_makes_the_sample_smaller() -> None:
    clustered = Estimate(0.9, 0.03, 0.83, 0.94, 400)
    plan = count_plan(clustered, 0.85, DecidedOn.LOW, 20_000)
    assert plan is not None
    assert (plan.size, plan.lot_size) == (100, None)


def test_without_an_error_the_interval_tells_how_much_the_sample_is_worth():
    simple = Estimate(1.0, 0.0, proportion_confint(50, 50, method="wilson")[0], 1.0, 50)
    stratified = Estimate(1.0, 0.0, proportion_confint(9, 9, method="wilson")[0], 1.0, 50)
    sizes = [count_plan(found, 0.85, DecidedOn.LOW, 5_000) for found in (simple, stratified)]
    assert [plan.size for plan in sizes if plan is not None] == [50, 9]


def iso(severity: Severity = Severity.NORMAL) -> IsoRule:
    return IsoRule({"cs": 4.0, "us": 6.5}, "II", severity, limiting_quality=0.85)


def test_iso_counts_the_first_units_of_the_plan_and_passes_over_the_unsaid() -> None:
    wrong: list[bool | None] = [None] * 3 + [True] * 5 + [False] * 45 + [True] * 20
    test = iso_test("cs", wrong, iso(), 500)
    assert (test.required, test.found, test.passed) == (5, 5, True)
    assert (test.detail["size"], test.detail["judged"], test.detail["letter"]) == (50, 50, "H")


def test_iso_with_too_few_units_says_nothing_unless_they_already_reject() -> None:
    assert iso_test("cs", [False] * 49, iso(), 500).passed is None
    assert iso_test("cs", [None] * 90, iso(), 500).passed is None
    assert iso_test("cs", [True] * 6, iso(), 500).passed is False


def test_iso_risks_are_those_of_the_plan() -> None:
    detail = iso_test("cs", [False] * 50, iso(), 500).detail
    assert detail["producer_risk"] == pytest.approx(0.0144, abs=5e-4)
    assert detail["consumer_risk_quality"] == pytest.approx(0.178, abs=5e-4)
    tightened = iso_test("cs", [False] * 50, iso(Severity.TIGHTENED), 500).detail
    assert tightened["accept"] == 3
    assert tightened["producer_risk"] > detail["producer_risk"]


def test_iso_refuses_an_aql_that_the_standard_does_not_have() -> None:
    with pytest.raises(PlanError):
        iso_test("cs", [False], IsoRule({"cs": 5.0}, "II", Severity.NORMAL, 0.9), 500)
