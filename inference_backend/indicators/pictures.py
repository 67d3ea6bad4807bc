# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures of the dashboard: the curve against the plan, the map, costs, states, accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from inference_backend.contracts.indicators import STATE_COLOURS, Curve, Indicators, IndicatorTable
from inference_backend.contracts.lot import LotState
from inference_backend.indicators.progress_map import Panel
from inference_backend.indicators.texts import STATES
from inference_backend.reporting.maps import Map
from inference_backend.reporting.markup import Content, Html
from inference_backend.reporting.page import figure, paragraph
from inference_backend.reporting.palette import BAD, INK
from inference_backend.reporting.plots import (
    Bar,
    Dot,
    Line,
    Mark,
    Reference,
    bars,
    curve,
    dot_and_whisker,
)
from inference_backend.reporting.svg import Axis, day_number
from inference_backend.reporting.words import Words, read_moment

_WIDTH_PX, _HEIGHT_PX = 520.0, 330.0
_MAP_PX = 400.0
_PANEL_PX = 180.0
_MANY_ROWS = 30
"""Départements from which bars, one below the other, would fill pages."""
_LOWEST = 12
_CLOSE = 0.06
"""Part of the axis under which the labels of two lines would meet."""
_MANY = 400
"""Lots from which borders between them would hide their colours."""


def curve_plot(document: Indicators, words: Words) -> Html:
    """Accepted surface against the plan."""
    content: Curve = document.curves[0]
    language = "fr" if words.french else "en"
    lines = [
        Line(
            line.label[language],
            [(_day(day), value) for day, value in line.points],
            step=line.is_stepped,
            dashed=line.is_reference,
        )
        for line in content.lines
    ]
    last = content.lines[0].points[-1:]
    marks = [
        Mark(_day(day), value, words.quantity(value, "km²", 0 if value >= 100 else 1)) for day, value in last
    ]
    title = content.label[language]
    drawn = curve(
        lines,
        words,
        title=title,
        x=Axis(kind="date"),
        y=Axis("km²"),
        references=[Reference(_day(document.as_of), words.t("today", "aujourd'hui"), "x")],
        marks=marks,
        width_px=_WIDTH_PX,
        height_px=_HEIGHT_PX,
    )
    return figure(drawn, title + ".")


def _day(day: str) -> float:
    moment = read_moment(day)
    return day_number(moment) if moment is not None else 0.0


def map_of(panels: Sequence[Panel], words: Words) -> Content:
    """The lots by state, the mainland large, what lies overseas beside it."""
    if not panels:
        return paragraph(words.t("No lot says where it is.", "Aucun lot ne dit où il est."))
    drawn = [_panel(panel, words, number == 0) for number, panel in enumerate(panels)]
    caption = words.t(
        "Lots by state. Those that were rejected are crossed.",
        "Lots par état. Ceux qui sont rejetés portent une croix.",
    )
    return figure(Html("".join(drawn)), caption)


def _panel(panel: Panel, words: Words, is_first: bool) -> Html:
    size_px = _MAP_PX if is_first else _PANEL_PX
    title = words.t("Map of progress", "Carte d'avancement")
    drawn = Map(panel.bounds, words, title=title, width_px=_WIDTH_PX, height_px=size_px)
    states = [str(place.properties["state"]) for place in panel.places]
    is_many = len(states) > _MANY
    tips = [] if is_many else [_tip(place.properties, words) for place in panel.places]
    for state, colour in STATE_COLOURS.items():
        chosen = np.array([known == state for known in states], dtype=bool)
        if chosen.any():
            told = [tip for tip, known in zip(tips, states, strict=False) if known == state]
            stroke = colour if is_many else INK
            shapes = panel.shapes[chosen]
            if is_many:
                shapes = [shapely.multipolygons(shapely.get_parts(shapes))]
            drawn.polygons(shapes, colour, stroke=stroke, width_px=0.4, tips=told)
    if len(panel.outlines):
        drawn.polygons(panel.outlines, "none", stroke=INK, width_px=0.7)
    back = np.array([state == LotState.REJECTED.value for state in states], dtype=bool)
    if back.any():
        centres = shapely.get_coordinates(shapely.point_on_surface(panel.shapes[back]))
        drawn.points(centres, "cross", BAD, size_px=4.0)
    if not is_first and panel.places:
        drawn.entry(str(panel.places[0].properties["departement"]), "#fff")
    if is_first:
        for state in STATE_COLOURS:
            if state in states:
                drawn.entry(STATES[state][1 if words.french else 0], STATE_COLOURS[state])
    return drawn.html()


