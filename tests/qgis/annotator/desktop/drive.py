# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS desktop (`qgis --code`): real events on a campaign, checks, pictures.

Environment: OCSGE_DRIVE_CAMPAIGN, OCSGE_DRIVE_OUT (folder of pictures and of `report.json`), and optionally
OCSGE_DRIVE_PREDICTION and OCSGE_DRIVE_PATCH (patch to show).
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

import numpy as np
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface, plugins

CAMPAIGN = Path(os.environ["OCSGE_DRIVE_CAMPAIGN"])
OUT = Path(os.environ["OCSGE_DRIVE_OUT"])
PREDICTION = os.environ.get("OCSGE_DRIVE_PREDICTION", "")
PATCH = os.environ.get("OCSGE_DRIVE_PATCH", "")
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
report = {}


def settle(milliseconds=150):
    QTest.qWait(milliseconds)
    iface.mapCanvas().waitWhileRendering()
    QTest.qWait(100)


def picture(name):
    iface.mainWindow().grab().save(str(OUT / f"{name}.png"))


class Hands:
    """Mouse and keys on the canvas, aimed at pixels of the patch."""

    def __init__(self, plugin):
        self.plugin, self.canvas = plugin, iface.mapCanvas()

    def at(self, x, y):
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


def tidy_window():
    window = iface.mainWindow()
    window.showMaximized()
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in ("Layers", "OcsgeAnnotatorDock"):
            dock.hide()
    settle(600)


def work():
    plugin = plugins["ocsge_annotator"]
    tidy_window()
    plugin.controller.open_campaign(CAMPAIGN)
    session, hands = plugin.session, Hands(plugin)
    settle(400)
    canvas, corner = iface.mapCanvas(), iface.mapCanvas().mapTo(iface.mainWindow(), QPoint(0, 0))
    report["canvas"] = [corner.x(), corner.y(), corner.x() + canvas.width(), corner.y() + canvas.height()]
    report["locale"] = QgsApplication.locale()
    report["layers"] = sorted(layer.name() for layer in QgsProject.instance().mapLayers().values())
    if PATCH:
        session.go_to([patch.patch_id for patch in session.patches].index(PATCH))
        settle()
    labels = session.opened.editor.labels
    height, width = labels.shape

    hands.key(Qt.Key.Key_4)
    assert session.value == 3, session.value
    session.choose_brush(max(5, width // 24))
    if PATCH:
        hands.drag((0.47 * width, 0.02 * height), (0.47 * width, 0.05 * height))
    else:
        paint(hands, session, width, height)
    report["gestures"] = session.opened.editor.gestures
    hands.hover(0.62 * width, 0.4 * height)
    settle()
    picture("annotator")
    hands.key(Qt.Key.Key_Tab)
    settle()
    picture("annotator-image")
    hands.key(Qt.Key.Key_Tab)
    hands.key(Qt.Key.Key_N)
    settle()
    picture("annotator-hole")
    hands.key(Qt.Key.Key_Home)
    hands.key(Qt.Key.Key_D)
    settle()
    report["index"] = session.index
    report["saved"] = (CAMPAIGN.parent / "labels").is_dir() and len(
        list((CAMPAIGN.parent / "labels").glob("*.tif"))
    )
    picture("annotator-next")


def paint(hands, session, width, height):
    labels = session.opened.editor.labels
    durations = hands.drag(*((0.1 * width + 0.8 * width * t, 0.5 * height) for t in np.linspace(0, 1, 60)))
    report["move_ms_median"] = round(1000 * float(np.median(durations)), 2)
    report["move_ms_max"] = round(1000 * max(durations), 2)
    assert (labels[height // 2, width // 5 : 4 * width // 5] == 3).all()
    hands.key(Qt.Key.Key_P)
    hands.key(Qt.Key.Key_1)
    for x, y in ((0.1, 0.1), (0.4, 0.12), (0.38, 0.35), (0.12, 0.33)):
        hands.click(x * width, y * height)
    hands.key(Qt.Key.Key_Return)
    assert labels[int(0.2 * height), int(0.25 * width)] == 0
    hands.key(Qt.Key.Key_F)
    hands.key(Qt.Key.Key_S)  # a letter that QGIS binds to snapping
    assert session.value == 0
    assert plugins["ocsge_annotator"].bench.tool_name == "segment"
    hands.key(Qt.Key.Key_F)
    hands.key(Qt.Key.Key_X)
    letter = next(c for c in session.campaign.classes if c.key == "X")
    assert session.value == letter.value, (session.value, letter)
    hands.click(0.5 * width, 0.9 * height)
    assert labels[int(0.95 * height), 5] == letter.value
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert labels[int(0.95 * height), 5] == 255
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert labels[int(0.95 * height), 5] == letter.value
    hands.key(Qt.Key.Key_B)


def main():
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        report["error"] = traceback.format_exc()
        picture("failure")
    (OUT / "report.json").write_text(json.dumps(report, indent=1))
    sys.stdout.flush()
    os._exit(code)


QTimer.singleShot(1500, main)
