# SPDX-License-Identifier: GPL-2.0-or-later
"""Accuracy in a control's report: overall at every level, by class, matrices, areas."""

from __future__ import annotations

from collections.abc import Callable

from inference_backend.contracts.control_report import Assessment, ControlReport, Estimate
from inference_backend.control.report_find import assessment, levels, required_of_class
from inference_backend.control.report_names import DIMENSIONS, MEASURES, Names
from inference_backend.reporting.markup import Content, Html, join, tag
from inference_backend.reporting.page import figure, paragraph, section
from inference_backend.reporting.panels import Panel, panels
from inference_backend.reporting.plots import Dot, Reference, dot_and_whisker
from inference_backend.reporting.svg import Axis
from inference_backend.reporting.table import heat_matrix, table

_LABEL = 38


def overall_section(report: ControlReport, names: Names) -> Html:
    """Overall accuracy of both dimensions and of the couple, at each level, by count and by area."""
    words = names.words
    heads = (
        words.t("What", "Quoi"),
        words.t("Level", "Niveau"),
        *(names.of(MEASURES, by) for by in ("count", "area")),
        words.t("Units", "Unités"),
    )
    rows: list[tuple[Content, ...]] = []
    dots = []
    for dimension in DIMENSIONS:
        for level in reversed(levels(report, dimension)):
            found = [assessment(report, dimension, by, level) for by in ("count", "area")]
            cells = [_estimate(a.overall, names) if a else "" for a in found]
            units = max((a.overall.units for a in found if a), default=0)
            rows.append((names.of(DIMENSIONS, dimension), names.level(level), *cells, words.number(units)))
            if level == 0:
                dots += [_overall_dot(a, names) for a in found if a]
    plot = dot_and_whisker(dots, words, title=words.t("Overall accuracy", "Exactitude globale"))
    return section(
        words.t("Overall accuracy", "Exactitude globale"),
        figure(plot, words.t("Estimates at the finest level with their 95% intervals.",
            "Estimations au niveau le plus fin, avec leurs intervalles de confiance à 95 %.")),
        table(heads, rows, align="llrrr", caption=words.t("The same at every level of the nomenclature.",
            "La même à chaque niveau de la nomenclature.")),
        anchor="overall",
        break_before=True,
    )  # fmt: skip


def _overall_dot(found: Assessment, names: Names) -> Dot:
    label = f"{names.of(DIMENSIONS, found.dimension)}, {names.of(MEASURES, found.by)}"
    estimate = found.overall
    return Dot(label, estimate.value, estimate.low, estimate.high, f"n = {estimate.units}")


def _estimate(estimate: Estimate | None, names: Names) -> Content:
    """Figure and interval on two lines, `—` where nothing was estimated."""
    if estimate is None or estimate.value is None:
        return "—"
    interval = names.words.interval(estimate.low, estimate.high)
    value = names.words.percent(estimate.value)
    if not interval:
        return join(
            [
                value,
                tag("br"),
                tag("span", names.words.t("interval unknown", "intervalle inconnu"), class_="small"),
            ]
        )
    return join([value, tag("br"), tag("span", interval, class_="small")])


def dimension_section(report: ControlReport, dimension: str, names: Names) -> Html | None:
    """Classes and matrices of one dimension at the leaves, None where it was not assessed."""
    by_count, by_area = (assessment(report, dimension, by) for by in ("count", "area"))
    main = by_count or by_area
    if main is None:
        return None
    words = names.words
    parts = [
        figure(
            _panels(report, [a for a in (by_count, by_area) if a], names),
            words.t(
                "User's accuracy: share right of what bears the class (1 − commission). Producer's accuracy: "
                "share of the class on the ground that was delivered so (1 − omission). Upright bars: "
                "thresholds.",
                "Précision utilisateur : part juste de ce qui porte la classe (1 − commission). Précision "
                "producteur : part de la classe sur le terrain livrée comme telle (1 − omission). Traits "
                "verticaux : seuils.",
            ),
        ),
        _classes(main, by_count, by_area, names),
        _raw(main, names),
        *(_estimated(found, names) for found in (by_count, by_area) if found),
    ]
    return section(names.of(DIMENSIONS, dimension), *parts, anchor=dimension)


