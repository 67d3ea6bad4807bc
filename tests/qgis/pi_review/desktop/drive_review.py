# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside the real QGIS (`qgis --code`): a review by keys and clicks, asserted, then photographed.

Environment: OCSGE_LOT (a lot, changed by the run), OCSGE_REPORT (JSON written at the end), OCSGE_PNG
(picture of the window, optional), OCSGE_IMAGE (raster under the lot, optional), OCSGE_ITEM (rank shown in
the picture).
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import sys
import traceback
from pathlib import Path

from qgis.core import QgsApplication, QgsGeometry, QgsPointXY, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface, plugins

PLUGIN = "ocsge_pi_review"
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
lot_path = Path(os.environ["OCSGE_LOT"])
seen: dict[str, object] = {}


def settle(milliseconds: int = 60) -> None:
    iface.mapCanvas().waitWhileRendering()
    QTest.qWait(milliseconds)


def press(key: int, modifier: int = NONE) -> None:
    canvas = iface.mapCanvas()
    assert canvas.hasFocus(), "the map must hold the keyboard after every gesture"
    QTest.keyClick(canvas, key, modifier)
    settle()


def click(point: QgsPointXY, button: int = Qt.MouseButton.LeftButton) -> None:
    canvas = iface.mapCanvas()
    pixel = canvas.getCoordinateTransform().transform(point)
    place = QPoint(round(pixel.x()), round(pixel.y()))
    assert canvas.viewport().rect().contains(place), "the gesture would fall outside the map"
    QTest.mouseMove(canvas.viewport(), place)
    QTest.mouseClick(canvas.viewport(), button, NONE, place)
    settle()


def rows() -> dict[str, tuple[bytes, str, str]]:
    layer = plugin().controller.lot.layers.occupation
    return {f["id"]: (bytes(f.geometry().asWkb()), f["code_cs"], f["code_us"]) for f in layer.getFeatures()}


def journal() -> list[tuple[str, str]]:
    connection = sqlite3.connect(lot_path)
    try:
        return connection.execute("SELECT operation, in_force FROM edit_journal ORDER BY seq").fetchall()
    finally:
        connection.close()


def plugin():
    return plugins[PLUGIN]


def review():
    return plugin().controller.lot.review


def assert_coverage(step: str) -> None:
    from ocsge_pi_review.domain.coverage_check import check_coverage
    from ocsge_pi_review.domain.wkb import decode

    report = check_coverage({key: decode(wkb) for key, (wkb, _, _) in rows().items()})
    assert report.is_valid, (step, report.gaps[:2], report.overlap_m2)
    assert abs(report.area_m2 - seen.setdefault("area_m2", report.area_m2)) < 1e-5, step


def prepare_window() -> None:
    window = iface.mainWindow()
    window.showMaximized()
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in ("Layers", "OcsgeReviewDock"):
            dock.hide()
    if os.environ.get("OCSGE_IMAGE"):
        image = QgsRasterLayer(os.environ["OCSGE_IMAGE"], "Ortho-image")
        assert image.isValid(), os.environ["OCSGE_IMAGE"]
        QgsProject.instance().addMapLayer(image)
        QgsProject.instance().layerTreeRoot().findLayer(image.id()).setExpanded(False)
    action = next(
        a
        for a in iface.vectorToolBar().parent().findChildren(type(iface.actionPan()))
        if a.objectName() == "ocsgeReviewAction"
    )
    action.trigger()
    plugin().controller.open(lot_path)
    layers = window.findChild(QDockWidget, "Layers")
    settle(300)
    window.resizeDocks([layers, plugin()._dock], [330, 480], Qt.Orientation.Horizontal)
    settle(400)


def free_neighbour() -> str:
    from ocsge_pi_review.domain.merge import common_border

    row = review().row()
    around = [n for n in review().around(row) if not n.is_locked]
    return max(around, key=lambda n: common_border(row.polygon, n.polygon)).id


