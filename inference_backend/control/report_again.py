# SPDX-License-Identifier: GPL-2.0-or-later
"""The report of a decided control again: what was signed as it was signed, lists from the kept answers."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from inference_backend.contracts.control_report import Assessment, ControlReport
from inference_backend.control.assessing import LEAVES, assessments_of
from inference_backend.control.errors import ControlError
from inference_backend.control.findings import agreements, found_errors, units_of, wrong_units
from inference_backend.control.lot_source import LotTables
from inference_backend.control.types import Control
from inference_backend.quality.acceptance.characteristic import CountPlan, acceptance_chance, curve
from inference_backend.quality.estimation.types import Mapped, Population

_SAME = 1e-9
_DIMENSIONS = ("cs", "us")


def report_again(tables: LotTables, control: Control) -> ControlReport:
    """The whole report of a control whose decision stands in the lot.

    Verdict, conditions, conformity and totals are those that were signed. Matrices and classes are reckoned
    from the sample, its answers and the totals of the day of the decision, all kept in the lot, so that a
    lot under redo still gives them; the overall figures must come out as they were signed.

    Raises:
        ControlError: they do not: answers or design were changed after the signature.
    """
    kept: dict[str, Any] = dict(control.decision or {})
    nomenclature = tables.profile().nomenclature
    covers, uses = (tuple(code.code for code in nomenclature.leaves(d)) for d in ("cs", "us"))
    population = Population(control.strata, _mapped(kept), covers, uses)
    units = units_of(control)
    found = assessments_of(units, population, control.design, nomenclature)
    if not _as_signed(found, kept["assessments"]):
        raise _changed(tables.label)
    wrong = {name: wrong_units(units, population, name, LEAVES) for name in _DIMENSIONS}
    decision = {
        **kept["decision"],
        "tests": [_with_curve(test, control) for test in kept["decision"]["tests"]],
    }
    lists = {
        "assessments": [asdict(entry) for entry in found],
        "agreements": [asdict(entry) for entry in agreements(control, {"cs": covers, "us": uses})],
        "errors": [asdict(entry) for entry in found_errors(control, wrong)],
        "strata": [asdict(stratum) for stratum in control.strata],
        "history": kept.get("history", []),
        "decision": decision,
    }
    return ControlReport.from_dict({**kept, **lists})


def _mapped(kept: dict[str, Any]) -> Mapped:
    """Totals by delivered codes on the day of the decision; none where they were not known then."""
    rows = kept["lot"].get("mapped") or []
    if not rows:
        return Mapped()
    cs, us, polygons, area_m2 = zip(*rows, strict=True)
    return Mapped(
        np.array(cs, dtype=np.str_),
        np.array(us, dtype=np.str_),
        np.array(polygons, dtype=np.int64),
        np.array(area_m2, dtype=np.float64),
    )


def _as_signed(found: tuple[Assessment, ...], signed: list[dict[str, Any]]) -> bool:
    now = {(entry.dimension, entry.level, entry.by): entry.overall.value for entry in found}
    return all(
        _equal(now.get((entry["dimension"], entry["level"], entry["by"])), entry["overall"]["value"])
        for entry in signed
    )


def _equal(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return math.isclose(first, second, abs_tol=_SAME)


def _with_curve(test: dict[str, Any], control: Control) -> dict[str, Any]:
    """The operating characteristic again: of the lot or of a process, as the risk that was signed says."""
    detail = test["detail"]
    if detail.get("size") is None or detail.get("accept") is None or detail.get("producer_risk") is None:
        return test
    agreed = detail.get("agreed_quality")
    wrong = detail["aql_percent"] / 100 if agreed is None else 1 - agreed
    polygons = sum(stratum.units for stratum in control.strata)
    plans = [CountPlan(detail["size"], detail["accept"])]
    if polygons >= detail["size"]:
        plans.append(CountPlan(detail["size"], detail["accept"], polygons))
    chance = 1 - detail["producer_risk"]
    plan = min(plans, key=lambda each: abs(float(acceptance_chance(each, [wrong])[0]) - chance))
    return {**test, "detail": {**detail, "curve": curve(plan)}}


def _changed(label: str) -> ControlError:
    return ControlError(
        path=label,
        problem_en="the answers of its control no longer give the figures that were signed",
        problem_fr="les réponses de son contrôle ne redonnent plus les chiffres signés",
        remedy_en="Use the JSON report written on the day of the decision, or a copy of the lot of that day.",
        remedy_fr="Utilisez le rapport JSON écrit le jour de la décision, ou une copie du lot de ce jour-là.",
    )
