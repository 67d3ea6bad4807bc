# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin as its user meets it: real dock, real canvas, real keys and clicks."""

from __future__ import annotations

import gc
import weakref

import pytest
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QEvent, QPoint, Qt
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDialog

from inference_backend.contracts.lot import ItemState
from ocsge_common.settings import SettingsStore
from ocsge_pi_review import classFactory
from ocsge_pi_review.adapters.settings import ReviewSettings, review_settings
from ocsge_pi_review.domain.errors import SaveError
from ocsge_pi_review.gui.comment_dialog import CommentDialog
from tests.qgis.pi_review.layer_checks import assert_coverage, item_row, journal, rows_in_qgis
from tests.unit.pi_review.review_coverage import ROAD_ID

WHOLE_M2 = (30 * 12.0) ** 2
KEY = Qt.Key


@pytest.fixture
def plugin(qgis_iface, qgis_canvas, qgis_parent, qgis_new_project, monkeypatch):
    """The plugin in the stub of the interface, completed where it lacks what QGIS has."""
    for name in ("registerOptionsWidgetFactory", "unregisterOptionsWidgetFactory", "addPluginToVectorMenu"):
        monkeypatch.setattr(qgis_iface, name, lambda *args: None, raising=False)
    for name in ("removePluginVectorMenu", "removeToolBarIcon", "removeDockWidget"):
        monkeypatch.setattr(qgis_iface, name, lambda *args: None, raising=False)
    review_settings().save(ReviewSettings(operator="essai"))
    qgis_canvas.resize(800, 600)
    qgis_parent.show()
    qgis_canvas.show()
    made = classFactory(qgis_iface)
    made.initGui()
    made._dock.show()
    yield made
    made.unload()


@pytest.fixture
def opened(plugin, lot_path, qgis_canvas):
    plugin.controller.open(lot_path)
    QgsApplication.processEvents()
    return plugin


