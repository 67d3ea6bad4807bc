# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin as its user meets it: real dock, real canvas, real keys and clicks."""

from __future__ import annotations

import gc
import itertools
import weakref

import pytest
from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from inference_backend.contracts.lot import ItemState
from ocsge_common.settings import SettingsStore
from ocsge_pi_review import classFactory
from ocsge_pi_review.adapters.settings import ReviewSettings, review_settings
from tests.qgis.pi_review.hands import CTRL, Hands, geometry, inner
from tests.qgis.pi_review.layer_checks import item_row, journal
from tests.qgis.pi_review.plugin_fixture import loaded_plugin
from tests.unit.pi_review.review_coverage import ROAD_ID

KEY = Qt.Key


@pytest.fixture
def plugin(qgis_iface, qgis_canvas, qgis_parent, qgis_new_project, monkeypatch):
    """The plugin, operated by “essai”."""
    review_settings().save(ReviewSettings(operator="essai"))
    yield from loaded_plugin(qgis_iface, qgis_canvas, qgis_parent, monkeypatch)


@pytest.fixture
def opened(plugin, lot_path):
    plugin.controller.open(lot_path)
    QgsApplication.processEvents()
    return plugin


@pytest.fixture
def hands(qgis_canvas):
    return Hands(qgis_canvas)


def front(opened):
    """Codes of the polygon of item 1."""
    review = opened.controller.lot.review
    return review.store.row(review.store.item(1).polygon_id)


def test_opening_a_lot_shows_the_first_item_and_the_group(opened, qgis_canvas):
    lot, panel = opened.controller.lot, opened.panel
    assert lot.review.item_id == 1
    assert panel.lot_label.text() == "Commune d'essai"
    assert panel.lot_progress.format().startswith("0 / 24")
    assert lot.review.row().cs in panel.cover_label.text()
    assert [layer.name() for layer in lot.layers.group.findLayers()]
    assert qgis_canvas.extent().contains(geometry(lot.review.row()).boundingBox())
    for button in (*panel.gesture_bar.buttons.values(), panel.accept_button, panel.undo_button):
        assert "[" in button.toolTip()


@pytest.mark.parametrize("is_kept", [True, False])
def test_times_of_drawings_are_not_kept_while_a_lot_is_open(plugin, lot_path, qgis_canvas, is_kept):
    flag = Qgis.MapSettingsFlag.RecordProfile

    def now():
        return bool(qgis_canvas.mapSettings().flags() & flag)

    flags = qgis_canvas.mapSettings().flags()
    qgis_canvas.setMapSettingsFlags(flags | flag if is_kept else flags & ~flag)
    plugin.controller.open(lot_path)
    assert not now()
    plugin.controller.close()
    assert now() == is_kept


def test_space_accepts_and_goes_on(opened, hands):
    hands.press(KEY.Key_Space)
    lot = opened.controller.lot
    assert item_row(lot.path, 1)["state"] == "done"
    assert item_row(lot.path, 1)["operator"] == "essai"
    assert lot.review.item_id == 2
    assert opened.panel.lot_progress.format().startswith("1 / 24")
    hands.press(KEY.Key_Return)
    assert lot.review.item_id == 3


def test_a_digit_sets_the_cover_under_it_and_goes_on(opened, hands):
    review, palette = opened.controller.lot.review, opened.controller.view.bench.palette
    flagged = opened.panel.palette_grid.buttons
    key, code = next((k, c) for k, c in palette.codes.items() if not flagged[c].property("flagged"))
    hands.press(getattr(KEY, f"Key_{key}"))
    assert front(opened).cs == code
    assert review.store.item(1).state is ItemState.DONE
    assert review.item_id == 2
    assert journal(opened.controller.lot.path)[-1]["operation"] == "set_cover"
    expected = palette.codes["2"]
    row = review.row()
    hands.send(KEY.Key_Eacute, "é")  # the same key of a French keyboard
    assert review.store.row(row.id).cs == expected


def test_u_then_a_key_sets_the_use_and_digits_mean_cover_again(opened, hands):
    palette, cs = opened.controller.view.bench.palette, front(opened).cs
    hands.press(KEY.Key_U)
    assert opened.panel.use_button.isChecked()
    expected = palette.codes["B"]
    hands.press(KEY.Key_B)
    assert (front(opened).us, front(opened).cs) == (expected, cs)
    assert not opened.panel.use_button.isChecked()
    assert palette.codes["1"].startswith("CS")


def test_one_key_gives_a_probable_use_beside_the_covers(opened, hands):
    review, strip = opened.controller.lot.review, opened.panel.use_strip
    palette = opened.controller.view.bench.palette
    row = front(opened)
    assert row.us not in palette.direct.values()
    assert [button.code for button in strip.buttons] == list(palette.direct.values())
    assert strip.buttons[1].text().startswith("2 ")
    expected = palette.direct["Alt+2"]
    hands.press(KEY.Key_2, Qt.KeyboardModifier.AltModifier)
    assert (front(opened).us, front(opened).cs) == (expected, row.cs)
    assert review.item_id == 2
    assert journal(opened.controller.lot.path)[-1]["operation"] == "set_use"
    hands.press(KEY.Key_U)
    assert not strip.isVisible()
    assert not palette.direct
    hands.press(KEY.Key_U)
    assert strip.isVisible()
    second, third = review.row(), strip.buttons[2].code
    QTest.mouseClick(strip.buttons[2], Qt.MouseButton.LeftButton)
    assert review.store.row(second.id).us == third
    assert review.item_id == 3


