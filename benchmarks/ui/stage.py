# SPDX-License-Identifier: GPL-2.0-or-later
"""What every part has in hand inside QGIS: the plugin, a mouse, keys, and a clock that stops at the paint."""

import os
import time
from pathlib import Path

import numpy as np
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent, QObject, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface, plugins

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
PAINT_LIMIT_S = 2.0


class PaintCounter(QObject):
    """Counts the paint events of a widget."""

    def __init__(self, widget):
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


class Stage:
    """The window, tidied, and what parts do with it."""

    def __init__(self):
        self.plugin = plugins["ocsge_annotator"]
        self.canvas = iface.mapCanvas()
        self.viewport = self.canvas.viewport()
        self.scene = Path(os.environ["OCSGE_UI_SCENE"])
        self.pictures = Path(os.environ["OCSGE_UI_PICTURES"])
        window = iface.mainWindow()
        window.showMaximized()
        for dock in window.findChildren(QDockWidget):
            if dock.objectName() not in ("Layers", "OcsgeAnnotatorDock"):
                dock.hide()
        self.settle(600)
        self.paints = PaintCounter(self.viewport)
        self.cpu_ms = 0.0

    @property
    def session(self):
        return self.plugin.session

    def open(self, patch_px):
        """Open the campaign of patches of this size; its first patch is in hand."""
        self.plugin.controller.open_campaign(Path(os.environ[f"OCSGE_UI_CAMPAIGN_{patch_px}"]))
        self.settle(600)

    def settle(self, milliseconds=200):
        """Let QGIS draw and come to rest."""
        QTest.qWait(milliseconds)
        self.canvas.waitWhileRendering()
        QTest.qWait(100)

    def picture(self, name):
        """Keep what the window shows."""
        iface.mainWindow().grab().save(str(self.pictures / f"{name}.png"))

    def at(self, x, y):
        """Canvas position of a pixel position of the patch."""
        from ocsge_annotator.domain.pixels import PixelPoint

        point = self.plugin.bench.place.to_map(PixelPoint(x, y))
        return self.canvas.getCoordinateTransform().transform(point).toQPointF().toPoint()

    def send(self, kind, position, button=NONE, buttons=NONE):
        there = QPointF(self.viewport.mapToGlobal(position))
        event = QMouseEvent(kind, QPointF(position), there, button, buttons, PLAIN)
        QgsApplication.sendEvent(self.viewport, event)

    def press(self, x, y):
        self.send(QEvent.Type.MouseButtonPress, self.at(x, y), LEFT, LEFT)

    def move(self, x, y, *, pressed=False):
        self.send(QEvent.Type.MouseMove, self.at(x, y), NONE, LEFT if pressed else NONE)

    def release(self, x, y):
        self.send(QEvent.Type.MouseButtonRelease, self.at(x, y), LEFT, NONE)

    def key(self, key, modifiers=PLAIN):
        QTest.keyClick(self.canvas, key, modifiers)

    def time_to_paint_ms(self, act):
        """From the start of `act` until the canvas has painted what it changed.

        `cpu_ms` is then the work of the main thread alone: what a busy machine does not change.
        """
        QgsApplication.processEvents()
        before, start, work = self.paints.count, time.perf_counter(), time.thread_time()
        act()
        while self.paints.count == before:
            QgsApplication.processEvents()  # the paint is over when it returns
            if time.perf_counter() - start > PAINT_LIMIT_S:
                raise TimeoutError("nothing was painted")
        self.cpu_ms = 1000 * (time.thread_time() - work)
        return 1000 * (time.perf_counter() - start)

    def times_ms(self, acts):
        """Times of several acts until the paint, and the work of the main thread in each."""
        times, work = [], []
        for act in acts:
            times.append(self.time_to_paint_ms(act))
            work.append(self.cpu_ms)
        return times, work


def figures(name, durations_ms):
    """Median and 99th percentile, flat."""
    values = np.asarray(durations_ms)
    return {
        name: round(float(np.median(values)), 2),
        f"{name}_p99": round(float(np.percentile(values, 99)), 2),
        f"{name}_count": len(values),
    }


def resident_mb():
    """Memory that this process holds, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
