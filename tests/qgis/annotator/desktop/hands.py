# SPDX-License-Identifier: GPL-2.0-or-later
"""Mouse and keys on the canvas of the real QGIS desktop, aimed at pixels of the patch."""

import time

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


def tidy_window(iface, size_px=None):
    """The window with the layers and the annotator, maximised; of a size given, with the annotator alone."""
    window = iface.mainWindow()
    shown = ["OcsgeAnnotatorDock", "Layers"]
    if size_px is None:
        window.showMaximized()
    else:
        window.showNormal()
        window.resize(*size_px)
        shown.pop()
        for bar in window.findChildren(QToolBar):
            if bar.parent() is window:
                bar.hide()
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in shown:
            dock.hide()
    QTest.qWait(600)
    return window


class Hands:
    """Works on the canvas of a plugin.

    Args:
        plugin: loaded.
        canvas: the map.
    """

    def __init__(self, plugin, canvas):
        self.plugin, self.canvas = plugin, canvas

    def at(self, x, y):
        """Canvas position of a pixel position of the patch."""
        from ocsge_annotator.domain.pixels import PixelPoint  # the installed plugin's

        point = self.plugin.bench.place.to_map(PixelPoint(x, y))
        return self.canvas.getCoordinateTransform().transform(point).toQPointF().toPoint()

    def send(self, kind, position, button, buttons):
        viewport = self.canvas.viewport()
        there = QPointF(viewport.mapToGlobal(position))
        QgsApplication.sendEvent(
            viewport, QMouseEvent(kind, QPointF(position), there, button, buttons, PLAIN)
        )

    def drag(self, *points):
        """Press, move, release; seconds of each move."""
        positions = [self.at(*point) for point in points]
        QTest.mousePress(self.canvas.viewport(), LEFT, PLAIN, positions[0])
        durations = []
        for position in positions[1:]:
            start = time.perf_counter()
            self.send(QEvent.Type.MouseMove, position, NONE, LEFT)
            QgsApplication.processEvents()
            durations.append(time.perf_counter() - start)
        QTest.mouseRelease(self.canvas.viewport(), LEFT, PLAIN, positions[-1])
        return durations

    def hover(self, x, y):
        self.send(QEvent.Type.MouseMove, self.at(x, y), NONE, NONE)

    def click(self, x, y, button=LEFT):
        QTest.mouseClick(self.canvas.viewport(), button, PLAIN, self.at(x, y))

    def key(self, key, modifiers=PLAIN):
        QTest.keyClick(self.canvas, key, modifiers)
