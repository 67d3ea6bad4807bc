# SPDX-License-Identifier: GPL-2.0-or-later
"""Every gesture on the borders by real mouse and keys: preview, one journal row, a coverage, one undo."""

from __future__ import annotations

import math
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from inference_backend.contracts.lot import ItemState
from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes
from inference_backend.contracts.profile import Profile
from ocsge_common.backend.environment import COMMAND_ENVIRONMENT
from ocsge_pi_review.adapters.gpkg_opening import open_gpkg
from ocsge_pi_review.adapters.segment_source import PredictionSource
from ocsge_pi_review.domain.errors import BelowMinimumError
from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.merge import common_border
from ocsge_pi_review.domain.rings import area
from tests.qgis.pi_review.hands import CTRL, LEFT, RIGHT, SHIFT, Hands, geometry, inner
from tests.qgis.pi_review.layer_checks import assert_coverage
from tests.qgis.pi_review.lot_factory import make_lot
from tests.qgis.pi_review.plugin_fixture import loaded_plugin
from tests.unit.pi_review.review_coverage import CELL_M, ORIGIN, ROAD_ID

WHOLE_M2 = (30 * CELL_M) ** 2
PIXEL_M, SQUARE_M = 0.5, 16.0
COMMAND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"
KEY = Qt.Key


@pytest.fixture(scope="module")
def opened(qgis_app, qgis_iface, qgis_canvas, qgis_parent, tmp_path_factory):
    """One lot for all tests, with a prediction; each test leaves it as it was."""
    folder = tmp_path_factory.mktemp("tools")
    lot = make_lot(folder / "lot.gpkg")
    _add_prediction(lot, folder / "prediction.tif")
    with pytest.MonkeyPatch.context() as patched:
        for plugin in loaded_plugin(qgis_iface, qgis_canvas, qgis_parent, patched):
            plugin.controller.open(lot)
            QgsApplication.processEvents()
            yield plugin
    QgsProject.instance().clear()
    shutil.rmtree(folder)


@pytest.fixture
def desk(opened, qgis_canvas):
    """The view on item 1, and what was there before; taken back afterwards."""
    made = Desk(opened, Hands(qgis_canvas))
    yield made
    made.bench.cancel()
    made.bench.cancel()
    while made.review.undo() is not None:
        pass
    assert made.rows() == made.before


class Desk:
    """What a test looks at."""

    def __init__(self, plugin, hands: Hands) -> None:
        self.panel, self.hands = plugin.panel, hands
        self.view = plugin.controller.view
        self.bench = self.view.bench
        self.review = plugin.controller.lot.review
        self.said: list[str] = []
        plugin.messages._say = lambda text, *_, **__: self.said.append(text)
        self.review.show_item(1)
        self.row = self.review.row()
        self.before = self.rows()
        self._seq = len(list(self.review.store.journal()))

    def rows(self):
        everything = self.view._lot.layers.occupation.extent().buffered(10)
        return {row.id: row for row in self.review.store.rows_in(everything)}

    def operations(self) -> list[str]:
        return [row.gesture.operation.value for row in self.review.store.journal(self._seq)]

    def preview(self) -> str:
        return self.bench.effects.label.text()

    def box(self):
        return geometry(self.row).boundingBox()

    def free_neighbour(self):
        around = [n for n in self.review.around(self.row) if not n.is_locked]
        return max(around, key=lambda n: common_border(self.row.polygon, n.polygon))

    def assert_one(self, operation: str) -> None:
        """One row in the journal, and the whole lot covered once."""
        assert self.said == []
        assert self.operations() == [operation]
        assert_coverage(self.rows(), WHOLE_M2)


