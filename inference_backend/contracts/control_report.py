# SPDX-License-Identifier: GPL-2.0-or-later
"""What a control found and what was decided of it: one JSON document, source of pages and indicators."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

REPORT_FORMAT = "ocsge-control-report/1"


@dataclass(frozen=True)
class Estimate:
    """An estimated share (0..1) or area (m2) with its 95 % interval.

    Attributes:
        value: the estimate, None where there is nothing to estimate it from.
        standard_error: its standard error, None where a single unit or none leaves it unknown.
        low: lower end of the interval, None where unknown.
        high: upper end.
        units: units that it rests on.
    """

    value: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    units: int


@dataclass(frozen=True)
class Assessment:
    """Accuracy of one dimension, at one level, by count or by area.

    Attributes:
        dimension: `cs`, `us` or `joint` (both right).
        level: level of the nomenclature, 0 for the leaves.
        by: `count` (share of the polygons) or `area` (share of the surface).
        classes: codes, in the nomenclature's order; row and column order of the matrices.
        raw: units as counted: rows are delivered codes, columns those of the control.
        matrix: the same as estimated shares of the population; sums to 1.
        overall: share that is right.
        users: by delivered code, share that is right of what bears it (1 - commission).
        producers: by code of the control, share of it that was delivered so (1 - omission).
        f1: by code, harmonic mean of the two.
        areas: by code, what the control says it covers, m2 (polygons where `by` is `count`).
        mapped: by code, what the lot says.
        estimator: name of the estimator.
        source: publication of its formulas.
        covered: share of the population that this speaks of; below 1 where a stratum has no answer at all.
        unsaid: units of the sample that could not be said at this level; they are taken to be like the others
            of their stratum.
        overall_if_wrong: the share that is right if all of these were wrong.
        overall_if_right: the same if all of these were right that a coarser answer does not contradict.
        notes: what had to be assumed: `systematic_as_random`, `post_strata_joined`,
            `single_unit_strata_collapsed`, `strata_without_answer`.
    """

    dimension: str
    level: int
    by: str
    classes: tuple[str, ...]
    raw: tuple[tuple[int, ...], ...]
    matrix: tuple[tuple[float, ...], ...]
    overall: Estimate
    users: dict[str, Estimate]
    producers: dict[str, Estimate]
    f1: dict[str, float | None]
    areas: dict[str, Estimate]
    mapped: dict[str, float]
    estimator: str
    source: str
    covered: float = 1.0
    unsaid: int = 0
    overall_if_wrong: float | None = None
    overall_if_right: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Agreement:
    """How two controllers agree on the units that both answered.

    Attributes:
        dimension: `cs` or `us`.
        units: units with two answers.
        agreed: share with the same code.
        kappa: Cohen's kappa, None where it is not defined; reported beside, it decides nothing.
        kappa_low: lower end of its 95 % interval.
        kappa_high: upper end.
    """

    dimension: str
    units: int
    agreed: Estimate
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None


class Verdict(str, Enum):
    """What is decided of a lot."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDECIDED = "undecided"
    """The sample is too small for the risks that were agreed, or answers are missing."""


@dataclass(frozen=True)
class Test:
    """One condition of a decision.

    Attributes:
        name: stable key: `conformity`, `iso2859_cs`, `contract_cs_overall`, `contract_cs_class`,
            `unsaid_cs`, `opinions`…
        passed: whether it holds; None where nothing can be said.
        subject: dimension or class it is about, empty for the lot.
        required: what is asked: a share, or an acceptance number.
        found: what was found.
        detail: figures of the plan or the interval, by name.
    """

    name: str
    passed: bool | None
    subject: str = ""
    required: float | None = None
    found: float | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """A verdict with what it rests on.

    Attributes:
        verdict: what the rules say.
        rule: `iso2859` or `contract`.
        tests: every condition, failed ones first.
        producer_risk: chance that a lot of the agreed quality is rejected, 0..1.
        consumer_risk: chance that a lot of the limiting quality is accepted, 0..1.
        curve: points (true share of errors, chance of acceptance) of the operating characteristic.
        severity: `normal`, `tightened` or `reduced` with ISO 2859-1, else empty.
        signed_by: who takes the decision.
        signed_utc: ISO 8601.
        comment: free text.
    """

    verdict: Verdict
    rule: str
    tests: tuple[Test, ...]
    producer_risk: float | None = None
    consumer_risk: float | None = None
    curve: tuple[tuple[float, float], ...] = ()
    severity: str = ""
    signed_by: str = ""
    signed_utc: str = ""
    comment: str = ""


