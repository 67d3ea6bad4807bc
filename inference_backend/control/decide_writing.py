# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a signed decision into the lot: its control, its state, its items; never a polygon."""

from __future__ import annotations

import json
from typing import Any

from inference_backend.contracts.control import ControlState
from inference_backend.contracts.control_report import ControlReport, Verdict
from inference_backend.contracts.lot import LotState
from inference_backend.contracts.lot_states import changed_state
from inference_backend.control.decide_options import DecideOptions, Redo
from inference_backend.control.errors import ControlError
from inference_backend.control.lot_source import LotTables
from inference_backend.control.read import control_of
from inference_backend.control.redo import send_class_back, send_errors_back
from inference_backend.control.types import DrawnUnit

_LEAVES = 0
_STATES = {Verdict.ACCEPTED: LotState.ACCEPTED, Verdict.REJECTED: LotState.REJECTED}


def write_decision(
    tables: LotTables,
    report: ControlReport,
    options: DecideOptions,
    units: tuple[DrawnUnit, ...] | None = None,
) -> int:
    """All of a decision in one transaction, or nothing.

    Args:
        tables: the open lot.
        report: with a signed decision.
        options: choices.
        units: with the answers that the decision rests on, to look whether others came in meanwhile.

    Returns:
        Number of polygons sent back.

    Raises:
        ControlError: somebody else decided meanwhile, or answers came in.
        LotStateError: the lot is not in control.
        OutputError: it cannot be written.
    """
    decision = report.decision
    with tables.transaction():
        done = tables.execute(
            "UPDATE {control} SET state = ?, decision_json = ?, decided_by = ?, decided_utc = ? "
            "WHERE control_id = ? AND state = ?",
            (
                ControlState.DECIDED.value,
                json.dumps(short_report(report), ensure_ascii=False),
                decision.signed_by,
                decision.signed_utc,
                report.control_id,
                ControlState.DRAWN.value,
            ),
        )
        if done != 1:
            raise _decided_meanwhile(tables.label)
        if units is not None and control_of(tables, report.control_id).units != units:
            raise _answered_meanwhile(tables.label)
        tables.set_metadata(
            changed_state(
                tables.metadata,
                _STATES[decision.verdict],
                by=decision.signed_by,
                time_utc=decision.signed_utc,
                comment=decision.comment,
                label=tables.label,
            )
        )
        return _send_back(tables, report, options) if decision.verdict is Verdict.REJECTED else 0


def short_report(report: ControlReport) -> dict[str, Any]:
    """The report as the lot keeps it: figures that dashboards and histories read, without long lists."""
    values = report.to_dict()
    values["errors"] = len(report.errors)
    values["assessments"] = [
        {name: entry[name] for name in ("dimension", "level", "by", "overall", "estimator")}
        for entry in values["assessments"]
        if entry["level"] == _LEAVES
    ]
    values["decision"]["curve"] = []
    for test in values["decision"]["tests"]:
        test["detail"].pop("curve", None)
    del values["history"], values["strata"]
    return values


def _send_back(tables: LotTables, report: ControlReport, options: DecideOptions) -> int:
    sent = send_errors_back(tables, report.errors, options.language)
    if options.redo is Redo.CLASSES:
        for test in report.decision.tests:
            if test.passed is False and test.name.endswith("_class"):
                dimension = test.name.split("_")[1]
                sent += send_class_back(tables, dimension, test.subject, options.language)
    return sent


def _decided_meanwhile(label: str) -> ControlError:
    return ControlError(
        path=label,
        problem_en="somebody else decided this control meanwhile",
        problem_fr="quelqu'un d'autre a décidé ce contrôle entre-temps",
        remedy_en="Look at that decision (ocsge control report).",
        remedy_fr="Consultez cette décision (ocsge control report).",
    )


def _answered_meanwhile(label: str) -> ControlError:
    return ControlError(
        path=label,
        problem_en="answers came in while it was being decided",
        problem_fr="des réponses sont arrivées pendant la décision",
        remedy_en="Decide again: nothing was written.",
        remedy_fr="Décidez à nouveau : rien n'a été écrit.",
    )
