# SPDX-License-Identifier: GPL-2.0-or-later
"""Drawing on the map with a comment: a line where the mouse is dragged, a mark where it is clicked."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import QgsGeometry, QgsPointXY, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ocsge_common.slots import guarded
from ocsge_pi_review.domain.rings import Point
from ocsge_pi_review.domain.sketch import Stroke, thinned

COLOUR, HALO = "#b2182b", "#ffffff"
WIDTH_PX = 3
MARK_PX = 12
STEP_PX = 3
"""Points of a stroke nearer to each other are left out, px of the screen."""


class SketchBand:
    """Strokes on the map.

    Args:
        canvas: the map.
        layer: in whose CRS the strokes are.
    """

    def __init__(self, canvas: QgsMapCanvas, layer: QgsVectorLayer) -> None:
        self._canvas, self._layer = canvas, layer
        self.lines = _band(canvas, QgsWkbTypes.GeometryType.LineGeometry)
        self.marks = _band(canvas, QgsWkbTypes.GeometryType.PointGeometry)
        self.marks.setIcon(QgsRubberBand.IconType.ICON_X)
        self.marks.setIconSize(MARK_PX)
        self._bands: tuple[QgsRubberBand, ...] = (self.lines, self.marks)

    def show(self, strokes: Iterable[Stroke]) -> None:
        """Draw these strokes and no others."""
        lines, marks = [], []
        for stroke in strokes:
            points = [QgsPointXY(x, y) for x, y in stroke.points]
            (marks if stroke.is_mark else lines).append(points)
        for band, geometry in (
            (self.lines, QgsGeometry.fromMultiPolylineXY(lines)),
            (self.marks, QgsGeometry.fromMultiPointXY([points[0] for points in marks])),
        ):
            band.reset(band_type(band is self.marks))
            if not geometry.isEmpty():
                band.addGeometry(geometry, self._layer)

    def remove(self) -> None:
        """Take the bands off the map for good; safe to call again."""
        for band in self._bands:
            self._canvas.scene().removeItem(band)
        self._bands = ()


class SketchTool(QgsMapTool):
    """Adds strokes; a right click takes the last one back.

    Signals:
        changed(): another drawing.

    Args:
        canvas: the map.
        layer: in whose CRS strokes are kept.
    """

    changed = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, layer: QgsVectorLayer) -> None:
        super().__init__(canvas)
        self._layer = layer
        self._pressed: list[Point] | None = None
        self.strokes: list[Stroke] = []
        self.band = SketchBand(canvas, layer)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def start_from(self, strokes: Iterable[Stroke]) -> None:
        """Go on with an earlier drawing."""
        self.strokes = list(strokes)
        self.band.show(self.strokes)

    def clear(self) -> None:
        """Draw nothing."""
        self.strokes = []
        self._show()

    @guarded
    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Begin a stroke, or take one back."""
        if event.button() == Qt.MouseButton.RightButton:
            self.strokes = self.strokes[:-1]
            self._show()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._pressed = [self._place(event)]

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Draw on."""
        if self._pressed is not None:
            self._pressed.append(self._place(event))
            self.band.show([*self.strokes, Stroke(tuple(self._pressed))])

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """End the stroke."""
        points, self._pressed = self._pressed, None
        if points is None:
            return
        step_m = STEP_PX * self.canvas().mapUnitsPerPixel()
        kept = thinned([*points, self._place(event)], step_m)
        is_click = len(kept) == 1 or (len(kept) == 2 and len(points) <= 2 and _near(kept, step_m))
        self.strokes.append(Stroke(kept[:1] if is_click else kept))
        self._show()

    def deactivate(self) -> None:
        """Forget a stroke that was not ended."""
        self._pressed = None
        self.band.show(self.strokes)
        super().deactivate()

    def remove(self) -> None:
        """Take everything off the map for good; safe to call again."""
        self.band.remove()

    def _show(self) -> None:
        self.band.show(self.strokes)
        self.changed.emit()

    def _place(self, event: QgsMapMouseEvent) -> Point:
        point = self.toLayerCoordinates(self._layer, event.mapPoint())
        return point.x(), point.y()


def band_type(is_mark: bool) -> QgsWkbTypes.GeometryType:
    """Geometry of the band of marks or of lines."""
    return QgsWkbTypes.GeometryType.PointGeometry if is_mark else QgsWkbTypes.GeometryType.LineGeometry


def _near(points: Iterable[Point], limit_m: float) -> bool:
    (ax, ay), (bx, by) = points
    return abs(ax - bx) <= limit_m and abs(ay - by) <= limit_m


def _band(canvas: QgsMapCanvas, kind: QgsWkbTypes.GeometryType) -> QgsRubberBand:
    band = QgsRubberBand(canvas, kind)
    band.setStrokeColor(QColor(COLOUR))
    band.setSecondaryStrokeColor(QColor(HALO))
    band.setWidth(WIDTH_PX)
    return band
