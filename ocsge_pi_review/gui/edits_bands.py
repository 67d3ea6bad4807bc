# SPDX-License-Identifier: GPL-2.0-or-later
"""One edit on the map: its polygons as they were, as they became, or both outlines."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_pi_review.adapters.changed_ground import geometry_of
from ocsge_pi_review.domain.journal import JournalRow
from ocsge_pi_review.domain.patch import PolygonRow

BEFORE_COLOUR, AFTER_COLOUR = QColor("#ff00c8"), QColor("#00d0ff")
_FILL_ALPHA = 150
_WIDTH_PX = 3
_MARGIN = 1.8
"""Extent shown, as a multiple of the edit's own."""


class Moment(Enum):
    """What of an edit is drawn."""

    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"


class EditBands:
    """Draws one edit over the map.

    Args:
        canvas: the map.
        crs: of the journal's polygons.
        nomenclature: official colours.
    """

    def __init__(
        self, canvas: QgsMapCanvas, crs: QgsCoordinateReferenceSystem, nomenclature: Nomenclature
    ) -> None:
        self._canvas, self._crs, self._nomenclature = canvas, crs, nomenclature
        self.bands: list[QgsRubberBand] = []

    def show(self, row: JournalRow, moment: Moment) -> None:
        """Draw an edit in place of the one before."""
        self.clear()
        patch, is_filled = row.gesture.patch, moment is not Moment.BOTH
        if moment is not Moment.AFTER:
            self._draw(patch.before, BEFORE_COLOUR, Qt.PenStyle.DashLine, is_filled)
        if moment is not Moment.BEFORE:
            self._draw(patch.after, AFTER_COLOUR, Qt.PenStyle.SolidLine, is_filled)

    def zoom(self, row: JournalRow) -> None:
        """Show the ground of an edit, its surroundings included; nothing happens where it has none."""
        box = QgsRectangle()
        for found in row.gesture.patch.touched or row.gesture.patch.after:
            box.combineExtentWith(geometry_of(found).boundingBox())
        if box.isEmpty():
            return
        target = self._canvas.mapSettings().destinationCrs()
        transform = QgsCoordinateTransform(self._crs, target, QgsProject.instance())
        box = transform.transformBoundingBox(box)
        box.scale(_MARGIN)
        self._canvas.setExtent(box)
        self._canvas.refresh()

    def clear(self) -> None:
        """Take everything off the map."""
        for band in self.bands:
            if not sip.isdeleted(band):
                self._canvas.scene().removeItem(band)
        self.bands = []

    def _draw(self, rows: Iterable[PolygonRow], colour: QColor, line: Qt.PenStyle, is_filled: bool) -> None:
        for row in rows:
            band = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
            band.setToGeometry(geometry_of(row), self._crs)
            band.setStrokeColor(colour)
            band.setWidth(_WIDTH_PX)
            band.setLineStyle(line)
            band.setFillColor(self._fill(row) if is_filled else QColor(0, 0, 0, 0))
            self.bands.append(band)

    def _fill(self, row: PolygonRow) -> QColor:
        colour = QColor(self._nomenclature[row.cs].colour if row.cs in self._nomenclature else "#808080")
        colour.setAlpha(_FILL_ALPHA)
        return colour
