# SPDX-License-Identifier: GPL-2.0-or-later
"""How the layers of a lot look: official colours, and states of items that stay readable over an image."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsLinePatternFillSymbolLayer,
    QgsLineSymbol,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsSimpleFillSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from inference_backend.contracts.lot import ItemState
from inference_backend.contracts.nomenclature import Dimension, Nomenclature
from ocsge_common.translation import tr, user_language

FOCUS_COLOUR = "#00e5ff"
DONE_COLOUR = "#1b7837"
TODO_COLOUR = "#ff6a00"
ASIDE_COLOUR = "#7b3294"
ZONE_COLOUR = "#1a1a1a"


def style_by_code(layer: QgsVectorLayer, nomenclature: Nomenclature, dimension: Dimension) -> None:
    """Fill each polygon with the official colour of its cover or use."""
    categories = []
    for code in nomenclature.leaves(dimension):
        symbol = QgsFillSymbol.createSimple(
            {"color": code.colour, "outline_color": "60,60,60,160", "outline_width": "0.16"}
        )
        label = f"{code.code}  {code.label(user_language())}"
        categories.append(QgsRendererCategory(code.code, symbol, label))
    layer.setRenderer(QgsCategorizedSymbolRenderer(f"code_{dimension}", categories))
    layer.triggerRepaint()


def style_zone(layer: QgsVectorLayer) -> None:
    """A dashed outline."""
    symbol = QgsFillSymbol.createSimple(
        {"style": "no", "outline_color": ZONE_COLOUR, "outline_width": "0.5", "outline_style": "dash"}
    )
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))


def style_margin(layer: QgsVectorLayer) -> None:
    """A veil over what belongs to other lots."""
    symbol = QgsFillSymbol.createSimple(
        {"color": "255,255,255,150", "outline_color": "120,120,120,200", "outline_width": "0.2"}
    )
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))


def style_items(layer: QgsVectorLayer) -> None:
    """Outline what is left to do, shade what is done."""
    states = (
        (ItemState.TODO, TODO_COLOUR, False, tr("To do")),
        (ItemState.DONE, DONE_COLOUR, True, tr("Done")),
        (ItemState.POSTPONED, ASIDE_COLOUR, False, tr("Postponed")),
        (ItemState.ASKED, ASIDE_COLOUR, False, tr("Asked")),
        (ItemState.REDO, TODO_COLOUR, False, tr("To redo")),
    )
    root = QgsRuleBasedRenderer.Rule(None)
    for state, colour, shaded, label in states:
        rule = QgsRuleBasedRenderer.Rule(_outline(colour, shaded))
        rule.setFilterExpression(f"\"state\" = '{state.value}'")
        rule.setLabel(label)
        root.appendChild(rule)
    layer.setRenderer(QgsRuleBasedRenderer(root))


def _outline(colour: str, shaded: bool) -> QgsSymbol:
    symbol = QgsFillSymbol.createSimple(
        {"style": "no", "outline_color": colour, "outline_width": "0.46", "joinstyle": "round"}
    )
    if shaded:
        veil = QgsSimpleFillSymbolLayer.create(
            {"color": "255,255,255,90", "outline_color": colour, "outline_width": "0.3"}
        )
        hatch = QgsLinePatternFillSymbolLayer()
        hatch.setDistance(1.6)
        hatch.setLineAngle(45)
        line = QgsLineSymbol.createSimple({"line_width": "0.18"})
        line.setColor(QColor(colour))
        hatch.setSubSymbol(line)
        symbol.changeSymbolLayer(0, veil)
        symbol.appendSymbolLayer(hatch)
    return symbol