def drive_gestures() -> None:
    start = rows()
    assert review().item.rank == 1
    press(Qt.Key.Key_Space)
    assert journal() == [("accept", 1)]
    assert review().item.rank == 2
    decided, runner_up = review().polygon_id, review().row().attributes["runner_up_cs"]
    press(Qt.Key.Key_1)
    assert not runner_up or review().store.row(decided).cs == runner_up
    press(Qt.Key.Key_U)
    press(Qt.Key.Key_2)
    assert [operation for operation, _ in journal()] == ["accept", "set_cover", "set_use"]
    drive_merge()
    press(Qt.Key.Key_Right, CONTROL)
    drive_split()
    press(Qt.Key.Key_Z, CONTROL)
    press(Qt.Key.Key_Z, CONTROL)
    press(Qt.Key.Key_Z, CONTROL)
    press(Qt.Key.Key_Z, CONTROL)
    assert [operation for operation, _ in journal()][-4:] == ["undo"] * 4
    assert_coverage("undo")
    press(Qt.Key.Key_Z, CONTROL)
    assert rows() == start, "five undos bring every byte back"
    for _ in range(5):
        press(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert_coverage("redo")


def outline(polygon_id: str) -> QgsGeometry:
    geometry = QgsGeometry()
    geometry.fromWkb(review().store.row(polygon_id).wkb)
    return geometry


def drive_merge() -> None:
    gone, neighbour = outline(review().polygon_id), outline(free_neighbour())
    before = len(rows())
    press(Qt.Key.Key_M)
    view = neighbour.boundingBox()
    view.combineExtentWith(gone.boundingBox())
    iface.mapCanvas().setExtent(view.buffered(30))
    settle()
    click(neighbour.pointOnSurface().asPoint())
    assert len(rows()) == before - 1
    assert journal()[-1][0] == "merge"
    assert_coverage("merge")


def drive_split() -> None:
    before = len(rows())
    geometry = outline(review().polygon_id)
    iface.mapCanvas().setExtent(geometry.boundingBox().buffered(20))
    settle()
    press(Qt.Key.Key_S)
    inner, box = geometry.pointOnSurface().asPoint(), geometry.boundingBox()
    click(QgsPointXY(box.xMinimum() - 4, inner.y() - 1))
    click(QgsPointXY(box.xMaximum() + 4, inner.y() + 1))
    click(QgsPointXY(box.xMaximum() + 4, inner.y() + 1), Qt.MouseButton.RightButton)
    assert journal()[-1][0] == "split"
    assert len(rows()) > before
    assert_coverage("split")


def compare_with_the_disk() -> None:
    in_qgis = rows()
    from osgeo import ogr

    dataset = ogr.Open(str(lot_path))
    layer = dataset.GetLayerByName("occupation_sol")
    on_disk = {
        f["id"]: (bytes(f.geometry().ExportToWkb(ogr.wkbNDR)), f["code_cs"], f["code_us"]) for f in layer
    }
    assert on_disk == in_qgis


def take_picture() -> None:
    wanted = int(os.environ.get("OCSGE_ITEM", "0"))
    while wanted and review().item.rank < wanted:
        press(Qt.Key.Key_Space)
    if wanted:
        geometry = outline(review().polygon_id)
        side = max(geometry.boundingBox().width(), geometry.boundingBox().height())
        iface.mapCanvas().zoomScale(max(iface.mapCanvas().scale(), 1500 if side < 150 else 2500))
    iface.messageBar().clearWidgets()
    QTest.mouseMove(iface.mapCanvas().viewport(), QPoint(5, 5))
    settle(1200)
    picture = Path(os.environ["OCSGE_PNG"])
    grab(picture)
    if wanted:
        picture_of_a_split(picture.with_name(f"{picture.stem}-split.png"))
        press(Qt.Key.Key_T)
        press(Qt.Key.Key_U)
        settle(1200)
        grab(picture.with_name(f"{picture.stem}-use.png"))


def picture_of_a_split(picture: Path) -> None:
    """A cut half drawn, then given up."""
    before = rows()
    geometry = outline(review().polygon_id)
    inner, box = geometry.pointOnSurface().asPoint(), geometry.boundingBox()
    press(Qt.Key.Key_S)
    click(QgsPointXY(box.xMinimum() - 8, inner.y() - 12))
    click(QgsPointXY(inner.x(), inner.y()))
    click(QgsPointXY(box.xMaximum() + 8, inner.y() + 4))
    settle(600)
    grab(picture)
    press(Qt.Key.Key_Escape)
    assert rows() == before, "a gesture given up changes nothing"


def grab(picture: Path) -> None:
    assert iface.mainWindow().grab().save(str(picture))


def main() -> None:
    report: dict[str, object] = {"ok": False}
    try:
        prepare_window()
        drive_gestures()
        compare_with_the_disk()
        if os.environ.get("OCSGE_PNG"):
            take_picture()
        plugin().controller.close()
        report = {"ok": True, "journal": journal(), "locale": QgsApplication.locale()}
        report["wal_left"] = lot_path.with_name(lot_path.name + "-wal").exists()
        report["area_is_finite"] = math.isfinite(seen["area_m2"])
    except BaseException:  # border: QGIS would swallow it
        report["error"] = traceback.format_exc()
        if os.environ.get("OCSGE_PNG"):
            iface.mainWindow().grab().save(os.environ["OCSGE_PNG"])
    Path(os.environ["OCSGE_REPORT"]).write_text(json.dumps(report), encoding="utf-8")
    sys.stdout.flush()
    # QGIS would ask about unsaved projects on the way out.
    os._exit(0 if report["ok"] else 1)


QTimer.singleShot(1500, main)
