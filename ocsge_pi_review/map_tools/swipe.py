# SPDX-License-Identifier: GPL-2.0-or-later
"""Another image over one side of the map, with a bar to drag between the two."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPen
from qgis.PyQt.QtWidgets import QStyleOptionGraphicsItem, QWidget

from ocsge_common.slots import guarded

Z_SWIPE = -4
"""Over the map, under everything drawn on it."""
REACH_PX = 7
"""This near to the bar the mouse moves it, px."""
REST_MS = 60
BAR, LABEL_BACK = QColor("#ffd400"), QColor(0, 0, 0, 150)


class SwipeItem(QgsMapCanvasItem):
    """The right side of the map as another image, with the vector layers of the map over it.

    Args:
        canvas: the map.
        layer: the other image; this item owns it from now on.
        title: of that image.
    """

    def __init__(self, canvas: QgsMapCanvas, layer: QgsMapLayer, title: str) -> None:
        super().__init__(canvas)
        self._canvas, self._title = canvas, title
        self.layer: QgsMapLayer | None = layer
        self.share = 0.5
        self._job: QgsMapRendererParallelJob | None = None
        self._ended: QgsMapRendererParallelJob | None = None
        self._image: QImage | None = None
        self._extent = QgsRectangle()
        self._handle: _BarHandle | None = _BarHandle(self, canvas)
        self._rest = QTimer()
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._links = [
            (self._rest.timeout, self.render),
            (canvas.extentsChanged, self._rest.start),
            (canvas.layersChanged, self._rest.start),
            (canvas.mapCanvasRefreshed, self._on_refreshed),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self.setZValue(Z_SWIPE)
        self.render()

    @property
    def is_drawn(self) -> bool:
        """Whether the image of the present view is there."""
        return (
            self._job is None and self._image is not None and self._extent == self._settings().visibleExtent()
        )

    @property
    def bar_px(self) -> int:
        """Where the bar is, px from the left."""
        return round(self.share * self._canvas.width())

    def move_bar(self, x_px: float) -> None:
        """Put the bar there."""
        self.share = min(max(x_px / max(self._canvas.width(), 1), 0.02), 0.98)
        self.update()

    def remove(self) -> None:
        """Take it off the map for good; safe to call again."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        if self._links:
            self._rest.stop()
            self._stop()
            self._handle.stop()
            self._canvas.scene().removeItem(self)
            # Now, not when Python comes to it: QGIS may have ended by then.
            self._ended = self._handle = self.layer = None
        self._links = []

    def boundingRect(self) -> QRectF:
        """The whole canvas."""
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def updatePosition(self) -> None:
        """The map moved: what is there moves along until it is drawn anew."""
        self.prepareGeometryChange()
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem | None = None, widget: QWidget | None = None
    ) -> None:
        """Draw; called by Qt."""
        width, height = self._canvas.width(), self._canvas.height()
        bar = self.bar_px
        painter.save()
        painter.setClipRect(QRectF(bar, 0, width - bar, height))
        painter.fillRect(QRectF(bar, 0, width - bar, height), self._canvas.canvasColor())
        if self._image is not None:
            painter.drawImage(self._place(), self._image)
        _label(painter, self._title, QRectF(bar + 6, 6, width - bar - 12, 22))
        painter.restore()
        painter.setPen(QPen(QColor(0, 0, 0, 160), 5))
        painter.drawLine(bar, 0, bar, height)
        painter.setPen(QPen(BAR, 3))
        painter.drawLine(bar, 0, bar, height)

    @guarded
    def render(self) -> None:
        """Draw the other image for the present view, in the background."""
        self._stop()
        self._job = QgsMapRendererParallelJob(self._settings())
        self._job.finished.connect(self._on_rendered)
        self._job.start()

    def _settings(self) -> QgsMapSettings:
        settings = QgsMapSettings(self._canvas.mapSettings())
        over = [layer for layer in self._canvas.layers() if isinstance(layer, QgsVectorLayer)]
        settings.setLayers([*over, self.layer])
        return settings

    def _place(self) -> QRectF:
        """Where the picture belongs on the present view."""
        transform = self._canvas.getCoordinateTransform()
        top_left = transform.transform(self._extent.xMinimum(), self._extent.yMaximum())
        low_right = transform.transform(self._extent.xMaximum(), self._extent.yMinimum())
        return QRectF(QPointF(top_left.x(), top_left.y()), QPointF(low_right.x(), low_right.y()))

    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.finished.disconnect(self._on_rendered)
            job.cancelWithoutBlocking()

    @guarded
    def _on_refreshed(self) -> None:
        """The map was drawn again, perhaps because a gesture changed its polygons."""
        if self._job is None:
            self._rest.start()

    @guarded
    def _on_rendered(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            self._image, self._extent = job.renderedImage(), job.mapSettings().visibleExtent()
            # It is still telling of its end: it may go with the next one.
            self._ended = job
            self.update()


class _BarHandle(QObject):
    """Lets the mouse drag the bar before any tool of the map sees it."""

    def __init__(self, item: SwipeItem, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._item, self._viewport = item, canvas.viewport()
        self._is_dragged = False
        self._viewport.installEventFilter(self)

    def stop(self) -> None:
        """Leave the mouse alone."""
        self._viewport.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse near the bar."""
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._is_dragged = abs(event.pos().x() - self._item.bar_px) <= REACH_PX
            return self._is_dragged
        if event.type() == QEvent.Type.MouseMove and self._is_dragged:
            self._item.move_bar(event.pos().x())
            return True
        if event.type() == QEvent.Type.MouseButtonRelease and self._is_dragged:
            self._is_dragged = False
            self._item.move_bar(event.pos().x())
            return True
        return False


def _label(painter: QPainter, text: str, place: QRectF) -> None:
    font = painter.font()
    font.setBold(True)
    painter.setFont(font)
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    room = painter.boundingRect(place, flags, f" {text} ")
    painter.fillRect(room, LABEL_BACK)
    painter.setPen(QColor("white"))
    painter.drawText(room, flags, f" {text} ")
