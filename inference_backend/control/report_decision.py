# SPDX-License-Identifier: GPL-2.0-or-later
"""First page of a control's report: what is decided, by whom, and on which conditions it rests."""

from __future__ import annotations

from collections.abc import Sequence

from inference_backend.contracts.control_report import ControlReport, Test, Verdict
from inference_backend.control.report_conditions import COUNTED_CLASSES, conditions
from inference_backend.control.report_find import assessment, required_overall
from inference_backend.control.report_names import (
    DIMENSIONS,
    MEASURES,
    VERDICT_KINDS,
    VERDICTS,
    Names,
)
from inference_backend.reporting.markup import Content, Html, join, tag
from inference_backend.reporting.page import facts, note, paragraph, tiles

_HOLDS_NOTHING_BACK = (*COUNTED_CLASSES, "opinions")


def decision_parts(report: ControlReport, names: Names) -> list[Html]:
    """Verdict, figures, conditions and signature, in the order in which they are looked for."""
    return [_verdict(report, names), _tiles(report, names), conditions(report, names), _who(report, names)]


def _verdict(report: ControlReport, names: Names) -> Html:
    words, decision = names.words, report.decision
    failed = [test for test in decision.tests if test.passed is False]
    open_ = [test for test in decision.tests if test.passed is None and test.name not in _HOLDS_NOTHING_BACK]
    kind = VERDICT_KINDS[decision.verdict.value]
    lines: list[Content] = [tag("p", tag("strong", words.t(*VERDICTS[decision.verdict])), class_="verdict")]
    if failed:
        said = words.count(
            len(failed),
            ("condition is not met", "conditions are not met"),
            ("condition n'est pas tenue", "conditions ne sont pas tenues"),
        )
        lines.append(tag("p", f"{said} : " if words.french else f"{said}: ", _listed(failed, names)))
    if open_ and decision.verdict is Verdict.UNDECIDED:
        lines.append(tag("p", _why_open(open_, names)))
    unsettled = _unsettled(decision.tests, names)
    if decision.verdict is Verdict.ACCEPTED and not failed and unsettled is None:
        lines.append(tag("p", words.t("Every condition is met.", "Toutes les conditions sont tenues.")))
    if decision.verdict is Verdict.ACCEPTED and failed:
        lines.append(_against(names))
    lines.append(unsettled)
    lines.append(tag("p", _signature(report, names)))
    lines.append(_next(report, names))
    if decision.comment:
        lines.append(
            tag(
                "p",
                words.t("Comment: ", "Commentaire : "),
                words.t(f"“{decision.comment}”", f"«\u00a0{decision.comment}\u00a0»"),
            )
        )
    return note(*lines, kind=kind)


def _next(report: ControlReport, names: Names) -> Html | None:
    """What happens now."""
    words, decision = names.words, report.decision
    if decision.verdict is Verdict.REJECTED and decision.signed_by:
        return tag("p", words.t(
            "The lot goes back to the contractor: the units in error stand first in the queue, with the "
            "controller's words.",
            "Le lot retourne au prestataire : les unités en erreur sont en tête de sa file, avec les mots du "
            "contrôleur."))  # fmt: skip
    if decision.verdict is Verdict.UNDECIDED:
        return tag("p", words.t(
            "Complete the answers, or draw a larger sample.",
            "Complétez les réponses, ou tirez un échantillon plus grand."))  # fmt: skip
    return None


def _listed(tests: list[Test], names: Names) -> str:
    shown = [names.condition(test.name, test.subject) for test in tests[:4]]
    more = len(tests) - len(shown)
    rest = names.words.t(f" and {more} more", f" et {more} autres") if more else ""
    return ", ".join(text[0].lower() + text[1:] if " " in text.split(",")[0] else text for text in shown) + (
        f"{rest}."
    )


def _why_open(tests: list[Test], names: Names) -> str:
    return names.words.t(
        "The sample does not suffice to decide, or answers are missing: ",
        "L'échantillon ne suffit pas pour décider, ou des réponses manquent : ",
    ) + _listed(tests, names)


def _against(names: Names) -> Html:
    return tag(
        "p",
        names.words.t(
            "The signatory accepts the lot although conditions are not met.",
            "La personne signataire accepte le lot bien que des conditions ne soient pas tenues.",
        ),
    )


def _unsettled(tests: Sequence[Test], names: Names) -> Html | None:
    """That two controllers differ and nobody settled it, None where it is not so."""
    open_ = [test for test in tests if test.name == "opinions" and test.passed is None]
    if not open_:
        return None
    said = names.words.count(
        int(open_[0].found or 0),
        (
            "unit was judged differently by two controllers",
            "units were judged differently by two controllers",
        ),
        (
            "unité a été jugée différemment par deux personnes",
            "unités ont été jugées différemment par deux personnes",
        ),
    )
    rest = names.words.t(
        " and not settled: the first opinion counted.", " sans arbitrage : le premier avis a compté."
    )
    return tag("p", said, rest)


