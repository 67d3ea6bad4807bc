# SPDX-License-Identifier: GPL-2.0-or-later
"""Cover and use of the polygons around, written on the map while wanted."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsPalLayerSettings,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt import sip
from qgis.PyQt.QtGui import QColor

FARTHEST_SCALE = 15_000
"""Denominator of the smallest scale at which codes are written."""
SIZE_PT = 8.0
CODES = "\"code_cs\" || '\\n' || coalesce(\"code_us\", '')"


class NeighbourCodes:
    """Labels of one layer, switched by a key.

    Args:
        layer: `occupation_sol`.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        self._layer = layer

    @property
    def is_shown(self) -> bool:
        """Whether codes are written."""
        return not sip.isdeleted(self._layer) and self._layer.labelsEnabled()

    def toggle(self) -> bool:
        """Write the codes, or no longer; returns whether they are written."""
        if sip.isdeleted(self._layer):
            return False
        if self._layer.labeling() is None:
            self._layer.setLabeling(QgsVectorLayerSimpleLabeling(_settings()))
        self._layer.setLabelsEnabled(not self._layer.labelsEnabled())
        self._layer.triggerRepaint()
        return self._layer.labelsEnabled()


def _settings() -> QgsPalLayerSettings:
    settings = QgsPalLayerSettings()
    settings.fieldName = CODES
    settings.isExpression = True
    settings.placement = Qgis.LabelPlacement.Horizontal
    settings.scaleVisibility = True
    settings.minimumScale = FARTHEST_SCALE
    settings.setFormat(_format())
    return settings


def _format() -> QgsTextFormat:
    text = QgsTextFormat()
    text.setSize(SIZE_PT)
    text.setColor(QColor("#111111"))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.9)
    halo.setColor(QColor(255, 255, 255, 220))
    text.setBuffer(halo)
    return text
