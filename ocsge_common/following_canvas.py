# SPDX-License-Identifier: GPL-2.0-or-later
"""A second look at the place of the main map: same extent, and the mouse's cross."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import QgsMapLayer, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapToolPan, QgsVertexMarker
from qgis.PyQt.QtCore import QEvent, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QLabel, QVBoxLayout, QWidget

from .slots import guarded

CROSS_PX = 22
CROSS = QColor("#FFD400")
LEAST_SIDE_PX = 120
_HANDLING = (QEvent.Type.Wheel, QEvent.Type.MouseButtonPress)


def add_cross(canvas: QgsMapCanvas) -> QgsVertexMarker:
    """A hidden cross that follows the mouse of another map."""
    cross = QgsVertexMarker(canvas)
    cross.setIconType(QgsVertexMarker.IconType.ICON_CROSS)
    cross.setIconSize(CROSS_PX)
    cross.setPenWidth(1)
    cross.setColor(CROSS)
    cross.setZValue(90)
    cross.hide()
    return cross


def place(cross: QgsVertexMarker, point: QgsPointXY | None) -> None:
    """Show a cross at a map point, or hide it."""
    if point is None:
        cross.hide()
        return
    cross.setCenter(point)
    cross.show()


class FollowingCanvas(QWidget):
    """One view with its title; it moves with the main map, and moves it.

    Signals:
        pointed(object): map point under the mouse, None where it has left.

    Args:
        title: translated.
        layer: what it shows; this view owns it from now on.
        main: the map to keep step with.
        over: layers of the project to draw over it, the top one first.
        parent: owner.
    """

    pointed = pyqtSignal(object)

    def __init__(
        self,
        title: str,
        layer: QgsMapLayer,
        main: QgsMapCanvas,
        over: Iterable[QgsMapLayer] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._main = main
        self._follows = self._is_handled = False
        self.title = QLabel(title)
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.canvas = QgsMapCanvas(self)
        self.canvas.setMinimumSize(LEAST_SIDE_PX, LEAST_SIDE_PX)
        self.canvas.setCanvasColor(main.canvasColor())
        self.canvas.enableAntiAliasing(True)
        self.canvas.setDestinationCrs(main.mapSettings().destinationCrs())
        layer.setParent(self.canvas)  # so that it outlives the drawing
        self.layer = layer
        self.canvas.setLayers([*over, layer])
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pan = QgsMapToolPan(self.canvas)
        self.canvas.setMapTool(self._pan)
        self.cross = add_cross(self.canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(self.canvas, 1)
        self.canvas.extentsChanged.connect(self._on_moved)
        self.canvas.xyCoordinates.connect(self._on_mouse)
        self.canvas.viewport().installEventFilter(self)
        self.follow()

    def follow(self) -> None:
        """Show the extent of the main map, at its scale's centre."""
        self._follows = True
        try:
            self.canvas.setDestinationCrs(self._main.mapSettings().destinationCrs())
            self.canvas.setExtent(self._main.extent())
            self.canvas.refresh()
        finally:
            self._follows = False

    def point_at(self, point: QgsPointXY | None) -> None:
        """Put the cross there, or hide it."""
        place(self.cross, point)

    def remove(self) -> None:
        """Let go of the main map and end this view.

        It is not told to stop drawing: it would not wait for that, and when it goes it does. Its items stay
        on it: it deletes them first, as one that outlives its map crashes.
        """
        self.canvas.freeze(True)
        self.canvas.viewport().removeEventFilter(self)
        self.canvas.extentsChanged.disconnect(self._on_moved)
        self.canvas.xyCoordinates.disconnect(self._on_mouse)
        self.canvas.unsetMapTool(self._pan)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See whether a move of this map is the user's; hide the crosses elsewhere when the mouse leaves."""
        if event.type() in _HANDLING:
            self._is_handled = True
        elif event.type() == QEvent.Type.Leave:
            self._is_handled = False
            self.pointed.emit(None)
        return False

    def showEvent(self, event: QEvent) -> None:
        """Catch up with the main map."""
        super().showEvent(event)
        self.follow()

    @guarded
    def _on_moved(self) -> None:
        """The user moved this view: the main map goes there too, keeping its own shape.

        A view that was resized has moved as well, and goes back to where the main map is.
        """
        if self._follows or not self.isVisible():
            return
        if not self._is_handled:
            self.follow()
            return
        extent, own = self._main.extent(), self.canvas.extent()
        if extent.width() > 0 and own.width() > 0:
            # Scale by what the two maps share, so that views of another shape do not drift.
            factor = self.canvas.mapUnitsPerPixel() / max(self._fitting_units_per_pixel(), 1e-12)
            extent.scale(factor, own.center())
        self._main.setExtent(extent)
        self._main.refresh()

    def _fitting_units_per_pixel(self) -> float:
        """Map units per pixel of this view when it holds the main map's extent."""
        extent, size = self._main.extent(), self.canvas.size()
        return max(extent.width() / max(size.width(), 1), extent.height() / max(size.height(), 1))

    @guarded
    def _on_mouse(self, point: QgsPointXY) -> None:
        self.pointed.emit(QgsPointXY(point))
