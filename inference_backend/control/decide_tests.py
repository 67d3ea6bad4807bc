# SPDX-License-Identifier: GPL-2.0-or-later
"""The conditions of a decision, by the rule that was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from inference_backend.contracts.control import Draw, Unit
from inference_backend.contracts.control_report import Assessment, Test
from inference_backend.contracts.profile import Profile
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
)
from inference_backend.control.findings import wrong_units
from inference_backend.control.history import PastControl, standing_of
from inference_backend.control.types import Control
from inference_backend.quality.acceptance.contract import contract_tests
from inference_backend.quality.acceptance.errors import RuleError
from inference_backend.quality.acceptance.iso2859 import iso_test
from inference_backend.quality.acceptance.plans import Severity
from inference_backend.quality.estimation.types import Population, Units

_STRICTEST = (Severity.TIGHTENED, Severity.NORMAL, Severity.REDUCED)


def rule_tests(
    rule: Rule,
    profile: Profile,
    options: DecideOptions,
    control: Control,
    population: Population,
    units: Units,
    assessments: Sequence[Assessment],
    supplier: Sequence[PastControl],
    own: Sequence[PastControl],
) -> tuple[list[Test], str]:
    """Every condition but conformity, and the severity of ISO 2859-1 (the strictest of the dimensions).

    Args:
        rule: by what the lot is decided.
        profile: the lot's rules.
        options: choices.
        control: the control.
        population: what its sample stands for.
        units: its sample.
        assessments: all of them.
        supplier: earlier decisions on lots of the same supplier.
        own: earlier decisions on this lot.

    Raises:
        RuleError: the sample was drawn in another way than the rule asks for.
        PlanError: the standard has no such plan.
    """
    answered = _answered(control)
    if rule is Rule.CONTRACT:
        level, by = contract_view(profile, options)
        seen = [found for found in assessments if (found.level, found.by) == (level, by)]
        asked = contract_rule(profile, options)
        return [answered, *contract_tests(seen, asked, _countable(control))], ""
    _require_equal_chances(control, profile)
    lot_size, tests = sum(stratum.units for stratum in control.strata), []
    severities = {name: _severity(name, profile, options, supplier, own) for name in DIMENSIONS}
    for name in DIMENSIONS:
        wrong = wrong_units(units, population, name, iso_level(profile, options))
        tests.append(iso_test(name, wrong, iso_rule(profile, options, severities[name]), lot_size))
    strictest = next(severity for severity in _STRICTEST if severity in severities.values())
    return tests, strictest.value


def _severity(
    dimension: str,
    profile: Profile,
    options: DecideOptions,
    supplier: Sequence[PastControl],
    own: Sequence[PastControl],
) -> Severity:
    """The severity asked for, else that of a lot that comes back, else what the history says."""
    if options.severity is not None:
        return options.severity
    back = after_redo(profile) if own else None
    if back is not None:
        return back
    standing = standing_of(supplier, dimension, may_reduce=may_reduce(profile))
    if standing.stopped:
        raise RuleError(
            path=supplier[-1].supplier,
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


def _countable(control: Control) -> int:
    """Units of the lot where each polygon had one chance, else 0: risks are then those of a process."""
    by_count = control.design.unit is Unit.POLYGON and control.design.draw is not Draw.AREA
    return sum(stratum.units for stratum in control.strata) if by_count else 0


def _require_equal_chances(control: Control, profile: Profile) -> None:
    """ISO 2859-1 counts units that all had the same chance (8.1): random, or in proportional strata."""
    chances = [unit.probability for unit in control.units]
    if _countable(control) and chances and max(chances) <= probability_ratio(profile) * min(chances):
        return
    raise RuleError(
        path=control.label,
        problem_en="its units were not drawn at equal chances, as ISO 2859-1 asks for (8.1)",
        problem_fr="ses unités n'ont pas été tirées à chances égales, comme le demande l'ISO 2859-1 (8.1)",
        remedy_en="Decide by the contract (--rule contract), or draw polygons at random or in proportional "
        "strata without small ones in full (--strata none).",
        remedy_fr="Décidez selon le contrat (--rule contract), ou tirez des polygones au hasard ou en "
        "strates proportionnelles sans prise intégrale (--strata none).",
    )