def press(canvas, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(canvas, key, modifier)
    QgsApplication.processEvents()


def send(canvas, key, text, modifier=Qt.KeyboardModifier.NoModifier):
    """A key as the keyboard driver sends it; QTest only knows Latin-1 letters without accent."""
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QgsApplication.sendEvent(canvas, QKeyEvent(kind, key, modifier, text))
    QgsApplication.processEvents()


def click(canvas, point, button=Qt.MouseButton.LeftButton):
    pixel = canvas.getCoordinateTransform().transform(point)
    QTest.mouseClick(
        canvas.viewport(),
        button,
        Qt.KeyboardModifier.NoModifier,
        QPoint(round(pixel.x()), round(pixel.y())),
    )
    QgsApplication.processEvents()


def inner_point(review, polygon_id):
    return review.coverage.feature(polygon_id).geometry().pointOnSurface().asPoint()


def test_opening_a_lot_shows_the_first_item_and_the_group(opened, qgis_canvas):
    lot, panel = opened.controller.lot, opened.panel
    assert lot.review.item_id == 1
    assert panel.lot_label.text() == "Commune d'essai"
    assert panel.lot_progress.format().startswith("0 / 24")
    assert lot.review.row().cs in panel.cover_label.text()
    assert [layer.name() for layer in lot.layers.group.findLayers()]
    assert qgis_canvas.extent().contains(
        lot.review.coverage.feature(lot.review.polygon_id).geometry().boundingBox()
    )


def test_space_accepts_and_goes_on(opened, qgis_canvas):
    press(qgis_canvas, KEY.Key_Space)
    lot = opened.controller.lot
    assert item_row(lot.path, 1)["state"] == "done"
    assert item_row(lot.path, 1)["operator"] == "essai"
    assert lot.review.item_id == 2
    assert opened.panel.lot_progress.format().startswith("1 / 24")
    press(qgis_canvas, KEY.Key_Return)
    assert lot.review.item_id == 3


def test_a_digit_sets_the_cover_under_it(opened, qgis_canvas):
    review = opened.controller.lot.review
    runner_up = review.row().attributes["runner_up_cs"]
    press(qgis_canvas, KEY.Key_1)
    assert review.row().cs == runner_up
    assert review.item.state is ItemState.DONE
    assert review.item_id == 1
    assert journal(opened.controller.lot.path)[-1]["operation"] == "set_cover"


def test_a_digit_of_a_french_keyboard_works_too(opened, qgis_canvas):
    review = opened.controller.lot.review
    expected = opened.controller.view._codes["2"]
    send(qgis_canvas, KEY.Key_Eacute, "é")
    assert review.row().cs == expected


def test_u_then_a_key_sets_the_use_and_digits_mean_cover_again(opened, qgis_canvas):
    review, view = opened.controller.lot.review, opened.controller.view
    cs = review.row().cs
    press(qgis_canvas, KEY.Key_U)
    assert opened.panel.use_button.isChecked()
    expected = view._codes["B"]
    press(qgis_canvas, KEY.Key_B)
    assert (review.row().us, review.row().cs) == (expected, cs)
    assert not opened.panel.use_button.isChecked()
    assert view._codes["1"].startswith("CS")


def test_m_then_a_click_merges(opened, qgis_canvas):
    review = opened.controller.lot.review
    gone = review.polygon_id
    neighbour = next(n for n in review.coverage.around(review.row()) if not n.is_locked and n.id != gone)
    review.coverage.layer.triggerRepaint()
    press(qgis_canvas, KEY.Key_M)
    assert opened.panel.hint_label.isVisibleTo(opened.panel)
    point = inner_point(review, neighbour.id)
    qgis_canvas.setCenter(point)
    click(qgis_canvas, point)
    assert not review.coverage.has(gone)
    assert review.polygon_id == neighbour.id
    assert qgis_canvas.mapTool() is opened.controller.view.tools.pick
    assert_coverage(rows_in_qgis(review.coverage.layer), WHOLE_M2)
    press(qgis_canvas, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert review.coverage.has(gone)


@pytest.mark.parametrize("ending", ["right click", "double click"])
def test_s_then_a_line_splits(opened, qgis_canvas, ending):
    review = opened.controller.lot.review
    before = len(rows_in_qgis(review.coverage.layer))
    press(qgis_canvas, KEY.Key_S)
    box = review.coverage.feature(review.polygon_id).geometry().boundingBox()
    inner = inner_point(review, review.polygon_id)
    start, end = type(inner)(box.xMinimum() - 5, inner.y()), type(inner)(box.xMaximum() + 5, inner.y() + 1)
    click(qgis_canvas, start)
    click(qgis_canvas, end)
    if ending == "right click":
        click(qgis_canvas, end, Qt.MouseButton.RightButton)
    else:
        pixel = qgis_canvas.getCoordinateTransform().transform(end)
        place = QPoint(round(pixel.x()), round(pixel.y()))
        QTest.mouseDClick(qgis_canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseRelease(qgis_canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QgsApplication.processEvents()
    assert len(rows_in_qgis(review.coverage.layer)) > before
    assert review.item_id == 1
    assert_coverage(rows_in_qgis(review.coverage.layer), WHOLE_M2)
    assert qgis_canvas.mapTool() is opened.controller.view.tools.pick


def test_a_refused_gesture_says_why_and_changes_nothing(opened, qgis_canvas, qgis_iface, monkeypatch):
    said = []
    monkeypatch.setattr(opened.messages, "_say", lambda text, level, duration: said.append(text))
    review = opened.controller.lot.review
    review.show_polygon(ROAD_ID)
    press(qgis_canvas, KEY.Key_1)
    assert len(said) == 1
    assert "OSSATURE" in said[0]
    assert journal(opened.controller.lot.path) == []


def test_undo_and_redo_by_keys(opened, qgis_canvas):
    control = Qt.KeyboardModifier.ControlModifier
    lot = opened.controller.lot
    before = rows_in_qgis(lot.layers.occupation)
    press(qgis_canvas, KEY.Key_1)
    press(qgis_canvas, KEY.Key_Space)
    press(qgis_canvas, KEY.Key_Z, control)
    assert lot.review.item_id == 1
    assert rows_in_qgis(lot.layers.occupation) == before
    assert lot.review.item.state is ItemState.TODO
    press(qgis_canvas, KEY.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert [row["operation"] for row in journal(lot.path)] == ["set_cover", "undo", "redo"]


def test_moving_in_the_queue(opened, qgis_canvas):
    review = opened.controller.lot.review
    press(qgis_canvas, KEY.Key_D)
    press(qgis_canvas, KEY.Key_D)
    press(qgis_canvas, KEY.Key_A)
    assert review.item_id == 2
    press(qgis_canvas, KEY.Key_Space)
    press(qgis_canvas, KEY.Key_A)
    press(qgis_canvas, KEY.Key_A)
    press(qgis_canvas, KEY.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert review.item_id == 3


def test_a_comment_postpones_and_goes_on(opened, qgis_canvas, monkeypatch):
    def answer(dialog):
        dialog.editor.setPlainText("serre ou hangar ?")
        QTest.mouseClick(dialog.ask_button, Qt.MouseButton.LeftButton)
        return QDialog.DialogCode(dialog.result())

    monkeypatch.setattr(CommentDialog, "exec", answer)
    send(qgis_canvas, KEY.Key_Question, "?", Qt.KeyboardModifier.ShiftModifier)
    row = item_row(opened.controller.lot.path, 1)
    assert (row["state"], row["comment"]) == ("asked", "serre ou hangar ?")
    assert opened.controller.lot.review.item_id == 2
    press(qgis_canvas, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert item_row(opened.controller.lot.path, 1)["comment"] is None


def test_a_click_on_the_map_puts_a_polygon_in_front(opened, qgis_canvas):
    review = opened.controller.lot.review
    qgis_canvas.setExtent(review.coverage.layer.extent())
    other = review.queue[7].polygon_id
    click(qgis_canvas, inner_point(review, other))
    assert (review.polygon_id, review.item_id) == (other, 7)


def test_buttons_do_what_keys_do(opened, qgis_canvas):
    review, panel = opened.controller.lot.review, opened.panel
    QTest.mouseClick(panel.accept_button, Qt.MouseButton.LeftButton)
    assert review.item_id == 2
    code = next(c for c in panel.palette_grid.buttons if c != review.row().cs)
    QTest.mouseClick(panel.palette_grid.buttons[code], Qt.MouseButton.LeftButton)
    assert review.row().cs == code
    QTest.mouseClick(panel.undo_button, Qt.MouseButton.LeftButton)
    assert review.row().cs != code
    QTest.mouseClick(panel.next_button, Qt.MouseButton.LeftButton)
    assert review.item_id == 3
    assert len(journal(opened.controller.lot.path)) == 3


def test_every_button_tells_its_key(opened):
    for name in ("accept", "runner_up", "merge", "split", "comment", "previous", "next", "next_todo", "undo"):
        assert "[" in getattr(opened.panel, f"{name}_button").toolTip()


def test_a_changed_key_takes_effect(plugin, lot_path, qgis_canvas):
    review_settings().save(ReviewSettings(operator="essai", key_accept="X"))
    plugin.controller.open(lot_path)
    press(qgis_canvas, KEY.Key_X)
    assert plugin.controller.lot.review.item_id == 2
    press(qgis_canvas, KEY.Key_Space)
    assert plugin.controller.lot.review.item_id == 2


def test_gestures_are_saved_after_the_chosen_number(plugin, lot_path, qgis_canvas):
    review_settings().save(ReviewSettings(operator="essai", autosave_gestures=2))
    plugin.controller.open(lot_path)
    press(qgis_canvas, KEY.Key_1)
    assert [row["state"] for row in journal(lot_path)] == ["written"]
    press(qgis_canvas, KEY.Key_2)
    QgsApplication.processEvents()
    assert [row["state"] for row in journal(lot_path)] == ["applied", "applied"]
    assert plugin.controller.lot.layers.occupation.isEditable()


def test_a_wrong_file_is_reported_not_raised(plugin, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(plugin.messages, "_say", lambda text, level, duration: said.append(text))
    (tmp_path / "vide.gpkg").write_bytes(b"")
    monkeypatch.setattr(plugin.controller, "_ask_path", lambda: str(tmp_path / "vide.gpkg"))
    QTest.mouseClick(plugin.panel.open_button, Qt.MouseButton.LeftButton)
    assert len(said) == 1
    assert "vide.gpkg" in said[0]
    assert plugin.controller.lot is None


def test_removing_the_group_closes_the_lot_with_its_work_saved(opened, lot_path, qgis_canvas):
    press(qgis_canvas, KEY.Key_1)
    QgsProject.instance().removeMapLayers([opened.controller.lot.layers.occupation.id()])
    assert opened.controller.lot is None
    assert [row["state"] for row in journal(lot_path)] == ["applied"]
    assert not opened.panel.accept_button.isEnabled()


def test_a_new_project_closes_the_lot_with_its_work_saved(opened, lot_path, qgis_canvas):
    press(qgis_canvas, KEY.Key_1)
    QgsProject.instance().clear()
    assert opened.controller.lot is None
    assert [row["state"] for row in journal(lot_path)] == ["applied"]


def test_a_lot_that_cannot_be_saved_stays_open_until_the_plugin_goes(
    opened, lot_path, qgis_canvas, monkeypatch
):
    said, lot = [], opened.controller.lot
    monkeypatch.setattr(opened.messages, "_say", lambda text, level, duration: said.append(text))
    press(qgis_canvas, KEY.Key_1)
    with monkeypatch.context() as patched:
        patched.setattr(lot.journal, "save", lambda: _raise(SaveError(path=lot_path, reason="?", count=1)))
        opened.controller.close()
        assert opened.controller.lot is lot
        opened.controller.reload_settings()
        assert opened.controller.lot is lot
        assert len(said) == 2
        press(qgis_canvas, KEY.Key_2)
        opened.unload()
    assert QgsProject.instance().mapLayers() == {}
    assert [row["state"] for row in journal(lot_path)] == ["written", "written"]


def _raise(error):
    raise error


def test_loading_and_unloading_twice_leaves_nothing(qgis_iface, plugin, lot_path, qgis_canvas):
    registry = QgsApplication.processingRegistry()
    plugin.unload()
    scene_items = len(qgis_canvas.scene().items())
    tool = qgis_canvas.mapTool()
    for _ in range(2):
        again = classFactory(qgis_iface)
        again.initGui()
        again._dock.show()
        again.controller.open(lot_path)
        press(qgis_canvas, KEY.Key_Space)
        assert registry.providerById("ocsge_review") is not None
        kept = [weakref.ref(again.controller.lot.review), weakref.ref(again.controller.view)]
        again.unload()
        again.unload()
        assert registry.providerById("ocsge_review") is None
        assert len(qgis_canvas.scene().items()) == scene_items
        assert qgis_canvas.mapTool() is tool
        assert QgsProject.instance().mapLayers() == {}
        assert not lot_path.with_name("lot.gpkg-wal").exists()
        del again
        for _ in range(3):
            QgsApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
            QgsApplication.processEvents()
            gc.collect()
        assert [ref() for ref in kept] == [None, None]
    assert isinstance(review_settings(), SettingsStore)
