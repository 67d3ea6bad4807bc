# SPDX-License-Identifier: GPL-2.0-or-later
"""Rule of a contract: least shares that must be right, overall and of each class, decided on an interval."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from scipy.stats import norm

from inference_backend.contracts.control_report import Assessment, Estimate, Test
from inference_backend.quality.acceptance.characteristic import CountPlan, acceptance_chance, curve

_Z = float(norm.ppf(0.975))
_MOST_UNITS = 20_000
_ALIKE = 0.05


class DecidedOn(StrEnum):
    """Which end of the 95 % interval has to reach the threshold."""

    LOW = "low"
    """The buyer is sure: a lot just at the threshold is accepted once in 40 times."""
    ESTIMATE = "estimate"
    """Nobody is: a lot just at the threshold is accepted every other time."""
    HIGH = "high"
    """The supplier is sure: a lot just at the threshold is rejected once in 40 times."""
    BOTH = "both"
    """Accepted as with `low`, rejected as with `high`, undecided between them."""


@dataclass(frozen=True)
class Thresholds:
    """What a contract asks of one dimension.

    Attributes:
        overall: least share that is right, 0..1.
        each_class: least share of each delivered class that is right, 0..1; None: no such condition.
    """

    overall: float
    each_class: float | None


@dataclass(frozen=True)
class ContractRule:
    """A contract's conditions.

    Attributes:
        thresholds: by dimension, `cs` and `us`.
        overall_on: what overall thresholds are decided on.
        class_on: what class thresholds are decided on.
        least_units: a class with fewer judged units than this decides nothing.
        agreed_quality: share that is right at which the producer's risk is stated, 0..1.
        limiting_quality: share that is right at which the consumer's risk is stated, 0..1.
    """

    thresholds: dict[str, Thresholds]
    overall_on: DecidedOn
    class_on: DecidedOn
    least_units: int
    agreed_quality: float
    limiting_quality: float


def contract_tests(assessments: Iterable[Assessment], rule: ContractRule, lot_size: int) -> list[Test]:
    """Every condition of a contract, with figures.

    Args:
        assessments: those that the contract is about: one level, one measure, every dimension.
        rule: the contract.
        lot_size: units of the population.
    """
    tests: list[Test] = []
    for assessment in assessments:
        asked = rule.thresholds.get(assessment.dimension)
        if asked is not None:
            tests.append(_overall_test(assessment, asked.overall, rule, lot_size))
            if asked.each_class is not None:
                tests += _class_tests(assessment, asked.each_class, rule)
    return tests


def holds(estimate: Estimate, required: float, decided_on: DecidedOn) -> bool | None:
    """Whether an estimate reaches a threshold; None where that cannot be said."""
    value, low, high = estimate.value, estimate.low, estimate.high
    if value is None:
        return None
    if decided_on is DecidedOn.ESTIMATE:
        return value >= required
    if low is None or high is None:
        return None
    if decided_on is DecidedOn.LOW:
        return low >= required
    if decided_on is DecidedOn.HIGH:
        return high >= required
    return True if low >= required else False if high < required else None


def count_plan(estimate: Estimate, required: float, decided_on: DecidedOn, lot_size: int) -> CountPlan | None:
    """The plan by counting that an interval amounts to: its risks can be stated.

    The sample counts as the simple random one that would give the same standard error (its effective size),
    and the interval is Wilson's (Brown, Cai and DasGupta, Statistical Science 16, 2001, 2).

    Returns:
        None without an estimate.
    """
    if estimate.value is None or not estimate.units:
        return None
    wanted = DecidedOn.LOW if decided_on is DecidedOn.BOTH else decided_on
    if estimate.low == estimate.high:  # all of it was judged: there is no chance left
        whole = estimate.units
        accept = _last_accepted(whole, lambda wrong: (whole - wrong) / whole >= required)
        return CountPlan(whole, accept, whole)
    size = _effective_size(estimate)
    accept = _last_accepted(size, lambda wrong: bool(holds(_as_found(size, wrong), required, wanted)))
    simple = size == estimate.units and lot_size >= size
    return CountPlan(size, accept, lot_size if simple else None)


def _last_accepted(size: int, accepts: Callable[[int], bool]) -> int:
    """Largest number of wrong units that is accepted, -1 where none is; found by halving."""
    return bisect_left(range(size + 1), True, key=lambda wrong: not accepts(wrong)) - 1


def units_needed(estimate: Estimate, required: float) -> int | None:
    """Units of a sample of the same kind whose interval would leave the threshold, were the estimate true.

    Returns:
        At least those that were drawn; None where nothing was estimated, or no sample of a size that
        anybody draws would do.
    """
    value = estimate.value
    if value is None or not estimate.units:
        return None
    effect = estimate.units / _effective_size(estimate)
    size = _effective_size(estimate)
    while size <= _MOST_UNITS:
        low, high = _wilson(size, size * (1 - value))
        if low >= required or high < required:
            return ceil(size * effect)
        size += size // 20 + 1
    return None


def _overall_test(assessment: Assessment, required: float, rule: ContractRule, lot_size: int) -> Test:
    estimate = assessment.overall
    detail: dict[str, object] = _interval(estimate, rule.overall_on, assessment)
    plan = count_plan(estimate, required, rule.overall_on, lot_size)
    if plan is not None:
        agreed, limit = (1 - share for share in (rule.agreed_quality, rule.limiting_quality))
        at_agreed, at_limit = acceptance_chance(plan, [agreed, limit]).tolist()
        detail |= {"size": plan.size, "accept": plan.accept, "curve": curve(plan)}
        detail |= {"agreed_quality": rule.agreed_quality, "producer_risk": 1 - at_agreed}
        detail |= {"limiting_quality": rule.limiting_quality, "consumer_risk": at_limit}
        needed = units_needed(estimate, required)
        if needed is not None and lot_size:
            needed = min(needed, lot_size)
        detail |= {"units_needed": needed}
    return Test(
        f"contract_{assessment.dimension}_overall",
        _holds_of_whole(estimate, required, rule.overall_on, assessment.covered),
        assessment.dimension,
        required,
        estimate.value,
        detail,
    )


def _holds_of_whole(
    estimate: Estimate, required: float, decided_on: DecidedOn, covered: float
) -> bool | None:
    """`holds` where the estimate speaks for a part of the lot alone: of the rest, nobody could say anything.

    That rest may be all wrong or all right, and the outcome must be the same.
    """
    if estimate.value is None or covered >= 1:
        return holds(estimate, required, decided_on)
    rest = 1 - covered
    low, high = (estimate.value if end is None else end for end in (estimate.low, estimate.high))
    if decided_on is DecidedOn.ESTIMATE:
        low = high = estimate.value
        decided_on = DecidedOn.BOTH
    elif estimate.low is None or estimate.high is None:
        return None
    whole = Estimate(
        estimate.value, estimate.standard_error, low * covered, high * covered + rest, estimate.units
    )
    return holds(whole, required, decided_on)


def _class_tests(assessment: Assessment, required: float, rule: ContractRule) -> Iterator[Test]:
    for code in assessment.classes:
        estimate = assessment.users.get(code)
        if estimate is None or not assessment.mapped.get(code):
            continue
        known = estimate.units >= rule.least_units
        yield Test(
            f"contract_{assessment.dimension}_class",
            holds(estimate, required, rule.class_on) if known else None,
            code,
            required,
            estimate.value,
            {**_interval(estimate, rule.class_on, assessment), "least_units": rule.least_units},
        )


def _interval(estimate: Estimate, decided_on: DecidedOn, assessment: Assessment) -> dict[str, object]:
    return {
        "low": estimate.low,
        "high": estimate.high,
        "standard_error": estimate.standard_error,
        "units": estimate.units,
        "decided_on": decided_on.value,
        "by": assessment.by,
        "level": assessment.level,
        "covered": assessment.covered,
    }


def _effective_size(estimate: Estimate) -> int:
    """Units of the simple random sample that would be as precise; those drawn where both are about equal."""
    value, error = estimate.value or 0.0, estimate.standard_error
    size = float(estimate.units)
    if error and 0 < value < 1:
        size = value * (1 - value) / error**2
    elif value >= 1 and estimate.low is not None and estimate.low < 1:
        size = _Z**2 * estimate.low / (1 - estimate.low)  # Wilson's lower end, solved for n
    elif value <= 0 and estimate.high is not None and estimate.high > 0:
        size = _Z**2 * (1 - estimate.high) / estimate.high
    alike = abs(size - estimate.units) <= _ALIKE * estimate.units
    return estimate.units if alike else max(1, round(size))


def _as_found(size: int, wrong: int) -> Estimate:
    low, high = _wilson(size, wrong)
    return Estimate((size - wrong) / size, None, low, high, size)


def _wilson(size: int, wrong: float) -> tuple[float, float]:
    right = (size - wrong) / size
    scale = 1 + _Z**2 / size
    centre = (right + _Z**2 / (2 * size)) / scale
    half = _Z * (right * (1 - right) / size + _Z**2 / (4 * size**2)) ** 0.5 / scale
    return max(0.0, centre - half), min(1.0, centre + half)
