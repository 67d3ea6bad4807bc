# SPDX-License-Identifier: GPL-2.0-or-later
"""Buildings, roads, wand, limits and tidying, with real events on a real canvas."""

import numpy as np
import pytest
from qgis.core import QgsContrastEnhancement, QgsProject, QgsSingleBandGrayRenderer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QToolButton, QWidget

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.line_band import line_band
from ocsge_annotator.domain.pixels import PixelPoint, Shape
from ocsge_annotator.gui.gestures import Gesture
from ocsge_annotator.gui.panel import Panel
from tests.qgis.annotator.conftest import write_raster
from tests.qgis.annotator.mouse import RIGHT

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def image_file(tmp_path):
    """200 x 150 px: grey, with one bright square at 20..40 of the first patch."""
    bands = np.full((4, 150, 200), 90, dtype=np.uint8)
    bands[:, 20:40, 20:40] = 160
    bands[:, :5, 100:] = 255
    bands[:, 5:10, 100:] = 0
    path = tmp_path / "ortho.tif"
    write_raster(path, bands).FlushCache()
    return path


def labels(work):
    return work.session.opened.editor.labels


def test_two_edges_of_a_building_make_a_rectangle(work):
    work.session.choose_class(0)
    work.mouse.key(Qt.Key.Key_P, SHIFT)
    for corner in ((10, 10), (40, 10), (41, 30)):
        work.mouse.click(*corner)
    work.mouse.move(30, 35)
    work.mouse.click(30, 35, RIGHT)
    painted = labels(work) == 0
    assert painted[11:29, 11:39].all()
    assert painted.sum() == pytest.approx(30 * 20, abs=60)
    rows, cols = np.flatnonzero(painted.any(axis=1)), np.flatnonzero(painted.any(axis=0))
    assert painted[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1].mean() > 0.97
    assert work.session.opened.editor.gestures == 1


def test_backspace_takes_a_corner_back_and_escape_the_building(work):
    work.bench.choose_tool("building")
    for corner in ((10, 10), (40, 10), (40, 30)):
        work.mouse.click(*corner)
    work.mouse.key(Qt.Key.Key_Backspace)
    assert len(work.bench.tools["building"].vertices) == 2
    work.mouse.key(Qt.Key.Key_Escape)
    assert not work.bench.tools["building"].vertices
    assert (labels(work) == UNLABELLED).all()


def test_a_road_is_as_wide_as_said_in_metres(work):
    work.session.choose_class(2)
    work.mouse.key(Qt.Key.Key_L, SHIFT)
    work.dock.tools_panel.options.width_spin.setValue(2.0)
    for corner in ((5, 30), (55, 30)):
        work.mouse.click(*corner)
    work.mouse.key(Qt.Key.Key_Return)
    path = [work.mouse.exact(5, 30), work.mouse.exact(55, 30)]
    expected = line_band(Shape(64, 64), path, 10.0)  # 0.2 m a pixel
    painted = np.argwhere(labels(work) == 2)
    assert painted.shape[0] == expected.mask.sum()
    assert (labels(work) == 2)[:, 30].sum() == 10


def test_the_wheel_sets_the_width_of_the_road_and_the_tolerance_of_the_wand(work):
    work.bench.choose_tool("line")
    before = work.session.choices.line_width_m
    work.mouse.wheel(2)
    assert work.dock.tools_panel.options.width_spin.value() == work.session.choices.line_width_m == before + 1
    work.bench.choose_tool("wand")
    before = work.session.choices.wand_tolerance
    work.mouse.wheel(-3)
    assert work.dock.tools_panel.options.tolerance_spin.value() == before - 3


def test_the_wand_takes_the_area_of_one_colour_as_the_map_shows_it(work):
    work.session.choose_class(4)
    work.mouse.key(Qt.Key.Key_W)
    work.mouse.click(30, 30)
    assert (labels(work) == 4)[21:39, 21:39].all()
    assert (labels(work) == 4).sum() == pytest.approx(400, abs=90)
    assert work.session.opened.editor.gestures == 1


def test_dragging_the_wand_takes_more_and_a_right_click_takes_it_back(work):
    work.session.choose_class(4)
    work.bench.choose_tool("wand")
    work.mouse.drag((30, 30), (62, 2), release=False)
    assert work.session.choices.wand_tolerance > 60
    assert (labels(work) == 4).sum() > 3000
    work.mouse.drag((30, 30), button=RIGHT, release=False)
    assert (labels(work) == UNLABELLED).all()
    assert work.session.opened.editor.gestures == 0


def test_a_stroke_stays_in_the_segment_where_it_began(work, qtbot):
    assert not work.dock.button("stay").isEnabled()
    segments = np.zeros((64, 64), dtype=np.uint16)
    segments[:, 32:] = 1
    work.session.show_segments(segments)
    qtbot.mouseClick(work.dock.button("stay"), Qt.MouseButton.LeftButton)
    work.session.choose_class(1)
    work.mouse.drag((20, 30), (50, 30))
    assert (labels(work) == 1)[:, :32].any()
    assert not (labels(work) == 1)[:, 32:].any()


