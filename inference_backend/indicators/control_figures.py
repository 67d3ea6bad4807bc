# SPDX-License-Identifier: GPL-2.0-or-later
"""What the decision of a control, as the lot keeps it, says of accuracy."""

from __future__ import annotations

import json
from typing import Any

from inference_backend.indicators.lot_summary import ControlSummary, Share

LEAVES = 0
"""Level of an assessment that looks at the codes themselves."""


def control_of(control_id: str, decided_utc: str, decision_json: str | None) -> ControlSummary:
    """A control from its row.

    Args:
        control_id: UUID.
        decided_utc: ISO 8601, or empty.
        decision_json: ControlReport without its lists, or None while undecided.

    Raises:
        ValueError, KeyError, TypeError: no such document.
    """
    if not decision_json:
        return ControlSummary(control_id, "", "", "", 0, None, {})
    report = json.loads(decision_json)
    decision, answers = report["decision"], report.get("answers") or {}
    return ControlSummary(
        control_id,
        str(decision.get("signed_utc") or decided_utc),
        str(decision["verdict"]),
        str(decision.get("severity") or ""),
        int(answers.get("answered") or 0),
        _errors(report),
        _accuracy(report.get("assessments") or ()),
    )


def _errors(report: dict[str, Any]) -> int | None:
    """Units that differ: the list where it was kept, else nothing is known."""
    listed = report.get("errors")
    if isinstance(listed, int):
        return listed
    return None if listed is None else len(listed)


def _accuracy(assessments: Any) -> dict[str, Share]:
    found = {}
    for assessment in assessments:
        overall = assessment["overall"]
        if assessment["level"] == LEAVES and overall["value"] is not None:
            key = f"{assessment['dimension']}_{assessment['by']}"
            found[key] = Share(
                float(overall["value"]), overall["low"], overall["high"], int(overall["units"] or 0)
            )
    return found