def _panels(report: ControlReport, found: list[Assessment], names: Names) -> Html:
    words, main = names.words, found[0]
    shown = _present(found)
    columns = []
    for title, field in ((words.t("User's accuracy", "Précision utilisateur"), "users"),
                         (words.t("Producer's accuracy", "Précision producteur"), "producers")):  # fmt: skip
        series: dict[str, list[Dot | None]] = {}
        for each in found:
            dots: list[Dot | None] = []
            for code in shown:
                estimate: Estimate | None = getattr(each, field).get(code)
                asked = required_of_class(report, each.dimension, code, each.by) if field == "users" else None
                dots.append(_dot(code, estimate, asked.required if asked else None))
            series[names.of(MEASURES, each.by)] = dots
        columns.append(Panel(title, series))
    title = words.t("Accuracy by class", "Exactitude par classe")
    labels = [names.named(code, _LABEL) for code in shown]
    return panels(labels, columns, words, title=f"{title}, {names.of(DIMENSIONS, main.dimension)}",
        axis=Axis(low=_lowest(columns), high=1.0, kind="percent"))  # fmt: skip


def _lowest(columns: list[Panel]) -> float:
    """A round share below all that is drawn."""
    dots = [dot for column in columns for series in column.series.values() for dot in series if dot]
    ends = [v for dot in dots for v in (dot.value, dot.low, dot.required) if v is not None]
    return int(min(ends, default=0.0) * 10) / 10


def _dot(code: str, estimate: Estimate | None, required: float | None) -> Dot | None:
    if estimate is None or estimate.value is None:
        return None
    return Dot(code, estimate.value, estimate.low, estimate.high, required=required)


def _present(found: list[Assessment]) -> list[str]:
    """Classes that the lot or the sample has, in the nomenclature's order."""
    present = {
        code
        for each in found
        for place, code in enumerate(each.classes)
        if each.mapped.get(code) or any(each.raw[place]) or any(row[place] for row in each.raw)
    }
    return [code for code in found[0].classes if code in present]


def _classes(main: Assessment, by_count: Assessment | None, by_area: Assessment | None, names: Names) -> Html:
    words = names.words
    heads: list[Content] = [words.t("Class", "Classe"), words.t("Units", "Unités")]
    for found in (by_count, by_area):
        if found:
            by = names.of(MEASURES, found.by)
            heads += [
                join([text, tag("br"), tag("span", by, class_="small")])
                for text in (words.t("User's", "Utilisateur"), words.t("Producer's", "Producteur"), "F1")
            ]
    rows = []
    for code in _present([a for a in (by_count, by_area) if a]):
        row: list[Content] = [names.named(code), words.number(sum(main.raw[main.classes.index(code)]))]
        for found in (by_count, by_area):
            if found:
                row += [_estimate(found.users.get(code), names), _estimate(found.producers.get(code), names)]
                f1 = found.f1.get(code)
                row.append(words.percent(f1) if f1 is not None else "—")
        rows.append(row)
    caption = words.t(
        "Accuracy by class with 95% intervals; units: judged ones that bear the class.",
        "Exactitude par classe avec intervalles à 95 % ; unités : celles jugées qui portent la classe.",
    )
    return table(heads, rows, align="l" + "r" * (len(heads) - 1), caption=caption)


def _matrix(
    found: Assessment, matrix: tuple[tuple[float, ...], ...], names: Names
) -> tuple[list[str], list[list[float]]]:
    """Codes and rows without the classes that neither side has."""
    kept = [found.classes.index(code) for code in _present([found])]
    return [found.classes[i] for i in kept], [[matrix[i][j] for j in kept] for i in kept]


def _raw(found: Assessment, names: Names) -> Html:
    words = names.words
    codes, rows = _matrix(found, found.raw, names)
    caption = words.t(
        "Confusion matrix as counted: judged units (ISO 19157 measure 62).",
        "Matrice de confusion telle que comptée : unités jugées (mesure 62 d'ISO 19157).",
    )
    return _heat(codes, rows, lambda value: words.number(value), caption, names)


