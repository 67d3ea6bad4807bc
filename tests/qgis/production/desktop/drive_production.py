# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): the dialogs of production, a lot made by one, a model.

Environment: OCSGE_SCENE (folder of a scene), OCSGE_PREDICTION, OCSGE_OUT (folder of pictures and of the lot),
OCSGE_REPORT (JSON written at the end), OCSGE_MODEL (model to show in the designer, optional).
"""

from __future__ import annotations

import json
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import processing
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QWidget
from qgis.utils import iface

scene, out = Path(os.environ["OCSGE_SCENE"]), Path(os.environ["OCSGE_OUT"])
LONGEST_S = 240
report: dict[str, object] = {"ok": False}


def wait_until(holds: Callable[[], bool], seconds: float = LONGEST_S) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, "it took too long"
        QTest.qWait(200)


def shot(widget: QWidget, name: str) -> None:
    QTest.qWait(400)
    assert widget.grab().save(str(out / f"{name}.png"))


def dialog(name: str, parameters: dict[str, object], size: tuple[int, int]) -> QWidget:
    window = processing.createAlgorithmDialog(f"ocsge_review:{name}", parameters)
    window.resize(*size)
    window.show()
    QTest.qWait(800)
    return window


def prepare_window() -> None:
    window = iface.mainWindow()
    window.showMaximized()
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() != "Layers":
            dock.close()
    QTest.qWait(500)
    layers = window.findChild(QDockWidget, "Layers")
    layers.show()
    window.resizeDocks([layers], [430], 1)


def show_predict() -> None:
    image = str(scene / "ortho_2022.tif")
    window = dialog("predict", {"RASTERS": [image, str(scene / "height_2022.tif")]}, (1180, 620))
    shot(window, "processing-predict")
    window.close()


def make_lot() -> None:
    image = QgsRasterLayer(str(scene / "ortho_2022.tif"), "Orthophoto 2022")
    QgsProject.instance().addMapLayer(image)
    parameters = {
        "PREDICTION": os.environ["OCSGE_PREDICTION"],
        "REFERENCES": [str(path) for path in sorted((scene / "references").iterdir())],
        "MILLESIME": "2022",
        "NAME": "Démonstration",
        "OUTPUT": str(out / "lot.gpkg"),
    }
    window = dialog("postprocess", parameters, (1180, 740))
    shot(window, "processing-postprocess")
    groups = QgsProject.instance().layerTreeRoot().findGroups
    window.runAlgorithm()
    wait_until(lambda: bool(groups()))
    shot(window, "processing-log")
    window.close()
    QTest.qWait(500)
    iface.messageBar().clearWidgets()


def layer(title: str):
    return QgsProject.instance().mapLayersByName(title)[0]


def show(title: str) -> None:
    """Make one layer of polygons visible, with its legend unfolded."""
    root = QgsProject.instance().layerTreeRoot()
    for name in ("Couverture du sol", "Usage du sol", "Confiance"):
        node = root.findLayer(layer(name).id())
        node.setItemVisibilityChecked(name == title)
        node.setExpanded(name == title)


def picture(name: str, scale: float) -> None:
    canvas = iface.mapCanvas()
    extent = layer("Couverture du sol").extent()
    centre = extent.center()
    canvas.setExtent(QgsRectangle(centre.x() - 50, centre.y() - 50, centre.x() + 50, centre.y() + 50))
    canvas.zoomScale(scale)
    QTest.qWait(300)
    canvas.waitWhileRendering()
    QTest.qWait(300)
    shot(iface.mainWindow(), name)


def main() -> None:
    try:
        prepare_window()
        show_predict()
        make_lot()
        report["groups"] = {
            group.name(): [node.name() for node in group.findLayers()]
            for group in QgsProject.instance().layerTreeRoot().findGroups()
        }
        for title, name, scale in (
            ("Couverture du sol", "processing-cover", 2500),
            ("Usage du sol", "processing-use", 2500),
            ("Confiance", "processing-confidence", 1500),
        ):
            show(title)
            picture(name, scale)
        if os.environ.get("OCSGE_MODEL"):
            show_model()
        report["ok"], report["locale"] = True, QgsApplication.locale()
    except BaseException:  # border: QGIS would swallow it
        report["error"] = traceback.format_exc()
        iface.mainWindow().grab().save(str(out / "failed.png"))
    Path(os.environ["OCSGE_REPORT"]).write_text(json.dumps(report), encoding="utf-8")
    os._exit(0 if report["ok"] else 1)


def show_model() -> None:
    from processing.modeler.ModelerDialog import ModelerDialog

    window = ModelerDialog.create()
    window.loadModel(os.environ["OCSGE_MODEL"])
    window.resize(1180, 700)
    window.show()
    QTest.qWait(1200)
    for dock in window.findChildren(QDockWidget):
        dock.close()
    window.findChild(QAction, "mActionZoomToItems").trigger()
    shot(window, "processing-model")
    window.setDirty(False)


QTimer.singleShot(1500, main)
