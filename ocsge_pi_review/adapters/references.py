# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference vectors of a lot on the map: read when first wanted, shown and hidden after that."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import cycle

from qgis.core import (
    NULL,
    QgsFillSymbol,
    QgsLayerTreeGroup,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsProject,
    QgsSimpleFillSymbolLayer,
    QgsSimpleLineSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QTimer

from inference_backend.contracts.lot import REFERENCE
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.domain.errors import LotError

COLOURS = ("#e31a1c", "#1f78b4", "#ff7f00", "#6a3d9a", "#b15928", "#e7298a", "#00868b", "#222222")
HALO = "255,255,255,200"
PLAIN_NAME = re.compile(r"[\w .'-]+")
"""Names of tables that are opened: options of the driver follow a bar, a query stands in brackets, and either
would run SQL that the lot brings.
"""


class ReferenceLayers:
    """The table `reference` as a group of layers on top of the lot's.

    Args:
        store: the lot.
        group: of the lot in the project.
        project: takes the layers.

    Attributes:
        unread: tables that are named and cannot be read.
    """

    def __init__(self, store: LotStore, group: QgsLayerTreeGroup, project: QgsProject) -> None:
        self._store, self._lot_group, self._project = store, group, project
        self._group: QgsLayerTreeGroup | None = None
        self._ids: list[str] = []
        self.unread: list[str] = []

    @property
    def layers(self) -> list[QgsVectorLayer]:
        """Those that are in the project."""
        found = (self._project.mapLayer(layer_id) for layer_id in self._ids)
        return [layer for layer in found if layer is not None]

    @property
    def is_shown(self) -> bool:
        """Whether they are on the map."""
        return self._has_group() and bool(self.layers) and self._group.itemVisibilityChecked()

    def toggle(self) -> bool:
        """Show or hide them; False where the lot has none."""
        if not self.layers:
            self._load()
        elif self._has_group():
            self._group.setItemVisibilityChecked(not self._group.itemVisibilityChecked())
        return bool(self.layers)

    def remove(self, *, layers_are_leaving: bool = False) -> None:
        """Take them out of the project; safe to call again.

        Args:
            layers_are_leaving: the project removes layers now, perhaps these: what it leaves goes afterwards.
        """
        ids, self._ids = [layer.id() for layer in self.layers], []
        group, self._group = self._group, None
        if layers_are_leaving:
            QTimer.singleShot(0, lambda: remove_layers(self._project, ids))
            return
        if group is not None and not sip.isdeleted(group) and group.parent() is not None:
            group.parent().removeChildNode(group)
        remove_layers(self._project, ids)

    def _load(self) -> None:
        self.remove()
        self.unread = []
        entries = self._entries()
        if not entries or sip.isdeleted(self._lot_group):
            return
        self._group = self._lot_group.insertGroup(0, tr("References"))
        for (table, title), colour in zip(entries, cycle(COLOURS)):
            layer = self._layer(table, title)
            if layer is None:
                self.unread.append(table)
                continue
            _draw(layer, colour)
            self._project.addMapLayer(layer, False)
            self._group.addLayer(layer).setExpanded(False)
            self._ids.append(layer.id())

    def _layer(self, table: str, title: str) -> QgsVectorLayer | None:
        if not PLAIN_NAME.fullmatch(table):
            return None
        try:
            return self._store.layer(table, title)
        except LotError:
            return None

    def _entries(self) -> list[tuple[str, str]]:
        """Table and title of each reference."""
        try:
            table = self._store.layer(REFERENCE.name, REFERENCE.name)
        except LotError:
            return []
        found = []
        for feature in table.getFeatures():
            name, title, source = (_text(feature[column]) for column in ("layer", "title", "source"))
            if name:
                title = title or name
                found.append((name, f"{title} ({source})" if source and source not in title else title))
        return found

    def _has_group(self) -> bool:
        return self._group is not None and not sip.isdeleted(self._group)


def remove_layers(project: QgsProject, ids: Iterable[str]) -> None:
    """Remove those of the layers that are still in a project.

    They are taken out before they go: a layer that goes while a script lets QGIS read another project asks
    the old one for its folder, which is gone, and QGIS with it.
    """
    for layer_id in ids:
        layer = project.mapLayer(layer_id)
        if layer is not None:
            project.takeMapLayer(layer)
            sip.delete(layer)


def _text(value: object) -> str:
    return "" if value is None or value == NULL else str(value)


def _draw(layer: QgsVectorLayer, colour: str) -> None:
    """A line that stays readable on any image; nothing is filled."""
    kind = layer.geometryType()
    if kind == QgsWkbTypes.GeometryType.PolygonGeometry:
        symbol: QgsSymbol = QgsFillSymbol.createSimple(
            {"style": "no", "outline_color": HALO, "outline_width": "1.1", "joinstyle": "round"}
        )
        line = {"style": "no", "outline_color": colour, "outline_width": "0.5", "joinstyle": "round"}
        symbol.appendSymbolLayer(QgsSimpleFillSymbolLayer.create(line))
    elif kind == QgsWkbTypes.GeometryType.LineGeometry:
        symbol = QgsLineSymbol.createSimple({"line_color": HALO, "line_width": "1.2"})
        line = {"line_color": colour, "line_width": "0.6"}
        symbol.appendSymbolLayer(QgsSimpleLineSymbolLayer.create(line))
    else:
        symbol = QgsMarkerSymbol.createSimple(
            {"name": "circle", "color": colour, "outline_color": HALO, "size": "2.4"}
        )
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
