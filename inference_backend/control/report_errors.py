# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors in a control's report: how many of which kind, where, and one by one."""

from __future__ import annotations

from inference_backend.contracts.control_report import ControlReport, FoundError
from inference_backend.control.report_find import assessment
from inference_backend.control.report_map import MapData, error_map
from inference_backend.control.report_names import DIMENSIONS, KINDS, MEASURES, SHORT, Names
from inference_backend.reporting.markup import Content, Html, join, tag
from inference_backend.reporting.page import figure, note, paragraph, section
from inference_backend.reporting.table import table

LISTED = 250
"""Errors that the page lists; all of them stand in the CSV."""
PAIRS = 12


def errors_section(report: ControlReport, ground: MapData, names: Names) -> Html:
    """Kinds, map, commonest confusions, list."""
    words = names.words
    if not report.errors:
        text = words.t("No unit differs from the control.", "Aucune unité ne diffère du contrôle.")
        picture = error_map(report, ground, names)
        shown = figure(picture) if picture else None
        return section(_title(names), paragraph(text), shown, anchor="errors", break_before=True)
    picture = error_map(report, ground, names)
    return section(
        _title(names),
        _kinds(report, names),
        figure(picture, _map_caption(report, names)) if picture else None,
        _confusions(report, names),
        _list(report, names),
        anchor="errors",
        break_before=True,
    )


def _title(names: Names) -> str:
    return names.words.t("Errors: where and which", "Erreurs : où et lesquelles")


def _map_caption(report: ControlReport, names: Names) -> str:
    return names.words.t(
        f"Sample on the lot's outline and its largest polygons; CRS {report.lot.get('crs', '')}.",
        f"Échantillon sur le contour du lot et ses plus grands polygones ; SCR {report.lot.get('crs', '')}.",
    )


def _kinds(report: ControlReport, names: Names) -> Html:
    words = names.words
    judged = int(report.answers.get("answered") or 0)
    rows = [
        (
            names.of(KINDS, kind),
            words.number(count),
            words.percent(count / judged) if judged else "—",
        )
        for kind, count in sorted(report.error_kinds.items(), key=lambda item: -item[1])
        if count
    ]
    heads = (
        words.t("Kind", "Nature"),
        words.t("Units", "Unités"),
        words.t("of those answered", "des répondues"),
    )
    caption = words.t(
        "Units by kind of error; a unit may have several.",
        "Unités par nature d'erreur ; une unité peut en avoir plusieurs.",
    )
    return table(heads, rows, align="lrr", caption=caption)


def _confusions(report: ControlReport, names: Names) -> Html:
    words = names.words
    counts: dict[tuple[str, str, str], list[float]] = {}
    for error in report.errors:
        for kind, delivered, seen in _differences(error):
            entry = counts.setdefault((kind, delivered, seen), [0.0, 0.0])
            entry[0] += 1
            entry[1] += error.area_m2
    ordered = sorted(counts.items(), key=lambda item: (-item[1][0], -item[1][1]))[:PAIRS]
    rows = [
        (
            names.named(delivered),
            names.named(seen),
            names.of(SHORT, kind),
            words.number(many),
            words.area(area),
        )
        for (kind, delivered, seen), (many, area) in ordered
    ]
    heads = (
        words.t("Delivered", "Livré"),
        words.t("Control", "Contrôle"),
        words.t("Dimension", "Dimension"),
        words.t("Units", "Unités"),
        words.t("Area", "Surface"),
    )
    caption = words.t(
        "Commonest confusions of the sample.", "Confusions les plus fréquentes de l'échantillon."
    )
    return table(heads, rows, align="lllrr", caption=caption) if rows else join(None)


def _differences(error: FoundError) -> list[tuple[str, str, str]]:
    found = []
    if "cover" in error.kinds and error.control_cs:
        found.append(("cs", error.map_cs, error.control_cs))
    if "use" in error.kinds and error.control_us:
        found.append(("us", error.map_us, error.control_us))
    return found


def _list(report: ControlReport, names: Names) -> Html:
    words = names.words
    heads = (
        words.t("No.", "N°"),
        words.t("Polygon", "Polygone"),
        "x, y",
        words.t("Area", "Surface"),
        words.t("Cover", "Couverture"),
        words.t("Use", "Usage"),
        words.t("Besides", "Autre"),
        words.t("Comment", "Commentaire"),
    )
    rows = [_row(error, names) for error in report.errors[:LISTED]]
    more = len(report.errors) - len(rows)
    rest = (
        note(
            words.t(
                f"{words.number(more)} more errors stand in errors.csv.",
                f"{words.number(more)} autres erreurs figurent dans errors.csv.",
            )
        )
        if more > 0
        else None
    )
    caption = words.t(
        "Units that differ from the control: delivered → control.",
        "Unités qui diffèrent du contrôle : livré → contrôle.",
    )
    return join([table(heads, rows, align="rlrrllll", caption=caption), rest])


