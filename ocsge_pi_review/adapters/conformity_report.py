# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures of a conformity check in words: rows of a table, or a page."""

from __future__ import annotations

import html
from typing import Any

from ocsge_common.translation import tr, user_language

GOOD_COLOUR, BAD_COLOUR = "#1b7837", "#c00"


def verdict_text(conforms: bool) -> str:
    """The verdict as HTML."""
    verdict = tr("The layer conforms.") if conforms else tr("The layer does not conform.")
    return f"<b style='color:{GOOD_COLOUR if conforms else BAD_COLOUR}'>{html.escape(verdict)}</b>"


def report_rows(figures: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each figure that a delivery is judged by."""
    counts = {
        "polygons": tr("Polygons"),
        "gaps": tr("Gaps"),
        "overlaps": tr("Overlaps"),
        "invalid": tr("Invalid geometries"),
        "multipart": tr("Geometries of several parts"),
        "under_threshold": tr("Under the minimum area, without excuse"),
        "under_threshold_excused": tr("Under the minimum area, excused"),
        "null_codes": tr("Missing codes"),
        "duplicate_ids": tr("Duplicate identifiers"),
    }
    rows = [(tr("Area"), area_text(float(figures.get("area_m2", 0.0))))]
    rows += [(label, str(figures[name])) for name, label in counts.items() if name in figures]
    for name, label in (("unknown_codes", tr("Unknown codes")), ("non_leaf_codes", tr("Codes above leaves"))):
        codes = figures.get(name) or {}
        rows.append((label, ", ".join(f"{code} × {count}" for code, count in codes.items()) or "0"))
    return rows


def report_page(results: dict[str, Any]) -> str:
    """A page of HTML: file, verdict and figures.

    Args:
        results: outputs of the process `check`: `conforms` and `conformity`.
    """
    figures = results.get("conformity") or {}
    cells = "".join(
        f"<tr><td>{html.escape(label)}</td><td align='right'>{html.escape(value)}</td></tr>"
        for label, value in report_rows(figures)
    )
    place = f"{figures.get('path', '')} {figures.get('layer', '')}".strip()
    title = html.escape(tr("Conformity of {}").format(place))
    return (
        f"<!DOCTYPE html>\n<html lang='{user_language()}'><head><meta charset='utf-8'><title>{title}</title>"
        f"</head><body><h2>{title}</h2><p>{verdict_text(bool(results.get('conforms')))}</p>"
        f"<table border='1' cellspacing='0' cellpadding='4'>{cells}</table></body></html>\n"
    )


def area_text(area_m2: float) -> str:
    """An area in m² or ha."""
    if area_m2 >= 100_000:
        number = f"{area_m2 / 10_000:.1f}"
        return tr("{} ha").format(number.replace(".", ",") if user_language() == "fr" else number)
    return tr("{} m²").format(f"{area_m2:,.0f}".replace(",", "\u202f"))
