# SPDX-License-Identifier: GPL-2.0-or-later
"""A plan on the map: polygons as they would be, in the colours of their covers."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.map_tools.desk import Preview

MOST = 40
"""Polygons drawn of one plan: beyond that a preview says nothing more and costs time."""
FILL_ALPHA = 120
GOOD, SMALL = QColor("#ffffff"), QColor("#e31a1c")
POLYGON = QgsWkbTypes.GeometryType.PolygonGeometry


class PlanBands:
    """Bands on one canvas; those too small for their threshold are hatched in red.

    Args:
        canvas: the map.
        crs: of the rows.
        nomenclature: colours of the covers.
    """

    def __init__(
        self, canvas: QgsMapCanvas, crs: QgsCoordinateReferenceSystem, nomenclature: Nomenclature
    ) -> None:
        self._canvas, self._crs, self._nomenclature = canvas, crs, nomenclature
        self.bands: list[QgsRubberBand] = []

    def show(self, preview: Preview | None) -> None:
        """Draw a preview; nothing for None or a refusal."""
        rows = () if preview is None or preview.plan is None else preview.plan.shown[:MOST]
        effects = None if preview is None else preview.effects
        small = set() if effects is None else {part.polygon_id for part in effects.broken}
        while len(self.bands) < len(rows):
            self.bands.append(QgsRubberBand(self._canvas, POLYGON))
        for band in self.bands:
            band.reset(POLYGON)
        filled = set() if preview is None or preview.plan is None else _changed(preview.plan)
        for band, row in zip(self.bands, rows):
            self._draw(band, row, row.id in small, row.id in filled)

    def remove(self) -> None:
        """Take everything off the map for good; safe to call again."""
        for band in self.bands:
            self._canvas.scene().removeItem(band)
        self.bands.clear()

    def _draw(self, band: QgsRubberBand, row: PolygonRow, is_small: bool, is_filled: bool) -> None:
        known = row.cs in self._nomenclature
        fill = QColor(self._nomenclature[row.cs].colour if known else "#ffffff")
        fill.setAlpha(FILL_ALPHA if is_filled else 0)
        band.setFillColor(SMALL if is_small else fill)
        band.setBrushStyle(Qt.BrushStyle.BDiagPattern if is_small else Qt.BrushStyle.SolidPattern)
        band.setStrokeColor(SMALL if is_small else GOOD)
        band.setSecondaryStrokeColor(QColor(0, 0, 0, 160))
        band.setWidth(3 if is_small else 2)
        geometry = QgsGeometry()
        geometry.fromWkb(row.wkb)
        band.setToGeometry(geometry, self._crs)


def _changed(plan: Plan) -> set[str]:
    """Polygons that are new, carry other codes or stand in front; others only lose ground."""
    codes = {row.id: (row.cs, row.us) for row in plan.patch.before}
    changed = {row.id for row in plan.patch.after if codes.get(row.id) != (row.cs, row.us)}
    return changed | {row.id for row in plan.patch.after[:1]}
