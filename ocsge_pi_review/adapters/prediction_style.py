# SPDX-License-Identifier: GPL-2.0-or-later
"""How a prediction looks: its classes in their colours, its confidence as a second style of the layer."""

from __future__ import annotations

import json

from osgeo import gdal
from qgis.core import (
    QgsColorRampShader,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from inference_backend.contracts.prediction import (
    MAX_SCORE,
    TAG_CLASSES,
    UNDECIDED,
    PredictedClass,
    decode_classes,
)
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile, normalise_class_name
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.confidence_classes import confidence_classes

UNDECIDED_COLOUR = "#9a9a9a"
UNKNOWN_COLOUR = "#000000"
CLASS_BAND, CONFIDENCE_BAND = 1, 2


def style_prediction(layer: QgsRasterLayer) -> None:
    """Show the classes; “Confidence” is offered in the layer's list of styles.

    A raster without class table keeps its look.
    """
    classes = predicted_classes(layer)
    if not classes:
        return
    manager = layer.styleManager()
    manager.renameStyle(manager.currentStyle(), tr("Classes"))
    _show_classes(layer, classes)
    if layer.bandCount() >= CONFIDENCE_BAND:
        manager.addStyleFromLayer(tr("Confidence"))
        manager.setCurrentStyle(tr("Confidence"))
        _show_confidence(layer)
        manager.setCurrentStyle(tr("Classes"))
    layer.triggerRepaint()


def predicted_classes(layer: QgsRasterLayer) -> tuple[PredictedClass, ...]:
    """The class table of the file; empty where it has none."""
    dataset = gdal.Open(layer.source())
    text = dataset.GetMetadataItem(TAG_CLASSES) if dataset is not None else None
    try:
        return decode_classes(text) if text else ()
    except (ValueError, json.JSONDecodeError):
        return ()


def _show_classes(layer: QgsRasterLayer, classes: tuple[PredictedClass, ...]) -> None:
    profile = Profile.load(DEFAULT_PROFILE)
    known = _known_classes(profile)
    entries = []
    for entry in classes:
        label, colour = known.get(normalise_class_name(entry.name), (entry.name, UNKNOWN_COLOUR))
        cover = entry.code_cs or profile.cover_of_class(entry.name)
        if cover and cover in profile.nomenclature:
            if colour == UNKNOWN_COLOUR:
                colour = profile.nomenclature[cover].colour
            label = f"{label} ({cover})"
        entries.append(_palette_entry(entry.index, entry.colour or colour, label))
    entries.append(_palette_entry(UNDECIDED, UNDECIDED_COLOUR, tr("Undecided")))
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), CLASS_BAND, entries))


def _palette_entry(value: int, colour: str, label: str) -> QgsPalettedRasterRenderer.Class:
    return QgsPalettedRasterRenderer.Class(value, QColor(colour), label)


def _known_classes(profile: Profile) -> dict[str, tuple[str, str]]:
    """Normalised name to label and colour, of the physical classes that the profile describes."""
    path = profile.path.with_name("label_classes.json")
    if not path.is_file():
        return {}
    key = "label_fr" if user_language() == "fr" else "label_en"
    rows = json.loads(path.read_text(encoding="utf-8"))["classes"]
    return {normalise_class_name(row["name"]): (row[key], row["colour"]) for row in rows}


def _show_confidence(layer: QgsRasterLayer) -> None:
    ramp = QgsColorRampShader(0.0, float(MAX_SCORE), None, QgsColorRampShader.Type.Discrete)
    ramp.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(row.high * MAX_SCORE, QColor(row.colour), row.label)
            for row in confidence_classes()
        ]
    )
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), CONFIDENCE_BAND, shader)
    layer.setRenderer(renderer)
