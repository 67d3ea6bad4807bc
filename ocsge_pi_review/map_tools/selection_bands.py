# SPDX-License-Identifier: GPL-2.0-or-later
"""The polygons chosen together, outlined on the map."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.domain.selection import toggled

COLOUR = "#00e5ff"
POLYGON = QgsWkbTypes.GeometryType.PolygonGeometry


class Selection(QObject):
    """Ids in the order in which they were chosen, and their outlines.

    Signals:
        changed(): other polygons are chosen.

    Args:
        canvas: the map.
        review: whose polygons; those that a gesture removes are dropped.
    """

    changed = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, review: Review, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._review = canvas, review
        self.ids: tuple[str, ...] = ()
        self.band: QgsRubberBand | None = QgsRubberBand(canvas, POLYGON)
        self.band.setStrokeColor(QColor(COLOUR))
        self.band.setSecondaryStrokeColor(QColor(0, 0, 0, 140))
        fill = QColor(COLOUR)
        fill.setAlpha(40)
        self.band.setFillColor(fill)
        self.band.setWidth(2)
        review.polygons_changed.connect(self._on_polygons)

    def choose(self, polygon_ids: tuple[str, ...]) -> None:
        """Exactly these."""
        if polygon_ids != self.ids:
            self.ids = polygon_ids
            self._draw()
            self.changed.emit()

    def toggle(self, polygon_id: str) -> None:
        """One more, or one less."""
        self.choose(toggled(self.ids, polygon_id))

    def clear(self) -> None:
        """None."""
        self.choose(())

    def remove(self) -> None:
        """Leave nothing on the map; safe to call again."""
        if self.band is not None:
            self._review.polygons_changed.disconnect(self._on_polygons)
            self._canvas.scene().removeItem(self.band)
            self.band = None

    @guarded
    def _on_polygons(self, polygon_ids: tuple[str, ...]) -> None:
        if set(polygon_ids) & set(self.ids):
            there = self._review.store.rows(self.ids)
            self.ids = tuple(polygon_id for polygon_id in self.ids if polygon_id in there)
            self._draw()
            self.changed.emit()

    def _draw(self) -> None:
        if self.band is None:
            return
        self.band.reset(POLYGON)
        for row in self._review.store.rows(self.ids).values():
            geometry = QgsGeometry()
            geometry.fromWkb(row.wkb)
            self.band.addGeometry(geometry, self._review.store.crs)
