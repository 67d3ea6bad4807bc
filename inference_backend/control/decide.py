# SPDX-License-Identifier: GPL-2.0-or-later
"""Decides of a lot: conformity first, then what the sample says, then who signs it."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from inference_backend import __version__
from inference_backend.contracts.control import ControlState
from inference_backend.contracts.control_report import ControlReport, Decision, Test, Verdict
from inference_backend.contracts.lot import LotKey
from inference_backend.contracts.profile import Profile
from inference_backend.control.assessing import (
    LEAVES,
    assessments_of,
    mapped_rows,
    population_of,
    told_of,
)
from inference_backend.control.conformity import conformity_of
from inference_backend.control.decide_options import DecideOptions, Rule
from inference_backend.control.decide_rules import DIMENSIONS
from inference_backend.control.decide_tests import Case, rule_tests
from inference_backend.control.decide_writing import write_decision
from inference_backend.control.errors import ControlError, LotChangedError, PopulationChangedError
from inference_backend.control.findings import (
    agreements,
    answer_figures,
    error_kinds,
    found_errors,
    units_of,
    wrong_units,
)
from inference_backend.control.history import PastControl, supplier_history
from inference_backend.control.lot_source import LotTables, lot_place, open_tables, own_condition
from inference_backend.control.read import control_of
from inference_backend.control.types import Control
from inference_backend.postgis.address import LotAddress
from inference_backend.postprocess.lot.lot_metadata import utc_now
from inference_backend.progress import Progress, Silent, Span
from inference_backend.quality.acceptance.errors import RuleError
from inference_backend.quality.acceptance.verdict import decision_of

_IDS_SHOWN = 10


def decide_control(
    lot: str | Path | LotAddress,
    rule: Rule,
    signed_by: str,
    *,
    options: DecideOptions | None = None,
    control_id: str | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> ControlReport:
    """What a control found and what is decided of it.

    Args:
        lot: a GeoPackage, or the address of a lot in PostGIS; it must be in control.
        rule: of the contract, or ISO 2859-1.
        signed_by: who takes the decision; empty to look at it without writing anything. An undecided lot is
            not signed.
        options: choices.
        control_id: which control; the latest by default.
        progress: told the share that is done; asked whether to stop before anything is written.

    Returns:
        The report. When signed, the lot is accepted or rejected, the decision stands in its table `control`,
        and a rejected lot has items to redo; its polygons are as they were.

    Raises:
        ControlError: no control, or one that was decided.
        LotChangedError, PopulationChangedError: the lot was changed after the draw.
        RuleError, PlanError: the rule cannot be applied to this sample.
        LotStateError: the lot is not in control.
        LotFileError, ConfigError, OutputError: it cannot be read or written.
    """
    chosen = options or DecideOptions()
    place = lot_place(lot)
    conformity = conformity_of(place, Span(progress, 0.0, 0.6))
    past = supplier_history((place, *chosen.history))
    with open_tables(place, write=bool(signed_by)) as tables:
        control = control_of(tables, control_id, check=True)
        _require_open(control)
        require_unchanged(control)
        report = report_of(tables, control, rule, chosen, conformity, past)
        report = replace(report, decision=_signed(report.decision, signed_by, chosen))
        progress.update(0.9)
        if report.decision.signed_by:
            write_decision(tables, report, chosen, control.units)
    progress.update(1.0)
    return report


def report_of(
    tables: LotTables,
    control: Control,
    rule: Rule,
    options: DecideOptions,
    conformity: dict[str, Any],
    past: list[PastControl],
) -> ControlReport:
    """The report of a control, with a decision that nobody has signed.

    Args:
        tables: the open lot.
        control: its control.
        rule: by what it is decided.
        options: choices.
        conformity: what the check of the whole lot says, with `conform`.
        past: decisions on these and other lots, oldest first.
    """
    profile = tables.profile()
    nomenclature = profile.nomenclature
    told = told_of(tables, control)
    population, units = population_of(tables, control, nomenclature, told), units_of(control)
    found = assessments_of(units, population, control.design, nomenclature)
    wrong = {name: wrong_units(units, population, name, LEAVES) for name in DIMENSIONS}
    errors = found_errors(control, wrong)
    lot = {
        **_lot(tables, control, profile),
        "area_m2": told.area_m2,
        "mapped": mapped_rows(population.mapped),
    }
    others = [line for line in past if line.supplier == lot["assigned_to"] and lot["assigned_to"]]
    own = [line for line in past if line.lot_uuid == control.lot_uuid]
    conform = Test("conformity", bool(conformity["conform"]), detail={"faults": conformity["faults"]})
    case = Case(profile, options, control, population, units, found, others, own)
    tests, severity = rule_tests(rule, case)
    return ControlReport(
        control.control_id,
        lot,
        {**control.design.to_dict(), "drawn_utc": control.created_utc, "drawn_by": control.created_by},
        tuple(asdict(stratum) for stratum in control.strata),
        answer_figures(control),
        conformity,
        found,
        agreements(control, {"cs": population.covers, "us": population.uses}),
        errors,
        error_kinds(errors),
        decision_of(rule.value, [conform, *tests], severity=severity),
        tuple(line.to_dict() for line in others if line.control_id != control.control_id),
        __version__,
    )


def _signed(decision: Decision, signed_by: str, options: DecideOptions) -> Decision:
    """The decision with its signature; without one where the rules leave it open and nobody else decides.

    Raises:
        RuleError: decided against the rules without a word why.
    """
    decision = replace(decision, comment=options.comment)
    if options.verdict is not None and options.verdict is not decision.verdict:
        if not options.comment.strip():
            raise RuleError(
                path=options.verdict.value,
                problem_en=f"the rules say {decision.verdict.value}",
                problem_fr=f"les règles disent {decision.verdict.value}",
                remedy_en="Say why you decide otherwise (--comment).",
                remedy_fr="Dites pourquoi vous décidez autrement (--comment).",
            )
        against = Test("signatory", None, options.verdict.value, detail={"rules": decision.verdict.value})
        decision = replace(decision, verdict=options.verdict, tests=(against, *decision.tests))
    if not signed_by or decision.verdict is Verdict.UNDECIDED:
        return decision
    return replace(decision, signed_by=signed_by, signed_utc=utc_now())


def _require_open(control: Control) -> None:
    if control.state is ControlState.DRAWN:
        return
    if control.state is ControlState.CANCELLED:
        raise ControlError(
            path=control.label,
            problem_en="this control was cancelled",
            problem_fr="ce contrôle a été annulé",
            remedy_en="Decide the one that took its place: leave --control out.",
            remedy_fr="Décidez celui qui l'a remplacé : omettez --control.",
        )
    raise ControlError(
        path=control.label,
        problem_en=f"its control was decided by {control.decided_by} on {control.decided_utc}",
        problem_fr=f"son contrôle a été décidé par {control.decided_by} le {control.decided_utc}",
        remedy_en="A lot that was redone gets a new sample: ocsge control sample.",
        remedy_fr="Un lot repris reçoit un nouvel échantillon : ocsge control sample.",
    )


def require_unchanged(control: Control) -> None:
    """What was looked for with `check` must not have been found.

    Raises:
        LotChangedError, PopulationChangedError: the sample no longer stands for the lot.
    """
    if control.changed:
        shown = ", ".join(control.changed[:_IDS_SHOWN]) + ("…" if len(control.changed) > _IDS_SHOWN else "")
        raise LotChangedError(path=control.label, count=len(control.changed), ids=shown)
    if control.population_changed:
        raise PopulationChangedError(path=control.label)


def _lot(tables: LotTables, control: Control, profile: Profile) -> dict[str, Any]:
    query = f"SELECT count(*) FROM {{occupation_sol}}{own_condition(tables)}"  # nosec B608 - constants
    (polygons,) = next(iter(list(tables.select(query))))
    told = tables.metadata
    return {
        "name": told.get(LotKey.NAME.value) or control.lot_name,
        "lot_uuid": control.lot_uuid,
        "assigned_to": told.get(LotKey.ASSIGNED_TO.value, ""),
        "millesime": told.get(LotKey.MILLESIME.value, ""),
        "profile": f"{profile.name} {profile.version}",
        "polygons": int(polygons),
        "crs": tables.crs,
        "fingerprint": control.fingerprint,
        "path": tables.label,
    }
