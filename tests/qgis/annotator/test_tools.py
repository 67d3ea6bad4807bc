# SPDX-License-Identifier: GPL-2.0-or-later
"""Every tool, with real events on a real canvas."""

import itertools

import numpy as np
import pytest
from qgis.PyQt.QtCore import Qt

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from ocsge_annotator.domain.brush import brush_segment
from ocsge_annotator.domain.pixels import PixelPoint, Shape
from ocsge_annotator.gui.class_palette import KEY_ROLE
from tests.qgis.annotator.mouse import RIGHT

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def labels(work):
    return work.session.opened.editor.labels


def test_the_view_holds_the_patch_with_some_context(work, qgis_canvas):
    extent, patch = qgis_canvas.extent(), work.bench.place.extent(0)
    assert extent.contains(patch)
    assert extent.width() < 1.5 * patch.width() or extent.height() < 1.5 * patch.height()


def test_a_drag_paints_the_discs_of_its_path(work):
    work.session.choose_class(3)
    work.mouse.drag((10, 10), (30, 10), (30, 40))
    painted = labels(work) == 3
    expected = np.zeros(painted.shape, dtype=bool)
    path = [work.mouse.exact(*point) for point in ((10, 10), (30, 10), (30, 40))]
    for start, end in itertools.pairwise(path):
        region = brush_segment(Shape(64, 64), start, end, 5)
        expected[region.window.slices] |= region.mask
    assert np.array_equal(painted, expected)
    assert painted[10, 10:31].all()
    assert painted[10:41, 30].all()
    assert work.session.opened.editor.gestures == 1
    assert work.session.patch.state is PatchState.IN_PROGRESS


def test_the_eraser_takes_labels_away(work):
    work.mouse.drag((10, 10), (50, 10))
    work.mouse.key(Qt.Key.Key_E)
    work.mouse.drag((20, 10), (30, 10))
    assert labels(work)[10, 15] != UNLABELLED
    assert (labels(work)[10, 20:31] == UNLABELLED).all()


def test_a_polygon_closed_by_a_right_click_fills_its_pixels(work):
    work.session.choose_class(4)
    work.mouse.key(Qt.Key.Key_P)
    for corner in ((10, 10), (30, 10), (30, 30), (10, 30)):
        work.mouse.click(*corner)
    work.mouse.move(20, 40)
    assert work.session.opened.editor.gestures == 0
    work.mouse.click(20, 20, RIGHT)
    assert (labels(work)[11:29, 11:29] == 4).all()
    assert abs(int((labels(work) == 4).sum()) - 400) < 60


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_escape_forgets_a_polygon_and_return_closes_it(work, key):
    work.session.choose_class(4)
    work.bench.choose_tool("polygon")
    for corner in ((10, 10), (30, 10), (30, 30)):
        work.mouse.click(*corner)
    work.mouse.key(key)
    assert (labels(work) == 4).any() == (key == Qt.Key.Key_Return)
    assert not work.bench.tools["polygon"].vertices


def test_fill_stops_at_other_classes(work):
    work.session.choose_class(1)
    work.session.polygon([PixelPoint(0, 30), PixelPoint(64, 30), PixelPoint(64, 34), PixelPoint(0, 34)], 1)
    work.session.choose_class(2)
    work.mouse.key(Qt.Key.Key_F)
    work.mouse.click(32, 10)
    assert (labels(work)[:30] == 2).all()
    assert (labels(work)[30:34] == 1).all()
    assert (labels(work)[34:] == UNLABELLED).all()
    work.session.choose_class(5)
    work.mouse.click(32, 32)
    assert (labels(work)[30:34] == 5).all()


def test_one_gesture_is_one_undo_by_keys_and_buttons(work, qtbot):
    work.mouse.drag((10, 10), (30, 10), (30, 40))
    work.mouse.drag((50, 10), (50, 40))
    after = labels(work).copy()
    work.mouse.key(Qt.Key.Key_Z, CTRL)
    work.mouse.key(Qt.Key.Key_Z, CTRL)
    assert (labels(work) == UNLABELLED).all()
    work.mouse.key(Qt.Key.Key_Z, CTRL | SHIFT)
    qtbot.mouseClick(work.dock.button("redo"), Qt.MouseButton.LeftButton)
    assert np.array_equal(labels(work), after)


