# SPDX-License-Identifier: GPL-2.0-or-later
"""Looking things up in a control's report."""

from __future__ import annotations

from inference_backend.contracts.control_report import Assessment, ControlReport, Estimate, Test


def assessment(report: ControlReport, dimension: str, by: str, level: int = 0) -> Assessment | None:
    """One assessment, None where the report has none."""
    wanted = (dimension, by, level)
    return next((a for a in report.assessments if (a.dimension, a.by, a.level) == wanted), None)


def levels(report: ControlReport, dimension: str) -> list[int]:
    """Levels assessed, coarsest first, the leaves last."""
    found = {a.level for a in report.assessments if a.dimension == dimension}
    return sorted(found, key=lambda level: level or 99)


def required_overall(report: ControlReport, dimension: str, by: str) -> float | None:
    """What the contract asks of the overall accuracy, None where it asks nothing."""
    for test in report.decision.tests:
        if test.name == f"contract_{dimension}_overall" and test.detail.get("by", by) == by:
            return test.required
    return None


def required_of_class(report: ControlReport, dimension: str, code: str, by: str) -> Test | None:
    """The condition on one class, None where there is none."""
    for test in report.decision.tests:
        if (test.name, test.subject) == (f"contract_{dimension}_class", code):
            return test if test.detail.get("by", by) == by else None
    return None


def kappa(matrix: tuple[tuple[float, ...], ...]) -> float | None:
    """Cohen's kappa of a matrix of shares, None where chance alone explains everything.

    Source: Cohen (1960), Educational and Psychological Measurement 20, 37-46.
    """
    whole = sum(map(sum, matrix))
    if whole <= 0:
        return None
    right = sum(row[place] for place, row in enumerate(matrix)) / whole
    columns = [sum(row[place] for row in matrix) for place in range(len(matrix))]
    chance = sum(sum(row) * column for row, column in zip(matrix, columns, strict=True)) / whole**2
    return None if chance >= 1 else (right - chance) / (1 - chance)


def missing(estimate: Estimate | None) -> bool:
    """Whether nothing was estimated."""
    return estimate is None or estimate.value is None
