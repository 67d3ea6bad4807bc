# SPDX-License-Identifier: GPL-2.0-or-later
"""Items as polygons over the coverage, for what the map shows and no more."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import QgsFeature, QgsField, QgsRectangle, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QMetaType

from ocsge_pi_review.adapters.changed_ground import geometry_of
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.patch import PolygonRow

MOST_ITEMS = 1000
"""Items shown at once, the first by rank: more would hide the map they lie on."""
LARGEST_M = 20_000.0
"""Wider views show no items: they would be specks, and a million of them would be read."""
SURROUNDINGS = 1.5
"""Width of what is read against that of the view, so that small moves read nothing."""
NEARER = 0.75
"""Width of a view against the last one that had too many items, from which on it is read again."""


class ItemOverlay:
    """Fills a memory layer with the items of a box, and keeps it in step.

    Args:
        layer: `LotLayers.items`.
        store: the lot.
    """

    def __init__(self, layer: QgsVectorLayer, store: LotStore) -> None:
        self._layer, self._store = layer, store
        self._box = QgsRectangle()
        self._side_m = 0.0
        self._is_shown = self._is_whole = False
        self._fids: dict[int, int] = {}
        fields = [QgsField(name, QMetaType.Type.Int) for name in ("item_id", "rank")]
        layer.dataProvider().addAttributes([*fields, QgsField("state", QMetaType.Type.QString)])
        layer.updateFields()

    def show(self, box: QgsRectangle) -> None:
        """Show the items of a box in the lot's CRS; nothing happens while it lies in what is shown."""
        if sip.isdeleted(self._layer) or self._has(box):
            return
        self._box, self._side_m = QgsRectangle(box), _side_m(box)
        self._box.scale(SURROUNDINGS)
        self._reload()

    def refresh(self, item_id: int) -> None:
        """Show an item as it is now."""
        item = self._store.item(item_id) if self._is_shown else None
        if item is not None:
            self._put([item])

    def refresh_polygons(self, polygon_ids: Iterable[str]) -> None:
        """Show again the items of those polygons."""
        if self._is_shown:
            self._put(self._store.items_of(polygon_ids).values())

    def _has(self, box: QgsRectangle) -> bool:
        """Whether the layer holds all that it may of a box."""
        if self._box.isEmpty() or not self._box.contains(box):
            return False
        if not self._is_shown:
            return SURROUNDINGS * _side_m(box) > LARGEST_M
        return self._is_whole or _side_m(box) > NEARER * self._side_m

    def _reload(self) -> None:
        self._layer.dataProvider().truncate()
        self._fids.clear()
        box = self._box
        self._is_shown = _side_m(box) <= LARGEST_M
        items: list[ReviewItem] = []
        if self._is_shown:
            limits = box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()
            items = self._store.page(ItemFilter(box=limits), 0, MOST_ITEMS)
        self._is_whole = self._is_shown and len(items) < MOST_ITEMS
        self._put(items)
        self._layer.triggerRepaint()

    def _put(self, items: Iterable[ReviewItem]) -> None:
        """Add items or show them as they are now, as far as they lie in the box and there is room."""
        if sip.isdeleted(self._layer):
            return
        wanted = list(items)
        rows = self._store.rows(item.polygon_id for item in wanted)
        provider = self._layer.dataProvider()
        provider.deleteFeatures([self._fids.pop(i.item_id) for i in wanted if i.item_id in self._fids])
        made = [self._made(item, rows[item.polygon_id]) for item in wanted if item.polygon_id in rows]
        inside = [feature for feature in made if feature.geometry().boundingBoxIntersects(self._box)]
        _, stored = provider.addFeatures(inside[: MOST_ITEMS - len(self._fids)])
        self._fids.update({feature["item_id"]: feature.id() for feature in stored})
        self._layer.triggerRepaint()

    def _made(self, item: ReviewItem, row: PolygonRow) -> QgsFeature:
        feature = QgsFeature(self._layer.fields())
        feature.setAttributes([item.item_id, item.rank, item.state.value])
        feature.setGeometry(geometry_of(row))
        return feature


def _side_m(box: QgsRectangle) -> float:
    return float(max(box.width(), box.height()))
