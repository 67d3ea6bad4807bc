# SPDX-License-Identifier: GPL-2.0-or-later
"""Edits on the map: filled by person, operation or reason, newest on top."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeatureRequest,
    QgsFillSymbol,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ocsge_pi_review.domain.edits import Edit

HUES = (
    "#e6194b", "#4363d8", "#3cb44b", "#f58231", "#911eb4", "#008080", "#bf6f00", "#f032e6",
    "#808000", "#000075", "#9a6324", "#469990", "#800000", "#7f7f00", "#5f7a9e", "#404040",
)  # fmt: skip
"""Strong colours, far enough apart to be told from one another over an image."""
OTHER = "#606060"
_FILL_OPACITY = 80


class ColourBy(str, Enum):
    """What the colour of an edit says."""

    OPERATION = "operation"
    PERSON = "person"
    REASON = "reason"


_EXPRESSIONS = {
    ColourBy.OPERATION: "operation",
    ColourBy.PERSON: "operator",
    ColourBy.REASON: "regexp_substr(\"reasons\", '^([^,]*)')",
}


def value_of(edit: Edit, by: ColourBy) -> str:
    """What an edit is coloured for."""
    if by is ColourBy.OPERATION:
        return edit.operation.value
    if by is ColourBy.PERSON:
        return edit.operator
    return edit.reasons[0] if edit.reasons else ""


def colours(values: Mapping[str, str]) -> dict[str, QColor]:
    """A colour for each value, in their order."""
    return {value: QColor(HUES[place % len(HUES)]) for place, value in enumerate(values)}


def style_edits(layer: QgsVectorLayer, by: ColourBy, labels: Mapping[str, str], others: str) -> None:
    """Colour a layer on the journal.

    Args:
        layer: it.
        by: what the colour says.
        labels: values, in the order of the legend, to what the legend calls them.
        others: what the legend calls the rest.
    """
    found = colours(labels)
    categories = [QgsRendererCategory(value, _symbol(found[value]), label) for value, label in labels.items()]
    categories.append(QgsRendererCategory(None, _symbol(QColor(OTHER)), others))
    renderer = QgsCategorizedSymbolRenderer(_EXPRESSIONS[by], categories)
    renderer.setOrderBy(QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause("seq", True)]))
    renderer.setOrderByEnabled(True)
    layer.setRenderer(renderer)
    layer.triggerRepaint()


def _symbol(colour: QColor) -> QgsFillSymbol:
    fill = QColor(colour)
    fill.setAlpha(_FILL_OPACITY)
    symbol = QgsFillSymbol.createSimple({"outline_width": "0.5", "joinstyle": "round"})
    layer = symbol.symbolLayer(0)
    layer.setFillColor(fill)
    layer.setStrokeColor(colour)
    return symbol
