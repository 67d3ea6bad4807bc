# SPDX-License-Identifier: GPL-2.0-or-later
"""Views beside the map: what they show, that they keep step, the mouse's cross, the labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsPointXY, QgsRectangle
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QImage, QWheelEvent
from qgis.PyQt.QtWidgets import QApplication

from inference_backend.contracts.campaign import SourceRole
from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes
from ocsge_annotator.adapters.views import view_choices
from ocsge_annotator.domain.campaign import Source
from tests.qgis.annotator.conftest import LEFT, TOP, write_raster
from tests.qgis.annotator.mouse import Mouse

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def views(work, qtbot):
    """The views of the open campaign, on a shown window."""
    work.views_bench.toggle()
    views = work.views_bench.views
    qtbot.waitUntil(lambda: all(views.view(name).canvas.isVisible() for name in views.shown))
    return views


def near(first: QgsRectangle, second: QgsRectangle) -> bool:
    """The same middle, one inside the other: maps of another shape show more on two sides."""
    return first.center().distance(second.center()) < 0.05 and (
        first.buffered(0.05).contains(second) or second.buffered(0.05).contains(first)
    )


def picture_of(canvas) -> np.ndarray:
    canvas.waitWhileRendering()
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    memory = image.constBits()
    memory.setsize(image.sizeInBytes())
    return np.frombuffer(memory, np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), 2::-1].copy()


def test_the_campaign_offers_what_its_image_and_sources_can_show(work, tmp_path):
    campaign = work.session.campaign
    assert [choice.name for choice in view_choices(campaign)] == ["colour", "infrared", "index"]
    write_raster(tmp_path / "height.tif", np.ones((1, 150, 200), np.uint8)).FlushCache()
    sources = (
        Source(SourceRole.HEIGHT, "Hauteur", str(tmp_path / "height.tif")),
        Source(SourceRole.OTHER_DATE, "2019", str(campaign.image)),
        Source(SourceRole.OTHER_LABELS, "OCS 2019", str(tmp_path / "gone.tif")),
    )
    choices = view_choices(replace(campaign, sources=sources))
    assert [c.name for c in choices] == ["colour", "infrared", "index", "height", "source1", "source2"]
    made = [choice.make() for choice in choices]
    assert [layer is not None for layer in made] == [True] * 5 + [False]
    assert made[3].renderer().type() == "hillshade"


def test_infrared_is_red_and_the_index_is_that_of_the_pixels(work):
    infrared, index = (choice.make() for choice in view_choices(work.session.campaign)[1:])
    renderer = infrared.renderer()
    assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (4, 1, 2)
    bands = gdal.Open(str(work.session.campaign.image)).ReadAsArray().astype(float)
    for row, col in ((3, 5), (70, 120), (149, 199)):
        point = QgsPointXY(LEFT + (col + 0.5) * 0.2, TOP - (row + 0.5) * 0.2)
        found, known = index.dataProvider().sample(point, 1)
        nir, red = bands[3, row, col], bands[0, row, col]
        assert known
        assert found == pytest.approx((nir - red) / (nir + red), abs=1e-3)


def test_labels_of_another_date_have_the_colours_of_their_classes(work, tmp_path):
    dataset = write_raster(tmp_path / "labels.tif", np.full((1, 150, 200), 6, np.uint8))
    dataset.FlushCache()
    source = Source(SourceRole.OTHER_LABELS, "2019", str(tmp_path / "labels.tif"))
    campaign = replace(work.session.campaign, sources=(source,))
    colours = {entry.value: entry.colour.lower() for entry in campaign.classes}
    layer = view_choices(campaign)[-1].make()
    shown = layer.renderer().classes()
    assert {entry.value: entry.color.name() for entry in shown} == colours
    table = encode_classes((PredictedClass(6, "lava", None, "#102030"),))
    dataset.SetMetadataItem(TAG_CLASSES, table)
    dataset.FlushCache()
    layer = view_choices(campaign)[-1].make()
    (entry,) = layer.renderer().classes()
    assert (entry.value, entry.color.name(), entry.label) == (6, "#102030", "lava")


def test_one_key_shows_and_hides_the_views_and_others_each_of_them(work, qtbot):
    views = work.views_bench.views
    assert not work.views_bench.dock.isVisible()
    work.mouse.key(Qt.Key.Key_W, SHIFT)
    assert views.shown == ["infrared", "index"]
    assert work.views_bench.dock.isVisible()
    work.mouse.key(Qt.Key.Key_1, ALT)
    assert views.shown == ["colour", "infrared", "index"]
    work.mouse.key(Qt.Key.Key_2, ALT)
    assert views.shown == ["colour", "index"]
    assert work.views_bench.panel.boxes["colour"].isChecked()
    work.mouse.key(Qt.Key.Key_W, SHIFT)
    assert views.shown == []
    assert not work.views_bench.dock.isVisible()
    work.mouse.key(Qt.Key.Key_W, SHIFT)
    assert views.shown == ["colour", "index"]


def test_views_follow_the_map_and_the_next_patch(work, views, qgis_canvas):
    qgis_canvas.setExtent(QgsRectangle(LEFT + 5, TOP - 15, LEFT + 12, TOP - 8))
    for name in views.shown:
        assert near(views.view(name).canvas.extent(), qgis_canvas.extent())
    work.mouse.key(Qt.Key.Key_D)
    patch = work.bench.place.extent(0)
    for name in views.shown:
        assert near(views.view(name).canvas.extent(), qgis_canvas.extent())
        assert views.view(name).canvas.extent().contains(patch)


def test_the_wheel_on_a_view_moves_the_map_and_the_other_views(views, qgis_canvas):
    first, second = (views.view(name) for name in views.shown)
    before = qgis_canvas.mapUnitsPerPixel()
    middle = QPointF(first.canvas.viewport().rect().center())
    wheel = QWheelEvent(
        middle,
        QPointF(first.canvas.viewport().mapToGlobal(middle.toPoint())),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(first.canvas.viewport(), wheel)
    assert qgis_canvas.mapUnitsPerPixel() < 0.9 * before
    assert near(first.canvas.extent(), qgis_canvas.extent())
    assert near(second.canvas.extent(), qgis_canvas.extent())


def test_a_view_that_is_resized_leaves_the_map_where_it_is(views, qgis_canvas, qtbot):
    before = qgis_canvas.extent()
    view = views.view(views.shown[0])
    view.canvas.setFixedSize(200, 330)
    qtbot.wait(50)
    assert qgis_canvas.extent() == before
    assert near(view.canvas.extent(), before)


def test_the_mouse_is_shown_in_all_maps_but_the_one_it_is_in(work, views, qgis_canvas):
    first, second = (views.view(name) for name in views.shown)
    work.mouse.move(20, 30)
    place = work.bench.place.to_map(work.mouse.exact(20, 30))
    for view in (first, second):
        assert view.cross.isVisible()
        assert view.cross.center().distance(place) < 0.2
    pointer = Mouse(work, first.canvas)
    pointer.move(40, 12)
    there = work.bench.place.to_map(pointer.exact(40, 12))
    assert second.cross.center().distance(there) < 0.2
    assert first.cross.center().distance(place) < 0.2
    QApplication.sendEvent(first.canvas.viewport(), QEvent(QEvent.Type.Leave))
    assert not second.cross.isVisible()


def test_labels_are_drawn_in_the_views_where_wanted_and_follow_the_brush(work, views, qgis_canvas):
    view = views.view(views.shown[0])
    plain = picture_of(view.canvas)
    work.mouse.key(Qt.Key.Key_0, ALT)
    assert views.shows_labels
    work.session.choose_class(0)
    work.mouse.drag((10, 10), (50, 50))
    painted = picture_of(view.canvas)
    where = view.canvas.getCoordinateTransform().transform(work.bench.place.to_map(work.mouse.exact(30, 30)))
    row, col = int(where.y()), int(where.x())
    assert (plain[row, col] != painted[row, col]).any()
    work.mouse.key(Qt.Key.Key_0, ALT)
    QApplication.sendEvent(qgis_canvas.viewport(), QEvent(QEvent.Type.Leave))  # no cross
    assert np.array_equal(picture_of(view.canvas), plain)


def test_a_view_that_cannot_be_read_is_said_and_the_others_work(work):
    views = work.views_bench.views
    campaign = work.session.campaign
    views.choices = view_choices(
        replace(campaign, sources=(Source(SourceRole.OTHER_DATE, "2019", "/nowhere/2019.tif"),))
    )
    assert not views.want("source1", True)
    work.views_bench.panel.show_views()
    assert not work.views_bench.panel.boxes["source1"].isEnabled()
    assert views.want("colour", True)


def test_closing_the_campaign_takes_the_views_away(work, views):
    work.session.close_campaign()
    assert views.shown == []
    assert views.choices == ()
    assert not work.views_bench.dock.isVisible()
