# SPDX-License-Identifier: GPL-2.0-or-later
"""The layer group of a lot in the project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsFeature, QgsField, QgsGeometry, QgsLayerTreeGroup, QgsProject, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QMetaType

from inference_backend.contracts.lot import OCCUPATION_SOL, ZONE_CONSTRUITE
from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.coverage_layer import CoverageLayer
from ocsge_pi_review.adapters.styles import style_by_code, style_items, style_zone
from ocsge_pi_review.domain.errors import LostPolygonError, LotError
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.queue import ReviewQueue

GROUP_PROPERTY = "ocsge_review_lot"
FILL_OPACITY = 0.55


@dataclass
class LotLayers:
    """Layers of an open lot; `items` is in memory, one polygon per item with its state."""

    group: QgsLayerTreeGroup
    occupation: QgsVectorLayer
    zone: QgsVectorLayer
    items: QgsVectorLayer

    def remove(self, project: QgsProject) -> None:
        """Take the group and its layers out of the project, as far as the user has left them there."""
        layers = (self.items, self.zone, self.occupation)
        ids = [layer.id() for layer in layers if not sip.isdeleted(layer)]
        if not sip.isdeleted(self.group) and self.group.parent() is not None:
            self.group.parent().removeChildNode(self.group)
        project.removeMapLayers(ids)


def load_layers(path: Path, name: str, nomenclature: Nomenclature, project: QgsProject) -> LotLayers:
    """Add a lot to the project, on top; an earlier group of the same lot is replaced.

    Raises:
        LotError: QGIS cannot read a layer.
    """
    _remove_earlier(path, project)
    occupation = _open(path, OCCUPATION_SOL.name, tr("Land cover and use"))
    zone = _open(path, ZONE_CONSTRUITE.name, tr("Built-up zone"))
    items = QgsVectorLayer(f"Polygon?crs={occupation.crs().authid()}", tr("Review items"), "memory")
    if not items.isValid():
        raise _unreadable(path, "memory")
    items.setCrs(occupation.crs())
    items.setReadOnly(True)
    style_by_code(occupation, nomenclature, "cs")
    occupation.setOpacity(FILL_OPACITY)
    style_zone(zone)
    style_items(items)
    group = project.layerTreeRoot().insertGroup(0, name)
    group.setCustomProperty(GROUP_PROPERTY, str(path))
    for layer in (items, zone, occupation):
        project.addMapLayer(layer, False)
        node = group.addLayer(layer)
        node.setExpanded(layer is occupation)
    return LotLayers(group, occupation, zone, items)


def _open(path: Path, table: str, title: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{path}|layername={table}", title, "ogr")
    if not layer.isValid():
        raise _unreadable(path, table)
    return layer


def _unreadable(path: Path, table: str) -> LotError:
    return LotError(
        path=path,
        problem_en=f"layer {table} cannot be read",
        problem_fr=f"la couche {table} est illisible",
        remedy_en="Choose a lot written by ocsge postprocess, or make it again.",
        remedy_fr="Choisissez un lot écrit par ocsge postprocess, ou refaites-le.",
    )


def _remove_earlier(path: Path, project: QgsProject) -> None:
    root = project.layerTreeRoot()
    for group in root.findGroups():
        if group.customProperty(GROUP_PROPERTY) == str(path):
            ids = [node.layerId() for node in group.findLayers()]
            root.removeChildNode(group)
            project.removeMapLayers(ids)


class ItemOverlay:
    """Keeps the memory layer of items in step with queue and coverage.

    Args:
        layer: `LotLayers.items`.
        queue: the items.
        coverage: their polygons.
    """

    def __init__(self, layer: QgsVectorLayer, queue: ReviewQueue, coverage: CoverageLayer) -> None:
        self._layer, self._queue, self._coverage = layer, queue, coverage
        provider = layer.dataProvider()
        provider.addAttributes(
            [
                QgsField("item_id", QMetaType.Type.Int),
                QgsField("rank", QMetaType.Type.Int),
                QgsField("state", QMetaType.Type.QString),
            ]
        )
        layer.updateFields()
        found = coverage.features(item.polygon_id for item in queue.items)
        shown = [item for item in queue.items if item.polygon_id in found]
        made = [self._made(item, found[item.polygon_id].geometry()) for item in shown]
        _, stored = provider.addFeatures(made)
        self._fids = {feature["item_id"]: feature.id() for feature in stored}
        layer.updateExtents()

    def refresh(self, item_id: int) -> None:
        """Show an item as it is now; nothing happens once the user has removed the layer."""
        if sip.isdeleted(self._layer):
            return
        provider = self._layer.dataProvider()
        feature = self._feature(item_id)
        fid = self._fids.pop(item_id, None)
        if fid is not None:
            provider.deleteFeatures([fid])
        if feature is not None:
            _, stored = provider.addFeatures([feature])
            self._fids[item_id] = stored[0].id()
        self._layer.triggerRepaint()

    def refresh_polygons(self, polygon_ids: tuple[str, ...]) -> None:
        """Show again the items of those polygons."""
        for polygon_id in polygon_ids:
            item = self._queue.of_polygon(polygon_id)
            if item is not None:
                self.refresh(item.item_id)

    def _feature(self, item_id: int) -> QgsFeature | None:
        item = self._queue[item_id]
        try:
            geometry = self._coverage.feature(item.polygon_id).geometry()
        except LostPolygonError:
            return None
        return self._made(item, geometry)

    def _made(self, item: ReviewItem, geometry: QgsGeometry) -> QgsFeature:
        feature = QgsFeature(self._layer.fields())
        feature.setAttributes([item.item_id, item.rank, item.state.value])
        feature.setGeometry(geometry)
        return feature
