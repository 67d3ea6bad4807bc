# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables beside a control's report: names of files and their rows. Headings are English in every language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from inference_backend.contracts.control_report import Assessment, ControlReport, Estimate, FoundError
from inference_backend.control.report_iso import measures
from inference_backend.reporting.csv_file import csv_text

_ESTIMATE = ("value", "standard_error", "low", "high", "units")


def csv_files(report: ControlReport) -> dict[str, str]:
    """Text of each CSV by its file name."""
    return {
        "accuracy.csv": csv_text(
            ("dimension", "level", "by", "what", "code", *_ESTIMATE, "mapped", "estimator"), _accuracy(report)
        ),
        "errors.csv": csv_text([field.name for field in fields(FoundError)], _errors(report)),
        "conditions.csv": csv_text(
            ("name", "subject", "passed", "required", "found", "by", "low", "high", "units"),
            _conditions(report),
        ),
        "strata.csv": csv_text(
            ("name", "units", "area_m2", "drawn"),
            ([entry[key] for key in ("name", "units", "area_m2", "drawn")] for entry in report.strata),
        ),
        "iso19157.csv": csv_text(
            ("measure", "name", "element", "about", "value", "low", "high"), _iso(report)
        ),
        "matrices.csv": csv_text(
            ("dimension", "level", "by", "delivered", "control", "units", "share"), _pairs(report)
        ),
        **dict(_matrices(report)),
    }


def _accuracy(report: ControlReport) -> Iterator[Sequence[object]]:
    for found in report.assessments:
        about = (found.dimension, found.level, found.by)
        yield (*about, "overall", "", *_figures(found.overall), None, found.estimator)
        for code in found.classes:
            for what, estimates in (("users", found.users), ("producers", found.producers)):
                yield (*about, what, code, *_figures(estimates.get(code)), None, found.estimator)
            yield (*about, "f1", code, found.f1.get(code), None, None, None, None, None, found.estimator)
            mapped = found.mapped.get(code)
            what = "area_m2" if found.by == "area" else "polygons"
            yield (*about, what, code, *_figures(found.areas.get(code)), mapped, found.estimator)


def _figures(estimate: Estimate | None) -> tuple[object, ...]:
    return tuple(getattr(estimate, name) if estimate else None for name in _ESTIMATE)


def _errors(report: ControlReport) -> Iterator[Sequence[object]]:
    for error in report.errors:
        values = [getattr(error, field.name) for field in fields(FoundError)]
        yield [",".join(value) if isinstance(value, tuple) else value for value in values]


def _conditions(report: ControlReport) -> Iterator[Sequence[object]]:
    for test in report.decision.tests:
        detail = [test.detail.get(key) for key in ("by", "low", "high", "units")]
        yield (test.name, test.subject, test.passed, test.required, test.found, *detail)


def _iso(report: ControlReport) -> Iterator[Sequence[object]]:
    for each in measures(report):
        yield (each.number, each.name[0], each.element[0], each.about[0], each.value, each.low, each.high)


def _pairs(report: ControlReport) -> Iterator[Sequence[object]]:
    """Every matrix in long form, cells that are not empty."""
    for found in report.assessments:
        for row, given in enumerate(found.classes):
            for column, seen in enumerate(found.classes):
                units, share = found.raw[row][column], found.matrix[row][column]
                if units or share:
                    yield (found.dimension, found.level, found.by, given, seen, units, share)


def _matrices(report: ControlReport) -> Iterator[tuple[str, str]]:
    """Square ones of the leaves: rows are delivered codes; units as counted, then shares by each measure."""
    for found in report.assessments:
        if found.level == 0 and found.dimension != "joint":
            yield f"matrix-{found.dimension}-units.csv", _matrix(found, found.raw)
            yield f"matrix-{found.dimension}-{found.by}.csv", _matrix(found, found.matrix)


def _matrix(found: Assessment, matrix: Sequence[Sequence[float]]) -> str:
    rows = ([code, *row] for code, row in zip(found.classes, matrix, strict=True))
    return csv_text(["delivered / control", *found.classes], rows)