def _signature(report: ControlReport, names: Names) -> Content:
    words, decision = names.words, report.decision
    if not decision.signed_by:
        return tag("em", words.t("Not signed: a draft without effect.", "Non signé : projet sans effet."))
    by = tag("strong", decision.signed_by)
    when = words.moment(decision.signed_utc)
    return join([words.t("Signed by ", "Signé par "), by, words.t(" on ", " le "), when, "."])


def _tiles(report: ControlReport, names: Names) -> Html:
    words = names.words
    rows: list[tuple[str, str, Content]] = []
    kinds: list[str | None] = []
    for by in ("count", "area"):
        for dimension in ("cs", "us"):
            found = assessment(report, dimension, by)
            if found is None:
                continue
            estimate = found.overall
            figure = words.percent(estimate.value)
            asked = required_overall(report, dimension, by)
            below = [words.interval(estimate.low, estimate.high)]
            if asked is not None:
                below.append(words.t(f"asked {words.percent(asked)}", f"exigé {words.percent(asked)}"))
            name = f"{names.of(DIMENSIONS, dimension)}, {names.of(MEASURES, by)}"
            rows.append((name, figure, " · ".join(filter(None, below))))
            kinds.append(_kind(report, dimension, by))
    answers = report.answers
    rows.append(
        (
            words.t("Units answered", "Unités contrôlées"),
            f"{words.number(answers.get('answered'))} / {words.number(answers.get('asked'))}",
            words.t("of the sample drawn", "de l'échantillon tiré"),
        )
    )
    rows.append(
        (
            words.t("Units with an error", "Unités en erreur"),
            words.number(len(report.errors)),
            words.t("listed below and in errors.csv", "liste ci-dessous et dans errors.csv"),
        )
    )
    caption = paragraph(
        words.t(
            "Share of the lot that is right, estimated with its 95% interval.",
            "Part du lot qui est juste, estimée avec son intervalle de confiance à 95 %.",
        )
        + _spoken_of(report, names),
        kind="small",
    )
    return join([tiles(rows, kinds), caption])


def _spoken_of(report: ControlReport, names: Names) -> str:
    """What the shares are of, where polygons were left out of the draw."""
    words, whole = names.words, int(report.lot.get("polygons") or 0)
    drawable = sum(int(stratum["units"]) for stratum in report.strata)
    if not 0 < drawable < whole:
        return ""
    some, every = words.number(drawable), words.number(whole)
    area = words.area(sum(float(stratum["area_m2"]) for stratum in report.strata))
    return words.t(
        f" They speak of the {some} polygons, of {every}, that could be drawn ({area}); what was left out "
        "stands under Method.",
        f" Elle porte sur les {some} polygones, de {every}, qui pouvaient être tirés ({area}) ; ce qui a été "
        "écarté figure dans la méthode.",
    )


def _kind(report: ControlReport, dimension: str, by: str) -> str | None:
    """Whether the conditions on an overall accuracy hold, None where there are none."""
    names = (f"contract_{dimension}_overall", *([f"iso2859_{dimension}"] if by == "count" else []))
    held = [t.passed for t in report.decision.tests if t.name in names and t.detail.get("by", by) == by]
    if not held:
        return None
    return "bad" if False in held else "warning" if None in held else "good"


def _who(report: ControlReport, names: Names) -> Html:
    words, lot, design = names.words, report.lot, report.design
    people = ", ".join(map(str, report.answers.get("controllers") or ())) or words.unknown
    area = words.area(lot.get("area_m2"))
    size = words.count(int(lot.get("polygons") or 0), ("polygon", "polygons"), ("polygone", "polygones"))
    rows: list[tuple[str, Content]] = [
        (words.t("Lot", "Lot"), f"{lot.get('name', '')} — {size}, {area}"),
        (words.t("Contractor", "Prestataire"), lot.get("assigned_to") or words.unknown),
        (words.t("Year of the images", "Millésime"), lot.get("millesime") or words.unknown),
        (
            words.t("Sample drawn", "Échantillon tiré"),
            _by(design, words.moment(design.get("drawn_utc")), names),
        ),
        (words.t("Controllers", "Contrôleurs"), people),
        (words.t("Time spent", "Temps passé"), words.duration(report.answers.get("duration_s"))),
        (words.t("Control", "Contrôle"), report.control_id),
    ]
    blanks = (
        words.t("The controller: date, signature", "Le contrôleur : date, signature"),
        words.t("The contracting authority: date, signature", "Le maître d'ouvrage : date, signature"),
    )
    return join([facts(rows), tag("div", [tag("div", blank) for blank in blanks], class_="blanks")])


def _by(design: dict[str, object], when: str, names: Names) -> str:
    by = design.get("drawn_by")
    return f"{when}, {names.words.t('by', 'par')} {by}" if by else when
