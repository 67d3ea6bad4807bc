# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): the manager runs algorithms by their dialogs, and the dashboard.

Environment: OCSGE_STORY_STEPS (JSON: a list of `{"algorithm", "parameters", "picture"}` and at most one
`{"production", "picture"}`), OCSGE_STORY_OUT (folder of report and pictures), OCSGE_STORY_PICTURES
(1: photograph).
"""

import json
import os
import time
import traceback
from pathlib import Path

import processing
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget, QLabel, QTextEdit
from qgis.utils import iface, plugins

OUT = Path(os.environ["OCSGE_STORY_OUT"])
LEFT = Qt.MouseButton.LeftButton
LONGEST_S = 240


class Manager:
    """Asks for samples, decides, and follows the production."""

    def __init__(self):
        self.plugin = plugins["ocsge_pi_review"]
        self.window = iface.mainWindow()
        self.window.showMaximized()
        self.show_layers_alone()

    def show_layers_alone(self):
        for dock in self.window.findChildren(QDockWidget):
            dock.setVisible(dock.objectName() == "Layers")
        QTest.qWait(500)

    def do(self, step):
        if "algorithm" in step:
            return self.run(step["algorithm"], step["parameters"], step.get("picture"))
        return self.follow(Path(step["production"]), step["picture"])

    def run(self, algorithm, parameters, name):
        """Fill a dialog, press its button, read its log."""
        dialog = processing.createAlgorithmDialog(f"ocsge_review:{algorithm}", parameters)
        ended = []
        dialog.algorithmFinished.connect(lambda is_done, results: ended.append((is_done, results)))
        dialog.resize(1180, 780)
        dialog.show()
        QTest.qWait(800)
        self.picture(name, dialog)
        QTest.mouseClick(dialog.runButton(), LEFT)
        wait_until(lambda: ended)
        QTest.qWait(500)
        self.picture(name and f"{name}-log", dialog)
        log = dialog.findChild(QTextEdit, "txtLog").toPlainText()
        dialog.close()
        is_done, results = ended[0]
        assert is_done, log
        return {"log": log, "results": {key: str(value) for key, value in results.items()}}

    def follow(self, production, name):
        """The dock of a production: reckoned anew, and its lots on the map."""
        self.show_layers_alone()
        dock = self.plugin.indicators
        self.plugin._production_action.trigger()
        self.window.resizeDocks([dock.dock], [760], Qt.Orientation.Horizontal)
        dock.show(production)
        QTest.mouseClick(dock.panel.refresh_button, LEFT)
        assert dock.runner.is_running
        wait_until(lambda: not dock.runner.is_running)
        QTest.qWait(500)
        QTest.mouseClick(dock.panel.map_button, LEFT)
        layer = QgsProject.instance().mapLayersByName("Lots par état")[0]
        canvas = iface.mapCanvas()
        canvas.setExtent(canvas.mapSettings().layerExtentToOutputExtent(layer, layer.extent()))
        canvas.zoomByFactor(1.15)
        canvas.waitWhileRendering()
        QTest.qWait(1000)
        iface.messageBar().clearWidgets()
        self.picture(name, self.window)
        tiles = dock.panel.tiles
        shown = [tiles.itemAt(place).widget() for place in range(tiles.count())]
        return {
            "tiles": {
                w.objectName().removeprefix("tile_"): [one.text() for one in w.findChildren(QLabel)]
                for w in shown
            },
            "states": [feature["state"] for feature in layer.getFeatures()],
        }

    def picture(self, name, widget):
        if name and os.environ.get("OCSGE_STORY_PICTURES") == "1":
            QTest.qWait(500)
            assert widget.grab().save(str(OUT / f"{name}.png"))


def wait_until(holds):
    limit = time.monotonic() + LONGEST_S
    while not holds():
        assert time.monotonic() < limit, "it took too long"
        QTest.qWait(100)


def tell():
    report = {"steps": []}
    try:
        manager = Manager()
        for step in json.loads(Path(os.environ["OCSGE_STORY_STEPS"]).read_text(encoding="utf-8")):
            report["steps"].append(manager.do(step))
    except BaseException:  # border: the reader of the report is another process
        report["error"] = traceback.format_exc()
        iface.mainWindow().grab().save(str(OUT / "error.png"))
    (OUT / "report.json").write_text(json.dumps(report), encoding="utf-8")
    os._exit(0)


QTimer.singleShot(1500, tell)