def test_codes_are_never_squeezed_and_nothing_below_them_moves(opened, hands, qtbot):
    panel = opened.panel
    panel.resize(400, 1000)
    heights = []
    for _ in range(4):
        hands.press(KEY.Key_U)
        qtbot.wait(20)
        shown = [button for button in panel.palette_grid.buttons.values() if button.isVisible()]
        lowest = max(button.geometry().bottom() for button in shown)
        assert lowest <= panel.palette_grid.height()
        rows = sorted({button.geometry().top() for button in shown})
        assert all(below - above >= shown[0].height() for above, below in itertools.pairwise(rows))
        if panel.use_strip.isVisible():
            assert panel.use_strip.geometry().top() >= panel.palette_grid.geometry().bottom()
        heights.append(panel.use_strip.parentWidget().minimumSizeHint().height())
    assert len(set(heights[1:])) == 1, "what lies below moves"


def test_a_refused_gesture_says_why_and_changes_nothing(opened, hands, monkeypatch):
    said = []
    monkeypatch.setattr(opened.messages, "_say", lambda text, *_, **__: said.append(text))
    opened.controller.lot.review.show_polygon(ROAD_ID)
    hands.press(KEY.Key_1)
    assert len(said) == 1
    assert "OSSATURE" in said[0]
    assert journal(opened.controller.lot.path) == []


def test_undo_and_redo_by_keys(opened, hands):
    lot, before = opened.controller.lot, front(opened)
    hands.press(KEY.Key_2)
    hands.press(KEY.Key_Space)
    hands.press(KEY.Key_Z, CTRL)
    hands.press(KEY.Key_Z, CTRL)
    assert lot.review.item_id == 1
    assert front(opened) == before
    assert lot.review.item.state is ItemState.TODO
    hands.press(KEY.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    operations = [row["operation"] for row in journal(lot.path)]
    assert operations == ["set_cover", "accept", "undo", "undo", "redo"]


def test_moving_in_the_queue_and_on_the_map(opened, hands, qgis_canvas):
    review = opened.controller.lot.review
    hands.press(KEY.Key_D)
    hands.press(KEY.Key_D)
    hands.press(KEY.Key_A)
    assert review.item_id == 2
    hands.press(KEY.Key_Space)
    hands.press(KEY.Key_A)
    hands.press(KEY.Key_A)
    hands.press(KEY.Key_Right, CTRL)
    assert review.item_id == 3
    qgis_canvas.setExtent(opened.controller.lot.layers.occupation.extent())
    other = review.store.item(7).polygon_id
    hands.click(inner(review.store.row(other)))
    assert (review.polygon_id, review.item_id) == (other, 7)


def test_buttons_do_what_keys_do(opened, qgis_canvas):
    review, panel = opened.controller.lot.review, opened.panel

    def press(button):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    press(panel.accept_button)
    assert review.item_id == 2
    row = review.row()
    code = next(c for c in panel.palette_grid.buttons if c != row.cs)
    press(panel.palette_grid.buttons[code])
    assert review.store.row(row.id).cs == code
    press(panel.undo_button)
    assert review.store.row(row.id).cs == row.cs
    press(panel.gesture_bar.buttons["split"])
    assert panel.gesture_bar.buttons["split"].isChecked()
    assert qgis_canvas.mapTool() is opened.controller.view.bench.tools.tools["split"]
    press(panel.next_button)
    assert review.item_id == 3
    assert len(journal(opened.controller.lot.path)) == 3


def test_a_changed_key_takes_effect(plugin, lot_path, hands):
    review_settings().save(ReviewSettings(operator="essai", key_changes=("accept=X", "absorb=J")))
    plugin.controller.open(lot_path)
    hands.press(KEY.Key_X)
    assert plugin.controller.lot.review.item_id == 2
    hands.press(KEY.Key_Space)
    assert plugin.controller.lot.review.item_id == 2
    assert "[J]" in plugin.panel.gesture_bar.buttons["absorb"].toolTip()


def test_a_wrong_file_is_reported_not_raised(plugin, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(plugin.messages, "_say", lambda text, *_, **__: said.append(text))
    (tmp_path / "vide.gpkg").write_bytes(b"")
    monkeypatch.setattr(plugin.controller, "_ask_path", lambda: str(tmp_path / "vide.gpkg"))
    QTest.mouseClick(plugin.panel.open_button, Qt.MouseButton.LeftButton)
    assert len(said) == 1
    assert "vide.gpkg" in said[0]
    assert plugin.controller.lot is None


def test_a_lot_that_leaves_the_project_is_closed(opened, lot_path, hands):
    hands.press(KEY.Key_2)
    QgsProject.instance().removeMapLayers([opened.controller.lot.layers.occupation.id()])
    assert opened.controller.lot is None
    assert not opened.panel.accept_button.isEnabled()
    opened.controller.open(lot_path)
    hands.press(KEY.Key_2)
    QgsProject.instance().clear()
    assert opened.controller.lot is None
    assert [row["operation"] for row in journal(lot_path)] == ["set_cover", "set_cover"]


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
        Hands(qgis_canvas).press(KEY.Key_Space)
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