def _estimated(found: Assessment, names: Names) -> Html:
    words = names.words
    codes, rows = _matrix(found, found.matrix, names)
    by = words.t("polygons", "polygones") if found.by == "count" else words.t("area", "surface")
    caption = words.t(
        f"Confusion matrix estimated for the whole lot, in % of its {by} "
        f"({names.estimator(found.estimator)}).",
        f"Matrice de confusion estimée pour le lot entier, en % de {'ses' if found.by == 'count' else 'sa'} "
        f"{by} ({names.estimator(found.estimator)}).",
    )
    return _heat(codes, rows, lambda value: _share(value, names), caption, names)


def _heat(
    codes: list[str], rows: list[list[float]], write: Callable[[float], str], caption: str, names: Names
) -> Html:
    words = names.words
    tips = [names.named(code) for code in codes]
    corner = words.t("delivered ↓ control →", "livré ↓ contrôle →")
    short = [code.removeprefix("CS").removeprefix("US") for code in codes]
    return tag(
        "div",
        heat_matrix(short, rows, write, corner=corner, caption=caption, tips=tips, total="Σ"),
        class_="keep",
    )


def _share(value: float, names: Names) -> str:
    return names.words.number(100 * value, 2) if value >= 0.00005 else names.words.t("<0.01", "<0,01")


def areas_section(report: ControlReport, names: Names) -> Html | None:
    """What the lot says each class covers beside what the control says, None without areas."""
    words = names.words
    parts = []
    for dimension in ("cs", "us"):
        found = assessment(report, dimension, "area")
        if found:
            parts += _areas(found, names)
    if not parts:
        return None
    text = words.t(
        "The lot's areas corrected by the errors that the control found. Where the interval of the "
        "difference "
        "does not touch zero (diamond), the lot gives the class too much or too little ground.",
        "Surfaces du lot corrigées des erreurs que le contrôle a trouvées. Là où l'intervalle de l'écart ne "
        "touche pas zéro (losange), le lot donne trop ou trop peu de terrain à la classe.",
    )
    title = words.t("Areas: mapped and corrected", "Surfaces : cartographiées et corrigées")
    return section(title, paragraph(text), *parts, anchor="areas", break_before=True)


def _areas(found: Assessment, names: Names) -> list[Html]:
    words = names.words
    codes = [code for code in _present([found]) if not _nothing(found.areas.get(code))]
    dots, rows = [], []
    for code in codes:
        estimate, mapped = found.areas[code], found.mapped.get(code, 0.0)
        value, low, high = (
            (v - mapped) / 1e4 if v is not None else None
            for v in (estimate.value, estimate.low, estimate.high)
        )
        clear = low is not None and high is not None and (low > 0 or high < 0)
        dots.append(Dot(names.named(code, _LABEL), value, low, high, bad=clear))
        rows.append(
            (
                names.named(code),
                words.number(mapped / 1e4, 1),
                words.number((estimate.value or 0.0) / 1e4, 1),
                "—" if estimate.low is None or estimate.high is None
                else f"{words.number(estimate.low / 1e4, 1)} – {words.number(estimate.high / 1e4, 1)}",
                words.number(value, 1),
            )
        )  # fmt: skip
    heads = (
        words.t("Class", "Classe"),
        words.t("Mapped, ha", "Carte, ha"),
        words.t("Corrected, ha", "Corrigée, ha"),
        words.t("95% interval, ha", "Intervalle à 95 %, ha"),
        words.t("Difference, ha", "Écart, ha"),
    )
    title = words.t("Corrected minus mapped area, ha", "Surface corrigée moins surface carte, ha")
    ends = [v for dot in dots for v in (dot.low, dot.high, dot.value) if v is not None] or [0.0]
    axis = Axis(low=min(0.0, *ends), high=max(0.0, *ends) or 1.0)
    plot = dot_and_whisker(dots, words, title=title, axis=axis, references=[Reference(0.0, "0")])
    return [
        tag("h3", names.of(DIMENSIONS, found.dimension)),
        figure(plot, f"{title}."),
        table(heads, rows, align="lrrrr"),
    ]


def _nothing(estimate: Estimate | None) -> bool:
    return estimate is None or estimate.value is None
