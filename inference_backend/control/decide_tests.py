# SPDX-License-Identifier: GPL-2.0-or-later
"""The conditions of a decision, by the rule that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inference_backend.contracts.control import AnswerRole, Draw, Unit
from inference_backend.contracts.control_report import Assessment, Test, Verdict
from inference_backend.contracts.profile import Profile
from inference_backend.control.collect import differing
from inference_backend.control.decide_options import DecideOptions, Rule
from inference_backend.control.decide_rules import (
    DIMENSIONS,
    after_redo,
    contract_rule,
    contract_view,
    iso_level,
    iso_rule,
    may_reduce,
    probability_ratio,
    unsaid_share,
)
from inference_backend.control.findings import wrong_units
from inference_backend.control.history import PastControl, standing_of
from inference_backend.control.types import Control
from inference_backend.quality.acceptance.contract import contract_tests
from inference_backend.quality.acceptance.errors import RuleError
from inference_backend.quality.acceptance.iso2859 import iso_test
from inference_backend.quality.acceptance.plans import Severity
from inference_backend.quality.acceptance.unsaid import unsaid_test, without_rejection
from inference_backend.quality.estimation.types import Population, Units

_STRICTEST = (Severity.TIGHTENED, Severity.NORMAL, Severity.REDUCED)


@dataclass(frozen=True)
class Case:
    """What a decision is taken on.

    Attributes:
        profile: the lot's rules.
        options: choices of whoever decides.
        control: the control.
        population: what its sample stands for.
        units: its sample.
        assessments: all of them.
        supplier: earlier decisions on lots of the same supplier, oldest first.
        own: earlier decisions on this lot.
    """

    profile: Profile
    options: DecideOptions
    control: Control
    population: Population
    units: Units
    assessments: Sequence[Assessment]
    supplier: Sequence[PastControl]
    own: Sequence[PastControl]

    @property
    def lot_size(self) -> int:
        """Polygons that could be drawn."""
        return sum(stratum.units for stratum in self.control.strata)


def rule_tests(rule: Rule, case: Case) -> tuple[list[Test], str]:
    """Every condition but conformity, and the severity of ISO 2859-1 (the strictest of the dimensions).

    Raises:
        RuleError: the sample was drawn in another way than the rule asks for.
        PlanError: the standard has no such plan.
    """
    if rule is Rule.CONTRACT:
        return [_answered(case.control), *_contract_tests(case), *_opinions(case.control)], ""
    _require_equal_chances(case)
    severities = {name: _severity(name, case) for name in DIMENSIONS}
    strictest = next(severity for severity in _STRICTEST if severity in severities.values())
    tests = [test for name in DIMENSIONS for test in _iso_tests(name, severities[name], case)]
    return [*tests, *_opinions(case.control)], strictest.value


def _contract_tests(case: Case) -> list[Test]:
    """By dimension: whether enough could be said, then the contract's own conditions."""
    level, by = contract_view(case.profile, case.options)
    asked, most = contract_rule(case.profile, case.options), unsaid_share(case.profile)
    lot_size = case.lot_size if _is_by_count(case.control) else 0
    tests = []
    for found in case.assessments:
        if (found.level, found.by) != (level, by) or found.dimension not in DIMENSIONS:
            continue
        said = unsaid_test(found.dimension, found.unsaid, len(case.units), most)
        own = contract_tests([found], asked, lot_size)
        tests += [said, *(own if said.passed else [without_rejection(test, found) for test in own])]
    return tests


def _iso_tests(dimension: str, severity: Severity, case: Case) -> tuple[Test, Test]:
    """Whether enough could be said, and the plan."""
    level = iso_level(case.profile, case.options)
    wrong = wrong_units(case.units, case.population, dimension, level)
    return (
        unsaid_test(dimension, wrong.count(None), len(wrong), unsaid_share(case.profile)),
        iso_test(dimension, wrong, iso_rule(case.profile, case.options, severity), case.lot_size),
    )


def _opinions(control: Control) -> list[Test]:
    """How many units two controllers judge differently and nobody settled; none without second opinions."""
    twice = sum({*unit.answers} >= {AnswerRole.FIRST, AnswerRole.SECOND} for unit in control.units)
    open_ = len(differing(control))
    passed = None if open_ else True
    return [Test("opinions", passed, "", 0.0, float(open_), {"units": twice})] if twice else []


def _severity(dimension: str, case: Case) -> Severity:
    """The severity asked for, else that of a lot that comes back, else what the history says."""
    if case.options.severity is not None:
        return case.options.severity
    came_back = bool(case.own) and case.own[-1].verdict == Verdict.REJECTED.value
    back = after_redo(case.profile) if came_back else None
    if back is not None:
        return back
    standing = standing_of(case.supplier, dimension, may_reduce=may_reduce(case.profile))
    if standing.stopped:
        raise RuleError(
            path=case.supplier[-1].supplier,
            problem_en="five lots were rejected under tightened control: sampling is discontinued "
            "(ISO 2859-1, 9.4)",
            problem_fr="cinq lots ont été refusés en contrôle renforcé : le contrôle par échantillonnage est "
            "suspendu (ISO 2859-1, 9.4)",
            remedy_en="Once the supplier acted and you agree that it helps, go on with --severity tightened.",
            remedy_fr="Quand le prestataire a agi et que vous jugez ces mesures efficaces, reprenez avec "
            "--severity tightened.",
        )
    return standing.severity


def _answered(control: Control) -> Test:
    asked, given = len(control.units), sum(unit.answer is not None for unit in control.units)
    return Test("answers", True if given == asked else None, "", float(asked), float(given))


def _is_by_count(control: Control) -> bool:
    """Whether polygons were drawn without regard to their area."""
    return control.design.unit is Unit.POLYGON and control.design.draw is not Draw.AREA


def _require_equal_chances(case: Case) -> None:
    """ISO 2859-1 counts units that all had the same chance (8.1): random, or in proportional strata."""
    chances = [unit.probability for unit in case.control.units]
    ratio = probability_ratio(case.profile)
    if _is_by_count(case.control) and chances and max(chances) <= ratio * min(chances):
        return
    raise RuleError(
        path=case.control.label,
        problem_en="its units were not drawn at equal chances, as ISO 2859-1 asks for (8.1)",
        problem_fr="ses unités n'ont pas été tirées à chances égales, comme le demande l'ISO 2859-1 (8.1)",
        remedy_en="Decide by the contract (--rule contract), or draw polygons at random or in proportional "
        "strata without small ones in full (--strata none).",
        remedy_fr="Décidez selon le contrat (--rule contract), ou tirez des polygones au hasard ou en "
        "strates proportionnelles sans prise intégrale (--strata none).",
    )
