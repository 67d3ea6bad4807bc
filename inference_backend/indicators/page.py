# SPDX-License-Identifier: GPL-2.0-or-later
"""The dashboard as a page that stands alone: what must be seen in ten seconds first, then the tables.

It formats the document; it reckons nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inference_backend.contracts.indicators import Indicators, IndicatorTable, Tile
from inference_backend.indicators.cells import table_of, written
from inference_backend.indicators.pictures import accuracy_plot, cost_plot, curve_plot, map_of, states_plot
from inference_backend.indicators.progress_map import Panel
from inference_backend.indicators.texts import pair
from inference_backend.reporting.markup import Content, Html, tag
from inference_backend.reporting.page import badge, figure, folded, items, note, page, paragraph
from inference_backend.reporting.page import section as part
from inference_backend.reporting.page import tiles as tile_row
from inference_backend.reporting.words import Words

_KINDS = {"good": "good", "warning": "warning", "bad": "bad", "neutral": "info"}
_SAYINGS = {
    "good": pair(("on course", "tenu")),
    "warning": pair(("watch", "à surveiller")),
    "bad": pair(("off course", "non tenu")),
}
_PROGRESS = (
    "code", "name", "area_km2", "lots", "accepted_lots", "accepted_km2", "accepted_share", "eur",
    "eur_per_km2",
)  # fmt: skip
_QUALITY = (
    "code", "name", "cs", "us", "rework_count", "rework_area", "remarks_taken", "remarks_refused",
    "remarks_open",
)  # fmt: skip
_SHOWN_CONTROLS = 40
_STYLE = """
.dash{display:grid;grid-template-columns:repeat(auto-fit,minmax(26em,1fr));gap:0 1.5em;align-items:start}
.tile .badge{font-size:.8em;margin-bottom:.2em}
thead th.r{white-space:normal}tbody th{white-space:nowrap}td.l{overflow-wrap:normal}
th,td{padding:.25em .5em}
@media print{main .dash{grid-template-columns:1fr 1fr;gap:0 .8em}
main .tiles{grid-template-columns:repeat(4,1fr);gap:.4em;margin:.4em 0}main .tile{padding:.3em .5em}
main .tile .figure{font-size:1.25em}main .dash figure{margin:.4em 0}main .dash figure svg{max-height:75mm}}
"""


def page_of(document: Indicators, panels: Sequence[Panel], language: str) -> str:
    """The page in one language."""
    words = Words(language)
    title = words.t(f"Dashboard: {document.production}", f"Tableau de bord : {document.production}")
    return page(
        title,
        _head(document, words),
        tile_row([_tile(tile, words) for tile in document.tiles]),
        tag("div", curve_plot(document, words), map_of(panels, words), class_="dash"),
        _departements(document, words),
        _quality(document, words),
        _work(document, words),
        _deliveries(document, words),
        _remarks(document, words),
        _reading(document, words),
        words=words,
        running=f"{document.production} — {words.day(document.as_of)}",
        footer=_footer(document, words),
        extra_style=_STYLE,
    )


def _head(document: Indicators, words: Words) -> Content:
    day = words.day(document.as_of)
    lots = words.count(document.lots, ("lot", "lots"), ("lot", "lots"))
    rows: list[Content] = [
        paragraph(words.t(f"As of {day} · {lots}", f"Situation au {day} · {lots}"), kind="lead"),
    ]
    if document.lots_unread:
        left = words.count(document.lots_unread, ("lot", "lots"), ("lot", "lots"))
        text = words.t(
            f"{left} could not be read: the figures are those of the others. ",
            f"Illisibles : {left}. Les chiffres sont ceux des autres. ",
        )
        link = tag("a", words.t("Which, and what to do", "Lesquels, et que faire"), href="#reading")
        rows.append(note(paragraph(text, link), kind="bad"))
    return rows


def _tile(tile: Tile, words: Words) -> tuple[str, str, Content]:
    language = "fr" if words.french else "en"
    below: list[Content] = []
    if tile.level in _SAYINGS and tile.value is not None and tile.key != "signalements":
        below += [badge(_SAYINGS[tile.level][language], _KINDS[tile.level]), tag("br")]
    interval = words.interval(tile.low, tile.high)
    if interval:
        below += [tag("strong", interval), " · "]
    below.append(tile.detail[language])
    return tile.label[language], written(tile.value, tile.unit, words), below


def _departements(document: Indicators, words: Words) -> Html:
    table = document.table("departements")
    plots = (
        figure(
            cost_plot(document, words),
            words.t(
                "Cost a km², against the reference lines; provisional figures rise and fall until the "
                "département is made.",
                "Coût au km² face aux repères ; un chiffre provisoire varie jusqu'à ce que le département "
                "soit terminé.",
            ),
        ),
        figure(
            states_plot(document, words),
            words.t("Surface by state of the lots.", "Surface par état des lots."),
        ),
    )
    return part(
        words.t("Progress and cost", "Avancement et coût"),
        *plots,
        table_of(_marked(table, words), words, only=_PROGRESS, started=True) if table else None,
        _note(document, "departements", words),
        break_before=True,
    )


def _marked(table: IndicatorTable, words: Words) -> IndicatorTable:
    """The table with a mark at every cost that is provisional."""
    keys = [column.key for column in table.columns]
    cost, state = keys.index("eur_per_km2"), keys.index("cost_state")
    rows = []
    for row in table.rows:
        cells = list(row)
        if row[cost] is not None and row[state]["en"] == "provisional":
            said = words.number(row[cost], 1)
            cells[cost] = {"en": f"{said} (prov.)", "fr": f"{said} (prov.)"}
        rows.append(tuple(cells))
    return replace(table, rows=tuple(rows))


def _quality(document: Indicators, words: Words) -> Html:
    accuracy, table = document.table("accuracy"), document.table("departements")
    return part(
        words.t("Quality", "Qualité"),
        figure(
            accuracy_plot(document, words),
            words.t(
                "Accuracy by area with its 95 % interval, in accepted lots; the lowest départements.",
                "Exactitude en surface et son intervalle de confiance à 95 %, lots acceptés ; départements "
                "les plus faibles.",
            ),
        ),
        table_of(accuracy, words) if accuracy else None,
        _note(document, "accuracy", words),
        table_of(table, words, only=_QUALITY, started=True) if table else None,
        break_before=True,
    )


def _work(document: Indicators, words: Words) -> Html:
    hidden = (
        words.t("Names are hidden: the same person bears the same code in every report.",
            "Les noms sont masqués : une même personne porte le même code d'un tableau de bord à l'autre.")
        if document.names_hidden else None
    )  # fmt: skip
    return part(
        words.t("Work", "Travail"),
        _titled(document, "interpreters", words),
        _titled(document, "reasons", words),
        paragraph(hidden, kind="small") if hidden else None,
        folded(
            words.t("Hours and cost by role", "Heures et coûts par rôle"), _titled(document, "hours", words)
        ),
    )


def _deliveries(document: Indicators, words: Words) -> Html:
    controls = document.table("controls")
    more = len(controls.rows) - _SHOWN_CONTROLS if controls else 0
    rest = (
        paragraph(
            words.t(f"{more} older ones are in controls.csv.", f"{more} plus anciens dans controls.csv.")
        )
        if more > 0
        else None
    )
    return part(
        words.t("Deliveries", "Livraisons"),
        _titled(document, "subcontractors", words),
        folded(
            words.t("Controls, newest first", "Contrôles, du plus récent au plus ancien"),
            table_of(controls, words, most=_SHOWN_CONTROLS) if controls else None,
            rest,
        ),
    )


def _remarks(document: Indicators, words: Words) -> Html:
    return part(
        words.t("Signalements", "Signalements"), _titled(document, "signalements", words, heading=False)
    )


def _reading(document: Indicators, words: Words) -> Html:
    language = "fr" if words.french else "en"
    serious = [notice for notice in document.notices if notice.level in ("bad", "warning")]
    others = [notice.text[language] for notice in document.notices if notice.level not in ("bad", "warning")]
    shown = [
        note(paragraph(notice.text[language]), kind=_KINDS[notice.level])
        for notice in serious[:_SHOWN_CONTROLS]
    ]
    left = len(serious) - len(shown)
    return part(
        words.t("What to know of these figures", "Ce qu'il faut savoir de ces chiffres"),
        shown or paragraph(words.t("Every lot was read.", "Tous les lots ont été lus.")),
        paragraph(words.t(f"{left} more in unread.csv.", f"{left} autres dans unread.csv."))
        if left
        else None,
        items(others) if others else None,
        anchor="reading",
    )


def _titled(document: Indicators, key: str, words: Words, heading: bool = True) -> Content:
    table = document.table(key)
    if table is None or not table.rows:
        return paragraph(words.t("Nothing yet.", "Rien pour le moment."))
    title = tag("h3", table.label["fr" if words.french else "en"]) if heading else None
    return [title, table_of(table, words), _note(document, key, words)]


def _note(document: Indicators, key: str, words: Words) -> Content:
    table = document.table(key)
    return paragraph(table.note["fr" if words.french else "en"], kind="small") if table else None


def _footer(document: Indicators, words: Words) -> str:
    moment = words.moment(document.generated_utc)
    return words.t(
        f"Reckoned on {moment} by ocsge {document.software_version}. Tables lie beside this page as CSV, the "
        "map as progress.geojson.",
        f"Calculé le {moment} par ocsge {document.software_version}. À côté de cette page : les tableaux en "
        "CSV, la carte dans progress.geojson.",
    )