def _add_prediction(lot, path) -> None:
    """Halves of class 0 and 1 with a disc of class 2, over the whole lot."""
    side = round(30 * CELL_M / PIXEL_M)
    rows, cols = np.mgrid[0:side, 0:side]
    classes = (cols > side // 2).astype(np.uint8)
    classes[(rows - side // 2 - 60) ** 2 + (cols - side // 2 + 90) ** 2 < 60**2] = 2
    raster = gdal.GetDriverByName("GTiff").Create(str(path), side, side, 1, gdal.GDT_Byte)
    raster.SetGeoTransform((ORIGIN[0], PIXEL_M, 0, ORIGIN[1] + side * PIXEL_M, 0, -PIXEL_M))
    raster.GetRasterBand(1).WriteArray(classes)
    table = (PredictedClass(0, "water"), PredictedClass(1, "deciduous"), PredictedClass(2, "building"))
    raster.SetMetadataItem(TAG_CLASSES, encode_classes(table))
    raster = None
    connection = open_gpkg(lot)
    connection.execute(
        "INSERT INTO imagery (role, uri, provider, title) VALUES ('prediction', ?, 'gdal', 'essai')",
        (path.name,),
    )
    connection.commit()
    connection.close()


@pytest.mark.parametrize("way", ["drag", "right click", "double click"])
def test_a_line_splits_and_warns_of_the_threshold_before(desk, way):
    box, (_, y) = desk.box(), inner(desk.row)
    start, end = (box.xMinimum() - 3, y), (box.xMaximum() + 3, y + 1)
    desk.hands.press(KEY.Key_S)
    if way == "drag":
        desk.hands.drag([start, (box.center().x(), y + 2), end])
    else:
        desk.hands.click(start)
        desk.hands.move(end)
        assert desk.preview().count("m²") >= 2
        desk.hands.click(end)
        desk.hands.click(end, RIGHT) if way == "right click" else desk.hands.double_click(end)
    desk.assert_one("split")
    assert desk.bench.tools.name == "pick"
    assert desk.review.item.state is ItemState.TODO


def test_a_line_that_goes_under_a_minimum_is_refused_once_and_written_when_finished_again(desk, monkeypatch):
    monkeypatch.setattr(desk.review, "profile", Profile.load())
    box, (_, y) = desk.box(), inner(desk.row)
    start, end = (box.xMinimum() - 3, y), (box.xMaximum() + 3, y + 1)
    desk.hands.press(KEY.Key_S)
    desk.hands.click(start)
    desk.hands.click(end)
    desk.hands.click(end, RIGHT)
    assert desk.operations() == []
    assert "less than the minimum of" in desk.said.pop()
    desk.hands.click(end, RIGHT)
    desk.assert_one("split")


def test_a_code_under_its_minimum_is_refused_until_it_is_given_twice_in_a_row(desk, monkeypatch):
    monkeypatch.setattr(desk.review, "profile", Profile.load())
    plans = desk.bench.gestures
    small = next(r for r in desk.rows().values() if not r.is_locked and 300 < area(r.polygon) < 400)
    desk.review.show_polygon(small.id)
    plans.make(plans.set_codes([small.id], {"cs": "CS1.1.1.1"}))
    wood = plans.set_codes([small.id], {"cs": "CS2.1.3"})
    with pytest.raises(BelowMinimumError):
        plans.make(wood)
    plans.make(plans.accept([small.id]))
    with pytest.raises(BelowMinimumError):
        plans.make(wood)
    plans.make(wood)
    assert desk.operations() == ["set_cover", "accept", "set_cover"]


def test_another_small_polygon_elsewhere_is_refused_in_its_turn(desk, monkeypatch):
    monkeypatch.setattr(desk.review, "profile", Profile.load())
    plans, (x, y) = desk.bench.gestures, inner(desk.row)
    here, near, there = ([(at, y), (at + 4, y), (at + 4, y + 4), (at, y + 4)] for at in (x - 8, x - 7, x + 3))
    draw = partial(plans.insert, codes=Codes("CS1.1.1.1", "US5"))
    for ring in (here, there):
        with pytest.raises(BelowMinimumError):
            plans.make(draw(ring))
    with pytest.raises(BelowMinimumError):
        plans.make(draw(here))
    plans.make(draw(near))
    assert desk.operations() == ["insert"]


def test_a_neighbour_clicked_absorbs_and_the_queue_goes_on_from_there(desk):
    neighbour = desk.free_neighbour()
    view = QgsGeometry.fromRect(desk.hands.canvas.extent())
    desk.hands.press(KEY.Key_M)
    desk.hands.move(inner(neighbour, view))
    assert len([band for band in desk.bench.tools.current.bands.bands if band.size()]) == 1
    desk.hands.click(inner(neighbour, view))
    desk.assert_one("merge")
    assert desk.row.id not in desk.rows()
    assert desk.review.item_id == 2
    desk.hands.press(KEY.Key_Z, CTRL)
    assert desk.row.id in desk.rows()


def test_a_border_is_drawn_anew(desk):
    neighbour = desk.free_neighbour()
    first, last = _common_run(desk.row, neighbour)
    tip = inner(neighbour)
    middle = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
    bulge = (middle[0] + 0.3 * (tip[0] - middle[0]), middle[1] + 0.3 * (tip[1] - middle[1]))
    desk.hands.press(KEY.Key_B)
    for point in (first, bulge, last):
        desk.hands.click(point)
    desk.hands.move(last)
    assert "#c1121f" not in desk.preview() or "minimum" in desk.preview()
    desk.hands.press(KEY.Key_Return)
    desk.assert_one("reshape")
    assert not math.isclose(area(desk.rows()[desk.row.id].polygon), area(desk.row.polygon))


def _common_run(row, neighbour):
    """The two ends of the longest stretch of border between two polygons."""
    shared = geometry(row).intersection(geometry(neighbour))
    lines = shared.mergeLines() if shared.isMultipart() else shared
    parts = lines.asMultiPolyline() if lines.isMultipart() else [lines.asPolyline()]
    longest = max(parts, key=lambda part: QgsGeometry.fromPolylineXY(part).length())
    return (longest[0].x(), longest[0].y()), (longest[-1].x(), longest[-1].y())


def test_a_polygon_drawn_gets_the_code_in_hand_and_cuts_those_underneath(desk):
    x, y = inner(desk.row)
    ring = [(x - 12, y - 9), (x + 25, y - 8), (x + 24, y + 14), (x - 11, y + 12)]
    desk.hands.press(KEY.Key_I)
    for point in ring:
        desk.hands.click(point)
    desk.hands.press(KEY.Key_4)
    chosen = desk.bench.palette.codes["4"]
    assert desk.panel.palette_grid.buttons[chosen].isChecked()
    desk.hands.move(ring[-1])
    assert desk.preview() != ""
    desk.hands.click(ring[-1], RIGHT)
    desk.assert_one("insert")
    made = desk.review.row()
    assert (made.cs, made.id in desk.before) == (chosen, False)
    assert abs(area(made.polygon) - 37 * 21) < 120


def test_a_road_has_the_width_of_the_wheel_and_the_codes_of_roads(desk):
    x, y = inner(desk.row)
    desk.hands.press(KEY.Key_W)
    before_m = desk.bench.tools.current.width_m
    desk.hands.wheel(3)
    desk.hands.send(KEY.Key_Minus, "-")
    width_m = desk.bench.tools.current.width_m
    assert width_m == before_m + 1.0
    assert f"{width_m:g} m" in desk.bench.effects.hint_label.text()
    desk.hands.click((x - 25, y))
    desk.hands.click((x + 25, y + 4))
    desk.hands.click((x + 25, y + 4), RIGHT)
    desk.assert_one("road")
    made = desk.review.row()
    assert (made.cs, made.us) == ("CS1.1.1.2", "US4.1.1")
    assert abs(area(made.polygon) - math.dist((-25, 0), (25, 4)) * width_m) < 20


def test_the_key_of_6_on_a_french_keyboard_gives_its_code_unless_a_width_waits(desk):
    wanted = desk.bench.palette.codes["6"]
    desk.hands.send(KEY.Key_Minus, "-")
    desk.assert_one("set_cover")
    assert desk.review.store.row(desk.row.id).cs == wanted


def test_the_best_neighbour_takes_it_with_one_key(desk):
    desk.hands.press(KEY.Key_X)
    desk.assert_one("absorb")
    assert desk.row.id not in desk.rows()
    assert desk.review.item_id == 2


def test_a_border_moves_onto_the_line_of_another_layer(desk):
    layer = QgsVectorLayer(f"LineString?crs={desk.review.store.crs.authid()}", "BD TOPO", "memory")
    ring = desk.row.polygon[0]
    at = max(range(len(ring) - 1), key=lambda i: math.dist(ring[i], ring[i + 1]))
    (ax, ay), (bx, by) = ring[at], ring[at + 1]
    length = math.dist(ring[at], ring[at + 1])
    off = (-(by - ay) * 2 / length, (bx - ax) * 2 / length)
    line = [QgsPointXY(ax + off[0] - (bx - ax), ay + off[1] - (by - ay))]
    line.append(QgsPointXY(bx + off[0] + (bx - ax), by + off[1] + (by - ay)))
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromPolylineXY(line))
    layer.dataProvider().addFeature(feature)
    desk.hands.press(KEY.Key_L)
    desk.said.clear()  # the lot brings no references
    middle = ((ax + bx) / 2 + off[0], (ay + by) / 2 + off[1])
    desk.hands.click(middle)
    assert len(desk.said) == 1, "no layer of lines yet: it must say so"
    desk.said.clear()
    QgsProject.instance().addMapLayer(layer)
    try:
        QTest.qWait(200)
        desk.hands.move(middle)
        desk.hands.click(middle)
    finally:
        QgsProject.instance().removeMapLayer(layer.id())
    desk.assert_one("align")


def test_a_segment_of_the_prediction_is_cut_out_with_its_cover(desk):
    tool = desk.bench.tools.tools["segment"]
    disc = QgsGeometry.fromPointXY(QgsPointXY(ORIGIN[0] + 180 - 45, ORIGIN[1] + 180 - 30)).buffer(30, 16)
    crossed = [r for r in desk.before.values() if not r.is_locked and geometry(r).intersects(disc)]
    row = max(crossed, key=lambda r: geometry(r).intersection(disc).area())
    desk.review.show_polygon(row.id)
    point = inner(row, disc)
    desk.hands.press(KEY.Key_G)
    assert isinstance(tool.source, PredictionSource)
    desk.hands.move(point)
    assert "m²" in desk.preview()
    desk.hands.click(point)
    wanted = geometry(row).intersection(disc).area()
    if wanted > 0.97 * geometry(row).area():
        desk.assert_one("set_cover")
        return
    desk.assert_one("segment")
    made = desk.review.row()
    assert (made.cs, made.us) == ("CS1.1.1.1", row.us)
    assert abs(area(made.polygon) - wanted) < 0.12 * wanted


def test_shift_takes_a_segment_beyond_the_polygon_and_joins_nothing_locked(desk):
    centre = (ORIGIN[0] + 180 - 45, ORIGIN[1] + 180 - 30)
    disc = QgsGeometry.fromPointXY(QgsPointXY(*centre)).buffer(30, 16)
    desk.hands.canvas.setExtent(desk.view._lot.layers.occupation.extent())
    free = next(r for r in desk.before.values() if not r.is_locked and geometry(r).intersects(disc))
    desk.hands.press(KEY.Key_G)
    desk.hands.click(inner(free, disc), LEFT, SHIFT)
    desk.assert_one("segment")
    road = geometry(desk.before[ROAD_ID])
    made = [row for row in desk.rows().values() if row.cs == "CS1.1.1.1" and geometry(row).intersects(disc)]
    covered = QgsGeometry.unaryUnion([geometry(row) for row in made]).intersection(disc).area()
    assert abs(covered - disc.difference(road).area()) < 0.1 * disc.area()


@pytest.mark.skipif(not COMMAND.exists(), reason="needs the backend's environment")
def test_a_segment_of_the_image_comes_from_the_backend(desk, tmp_path, qtbot, monkeypatch):
    monkeypatch.setenv(COMMAND_ENVIRONMENT, str(COMMAND))
    x, y = inner(desk.row)
    image = _image_with_a_square(tmp_path / "image.tif", x, y)
    QgsProject.instance().addMapLayer(image)
    try:
        QTest.qWait(300)
        desk.hands.press(KEY.Key_G)
        desk.hands.press(KEY.Key_G)
        tool = desk.bench.tools.current
        desk.hands.move((x, y))
        assert "backend" in desk.preview()
        desk.hands.send(KEY.Key_Plus, "+")
        qtbot.waitUntil(lambda: not tool.source.is_waiting, timeout=60_000)
        assert desk.said == []
        desk.hands.move((x + 1, y))
        desk.hands.click((x, y))
    finally:
        QgsProject.instance().removeMapLayer(image.id())
    desk.assert_one("segment")
    made = desk.review.row()
    assert made.cs == desk.row.attributes["runner_up_cs"]
    assert abs(area(made.polygon) - SQUARE_M**2) < 0.15 * SQUARE_M**2


def _image_with_a_square(path, x, y) -> QgsRasterLayer:
    """A dark square on bright ground around a place."""
    side = 400
    pixels = np.full((3, side, side), 190, np.uint8) + np.random.default_rng(1).integers(
        0, 12, (3, side, side), np.uint8
    )
    half, middle = round(SQUARE_M / 2 / PIXEL_M), side // 2
    pixels[:, middle - half : middle + half, middle - half : middle + half] //= 4
    raster = gdal.GetDriverByName("GTiff").Create(str(path), side, side, 3, gdal.GDT_Byte)
    raster.SetGeoTransform((x - middle * PIXEL_M, PIXEL_M, 0, y + middle * PIXEL_M, 0, -PIXEL_M))
    raster.SetProjection(osr.GetUserInputAsWKT("EPSG:2154"))
    raster.WriteArray(pixels)
    raster = None
    return QgsRasterLayer(str(path), "image")


def test_one_key_decides_all_that_is_chosen(desk):
    canvas, items = desk.hands.canvas, desk.review.store.items_of(desk.before)
    canvas.setExtent(desk.view._lot.layers.occupation.extent())
    chosen = [desk.row.id, *[key for key in items if key != desk.row.id][:2]]
    for polygon_id in chosen[1:]:
        desk.hands.click(inner(desk.before[polygon_id]), LEFT, SHIFT)
    assert desk.bench.tools.selection.ids == tuple(chosen)
    assert "3" in desk.bench.effects.hint_label.text()
    code = desk.bench.palette.codes["1"]
    desk.hands.press(KEY.Key_1)
    desk.assert_one("set_cover")
    assert {desk.rows()[polygon_id].cs for polygon_id in chosen} == {code}
    assert {desk.review.store.items_of([key])[key].state for key in chosen} == {ItemState.DONE}
    assert desk.bench.tools.selection.ids == ()
    desk.hands.press(KEY.Key_Z, CTRL)
    assert {desk.review.store.items_of([key])[key].state for key in chosen} == {ItemState.TODO}


def test_a_box_chooses_and_space_accepts_all(desk):
    canvas = desk.hands.canvas
    canvas.setExtent(desk.view._lot.layers.occupation.extent())
    x, y = inner(desk.row)
    desk.hands.drag([(x - 30, y - 30), (x, y), (x + 30, y + 20)], SHIFT)
    chosen = desk.bench.tools.selection.ids
    assert desk.row.id in chosen
    assert ROAD_ID not in chosen
    desk.hands.press(KEY.Key_Space)
    desk.assert_one("accept")
    items = desk.review.store.items_of(chosen)
    assert items
    assert {item.state for item in items.values()} == {ItemState.DONE}


def test_e_chooses_those_with_the_same_proposal_and_escape_none(desk):
    desk.hands.canvas.setExtent(desk.view._lot.layers.occupation.extent())
    desk.hands.press(KEY.Key_E)
    chosen = desk.bench.tools.selection.ids
    assert chosen[0] == desk.row.id
    kinds = {(r.cs, r.us, r.attributes["runner_up_cs"]) for key in chosen for r in [desk.before[key]]}
    assert len(kinds) == 1
    desk.hands.press(KEY.Key_Escape)
    assert desk.bench.tools.selection.ids == ()


def test_a_refused_gesture_says_why_before_and_writes_nothing(desk):
    desk.review.show_polygon(ROAD_ID)
    x, y = inner(desk.before[ROAD_ID])
    desk.hands.press(KEY.Key_S)
    desk.hands.click((x, y - 20))
    desk.hands.move((x, y + 20))
    assert "OSSATURE" in desk.preview()
    desk.hands.click((x, y + 20))
    desk.hands.click((x, y + 20), RIGHT)
    assert len(desk.said) == 1
    assert "OSSATURE" in desk.said[0]
    assert desk.operations() == []
    desk.said.clear()


def test_backspace_takes_the_last_vertex_back_and_escape_gives_up(desk):
    x, y = inner(desk.row)
    desk.hands.press(KEY.Key_S)
    tool = desk.bench.tools.current
    desk.hands.click((x, y))
    desk.hands.click((x + 8, y))
    desk.hands.press(KEY.Key_Backspace)
    assert len(tool.points) == 1
    desk.hands.press(KEY.Key_Escape)
    assert desk.bench.tools.name == "pick"
    assert tool.points == []
    assert desk.operations() == []


def test_a_word_finds_a_code_and_return_gives_it_once(desk):
    line = desk.panel.palette_grid.search_line
    desk.hands.press(KEY.Key_F)
    # Of its window: which window is the active one depends on the tests before.
    assert line.window().focusWidget() is line
    QTest.keyClicks(line, "prai")
    assert next(iter(desk.panel.palette_grid.buttons)) == "CS2.2.1"
    QTest.keyClick(line, KEY.Key_Return)
    QTest.qWait(20)
    desk.assert_one("set_cover")
    assert desk.rows()[desk.row.id].cs == "CS2.2.1"
    assert desk.hands.canvas.window().focusWidget() is desk.hands.canvas
    assert line.text() == ""


def test_a_code_under_the_mouse_tells_its_effect_and_an_unlikely_couple_asks_for_the_use(desk):
    grid = desk.panel.palette_grid
    flagged = next(code for code, button in grid.buttons.items() if button.property("flagged"))
    grid.code_pointed.emit(flagged)
    assert "#9a6700" in desk.preview()
    grid.code_pointed.emit("")
    assert desk.preview() == ""
    desk.bench.choose_code(flagged)
    desk.assert_one("set_cover")
    assert desk.review.item_id == 1, "it must not go on before the use was looked at"
    assert desk.panel.use_button.isChecked()
    assert desk.bench.effects.hint_label.isVisible()
