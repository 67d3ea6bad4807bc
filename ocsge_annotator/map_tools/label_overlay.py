# SPDX-License-Identifier: GPL-2.0-or-later
"""The labels of the patch in hand, drawn over the map straight from their array.

A raster layer would have to be written and read again at each stroke; here a stroke costs one repaint.
"""

from __future__ import annotations

from collections.abc import Sequence

from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform
from qgis.PyQt.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.pixels import Labels, Mask, PixelPoint, PixelWindow
from ocsge_annotator.map_tools.label_picture import LabelPicture

HATCH = QColor(255, 255, 255, 190)
SURROUNDINGS = QColor(20, 20, 20, 90)
OUTLINE = QColor("#FFD400")
CURSOR_LIGHT, CURSOR_DARK = QColor(255, 255, 255), QColor(0, 0, 0, 170)


class LabelOverlay(QgsMapCanvasItem):
    """Labels in their colours, hatching where there is none, outline of the patch, circle of the brush."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._place: PatchPlace | None = None
        self._picture: LabelPicture | None = None
        self._cursor: tuple[PixelPoint, float] | None = None
        self.label_opacity = 0.5
        self.labels_visible = True
        self.only_outlines = False
        self.setZValue(50)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # gives the part to repaint

    def show_patch(
        self, place: PatchPlace | None, labels: Labels | None, classes: Sequence[LabelClass]
    ) -> None:
        """Show another patch, or none.

        Args:
            place: where it is.
            labels: (H, W) uint8, read at each refresh: not copied.
            classes: give the colours.
        """
        self._place, self._cursor = place, None
        self._picture = None if labels is None else LabelPicture(labels, classes)
        if self._picture is not None:
            self._picture.show_outlines(self.only_outlines)
        self.update()

    def set_place(self, place: PatchPlace) -> None:
        """The map's CRS changed."""
        self._place = place
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """Opacity of the labels, 0..1."""
        self.label_opacity = opacity
        self.update()

    def set_labels_visible(self, visible: bool) -> None:
        """Show or hide the labels; outline and cursor stay."""
        self.labels_visible = visible
        self.update()

    def set_outlines(self, only_outlines: bool) -> None:
        """Show the borders of the labels alone, or all of them."""
        self.only_outlines = only_outlines
        if self._picture is not None:
            self._picture.show_outlines(only_outlines)
        self.update()

    def show_offered(self, offered: Mask | None) -> None:
        """Hatch no hole where the machine offers a class: (H, W) bool, None where it offers nothing."""
        if self._picture is not None:
            self._picture.show_offered(offered)
        self.update()

    def set_cursor(self, centre: PixelPoint | None, size_px: float = 0.0) -> None:
        """Show the circle of a brush of `size_px`, or none."""
        before = self._cursor_rectangle()
        self._cursor = None if centre is None else (centre, size_px / 2)
        changed = before.united(self._cursor_rectangle())
        if not changed.isEmpty():  # Qt takes an empty rectangle for the whole drawing
            self.update(changed)

    def refresh(self, window: PixelWindow) -> None:
        """Repaint where labels changed."""
        transform = self._transform()
        if transform is not None and self._picture is not None:
            self._picture.refresh(window)
            part = QRectF(window.col, window.row, window.width, window.height)
            self.update(transform.mapRect(part).adjusted(-2, -2, 2, 2))

    def boundingRect(self) -> QRectF:
        """The whole canvas."""
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def updatePosition(self) -> None:
        """The map moved."""
        self.prepareGeometryChange()
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem | None = None, widget: QWidget | None = None
    ) -> None:
        """Draw everything; called by Qt."""
        transform = self._transform()
        if transform is None or self._picture is None:
            return
        outline = QPolygonF(transform.map(QPolygonF(self._patch_rectangle())))
        exposed = self.boundingRect() if option is None else option.exposedRect
        self._paint_surroundings(painter, outline)
        if self.labels_visible:
            self._paint_holes(painter, transform, outline, exposed)
            painter.save()
            painter.setTransform(transform, True)
            painter.setOpacity(1.0 if self.only_outlines else self.label_opacity)
            painter.drawImage(QPointF(0, 0), self._picture.colours())
            painter.restore()
        self._paint_outline(painter, outline)
        self._paint_cursor(painter, transform)

    def _patch_rectangle(self) -> QRectF:
        height, width = self._picture.size
        return QRectF(0, 0, width, height)

    def _transform(self) -> QTransform | None:
        """From pixels of the patch to pixels of the canvas; exact on the corners that it is made from."""
        if self._place is None or self._picture is None:
            return None
        height, width = self._picture.size
        origin, along, down = (
            self.toCanvasCoordinates(self._place.to_map(PixelPoint(*corner)))
            for corner in ((0, 0), (width, 0), (0, height))
        )
        right, below = (along - origin) / width, (down - origin) / height
        return QTransform(right.x(), right.y(), below.x(), below.y(), origin.x(), origin.y())

    def _paint_surroundings(self, painter: QPainter, outline: QPolygonF) -> None:
        path = QPainterPath()
        path.addRect(self.boundingRect())
        path.addPolygon(outline)
        painter.fillPath(path, SURROUNDINGS)

    def _paint_holes(
        self, painter: QPainter, transform: QTransform, outline: QPolygonF, exposed: QRectF
    ) -> None:
        """Hatch the exposed part at the screen's scale, cut to the unlabelled pixels."""
        area = outline.boundingRect().intersected(exposed).toAlignedRect()
        if area.isEmpty():
            return
        layer = QImage(area.size(), QImage.Format.Format_ARGB32_Premultiplied)
        layer.fill(Qt.GlobalColor.transparent)
        inner = QPainter(layer)
        inner.translate(-area.topLeft())
        inner.setPen(Qt.PenStyle.NoPen)
        inner.setBrush(QBrush(HATCH, Qt.BrushStyle.BDiagPattern))
        inner.drawPolygon(outline)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        inner.setTransform(transform, True)
        inner.drawImage(QPointF(0, 0), self._picture.holes())
        inner.end()
        painter.drawImage(area.topLeft(), layer)

    def _paint_outline(self, painter: QPainter, outline: QPolygonF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((CURSOR_DARK, 4), (OUTLINE, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawPolygon(outline)

    def _paint_cursor(self, painter: QPainter, transform: QTransform) -> None:
        if self._cursor is None:
            return
        centre, radius = self._cursor
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addEllipse(QPointF(centre.x, centre.y), radius, radius)
        path = transform.map(path)
        for colour, width in ((CURSOR_DARK, 3), (CURSOR_LIGHT, 1.4)):
            painter.strokePath(path, QPen(colour, width))

    def _cursor_rectangle(self) -> QRectF:
        transform = self._transform()
        if self._cursor is None or transform is None:
            return QRectF()
        (x, y), radius = self._cursor
        rectangle = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        return transform.mapRect(rectangle).adjusted(-4, -4, 4, 4)
