# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS desktop (`qgis --code`): real events on a campaign, checks, pictures.

Environment: OCSGE_DRIVE_CAMPAIGN, OCSGE_DRIVE_OUT (folder of pictures and of `report.json`), and optionally
OCSGE_DRIVE_PREDICTION and OCSGE_DRIVE_PATCH (patch to show).
"""

import json
import os
import sys
import traceback
from pathlib import Path

import numpy as np
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface, plugins

sys.path.insert(0, os.environ["OCSGE_DRIVE_HERE"])  # QGIS runs this text without telling its file
from hands import Hands, tidy_window

CAMPAIGN = Path(os.environ["OCSGE_DRIVE_CAMPAIGN"])
OUT = Path(os.environ["OCSGE_DRIVE_OUT"])
PREDICTION = os.environ.get("OCSGE_DRIVE_PREDICTION", "")
PATCH = os.environ.get("OCSGE_DRIVE_PATCH", "")
report = {}


def settle(milliseconds=150):
    QTest.qWait(milliseconds)
    iface.mapCanvas().waitWhileRendering()
    QTest.qWait(100)


def picture(name):
    iface.mainWindow().grab().save(str(OUT / f"{name}.png"))


def work():
    plugin = plugins["ocsge_annotator"]
    tidy_window(iface)
    plugin.controller.open_campaign(CAMPAIGN)
    session, hands = plugin.session, Hands(plugin, iface.mapCanvas())
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
