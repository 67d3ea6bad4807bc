# SPDX-License-Identifier: GPL-2.0-or-later
"""What every part has in hand inside QGIS: the review, a mouse, keys, and a clock that stops at the paint."""

import ctypes
import dataclasses
import os
import time
from pathlib import Path

import numpy as np
from qgis.core import QgsApplication, QgsPointXY
from qgis.PyQt.QtCore import QEvent, QObject, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface, plugins

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
PAINT_LIMIT_S = 5.0
PLUGIN = "ocsge_pi_review"


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
        self.plugin = plugins[PLUGIN]
        self.canvas = iface.mapCanvas()
        self.viewport = self.canvas.viewport()
        self.pictures = Path(os.environ["OCSGE_UI_PICTURES"])
        window = iface.mainWindow()
        window.showMaximized()
        for dock in window.findChildren(QDockWidget):
            if dock.objectName() not in ("Layers", "OcsgeReviewDock"):
                dock.hide()
        window.findChild(QDockWidget, "OcsgeReviewDock").show()
        self.settle(600)
        self.paints = PaintCounter(self.viewport)
        self.cpu_ms = 0.0
        self._begun_s = self._drawn_s = 0.0
        self.canvas.mapCanvasRefreshed.connect(self._on_drawn)

    @property
    def review(self):
        return self.plugin.controller.lot.review

    @property
    def palette(self):
        """The value lists, and which code is under which key."""
        return self.plugin.controller.view.bench.palette

    def choose(self, **settings):
        """Change settings of the operator, before the lot is opened."""
        from ocsge_pi_review.adapters.settings import review_settings

        store = review_settings()
        store.save(dataclasses.replace(store.load(), **settings))

    def open(self):
        """Open the lot of the part; seconds until its first item is painted, and until the whole map is."""
        before, start = self.paints.count, time.perf_counter()
        if os.environ.get("OCSGE_LOT_SCHEMA"):
            from ocsge_pi_review.adapters.postgis_address import LotAddress

            address = LotAddress(os.environ["OCSGE_LOT"], os.environ["OCSGE_LOT_SCHEMA"])
            self.plugin.shared.open(address)
        else:
            self.plugin.controller.open(Path(os.environ["OCSGE_LOT"]))
        self.wait(lambda: self.paints.count > before and self.review.item is not None)
        ready_s = time.perf_counter() - start
        self.canvas.waitWhileRendering()
        return ready_s, time.perf_counter() - start

    def settle(self, milliseconds=100):
        """Let QGIS draw and come to rest."""
        QTest.qWait(milliseconds)
        self.canvas.waitWhileRendering()
        QgsApplication.processEvents()

    def wait(self, is_there, limit_s=PAINT_LIMIT_S):
        """Let QGIS work until something is there."""
        end = time.perf_counter() + limit_s
        while not is_there():
            QgsApplication.processEvents()
            if time.perf_counter() > end:
                raise TimeoutError("it did not come")

    def picture(self, name):
        """Keep what the window shows."""
        self.settle(400)
        iface.mainWindow().grab().save(str(self.pictures / f"{name}.png"))

    # Mouse and keys

    def at(self, point):
        """Position on the canvas of a point of the lot."""
        return self.canvas.getCoordinateTransform().transform(QgsPointXY(*point)).toQPointF().toPoint()

    def colour_at(self, point):
        """What the canvas shows there."""
        return self.viewport.grab().toImage().pixelColor(self.at(point)).name()

    def is_in_sight(self, point):
        return self.viewport.rect().contains(self.at(point))

    def send(self, kind, position, button=NONE, buttons=NONE):
        there = QPointF(self.viewport.mapToGlobal(position))
        event = QMouseEvent(kind, QPointF(position), there, button, buttons, PLAIN)
        QgsApplication.sendEvent(self.viewport, event)

    def move(self, point):
        self.send(QEvent.Type.MouseMove, self.at(point))

    def click(self, point, button=LEFT):
        self.send(QEvent.Type.MouseButtonPress, self.at(point), button, button)
        self.send(QEvent.Type.MouseButtonRelease, self.at(point), button)

    def key(self, key, modifiers=PLAIN):
        QTest.keyClick(self.canvas, key, modifiers)

    # Clock

    def time_ms(self, act):
        """From the start of `act` until the map has painted what it changed.

        `cpu_ms` is then the work of the main thread alone: what a busy machine does not change.
        """
        QgsApplication.processEvents()
        before, start, work = self.paints.count, time.perf_counter(), time.thread_time()
        self._begun_s = start
        act()
        self.wait(lambda: self.paints.count > before)  # the paint is over when it returns
        self.cpu_ms = 1000 * (time.thread_time() - work)
        return 1000 * (time.perf_counter() - start)

    def map_ms(self):
        """From the start of the last act until the whole map was drawn again."""
        self.wait(lambda: self._drawn_s > self._begun_s)
        return 1000 * (self._drawn_s - self._begun_s)

    def _on_drawn(self):
        self._drawn_s = time.perf_counter()


class Clock:
    """Times of one kind of act."""

    def __init__(self, stage, name):
        self.stage, self.name = stage, name
        self.whole, self.work = [], []

    def time(self, act):
        self.whole.append(self.stage.time_ms(act))
        self.work.append(self.stage.cpu_ms)

    def figures(self, suffix):
        """Median and 95th percentile of the time to the paint and of the main thread's work, flat."""
        found = {f"{self.name}_count{suffix}": len(self.whole)}
        for kind, values in (("ms", self.whole), ("cpu_ms", self.work)):
            if values:
                found[f"{self.name}_{kind}_median{suffix}"] = round(float(np.median(values)), 1)
                found[f"{self.name}_{kind}_p95{suffix}"] = round(float(np.percentile(values, 95)), 1)
        return found


class _Mallinfo(ctypes.Structure):
    """`mallinfo2` of glibc: ten sizes, of which two are asked for here."""

    _fields_ = [(f"unread_{i}", ctypes.c_size_t) for i in range(4)]
    _fields_ += [("mapped", ctypes.c_size_t), ("unread_5", ctypes.c_size_t), ("unread_6", ctypes.c_size_t)]
    _fields_ += [("in_use", ctypes.c_size_t), ("unread_8", ctypes.c_size_t), ("unread_9", ctypes.c_size_t)]


def heap_mb():
    """Memory that was asked for and not given back, MB: what grows where something is never let go.

    What a process holds beside it are free pieces between pieces in use, Python's small objects and files.
    """
    mallinfo2 = ctypes.CDLL(None).mallinfo2
    mallinfo2.restype = _Mallinfo
    found = mallinfo2()
    return (found.in_use + found.mapped) / 2**20


def resident_mb():
    """Memory that this process holds, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
