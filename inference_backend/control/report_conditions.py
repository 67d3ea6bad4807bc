# SPDX-License-Identifier: GPL-2.0-or-later
"""Conditions of a decision as a table of a control's report."""

from __future__ import annotations

from inference_backend.contracts.control_report import ControlReport, Test
from inference_backend.control.report_names import DECIDED_ON, DIMENSIONS, MEASURES, RULES, SEVERITIES, Names
from inference_backend.reporting.markup import Content, Html, join, tag
from inference_backend.reporting.page import badge
from inference_backend.reporting.table import table

COUNTED_CLASSES = ("contract_cs_class", "contract_us_class")
"""Conditions that are told one by one only where they fail."""


def conditions(report: ControlReport, names: Names) -> Html:
    """Every condition with what is asked, what was found and whether it holds, unmet ones first."""
    words = names.words
    tests = report.decision.tests
    shown = [test for test in tests if test.passed is False or test.name not in COUNTED_CLASSES]
    heads = (
        words.t("Condition", "Condition"),
        words.t("Required", "Exigé"),
        words.t("Found", "Trouvé"),
        words.t("On what", "Sur quoi"),
        words.t("Result", "Résultat"),
    )
    rows = [_row(test, names) for test in shown]
    kinds = ["bad" if test.passed is False else None for test in shown]
    for name in COUNTED_CLASSES:
        few = [test.subject for test in tests if test.name == name and test.passed is None]
        if few:
            rows.append(_too_few(few, names))
            kinds.append(None)
        met = sum(test.passed is True for test in tests if test.name == name)
        if met:
            which = names.of(DIMENSIONS, name.split("_")[1])
            rows.append(
                (
                    words.count(
                        met,
                        (
                            "class not shown to be under its threshold",
                            "classes not shown to be under their threshold",
                        ),
                        (
                            "classe que rien ne montre sous son seuil",
                            "classes que rien ne montre sous leur seuil",
                        ),
                    ),
                    "",
                    "",
                    which,
                    _result(True, names),
                )
            )
            kinds.append(None)
    caption = words.t(
        "Conditions of the decision, unmet ones first: ",
        "Conditions de la décision, les non tenues d'abord : ",
    ) + _rule(report, names)
    return table(heads, rows, align="lrrll", caption=caption, kinds=kinds)


def _too_few(codes: list[str], names: Names) -> tuple[Content, ...]:
    words = names.words
    text = words.count(
        len(codes),
        ("class with too few units to conclude", "classes with too few units to conclude"),
        ("classe avec trop peu d'unités pour conclure", "classes avec trop peu d'unités pour conclure"),
    )
    return (text, "", "", tag("span", ", ".join(codes), class_="small"), _result(None, names))


def _rule(report: ControlReport, names: Names) -> str:
    severity = report.decision.severity
    said = names.of(RULES, report.decision.rule)
    return f"{said}, {names.of(SEVERITIES, severity)}." if severity else f"{said}."


def _row(test: Test, names: Names) -> tuple[Content, ...]:
    words, detail = names.words, test.detail
    name = names.condition(test.name, test.subject)
    if test.name == "conformity":
        return (
            name,
            "",
            "",
            words.t("ocsge check, every polygon", "ocsge check, tous les polygones"),
            _result(test.passed, names),
        )
    if test.name == "signatory":
        return (name, "", "", "", badge(words.t("! noted", "! à noter"), "warning"))
    if test.name == "answers":
        return (name, words.number(test.required), words.number(test.found), "", _result(test.passed, names))
    if test.name == "opinions":
        return _opinions_row(test, names)
    if test.name.startswith("unsaid"):
        return _unsaid_row(test, names)
    if test.name.startswith("iso2859"):
        most = words.unknown if test.required is None else f"{test.required:g}"
        required = words.t(f"≤ {most} wrong", f"≤ {most} fausses")
        about = _plan(test, names)
        return (name, required, words.number(test.found), about, _result(test.passed, names))
    found: Content = words.percent(test.found)
    interval = words.interval(detail.get("low"), detail.get("high"))
    if interval:
        found = join([found, tag("br"), tag("span", interval, class_="small")])
    return (
        name,
        f"≥ {words.percent(test.required)}",
        found,
        _basis(test, names),
        _result(test.passed, names),
    )


def _opinions_row(test: Test, names: Names) -> tuple[Content, ...]:
    words = names.words
    twice = words.count(
        int(test.detail.get("units") or 0),
        ("unit answered twice", "units answered twice"),
        ("unité jugée deux fois", "unités jugées deux fois"),
    )
    return (
        names.condition(test.name, test.subject),
        words.number(test.required),
        words.number(test.found),
        twice,
        _result(test.passed, names),
    )


def _unsaid_row(test: Test, names: Names) -> tuple[Content, ...]:
    words, detail = names.words, test.detail
    unsaid, units = words.number(detail.get("unsaid")), words.number(detail.get("units"))
    return (
        names.condition(test.name, test.subject),
        f"≤ {words.percent(test.required)}",
        words.percent(test.found),
        words.t(f"{unsaid} of {units} units", f"{unsaid} unités sur {units}"),
        _result(test.passed, names),
    )


def _plan(test: Test, names: Names) -> str:
    words, detail = names.words, test.detail
    judged, aql = words.number(detail.get("judged")), _plain(detail.get("aql_percent"), names)
    level, letter = detail.get("level", ""), detail.get("letter", "")
    return words.t(
        f"{judged} units judged, AQL {aql}%, level {level}, letter {letter}",
        f"{judged} unités jugées, NQA {aql} %, niveau {level}, lettre {letter}",
    )


def _plain(value: float | None, names: Names) -> str:
    text = f"{value:g}" if value is not None else ""
    return text.replace(".", ",") if names.words.french else text


def _basis(test: Test, names: Names) -> str:
    words, detail = names.words, test.detail
    parts = []
    if detail.get("by"):
        parts.append(names.of(MEASURES, detail["by"]))
    if detail.get("units") is not None:
        parts.append(words.count(int(detail["units"]), ("unit", "units"), ("unité", "unités")))
    if detail.get("covered", 1) < 1 and test.name.endswith("_overall"):
        speaks = words.percent(detail["covered"])
        parts.append(
            words.t(
                f"speaks for {speaks} of the lot, the rest being taken for all right and all wrong",
                f"vaut pour {speaks} du lot, le reste étant supposé tout juste et tout faux",
            )
        )
    if detail.get("decided_on"):
        parts.append(words.t("decided on ", "jugé sur ") + names.of(DECIDED_ON, detail["decided_on"]))
    return ", ".join(parts)


def _result(passed: bool | None, names: Names) -> Html:
    words = names.words
    if passed is None:
        return badge(words.t("? open", "? ouvert"), "warning")
    return (
        badge(words.t("✓ met", "✓ tenue"), "good")
        if passed
        else badge(words.t("✗ not met", "✗ non tenue"), "bad")
    )