def _tip(properties: dict[str, Any], words: Words) -> str:
    state = STATES[str(properties["state"])][1 if words.french else 0]
    return f"{properties['name']} : {state}, {words.quantity(properties['km2'], 'km²', 1)}"


def cost_plot(document: Indicators, words: Words) -> Html:
    """Cost of a km2 by département, against the reference lines."""
    found = _column(document, "departements", "code", "name", "lots", "eur_per_km2", "cost_state")
    language = "fr" if words.french else "en"
    made = [
        (f"{code} {name}", cost)
        for code, name, _, cost, state in found
        if cost is not None and state["en"] == "final"
    ]
    if len(made) > _MANY_ROWS:
        return _cost_trend(made, document, words)
    rows = [
        Bar(
            f"{code} {name}",
            [cost],
            "" if cost is None else f"{words.euros(cost, 1, 'km²')} · {state[language]}",
        )
        for code, name, lots, cost, state in found
        if lots
    ]
    highest = max(
        [cost for *_, cost, _ in found if cost is not None] + list(document.reference_lines) + [1.0]
    )
    references = _references(document.reference_lines, highest, words)
    title = words.t("Cost a km² by département", "Coût au km² par département")
    return bars(rows, words, title=title, unit="€/km²", decimals=1, references=references)


def _cost_trend(made: Sequence[tuple[str, float]], document: Indicators, words: Words) -> Html:
    """Costs of many départements that are made, in the order of the production file."""
    points = [(float(number), cost) for number, (_, cost) in enumerate(made, 1)]
    title = words.t("Cost of the départements that are made", "Coût des départements terminés")
    return curve(
        [Line(title, points, marks=True)],
        words,
        title=title,
        x=Axis(words.t("départements made", "départements terminés")),
        y=Axis("€/km²"),
        references=[Reference(value, words.number(value)) for value in document.reference_lines],
        height_px=_HEIGHT_PX * 0.7,
    )


def _references(values: Sequence[float], highest: float, words: Words) -> list[Reference]:
    """Reference lines; those too close for two labels share one."""
    found: list[Reference] = []
    group: list[float] = []
    ordered = sorted(values)
    for value, after in zip(ordered, [*ordered[1:], None], strict=True):
        group.append(value)
        if after is not None and after - value < _CLOSE * highest:
            found.append(Reference(value, ""))
        else:
            found.append(Reference(value, " · ".join(words.number(one) for one in group)))
            group = []
    return found


def states_plot(document: Indicators, words: Words) -> Html:
    """Surface by state."""
    language = "fr" if words.french else "en"
    rows = [
        Bar(
            state[language],
            [km2],
            f"{words.quantity(km2, 'km²', 0 if km2 >= 100 else 1)} · "
            f"{words.count(lots, ('lot', 'lots'), ('lot', 'lots'))}",
        )
        for state, lots, km2 in _column(document, "states", "state", "lots", "km2")
    ]
    return bars(rows, words, title=words.t("Surface by state", "Surface par état"), unit="km²")


def accuracy_plot(document: Indicators, words: Words) -> Html:
    """Accuracy of cover and use, all together and by département."""
    language = "fr" if words.french else "en"
    rows = []
    for tile in document.tiles:
        if tile.key in ("cs_accuracy", "us_accuracy"):
            rows.append(Dot(tile.label[language], tile.value, tile.low, tile.high, required=tile.reference,
                strong=True, bad=tile.level == "bad"))  # fmt: skip
    for dimension in ("cs", "us"):
        keys = (dimension, f"{dimension}_low", f"{dimension}_high")
        found = [
            row for row in _column(document, "departements", "code", "name", *keys) if row[2] is not None
        ]
        # Of many départements the lowest: there something has to be done.
        shown = sorted(found, key=lambda row: row[2])[:_LOWEST] if len(found) > _LOWEST else found
        rows += [
            Dot(f"{code} {name}, {dimension.upper()}", value, low, high)
            for code, name, value, low, high in shown
        ]
    return dot_and_whisker(
        rows, words, title=words.t("Accuracy with its interval", "Exactitude et intervalle")
    )


def _column(document: Indicators, table: str, *keys: str) -> list[tuple[Any, ...]]:
    """Some columns of a table, row by row."""
    content: IndicatorTable | None = document.table(table)
    if content is None:
        return []
    places = [[column.key for column in content.columns].index(key) for key in keys]
    return [tuple(row[place] for place in places) for row in content.rows]
