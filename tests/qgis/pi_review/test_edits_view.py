# SPDX-License-Identifier: GPL-2.0-or-later
"""The second look as its user meets it: list, map, before and after, taking back; real clicks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QPoint, QRect, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QMainWindow

from inference_backend.contracts.lot import ItemState, Operation
from ocsge_common.messages import MessageLog
from ocsge_pi_review.adapters.changed_ground import geometry_of
from ocsge_pi_review.domain.gestures.codes import set_code
from ocsge_pi_review.domain.gestures.merging import merge_into
from ocsge_pi_review.domain.merge import common_border
from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.gui.edits import REST_MS
from ocsge_pi_review.gui.edits_bands import Moment
from ocsge_pi_review.gui.edits_dock import EditsDock

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dock(lot, qgis_canvas):
    """The dock under the canvas, in a window of its own, on a lot with three edits of two people."""
    window = QMainWindow()
    window.setCentralWidget(qgis_canvas)
    window.resize(1400, 1000)
    made = EditsDock(window, qgis_canvas, MessageLog("essai"))
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made.dock)
    window.show()
    qgis_canvas.setDestinationCrs(lot.store.crs)
    qgis_canvas.setLayers([lot.layers.occupation])
    review = lot.review
    review.show_item(1)
    recode(review, "CS1.2.3")
    review.show_item(2)
    recode(review, "CS1.2.2")
    lot.store.operator = "Berthe"
    review.show_item(5)
    row = review.row()
    free = [other for other in review.around(row) if not other.is_locked]
    heir = max(free, key=lambda other: common_border(row.polygon, other.polygon))
    review.make(Plan(Operation.MERGE, merge_into(row, heir), (row.id,), heir.id))
    made.show(lot)
    QgsApplication.processEvents()
    yield made
    made.forget()
    window.takeCentralWidget()
    window.close()


def recode(review, code):
    row = review.row()
    review.make(Plan(Operation.SET_COVER, set_code(row, "cs", code, review.profile), (row.id,)))


def choose(dock, place):
    table = dock.panel.list
    cell = table.visualRect(table.model().index(place, 1))
    QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, cell.center())
    QgsApplication.processEvents()


def listed(dock):
    model = dock.panel.list.model()
    return [
        [model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole) for column in (0, 2, 3)]
        for row in range(model.rowCount())
    ]


def test_the_list_the_filter_and_an_edit_before_and_after(dock, lot, qgis_canvas):
    assert [(number, who) for number, who, _ in listed(dock)] == [
        ("3", "Berthe"),
        ("2", "essai"),
        ("1", "essai"),
    ]
    choose(dock, 0)
    details = dock.panel.details
    assert details.table.rowCount() == 2
    assert dock.desk.row.seq == 3
    assert len(dock.desk.bands.bands) == 3
    ground = geometry_of(dock.desk.row.gesture.patch.touched[0]).boundingBox()
    assert qgis_canvas.extent().contains(ground)
    QTest.mouseClick(details.buttons[Moment.AFTER], LEFT)
    assert len(dock.desk.bands.bands) == 1
    dock.panel.filter.person.setCurrentText("essai")
    assert [number for number, _, _ in listed(dock)] == ["2", "1"]
    assert sorted(feature["seq"] for feature in dock.desk.layer.getFeatures()) == [1, 2]
    assert dock.desk.row is None
    if os.environ.get("OCSGE_PICTURES"):
        take_picture(dock, lot, qgis_canvas)


def take_picture(dock, lot, canvas):
    """For people: `OCSGE_PICTURES=folder`."""
    dock.panel.filter.person.setCurrentIndex(0)
    dock.panel.filter.colour.setCurrentIndex(1)
    canvas.setLayers([dock.desk.layer, lot.layers.occupation])
    choose(dock, 0)
    QTest.mouseClick(dock.panel.details.buttons[Moment.BOTH], LEFT)
    QTest.qWait(800)
    canvas.window().grab().save(str(Path(os.environ["OCSGE_PICTURES"]) / "edits.png"))


def test_a_click_on_the_map_chooses_the_edit_there(dock, lot, qgis_canvas):
    choose(dock, 0)
    polygon = dock.desk.log.row(1).gesture.patch.after[0]
    qgis_canvas.setExtent(geometry_of(polygon).boundingBox())
    QTest.mouseClick(dock.panel.pick, LEFT)
    assert qgis_canvas.mapTool() is dock.desk.tool
    spot = geometry_of(polygon).pointOnSurface().asPoint()
    pixel = qgis_canvas.getCoordinateTransform().transform(spot)
    point = QPoint(round(pixel.x()), round(pixel.y()))
    assert QRect(QPoint(0, 0), qgis_canvas.viewport().size()).contains(point)
    QTest.mouseClick(qgis_canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, point)
    assert dock.desk.row.seq == 1
    assert dock.panel.list.currentIndex().row() == 2


def test_an_old_edit_is_taken_back_by_its_button(dock, lot):
    choose(dock, 2)
    before = dock.desk.row.gesture.patch.before[0]
    QTest.mouseClick(dock.panel.details.take_back, LEFT)
    assert lot.store.row(before.id) == before
    assert lot.store.item(1).state is ItemState.TODO
    QTest.qWait(2 * REST_MS)
    assert [number for number, _, _ in listed(dock)] == ["3", "2"]
    lot.review.redo()
    QTest.qWait(2 * REST_MS)
    assert [number for number, _, _ in listed(dock)] == ["3", "2", "1"]


def test_the_lot_closes_into_one_file_with_the_second_look_open(dock, lot):
    dock.forget()
    assert lot.close(QgsProject.instance())
    assert dock.dock.isHidden()
    assert not list(lot.path.parent.glob("*-wal"))
