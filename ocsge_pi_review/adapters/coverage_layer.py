# SPDX-License-Identifier: GPL-2.0-or-later
"""The layer `occupation_sol` as rows: reading them, and applying a patch as one undo command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from qgis.core import (
    NULL,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsRectangle,
    QgsVectorLayer,
)

from inference_backend.contracts.lot import OCCUPATION_SOL
from ocsge_common.slots import guarded
from ocsge_pi_review.domain.errors import InvalidResultError, LostPolygonError, SaveError, StalePolygonError
from ocsge_pi_review.domain.patch import Patch, PolygonRow

ATTRIBUTES = tuple(name for name in OCCUPATION_SOL.column_names if name != "id")


class CoverageLayer:
    """Rows of a coverage in QGIS's edit buffer.

    Args:
        layer: `occupation_sol` of a lot.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        self.layer = layer
        present = layer.fields().names()
        self._attributes = tuple(name for name in ATTRIBUTES if name in present)
        self._fids: dict[str, int] = {}
        self._index_ids()
        # A saved new feature has another number than the unsaved one had; an undo may bring either back.
        layer.featureAdded.connect(self._on_added)
        layer.committedFeaturesAdded.connect(self._on_committed)

    def row(self, polygon_id: str) -> PolygonRow:
        """A polygon as it stands, unsaved changes included.

        Raises:
            LostPolygonError: it is not in the layer.
        """
        return self._row_of(self.feature(polygon_id))

    def feature(self, polygon_id: str) -> QgsFeature:
        """The same as a QGIS feature."""
        fid = self._fids.get(polygon_id)
        feature = None if fid is None else self.layer.getFeature(fid)
        if feature is None or not feature.isValid():
            raise LostPolygonError(id=polygon_id)
        return feature

    def features(self, polygon_ids: Iterable[str]) -> dict[str, QgsFeature]:
        """Those of the polygons that are there, in one pass."""
        fids = [self._fids[polygon_id] for polygon_id in polygon_ids if polygon_id in self._fids]
        request = QgsFeatureRequest().setFilterFids(fids)
        return {feature["id"]: feature for feature in self.layer.getFeatures(request)}

    def has(self, polygon_id: str) -> bool:
        """Whether the polygon is still there."""
        try:
            self.feature(polygon_id)
        except LostPolygonError:
            return False
        return True

    def at(self, point: QgsPointXY) -> PolygonRow | None:
        """The polygon under a point of the layer's CRS."""
        here = QgsGeometry.fromPointXY(point)
        for feature in self._in_box(QgsRectangle(point, point)):
            if feature.geometry().contains(here):
                return self._row_of(feature)
        return None

    def around(self, row: PolygonRow) -> list[PolygonRow]:
        """Polygons whose box meets that of `row`, itself excluded."""
        shell = row.polygon[0]
        xs, ys = [x for x, _ in shell], [y for _, y in shell]
        box = QgsRectangle(min(xs), min(ys), max(xs), max(ys))
        # A box of no margin would miss neighbours that only touch it.
        box.grow(0.01)
        return [other for other in map(self._row_of, self._in_box(box)) if other.id != row.id]

    def shares(self, column: str) -> dict[str, float]:
        """By code, its share of the polygons."""
        counts: dict[str, float] = {}
        request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
        request.setSubsetOfAttributes([column], self.layer.fields())
        for feature in self.layer.getFeatures(request):
            counts[str(feature[column])] = counts.get(str(feature[column]), 0.0) + 1.0
        total = sum(counts.values()) or 1.0
        return {code: count / total for code, count in counts.items()}

    def require_current(self, patch: Patch) -> None:
        """Accept a patch that starts from what the layer holds.

        Raises:
            StalePolygonError: a row differs, is missing, or is there although the patch adds it.
        """
        known = {row.id for row in patch.before}
        for row in patch.before:
            if not self.has(row.id) or self.row(row.id) != row:
                raise StalePolygonError(id=row.id)
        for row in patch.after:
            if row.id not in known and self.has(row.id):
                raise StalePolygonError(id=row.id)

    def require_valid(self, patch: Patch) -> None:
        """Accept a patch whose new geometries are valid.

        Raises:
            InvalidResultError: one is not.
        """
        old = {row.id: row.wkb for row in patch.before}
        for row in patch.after:
            geometry = _geometry(row)
            if row.wkb != old.get(row.id) and not geometry.isGeosValid():
                raise InvalidResultError(id=row.id, reason=geometry.lastError() or "GEOS")

    def apply(self, patch: Patch, text: str) -> None:
        """Apply a patch as one undo command named `text`; on any error the layer is as before.

        Raises:
            SaveError: the layer refuses an edit.
        """
        before = {row.id: row for row in patch.before}
        with self._command(text):
            for polygon_id in patch.removed_ids:
                self._accepted(self.layer.deleteFeature(self.feature(polygon_id).id()))
            for row in patch.after:
                if row.id in before:
                    self._change(before[row.id], row)
                else:
                    self._add(row)

    def _change(self, old: PolygonRow, new: PolygonRow) -> None:
        fid = self.feature(new.id).id()
        if new.wkb != old.wkb:
            self._accepted(self.layer.changeGeometry(fid, _geometry(new)))
        for name, value in new.attributes.items():
            if value != old.attributes.get(name):
                index = self.layer.fields().indexOf(name)
                self._accepted(self.layer.changeAttributeValue(fid, index, value, old.attributes.get(name)))

    def _add(self, row: PolygonRow) -> None:
        feature = QgsFeature(self.layer.fields())
        feature["id"] = row.id
        for name, value in row.attributes.items():
            feature[name] = value
        feature.setGeometry(_geometry(row))
        self._accepted(self.layer.addFeature(feature))

    def _accepted(self, answer: bool) -> None:
        if not answer:
            raise SaveError(path=self.layer.source(), reason="edit buffer", count=0)

    @contextmanager
    def _command(self, text: str) -> Iterator[None]:
        if not self.layer.isEditable() and not self.layer.startEditing():
            raise SaveError(path=self.layer.source(), reason="read-only", count=0)
        self.layer.beginEditCommand(text)
        try:
            yield
        except BaseException:
            self.layer.destroyEditCommand()
            raise
        self.layer.endEditCommand()

    def _in_box(self, box: QgsRectangle) -> Iterator[QgsFeature]:
        yield from self.layer.getFeatures(QgsFeatureRequest().setFilterRect(box))

    def _index_ids(self) -> None:
        request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
        request.setSubsetOfAttributes(["id"], self.layer.fields())
        self._fids = {feature["id"]: feature.id() for feature in self.layer.getFeatures(request)}

    @guarded
    def _on_added(self, fid: int) -> None:
        self._fids[self.layer.getFeature(fid)["id"]] = fid

    @guarded
    def _on_committed(self, _layer_id: str, features: list[QgsFeature]) -> None:
        self._fids.update({feature["id"]: feature.id() for feature in features})

    def _row_of(self, feature: QgsFeature) -> PolygonRow:
        attributes = {name: _plain(feature[name]) for name in self._attributes}
        return PolygonRow(str(feature["id"]), attributes, bytes(feature.geometry().asWkb()))


def _plain(value: Any) -> Any:
    return None if value == NULL else value


def _geometry(row: PolygonRow) -> QgsGeometry:
    geometry = QgsGeometry()
    geometry.fromWkb(row.wkb)
    return geometry
