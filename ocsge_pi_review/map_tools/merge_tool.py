# SPDX-License-Identifier: GPL-2.0-or-later
"""A click on a neighbour lets it absorb the polygon in front."""

from __future__ import annotations

from qgis.core import QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.domain.merge import common_border
from ocsge_pi_review.domain.patch import PolygonRow


class MergeTool(QgsMapTool):
    """Picks the neighbour; polygons that cannot absorb do not light up.

    Signals:
        finished(): merged or given up.
    """

    finished = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, review: Review) -> None:
        super().__init__(canvas)
        self._review = review
        self._shown: str | None = None
        self.band: QgsRubberBand | None = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        self.band.setFillColor(QColor(255, 255, 255, 110))
        self.band.setStrokeColor(QColor("#ffffff"))
        self.band.setSecondaryStrokeColor(QColor("#000000"))
        self.band.setWidth(3)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Light up the polygon that a click would merge into."""
        row = self._under(event)
        wanted = row.id if row is not None and self._may_absorb(row) else None
        if wanted != self._shown:
            self._shown = wanted
            self._reset_band()
            if wanted is not None:
                coverage = self._review.coverage
                self.band.setToGeometry(coverage.feature(wanted).geometry(), coverage.layer)

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Merge into the polygon clicked; the right button gives up."""
        if event.button() == Qt.MouseButton.RightButton:
            self.finished.emit()
            return
        row = self._under(event)
        if row is not None and row.id != self._review.polygon_id:
            self._review.merge_into(row.id)
            self.finished.emit()

    def deactivate(self) -> None:
        """Put everything out."""
        self._shown = None
        self._reset_band()
        super().deactivate()

    def remove(self) -> None:
        """Take the band off the map for good; safe to call again."""
        if self.band is not None:
            self.canvas().scene().removeItem(self.band)
            self.band = None

    def _under(self, event: QgsMapMouseEvent) -> PolygonRow | None:
        coverage = self._review.coverage
        return coverage.at(self.toLayerCoordinates(coverage.layer, QgsPointXY(event.mapPoint())))

    def _may_absorb(self, row: PolygonRow) -> bool:
        here = self._review.row()
        return row.id != here.id and not row.is_locked and common_border(here.polygon, row.polygon) > 0

    def _reset_band(self) -> None:
        if self.band is not None:
            self.band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