def test_the_class_under_the_mouse_becomes_the_only_one_painted_over(work):
    work.session.choose_class(1)
    work.session.polygon([PixelPoint(0, 0), PixelPoint(30, 0), PixelPoint(30, 64), PixelPoint(0, 64)], 1)
    work.mouse.move(10, 10)
    work.mouse.key(Qt.Key.Key_X, SHIFT)
    assert work.session.limits.only_over == 1
    assert work.dock.tools_panel.over_combo.currentData() == 1
    work.session.choose_class(2)
    work.mouse.drag((10, 30), (60, 30))
    assert (labels(work) == 2)[:, :30].any()
    assert not (labels(work) == 2)[:, 30:].any()
    work.mouse.key(Qt.Key.Key_X, SHIFT)
    assert work.session.limits.is_open


def test_each_way_to_tidy_is_one_gesture(work):
    wanted = np.full((64, 64), 1, dtype=np.uint8)
    wanted[10, 10], wanted[20:23, 20:23], wanted[40:, 40:] = 2, UNLABELLED, UNLABELLED
    work.session.replace(wanted, "test")
    work.mouse.key(Qt.Key.Key_D, SHIFT)
    assert labels(work)[10, 10] == 1
    work.mouse.key(Qt.Key.Key_H, SHIFT)
    assert (labels(work)[20:23, 20:23] == 1).all()
    assert (labels(work)[40:, 40:] == UNLABELLED).all()
    assert work.session.opened.editor.gestures == 3
    work.mouse.key(Qt.Key.Key_Z, CTRL)
    work.mouse.key(Qt.Key.Key_Z, CTRL)
    assert np.array_equal(labels(work), wanted)


def test_tidying_of_one_class_leaves_the_others(work):
    wanted = np.full((64, 64), 1, dtype=np.uint8)
    wanted[10, 10], wanted[30, 30] = 2, 3
    work.session.replace(wanted, "test")
    work.session.choose_class(3)
    work.dock.tools_panel.tidy_class_box.setChecked(True)
    work.mouse.key(Qt.Key.Key_D, SHIFT)
    assert labels(work)[30, 30] == 1
    assert labels(work)[10, 10] == 2


def test_outlines_show_the_borders_alone(work, qgis_canvas):
    wanted = np.full((64, 64), 0, dtype=np.uint8)
    wanted[:, 32:] = 1
    work.session.replace(wanted, "test")
    work.bench.set_opacity(100)
    work.mouse.key(Qt.Key.Key_O, SHIFT)
    work.bench.overlay.set_cursor(None)
    picture = qgis_canvas.grab().toImage()

    def colour(x, y):
        found = picture.pixelColor(work.mouse.at(x, y))
        return found.red(), found.green(), found.blue()

    first, second = (work.session.campaign.classes[place].rgb for place in (0, 1))
    assert colour(31.5, 50) == first
    assert colour(32.5, 50) == second
    assert colour(10, 50) not in (first, second)


def test_recent_and_frequent_classes_are_at_hand(work, qtbot):
    for value, times in ((3, 1), (5, 2), (7, 1)):
        work.session.choose_class(value)
        for place in range(times):
            work.mouse.drag((5 + 10 * place, 5 * value), (10 + 10 * place, 5 * value))
    panel = work.dock.classes_panel
    assert [button.property("value") for button in panel.recent[:3]] == [7, 5, 3]
    assert panel.frequent[0].property("value") == 5
    qtbot.mouseClick(panel.recent[2], Qt.MouseButton.LeftButton)
    assert work.session.value == 3
    work.mouse.key(Qt.Key.Key_B, SHIFT)
    assert work.session.value == 7


def test_tools_say_what_to_do_and_show_what_can_be_set(work):
    panel = work.dock.tools_panel
    work.bench.choose_tool("fill")
    assert panel.options.hint.isVisible()
    assert panel.options.hint.text() == work.table.load({})["fill"].hint
    work.bench.choose_tool("wand")
    assert panel.options.tolerance_spin.isVisible()
    assert not panel.options.hint.isVisible()


def test_the_wand_sees_the_bands_and_the_stretch_of_the_layer_shown(work, qgis_canvas):
    """With a stretch in which the square and the grey around it are both black, they are one area."""
    layer = next(lyr for lyr in QgsProject.instance().mapLayers().values() if lyr.name() == "ortho")
    stretch = QgsContrastEnhancement(layer.dataProvider().dataType(1))
    stretch.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    stretch.setMinimumValue(200)
    stretch.setMaximumValue(255)
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    renderer.setContrastEnhancement(stretch)
    layer.setRenderer(renderer)
    qgis_canvas.setLayers([layer])
    work.session.choose_class(4)
    work.bench.choose_tool("wand")
    work.mouse.click(30, 30)
    assert (labels(work) == 4).all()


def test_handing_in_while_an_area_is_only_shown_takes_it_back(work):
    work.bench.choose_tool("wand")
    work.mouse.drag((30, 30), (40, 25), release=False)
    work.session.submit()
    assert work.session.patches[0].labelled_share == 0


def test_a_panel_of_another_module_folds_and_its_buttons_are_wired(work, qtbot):
    content = QWidget()
    button = QToolButton(content)
    button.setObjectName("extra_button")
    done = []
    work.table.add(lambda: [Gesture("extra", "Shift+Y", "Extra", "Does more")])
    work.controller.add_actions({"extra": lambda: done.append(1)})
    panel = work.dock.add_panel("extra", "Extra", content)
    work._show_gestures()
    assert button.toolTip() == "Does more (Shift+Y)"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    work.mouse.key(Qt.Key.Key_Y, SHIFT)
    assert done == [1, 1]
    qtbot.mouseClick(panel.title, Qt.MouseButton.LeftButton)
    assert not content.isVisible()
    assert not Panel("extra", "Extra", QWidget()).is_open