def _row(error: FoundError, names: Names) -> tuple[Content, ...]:
    words = names.words
    others = [names.of(KINDS, kind) for kind in error.kinds if kind not in ("cover", "use")]
    return (
        words.number(error.sample_id),
        tag("span", error.polygon_id, class_="nowrap"),
        tag("span", f"{words.number(error.x)}, {words.number(error.y)}", class_="small nowrap"),
        words.area(error.area_m2),
        _change(error.map_cs, error.control_cs, "cover" in error.kinds, names),
        _change(error.map_us, error.control_us, "use" in error.kinds, names),
        join([tag("span", name, class_="nowrap") for name in others], ", "),
        error.comment,
    )


def _change(delivered: str, seen: str | None, wrong: bool, names: Names) -> Content:
    if not wrong:
        return tag("span", delivered, class_="small nowrap", title=names.named(delivered))
    tip = f"{names.named(delivered)} → {names.named(seen)}"
    return tag("span", delivered, " → ", tag("strong", seen or "?"), class_="nowrap", title=tip)


def unsaid_section(report: ControlReport, names: Names) -> Html:
    """What the controllers could not say, and what nobody answered."""
    words, answers = names.words, report.answers
    asked, answered = int(answers.get("asked") or 0), int(answers.get("answered") or 0)
    rows = [
        (words.t("drawn, without an answer", "tirées, sans réponse"), asked - answered),
        (words.t("cover cannot be said", "couverture : ne se prononce pas"), answers.get("cannot_say_cs")),
        (words.t("use cannot be said", "usage : ne se prononce pas"), answers.get("cannot_say_us")),
    ]
    cells = [
        (name, words.number(value), words.percent(value / asked) if value is not None and asked else "—")
        for name, value in rows
    ]
    heads = ("", words.t("Units", "Unités"), words.t("of the sample", "de l'échantillon"))
    text = words.t(
        "These units count neither as right nor as wrong. The estimates treat them as if they were like the "
        "others "
        "of their stratum; if they are not, the true figure may differ by up to their share.",
        "Ces unités ne comptent ni comme justes ni comme fausses. Les estimations supposent qu'elles "
        "ressemblent aux "
        "autres de leur strate ; sinon, le chiffre vrai peut s'écarter d'autant que leur part.",
    )  # fmt: skip
    title = words.t("What could not be said", "Ce qui n'a pas pu être dit")
    bounds = _bounds(report, names)
    parts = [table(heads, cells, align="lrr"), paragraph(text, kind="small"), bounds]
    return section(title, *parts, anchor="unsaid")


def _bounds(report: ControlReport, names: Names) -> Html | None:
    """Overall accuracy if all that could not be said were wrong, or right."""
    words = names.words
    rows = []
    for dimension in ("cs", "us"):
        for by in ("count", "area"):
            found = assessment(report, dimension, by)
            if found and found.overall_if_wrong is not None:
                ends = (found.overall_if_wrong, found.overall.value, found.overall_if_right)
                about = f"{names.of(DIMENSIONS, dimension)}, {names.of(MEASURES, by)}"
                rows.append((about, *(words.percent(end) for end in ends)))
    heads = (
        words.t("If they were …", "Si elles étaient…"),
        words.t("all wrong", "toutes fausses"),
        words.t("like the others (estimate)", "comme les autres (estimation)"),
        words.t("all right", "toutes justes"),
    )
    return table(heads, rows, align="lrrr") if rows else None


def agreement_section(report: ControlReport, names: Names) -> Html | None:
    """How two controllers agree, None where nobody gave a second opinion."""
    words = names.words
    if not report.agreements:
        return None
    rows = []
    for agreement in report.agreements:
        agreed = agreement.agreed
        kappa = "—" if agreement.kappa is None else words.number(agreement.kappa, 2)
        ends = (agreement.kappa_low, agreement.kappa_high)
        interval = "" if None in ends else " – ".join(words.number(end, 2) for end in ends)
        rows.append(
            (
                names.of(SHORT, agreement.dimension),
                words.number(agreement.units),
                words.percent(agreed.value),
                words.interval(agreed.low, agreed.high),
                kappa,
                interval,
            )
        )
    heads = (
        "",
        words.t("Units answered twice", "Unités jugées deux fois"),
        words.t("Same code", "Même code"),
        words.t("95% interval", "Intervalle à 95 %"),
        words.t("Cohen's kappa", "Kappa de Cohen"),
        words.t("95% interval", "Intervalle à 95 %"),
    )
    text = words.t(
        "Kappa is given beside: it decides nothing. Where controllers disagree often, the reference itself "
        "is in "
        "doubt, and an error of the lot may be one of the control.",
        "Le kappa est donné à titre indicatif : il ne décide de rien. Si les contrôleurs s'accordent peu, "
        "c'est la "
        "référence elle-même qui est douteuse, et une erreur du lot peut être une erreur du contrôle.",
    )
    title = words.t("Agreement between controllers", "Accord entre contrôleurs")
    return section(
        title, table(heads, rows, align="lrrrrr"), paragraph(text, kind="small"), anchor="agreement"
    )
