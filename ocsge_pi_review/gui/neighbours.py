# SPDX-License-Identifier: GPL-2.0-or-later
"""Cover and use of the polygons around the one in front, written on the map while wanted."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import (
    Qgis,
    QgsPalLayerSettings,
    QgsRuleBasedLabeling,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtGui import QColor

from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.domain.errors import LostPolygonError
from ocsge_pi_review.domain.merge import common_border

SIZE_PT = 8.5
CODES = "\"code_cs\" || '\\n' || coalesce(\"code_us\", '')"
NOBODY = "FALSE"


class NeighbourCodes:
    """Labels of the neighbours on one layer, switched by a key.

    Args:
        layer: `occupation_sol`.
        review: what is in front.
    """

    def __init__(self, layer: QgsVectorLayer, review: Review) -> None:
        self._layer, self._review = layer, review

    @property
    def is_shown(self) -> bool:
        """Whether codes are written."""
        return not sip.isdeleted(self._layer) and self._layer.labelsEnabled()

    def toggle(self) -> bool:
        """Write the codes, or no longer; returns whether they are written."""
        if sip.isdeleted(self._layer):
            return False
        wanted = not self.is_shown
        if wanted:
            self._layer.setLabeling(_labels(self._neighbours()))
        self._layer.setLabelsEnabled(wanted)
        self._layer.triggerRepaint()
        return wanted

    def refresh(self) -> None:
        """Write the codes around the polygon that is in front now."""
        if self.is_shown:
            self._layer.setLabeling(_labels(self._neighbours()))

    def _neighbours(self) -> list[str]:
        try:
            row = self._review.row()
        except LostPolygonError:
            return []
        around = self._review.around(row)
        return [other.id for other in around if common_border(row.polygon, other.polygon) > 0]


def _labels(polygon_ids: Iterable[str]) -> QgsRuleBasedLabeling:
    """Labels of those polygons alone; ids come from the lot and are quoted."""
    names = ", ".join("'" + polygon_id.replace("'", "''") + "'" for polygon_id in polygon_ids)
    rule = QgsRuleBasedLabeling.Rule(_settings())
    rule.setFilterExpression(f'"id" IN ({names})' if names else NOBODY)
    root = QgsRuleBasedLabeling.Rule(None)
    root.appendChild(rule)
    return QgsRuleBasedLabeling(root)


def _settings() -> QgsPalLayerSettings:
    settings = QgsPalLayerSettings()
    settings.fieldName = CODES
    settings.isExpression = True
    settings.placement = Qgis.LabelPlacement.Horizontal
    # In the part that is in sight, where a neighbour is larger than the map.
    settings.centroidWhole = False
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
