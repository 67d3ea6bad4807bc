# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures of ISO 19157:2013, annex D, by their names and numbers, filled from a control's report."""

from __future__ import annotations

from dataclasses import dataclass

from inference_backend.contracts.control_report import ControlReport, Estimate
from inference_backend.control.report_find import assessment, kappa
from inference_backend.control.report_method import counted
from inference_backend.control.report_names import MEASURES, SHORT, Names
from inference_backend.reporting.markup import Html
from inference_backend.reporting.page import paragraph, section
from inference_backend.reporting.table import table


@dataclass(frozen=True)
class Measure:
    """One value of a standard measure.

    Attributes:
        number: identifier in ISO 19157:2013, annex D.
        name: standard name, English and French.
        element: data quality element, English and French.
        about: what it is measured on, English and French.
        value: share 0..1 or count, None where not known.
        low: lower end of its 95 % interval.
        high: upper end.
        share: whether `value` is a share.
    """

    number: int
    name: tuple[str, str]
    element: tuple[str, str]
    about: tuple[str, str]
    value: float | None
    low: float | None = None
    high: float | None = None
    share: bool = True


_THEMATIC = ("thematic accuracy: classification correctness", "exactitude thématique : classification")
_OMISSION = ("completeness: omission", "exhaustivité : omission")
_COMMISSION = ("completeness: commission", "exhaustivité : commission")
_CONCEPTUAL = ("logical consistency: conceptual", "cohérence logique : conceptuelle")
_DOMAIN = ("logical consistency: domain", "cohérence logique : domaine")
_TOPOLOGY = ("logical consistency: topological", "cohérence logique : topologique")


def measures(report: ControlReport) -> list[Measure]:
    """Every measure that the report can fill, in the standard's order."""
    return sorted([*_complete(report), *_logical(report), *_thematic(report)], key=lambda each: each.number)


def _complete(report: ControlReport) -> list[Measure]:
    judged = report.answers.get("answered")
    found = []
    for number, name, element, kind in (
        (3, ("rate of excess items", "taux d'éléments en excès"), _COMMISSION, "threshold"),
        (7, ("rate of missing items", "taux d'éléments manquants"), _OMISSION, "omission"),
    ):
        value = report.error_kinds.get(kind, 0) / judged if judged else None
        found.append(
            Measure(number, name, element, ("units of the sample", "unités de l'échantillon"), value)
        )
    return found


def _logical(report: ControlReport) -> list[Measure]:
    checked = report.conformity
    about = ("whole lot", "lot entier")

    def total(*keys: str) -> float | None:
        counts = [counted(checked.get(key)) for key in keys]
        known = [count for count in counts if count is not None]
        return float(sum(known)) if known else None

    rows = (
        (4, ("number of duplicate feature instances", "nombre d'objets en double"), _COMMISSION,
            total("duplicate_geometries")),
        (10, ("number of items not compliant with the rules of the conceptual schema",
            "nombre d'éléments non conformes aux règles du schéma conceptuel"), _CONCEPTUAL,
            total("under_threshold", "multipart")),
        (11, ("number of invalid overlaps of surfaces", "nombre de recouvrements de surfaces invalides"),
            _CONCEPTUAL, total("overlaps")),
        (16, ("number of items not in conformance with their value domain",
            "nombre d'éléments hors de leur domaine de valeurs"), _DOMAIN,
            total("unknown_codes", "non_leaf_codes", "null_codes")),
        (26, ("number of invalid self-intersect errors", "nombre d'auto-intersections invalides"), _TOPOLOGY,
            total("invalid")),
    )  # fmt: skip
    return [
        Measure(number, name, element, about, value, share=False)
        for number, name, element, value in rows
        if value is not None
    ]


def _thematic(report: ControlReport) -> list[Measure]:
    found = []
    for dimension in ("cs", "us"):
        for by in ("count", "area"):
            entry = assessment(report, dimension, by)
            if entry is None:
                continue
            about = _about(dimension, by)
            wrong = _opposite(entry.overall)
            name = ("misclassification rate", "taux d'erreurs de classification")
            found.append(Measure(61, name, _THEMATIC, about, wrong.value, wrong.low, wrong.high))
            name = ("kappa coefficient", "coefficient kappa")
            found.append(Measure(64, name, _THEMATIC, about, kappa(entry.matrix), share=False))
            if by == "count":
                raw = sum(map(sum, entry.raw)) - sum(row[place] for place, row in enumerate(entry.raw))
                name = ("number of incorrectly classified features", "nombre d'objets mal classés")
                units = (f"judged units, {SHORT[dimension][0]}", f"unités jugées, {SHORT[dimension][1]}")
                found.append(Measure(60, name, _THEMATIC, units, float(raw), share=False))
    return found


def _about(dimension: str, by: str) -> tuple[str, str]:
    english, french = (f"{SHORT[dimension][i]}, {MEASURES[by][i]}" for i in (0, 1))
    return english, french


def _opposite(estimate: Estimate) -> Estimate:
    value, low, high = (None if v is None else 1.0 - v for v in (estimate.value, estimate.high, estimate.low))
    return Estimate(value, estimate.standard_error, low, high, estimate.units)


def iso_section(report: ControlReport, names: Names) -> Html:
    """The measures as a table."""
    words = names.words
    rows = []
    for each in measures(report):
        if each.share:
            value = f"{words.percent(each.value, 2)} {words.interval(each.low, each.high, 2)}".strip()
        else:
            value = words.number(each.value, 2 if each.number == 64 else 0)
        rows.append(
            (str(each.number), words.t(*each.name), words.t(*each.element), words.t(*each.about), value)
        )
    heads = (
        words.t("No.", "N°"),
        words.t("Measure", "Mesure"),
        words.t("Element", "Élément"),
        words.t("On", "Portant sur"),
        words.t("Value", "Valeur"),
    )
    text = words.t(
        "Numbers are those of annex D. Matrices 62 and 63 stand above and in matrix-*.csv. Kappa is that "
        "between lot "
        "and control, given because the standard lists it; it decides nothing.",
        "Les numéros sont ceux de l'annexe D. Les matrices 62 et 63 figurent plus haut et dans "
        "matrix-*.csv. Le kappa, "
        "entre lot et contrôle, est donné parce que la norme le prévoit ; il ne décide de rien.",
    )
    title = words.t("Measures of ISO 19157", "Mesures d'ISO 19157")
    return section(title, table(heads, rows, align="rlllr"), paragraph(text, kind="small"), anchor="iso")
