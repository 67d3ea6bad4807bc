# SPDX-License-Identifier: GPL-2.0-or-later
"""Risks of both parties in a control's report: the operating characteristic with this lot's point."""

from __future__ import annotations

import numpy as np

from inference_backend.contracts.control_report import ControlReport, Test
from inference_backend.control.report_names import DIMENSIONS, RULES, Names
from inference_backend.reporting.markup import Content, Html
from inference_backend.reporting.page import figure, items, section
from inference_backend.reporting.plots import Line, Mark, Reference, curve
from inference_backend.reporting.svg import Axis

_SMALL = 0.001


def risk_section(report: ControlReport, names: Names) -> Html | None:
    """Curve and risks, None where the decision states none."""
    words = names.words
    tests = [test for test in report.decision.tests if test.detail.get("curve")]
    curves = [(names.condition(test.name, test.subject), test.detail["curve"], test) for test in tests]
    lines = [Line(name, [(p[0], p[1]) for p in points]) for name, points, _ in curves]
    if not lines and report.decision.curve:
        lines = [Line(names.of(RULES, report.decision.rule), report.decision.curve)]
    if not lines:
        return None
    marks = [mark for _, points, test in curves if (mark := _mark(test, points, names)) is not None]
    picture = curve(
        lines,
        words,
        title=words.t("Operating characteristic", "Courbe d'efficacité"),
        x=Axis(words.t("true share of wrong units", "part vraie d'unités fausses"), 0.0, kind="percent"),
        y=Axis(words.t("chance of acceptance", "probabilité d'acceptation"), 0.0, 1.0, kind="percent"),
        references=_references(tests, names),
        marks=marks,
        height_px=260,
    )
    caption = words.t(
        "Chance that this plan accepts a lot, by the share of it that is really wrong. The diamond is the "
        "lot as "
        "the sample shows it.",
        "Probabilité que ce plan accepte un lot, selon la part qui en est vraiment fausse. Le losange est "
        "le lot "
        "tel que l'échantillon le montre.",
    )
    return section(
        words.t("Risks of both parties", "Risques des deux parties"),
        figure(picture, caption),
        items(_sentences(report, tests, names)),
        anchor="risks",
    )


def share_wrong(test: Test) -> float | None:
    """Share of wrong units that the sample shows: a contract says what is right, a plan counts errors."""
    if test.found is None:
        return None
    if test.name.startswith("iso2859"):
        judged = test.detail.get("judged") or test.detail.get("size")
        return test.found / judged if judged else None
    return 1.0 - test.found


def _mark(test: Test, points: list[list[float]], names: Names) -> Mark | None:
    wrong = share_wrong(test)
    if wrong is None:
        return None
    shares, chances = np.array(points, dtype=float).T
    if wrong > shares[-1]:
        return None
    chance = float(np.interp(wrong, shares, chances))
    return Mark(
        wrong, chance, f"{test.subject.upper()} {names.words.percent(wrong)}", bad=test.passed is False
    )


def _references(tests: list[Test], names: Names) -> list[Reference]:
    words = names.words
    found: dict[float, str] = {}
    for test in tests:
        detail = test.detail
        if detail.get("aql_percent") is not None:
            found[detail["aql_percent"] / 100] = words.t("AQL", "NQA")
        elif detail.get("agreed_quality") is not None:
            found[1 - detail["agreed_quality"]] = words.t("agreed", "convenue")
        if detail.get("limiting_quality") is not None:
            found[1 - detail["limiting_quality"]] = words.t("limiting", "limite")
    return [Reference(value, name, "x") for value, name in sorted(found.items())]


def _sentences(report: ControlReport, tests: list[Test], names: Names) -> list[Content]:
    words, decision = names.words, report.decision
    rows: list[Content] = []
    for test in tests:
        rows += _of_test(test, names)
    if not tests and decision.producer_risk is not None:
        rows.append(_producer(decision.producer_risk, None, names))
    if not tests and decision.consumer_risk is not None:
        rows.append(_consumer(decision.consumer_risk, None, names))
    beyond = [
        test for test in tests if _mark(test, test.detail["curve"], names) is None and test.found is not None
    ]
    for test in beyond:
        wrong = words.percent(share_wrong(test))
        rows.append(
            words.t(
                f"{names.of(DIMENSIONS, test.subject)}: {wrong} wrong, beyond the end of the curve, where "
                "acceptance "
                "is all but excluded.",
                f"{names.of(DIMENSIONS, test.subject)} : {wrong} d'unités fausses, au-delà de la courbe, là "
                "où "
                "l'acceptation est quasi exclue.",
            )
        )
    return rows


def _of_test(test: Test, names: Names) -> list[Content]:
    """One paragraph: what the plan is, and both risks."""
    words, detail = names.words, test.detail
    parts: list[str] = []
    name = names.of(DIMENSIONS, test.subject)
    if detail.get("size") is not None:
        size, accept = words.number(detail["size"]), words.number(detail.get("accept"))
        parts.append(
            words.t(
                f"{name}: {_rule(test, names)} {size} units and to accept with at most {accept} wrong ones.",
                f"{name} : {_rule(test, names)} {size} unités et à accepter avec au plus {accept} fausses.",
            )
        )
    if detail.get("producer_risk") is not None:
        agreed = detail.get("agreed_quality")
        if agreed is None and detail.get("aql_percent") is not None:
            agreed = 1 - detail["aql_percent"] / 100
        parts.append(_producer(detail["producer_risk"], agreed, names))
    if detail.get("consumer_risk") is not None:
        parts.append(_consumer(detail["consumer_risk"], detail.get("limiting_quality"), names))
    return [" ".join(parts)]


def _rule(test: Test, names: Names) -> str:
    """A contract decides on an interval, which amounts to a plan of some size; the standard's plan is one."""
    if test.name.startswith("iso2859"):
        return names.words.t("the plan asks to judge", "le plan demande de juger")
    return names.words.t("the rule amounts to judging", "la règle revient à juger au hasard")


def _chance(risk: float, names: Names) -> str:
    """A risk too small to print is none that one may call 0."""
    words = names.words
    if 0 <= risk < _SMALL:
        return words.t(f"less than {words.percent(_SMALL)}", f"inférieure à {words.percent(_SMALL)}")
    return words.t(words.percent(risk), f"de {words.percent(risk)}")


def _producer(risk: float, quality: float | None, names: Names) -> str:
    words = names.words
    of = words.t("of the agreed quality", "de la qualité convenue") if quality is None else words.t(
        f"that is {words.percent(quality)} right", f"juste à {words.percent(quality)}"
    )  # fmt: skip
    return words.t(
        f"Producer's risk: a lot {of} is rejected with a chance of {_chance(risk, names)}.",
        f"Risque du fournisseur : un lot {of} est rejeté avec une probabilité {_chance(risk, names)}.",
    )


def _consumer(risk: float, quality: float | None, names: Names) -> str:
    words = names.words
    of = words.t("of the limiting quality", "de la qualité limite") if quality is None else words.t(
        f"that is only {words.percent(quality)} right", f"juste à {words.percent(quality)} seulement"
    )  # fmt: skip
    return words.t(
        f"Consumer's risk: a lot {of} is accepted with a chance of {_chance(risk, names)}.",
        f"Risque du client : un lot {of} est accepté avec une probabilité {_chance(risk, names)}.",
    )
