# SPDX-License-Identifier: GPL-2.0-or-later
"""A control's report as one page: the decision first, then what it rests on, then how it was made."""

from __future__ import annotations

from inference_backend.contracts.control_report import ControlReport
from inference_backend.contracts.nomenclature import Nomenclature
from inference_backend.control.report_accuracy import areas_section, dimension_section, overall_section
from inference_backend.control.report_decision import decision_parts
from inference_backend.control.report_errors import agreement_section, errors_section, unsaid_section
from inference_backend.control.report_iso import iso_section
from inference_backend.control.report_map import MapData
from inference_backend.control.report_method import (
    colophon,
    conformity_section,
    history_section,
    method_section,
)
from inference_backend.control.report_names import Names
from inference_backend.control.report_risk import risk_section
from inference_backend.reporting.markup import Html, tag
from inference_backend.reporting.page import page
from inference_backend.reporting.words import Words

_STYLE = """
.verdict{font-size:1.5em;line-height:1.2}
nav{margin:1em 0;font-size:.92em}nav a{margin-right:1.2em;display:inline-block}
.blanks{display:none}
@media print{nav{display:none}.blanks{display:grid;grid-template-columns:1fr 1fr;gap:1em;margin-top:1.5em}
.blanks div{border:1px solid #5b6673;height:24mm;padding:.3em .6em;font-size:8.3pt}}
"""


def report_page(
    report: ControlReport,
    words: Words,
    *,
    nomenclature: Nomenclature | None = None,
    ground: MapData | None = None,
) -> str:
    """The whole page.

    Args:
        report: what was found and decided.
        words: its language.
        nomenclature: labels of the codes.
        ground: what the map is drawn on.
    """
    names = Names(words, nomenclature)
    lot = str(report.lot.get("name") or "")
    title = words.t(f"Control of the lot {lot}", f"Contrôle du lot {lot}")
    sections = [
        overall_section(report, names),
        *(dimension_section(report, dimension, names) for dimension in ("cs", "us")),
        errors_section(report, ground or MapData(), names),
        unsaid_section(report, names),
        agreement_section(report, names),
        areas_section(report, names),
        risk_section(report, names),
        conformity_section(report, names),
        method_section(report, names),
        iso_section(report, names),
        history_section(report, names),
    ]
    first, *rest = decision_parts(report, names)
    return page(
        title,
        first,
        _contents([part for part in sections if part is not None], names),
        *rest,
        *sections,
        words=words,
        running=_running(report, title, names),
        footer=colophon(report, names),
        extra_style=_STYLE,
    )


def _running(report: ControlReport, title: str, names: Names) -> str:
    signed = report.decision.signed_by
    if not signed:
        return f"{title} — {names.words.t('draft, not signed', 'projet, non signé')}"
    return f"{title} — {signed}, {names.words.short_day(report.decision.signed_utc)}"


def _contents(sections: list[Html], names: Names) -> Html:
    """Links to the sections; paper has none."""
    links = []
    for part in sections:
        title = part.partition("<h2>")[2].partition("</h2>")[0]
        anchor = part.partition(' id="')[2].partition('"')[0]
        links.append(tag("a", Html(title), href=f"#{anchor}"))
    return tag("nav", links, aria_label=names.words.t("Contents", "Sommaire"))