@dataclass(frozen=True)
class FoundError:
    """A unit where the control differs from the lot.

    Attributes:
        sample_id: its number in the sample.
        polygon_id: the polygon.
        kinds: ErrorKind values.
        map_cs: delivered cover.
        control_cs: cover of the control.
        map_us: delivered use.
        control_us: use of the control.
        area_m2: of the polygon.
        x: point in the layer's CRS.
        y: point in the layer's CRS.
        comment: the controller's words: text from outside, escape it.
    """

    sample_id: int
    polygon_id: str
    kinds: tuple[str, ...]
    map_cs: str
    control_cs: str | None
    map_us: str
    control_us: str | None
    area_m2: float
    x: float
    y: float
    comment: str = ""


@dataclass(frozen=True)
class ControlReport:
    """Everything that a page, a table or an indicator says of one control.

    Attributes:
        control_id: UUID.
        lot: `name`, `lot_uuid`, `assigned_to`, `millesime`, `profile`, `polygons`, `area_m2`, `crs`,
            `fingerprint`, `path`, and `mapped`: what could be drawn by codes on the day of the decision, rows
            `[cover, use, polygons, m2]`, empty where it was not known.
        design: ControlDesign as JSON, with `drawn_utc` and `drawn_by`.
        strata: list of Stratum as JSON.
        answers: `asked`, `answered`, `cannot_say_cs`, `cannot_say_us`, `controllers`, `duration_s`.
        conformity: what `ocsge check` says: `conform` and its counts.
        assessments: every dimension, level and measure.
        agreements: between controllers.
        errors: units that differ.
        error_kinds: units by ErrorKind value.
        decision: the verdict.
        history: earlier decisions of the same subcontractor, oldest first: `lot`, `verdict`, `signed_utc`,
            `severity`, `errors`, `units`.
        software_version: of what reckoned it.
    """

    control_id: str
    lot: dict[str, Any]
    design: dict[str, Any]
    strata: tuple[dict[str, Any], ...]
    answers: dict[str, Any]
    conformity: dict[str, Any]
    assessments: tuple[Assessment, ...]
    agreements: tuple[Agreement, ...]
    errors: tuple[FoundError, ...]
    error_kinds: dict[str, int]
    decision: Decision
    history: tuple[dict[str, Any], ...]
    software_version: str

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        values = asdict(self)
        values["format"] = REPORT_FORMAT
        values["decision"]["verdict"] = self.decision.verdict.value
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ControlReport:
        """Inverse of `to_dict`.

        Raises:
            ValueError: another format, or a verdict that there is not.
            KeyError, TypeError: a field is missing, or is not what it should be.
        """
        if values["format"] != REPORT_FORMAT:
            raise ValueError(values["format"])
        known = {name: values[name] for name in cls.__dataclass_fields__}
        known["assessments"] = tuple(_assessment(entry) for entry in values["assessments"])
        known["agreements"] = tuple(
            Agreement(**{**entry, "agreed": Estimate(**entry["agreed"])}) for entry in values["agreements"]
        )
        known["errors"] = tuple(
            FoundError(**{**entry, "kinds": tuple(entry["kinds"])}) for entry in values["errors"]
        )
        known["decision"] = _decision(values["decision"])
        known["strata"], known["history"] = tuple(values["strata"]), tuple(values["history"])
        return cls(**known)


def _assessment(values: dict[str, Any]) -> Assessment:
    known = dict(values)
    for name in ("users", "producers", "areas"):
        known[name] = {code: Estimate(**entry) for code, entry in values[name].items()}
    for name in ("raw", "matrix"):
        known[name] = tuple(tuple(row) for row in values[name])
    known["classes"], known["overall"] = tuple(values["classes"]), Estimate(**values["overall"])
    known["notes"] = tuple(values.get("notes", ()))
    return Assessment(**known)


def _decision(values: dict[str, Any]) -> Decision:
    known = dict(values)
    known["verdict"] = Verdict(values["verdict"])
    known["tests"] = tuple(Test(**entry) for entry in values["tests"])
    known["curve"] = tuple((point[0], point[1]) for point in values["curve"])
    return Decision(**known)
