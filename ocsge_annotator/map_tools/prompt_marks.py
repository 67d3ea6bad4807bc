# SPDX-License-Identifier: GPL-2.0-or-later
"""The points and the box that an interactive model was shown."""

from __future__ import annotations

from collections.abc import Callable

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QLineF, QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QStyleOptionGraphicsItem, QWidget

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.domain.prompts import Prompts
from ocsge_annotator.map_tools.patch_item import PatchItem

INSIDE, OUTSIDE = QColor("#1B9E4B"), QColor("#D23B3B")
EDGE, DARK = QColor(255, 255, 255), QColor(0, 0, 0)
RADIUS, ARM = 7, 3.5
Z_MARKS = 65


class PromptMarks(PatchItem):
    """Green with a plus inside of what is meant, red with a minus outside, the box dashed.

    Args:
        canvas: the map.
        place: gives the place of the patch in hand, None without patch.
    """

    def __init__(self, canvas: QgsMapCanvas, place: Callable[[], PatchPlace | None]) -> None:
        super().__init__(canvas, place)
        self._prompts = Prompts()
        self.setZValue(Z_MARKS)

    def show_prompts(self, prompts: Prompts) -> None:
        """Show these, or with empty ones nothing."""
        self._prompts = prompts
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem | None = None, widget: QWidget | None = None
    ) -> None:
        """Draw; called by Qt."""
        transform = self.transform_to_canvas()
        if transform is None or self._prompts.is_empty:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._prompts.box is not None:
            start, end = (QPointF(corner.x, corner.y) for corner in self._prompts.box)
            outline = transform.map(QPolygonF(QRectF(start, end)))
            for colour, style in ((DARK, Qt.PenStyle.SolidLine), (EDGE, Qt.PenStyle.DashLine)):
                painter.setPen(QPen(colour, 1.6, style))
                painter.drawPolygon(outline)
        for point, inside in self._prompts.points:
            self._dot(painter, transform.map(QPointF(point.x, point.y)), inside=inside)

    def _dot(self, painter: QPainter, centre: QPointF, *, inside: bool) -> None:
        painter.setPen(QPen(EDGE, 1.6))
        painter.setBrush(INSIDE if inside else OUTSIDE)
        painter.drawEllipse(centre, RADIUS, RADIUS)
        painter.drawLine(QLineF(centre - QPointF(ARM, 0), centre + QPointF(ARM, 0)))
        if inside:
            painter.drawLine(QLineF(centre - QPointF(0, ARM), centre + QPointF(0, ARM)))
