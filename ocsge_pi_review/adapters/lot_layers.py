# SPDX-License-Identifier: GPL-2.0-or-later
"""The layer group of a lot in the project: read-only layers in our own styles."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsVectorLayer
from qgis.PyQt import sip

from inference_backend.contracts.lot import OCCUPATION_SOL, ZONE_CONSTRUITE, LotKey
from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.layer_of_table import read_only
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.adapters.references import remove_layers
from ocsge_pi_review.adapters.styles import style_by_code, style_items, style_margin, style_zone

GROUP_PROPERTY = "ocsge_review_lot"
FILL_OPACITY = 0.55


@dataclass
class LotLayers:
    """Layers of an open lot; `items` is in memory and holds those of the view."""

    group: QgsLayerTreeGroup
    occupation: QgsVectorLayer
    zone: QgsVectorLayer
    items: QgsVectorLayer
    margin: QgsVectorLayer | None = None

    @property
    def from_store(self) -> tuple[QgsVectorLayer, ...]:
        """Those that show tables of the lot, as far as the user has left them there."""
        layers = (self.occupation, self.zone, self.margin)
        return tuple(layer for layer in layers if layer is not None and not sip.isdeleted(layer))

    def repaint(self) -> None:
        """Show what a gesture wrote."""
        for layer in self.from_store:
            if layer is not self.zone:
                layer.triggerRepaint()

    def remove(self, project: QgsProject) -> None:
        """Take the group and its layers out of the project, as far as the user has left them there."""
        layers = (self.items, *self.from_store)
        ids = [layer.id() for layer in layers if not sip.isdeleted(layer)]
        if not sip.isdeleted(self.group) and self.group.parent() is not None:
            self.group.parent().removeChildNode(self.group)
        remove_layers(project, ids)


def load_layers(store: LotStore, name: str, nomenclature: Nomenclature, project: QgsProject) -> LotLayers:
    """Add a lot to the project, on top; an earlier group of the same lot is replaced.

    Raises:
        LotError: QGIS cannot read a layer.
    """
    _remove_earlier(store.label, project)
    occupation = store.layer(OCCUPATION_SOL.name, tr("Land cover and use"))
    zone = store.layer(ZONE_CONSTRUITE.name, tr("Built-up zone"))
    items = QgsVectorLayer(f"Polygon?crs={store.crs.authid()}", tr("Review items"), "memory")
    read_only(items, store.label, "memory")
    items.setCrs(store.crs)
    style_by_code(occupation, nomenclature, "cs")
    occupation.setOpacity(FILL_OPACITY)
    style_zone(zone)
    style_items(items)
    margin = _margin(store)
    group = project.layerTreeRoot().insertGroup(0, name)
    group.setCustomProperty(GROUP_PROPERTY, store.label)
    for layer in (items, zone, margin, occupation):
        if layer is not None:
            project.addMapLayer(layer, False)
            node = group.addLayer(layer)
            node.setExpanded(layer is occupation)
    return LotLayers(group, occupation, zone, items, margin)


def _margin(store: LotStore) -> QgsVectorLayer | None:
    """The polygons of neighbouring lots, where the lot was cut from another one."""
    if not store.metadata.get(LotKey.PARENT_ID.value):
        return None
    layer = store.layer(OCCUPATION_SOL.name, tr("Margin (neighbouring lots)"))
    layer.setReadOnly(False)
    layer.setSubsetString('"margin_of" IS NOT NULL')
    layer.setReadOnly(True)
    style_margin(layer)
    return layer


def _remove_earlier(label: str, project: QgsProject) -> None:
    root = project.layerTreeRoot()
    for group in root.findGroups():
        if group.customProperty(GROUP_PROPERTY) == label:
            ids = [node.layerId() for node in group.findLayers()]
            root.removeChildNode(group)
            remove_layers(project, ids)
