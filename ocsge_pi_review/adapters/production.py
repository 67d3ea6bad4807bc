# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the dashboard of a production lies, and its map as a layer."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsProject,
    QgsRendererCategory,
    QgsVectorLayer,
)

from inference_backend.contracts.indicators import (
    INDICATORS_FILE,
    PROGRESS_FILE,
    STATE_COLOURS,
    Indicators,
)
from inference_backend.contracts.lot import LotState
from inference_backend.contracts.lot_states import STATE_NAMES
from ocsge_common.translation import tr, user_language

_UNREAD = "#ffffff"
_FOLDER = "-report"


def report_folder(production: Path) -> Path:
    """Folder of a production's dashboard: beside its file."""
    return production.with_name(production.stem + _FOLDER)


def last_indicators(production: Path) -> Indicators | None:
    """The figures that were made last, None before the first time.

    Raises:
        IndicatorsError: they are there and cannot be read.
    """
    path = report_folder(production) / INDICATORS_FILE
    return Indicators.read(path) if path.is_file() else None


def progress_layer(production: Path) -> QgsVectorLayer | None:
    """The lots of a production coloured by state, not yet in a project; None where no map was made."""
    path = report_folder(production) / PROGRESS_FILE
    if not path.is_file():
        return None
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    layer = QgsVectorLayer(str(path), tr("Lots by state"), "ogr", options)
    if not layer.isValid():
        return None
    layer.setReadOnly(True)
    layer.setRenderer(_renderer())
    layer.setDisplayExpression('"name"')
    return layer


def show_on_map(layer: QgsVectorLayer, project: QgsProject, earlier: str | None) -> None:
    """Put a layer on top of a project, in place of the one that an earlier call put there."""
    if earlier is not None and project.mapLayer(earlier) is not None:
        project.removeMapLayer(earlier)
    project.addMapLayer(layer, False)
    project.layerTreeRoot().insertLayer(0, layer)


def _renderer() -> QgsCategorizedSymbolRenderer:
    place = 1 if user_language() == "fr" else 0
    categories = [
        QgsRendererCategory(state.value, _symbol(STATE_COLOURS[state.value]), STATE_NAMES[state][place])
        for state in LotState
    ]
    categories.append(QgsRendererCategory("", _symbol(_UNREAD), tr("not read")))
    return QgsCategorizedSymbolRenderer("state", categories)


def _symbol(colour: str) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple(
        {"color": colour, "outline_color": "#333333", "outline_width": "0.2", "style": "solid"}
    )