def test_digits_and_letters_choose_classes(work):
    classes = work.session.campaign.classes
    for entry in classes:
        work.mouse.key(getattr(Qt.Key, f"Key_{entry.key}"))
        assert work.session.value == entry.value
    assert work.dock.classes_panel.palette_view.currentItem().data(KEY_ROLE) == classes[-1].key


def test_ctrl_and_the_wheel_change_the_brush_and_not_the_view(work, qgis_canvas):
    extent = qgis_canvas.extent()
    work.mouse.wheel(2)
    assert work.session.brush_px > 5
    assert work.dock.tools_panel.options.brush_spin.value() == work.session.brush_px
    work.mouse.wheel(-5)
    assert work.session.brush_px < 5
    assert qgis_canvas.extent() == extent


def test_a_right_click_picks_the_class_under_the_mouse(work):
    work.session.choose_class(7)
    work.mouse.drag((10, 10), (20, 10))
    work.session.choose_class(1)
    work.mouse.click(15, 10, RIGHT)
    assert work.session.value == 7


def test_a_right_click_or_another_tool_takes_a_begun_stroke_back(work):
    work.mouse.drag((10, 10), (30, 10), release=False)
    assert (labels(work) != UNLABELLED).any()
    work.bench.choose_tool("fill")
    assert (labels(work) == UNLABELLED).all()
    assert work.session.opened.editor.gestures == 0


def test_the_box_protects_what_is_labelled(work, qtbot):
    work.session.choose_class(1)
    work.mouse.drag((10, 10), (30, 10))
    qtbot.mouseClick(work.dock.button("keep"), Qt.MouseButton.LeftButton)
    assert work.dock.button("keep").isChecked()
    work.session.choose_class(2)
    work.mouse.drag((20, 5), (20, 25))
    assert labels(work)[10, 20] == 1
    assert labels(work)[20, 20] == 2


def test_tab_hides_and_shows_the_labels(work):
    work.mouse.key(Qt.Key.Key_Tab)
    assert not work.bench.overlay.labels_visible
    work.mouse.key(Qt.Key.Key_Tab)
    assert work.bench.overlay.labels_visible


def test_what_is_on_the_screen_has_the_colour_of_the_class(work, qgis_canvas, qtbot):
    work.bench.set_opacity(100)
    work.session.choose_class(0)
    work.session.choose_brush(21)
    work.mouse.drag((32, 32), (33, 33))
    work.bench.overlay.set_cursor(None)
    picture = qgis_canvas.grab().toImage()
    position = work.mouse.at(32.5, 32.5)
    colour = picture.pixelColor(position)
    assert (colour.red(), colour.green(), colour.blue()) == work.session.campaign.classes[0].rgb


def test_the_dock_says_what_is_under_the_mouse_and_what_is_left(work):
    work.session.choose_class(0)
    work.mouse.drag((10, 10), (30, 10))
    work.mouse.move(20, 10)
    assert "Building" in work.dock.cursor_label.text() or "Bâtiment" in work.dock.cursor_label.text()
    left = work.session.opened.editor.unlabelled_px
    assert work.dock.hole_label.text().replace(" ", "").startswith(str(left))


def test_next_hole_moves_the_view_to_it(work, qgis_canvas):
    labels(work)[...] = 1
    work.session.begin()
    labels(work)[50, 60] = UNLABELLED
    work.session.finish("test")
    work.mouse.key(Qt.Key.Key_N)
    there = work.bench.place.to_map(PixelPoint(60.5, 50.5))
    assert qgis_canvas.extent().center().distance(there) < 0.5


def test_a_hole_that_spans_the_patch_shows_the_patch(work, qgis_canvas):
    whole = qgis_canvas.extent()
    work.mouse.drag((5, 5), (5, 60))
    work.mouse.key(Qt.Key.Key_N)
    assert qgis_canvas.extent().center().distance(whole.center()) < 0.5
    assert qgis_canvas.extent().width() == pytest.approx(whole.width(), rel=0.02)


def test_tools_land_on_the_same_pixels_when_the_map_is_in_another_crs(work, qgis_canvas):
    from qgis.core import QgsCoordinateReferenceSystem

    qgis_canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    work.bench.show_patch()
    work.session.choose_class(2)
    work.mouse.drag((20, 20), (40, 20))
    assert (labels(work)[20, 20:41] == 2).all()
    assert (labels(work)[30:] == UNLABELLED).all()
