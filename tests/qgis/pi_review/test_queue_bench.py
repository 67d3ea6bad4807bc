# SPDX-License-Identifier: GPL-2.0-or-later
"""The reading side of an open lot: queue, filters, card, comments, views, references, codes around."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest

from inference_backend.contracts.lot import ImageryRole, ItemState, Operation, Reason
from ocsge_common.messages import MessageLog
from ocsge_common.tasks import running_tasks
from ocsge_pi_review.adapters.imagery import ImageryEntry, make_image
from ocsge_pi_review.adapters.lot_images import LotImages
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.adapters.references import PLAIN_NAME
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.adapters.views import ViewSources
from ocsge_pi_review.domain.imagery_errors import ImageSourceRefusedError
from ocsge_pi_review.domain.merge import common_border
from ocsge_pi_review.domain.patch import Patch
from ocsge_pi_review.domain.sketch import sketch_from_json
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.queue_bench import QueueBench
from ocsge_pi_review.gui.queue_model import ITEM_ROLE, STATE
from tests.qgis.inputs.map_server import ORIGIN as SERVED_AT
from tests.qgis.inputs.map_server import map_server
from tests.qgis.pi_review.layer_checks import item_row
from tests.qgis.pi_review.lot_material import (
    NIR,
    OTHER,
    add_reference,
    change,
    give_communes,
    name_images,
    write_image,
    write_images,
)

SAID: list[str] = []
OPTION = "lot.gpkg|option:PRELUDE_STATEMENTS=DELETE FROM review_item"
"""What a hostile lot would have GDAL run as it opens a source."""


class Messages(MessageLog):
    """Keeps what is said."""

    def _say(self, text, level, duration_s, kind=""):
        SAID.append(text)


@pytest.fixture(scope="module")
def furnished(made_lot, tmp_path_factory):
    """A lot with images, a reference and communes."""
    folder = tmp_path_factory.mktemp("furnished")
    path = Path(shutil.copy(made_lot, folder / "lot.gpkg"))
    write_images(folder)
    name_images(
        path,
        ("ortho", "ortho.tif", "gdal", "Ortho", "2022"),
        ("other_date", "ortho_2019.tif", "gdal", "Ortho 2019", "2019"),
        ("height", "mnh.tif", "gdal", "MNH", ""),
        ("prediction", "absente.tif", "gdal", "Prédiction", ""),
    )
    add_reference(path)
    give_communes(path)
    return path


@pytest.fixture(scope="module")
def opened(furnished, qgis_canvas, qgis_parent):
    """The lot, opened once: each test gives back what it changed."""
    qgis_canvas.resize(800, 600)
    qgis_parent.show()
    qgis_canvas.show()
    project = QgsProject.instance()
    project.clear()
    lot = open_lot(furnished, "essai", project)
    yield lot
    lot.close(project)
    project.clear()


@pytest.fixture
def bench(opened, qgis_canvas):
    """The bench of the lot on a panel and the canvas, nothing decided, the first item in front."""
    SAID.clear()
    qgis_canvas.setDestinationCrs(opened.store.crs)
    qgis_canvas.setExtent(opened.layers.occupation.extent())
    panel, project = ReviewPanel(), QgsProject.instance()
    panel.resize(440, 950)
    panel.show()
    while opened.review.undo() is not None:
        pass
    made = QueueBench(panel, qgis_canvas, opened, ReviewSettings(), Messages("essai"), project)
    made.lot, made.panel, made.canvas = opened, panel, qgis_canvas
    opened.review.show_item(1)
    settle()
    yield made
    made.close()
    panel.close()
    panel.deleteLater()
    settle()


def settle(rounds: int = 3) -> None:
    for _ in range(rounds):
        QgsApplication.processEvents()


def shown(bench) -> list[int]:
    model = bench.queue.model
    return [model.index(row, 0).data(ITEM_ROLE) for row in range(model.rowCount())]


def drag(viewport, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, 6):
        QTest.mouseMove(viewport, start + (end - start) * step / 5)
        settle(1)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    settle()


def colour_at(canvas, x: int, y: int) -> tuple[int, int, int]:
    colour = canvas.grab().toImage().pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def wait_for(condition, timeout_ms: int = 20_000) -> bool:
    """Whether it comes true in time."""
    for _ in range(timeout_ms // 20):
        if condition():
            return True
        QTest.qWait(20)
    return False


def middle(canvas) -> tuple[int, int, int]:
    return colour_at(canvas, canvas.width() // 2, canvas.height() // 2)


def is_like(colour, expected) -> bool:
    """The same but for a pixel beside it."""
    return all(abs(int(one) - int(other)) < 40 for one, other in zip(colour, expected, strict=True))


def test_the_queue_shows_the_items_by_rank_and_the_one_in_front(bench):
    assert shown(bench) == list(range(1, 25))
    assert bench.panel.queue_view.selectionModel().selectedRows()[0].row() == 0
    assert bench.panel.lot_progress.format() == "0 / 24 · 0\u202f%"
    assert bench.panel.title_label.text().startswith("No. 1 ")
    assert bench.panel.reasons_label.text().startswith("To check because ")


def test_counts_and_pace_follow_decisions_and_undo(bench):
    review = bench.lot.review
    review.accept()
    settle()
    assert bench.panel.lot_progress.format() == "1 / 24 · 4\u202f%"
    assert "today: 1" in bench.panel.pace_label.text()
    model = bench.queue.model
    assert model.index(0, STATE).data() == "Done"
    review.undo()
    settle()
    assert bench.panel.lot_progress.format() == "0 / 24 · 0\u202f%"
    assert "today: 0" in bench.panel.pace_label.text()


def test_a_decided_item_leaves_a_filter_of_states_once_another_is_in_front(bench):
    filters, review = bench.queue.filters, bench.lot.review
    filters.states.choose([ItemState.TODO])
    filters.states.changed.emit()
    assert shown(bench)[:2] == [1, 2]
    item = review.item
    review.postpone("", ask=False)
    settle()
    assert shown(bench)[0] == item.item_id
    review.next_todo()
    settle()
    assert shown(bench)[0] == 2
    assert bench.queue.model.rowCount() == 23
    review.undo()
    settle()
    assert shown(bench) == list(range(1, 25))


def test_filters_by_reason_class_commune_and_view(bench, furnished):
    filters, review = bench.queue.filters, bench.lot.review
    filters.reasons.choose([Reason.USE_BY_DEFAULT])
    filters.reasons.changed.emit()
    assert shown(bench) == [3, 7, 11, 15, 19, 23]
    filters.communes.menu().aboutToShow.emit()
    assert filters.communes.menu().actions()[0].text() == "33009"
    filters.reasons.choose([])
    filters.communes.menu().actions()[1].trigger()
    assert shown(bench) == list(range(2, 25, 2))
    filters.clear()
    assert shown(bench) == list(range(1, 25))
    code = review.item.proposed_cs
    tree = filters.classes.tree
    branch = tree.topLevelItem(0 if code.startswith("CS1") else 1)
    branch.setCheckState(0, Qt.CheckState.Checked)
    with sqlite3.connect(furnished) as connection:
        below = [row[0] for row in connection.execute(
            "SELECT item_id FROM review_item WHERE substr(proposed_cs, 1, 3) = ? ORDER BY rank", (code[:3],)
        )]  # fmt: skip
    assert shown(bench) == below
    filters.clear()
    filters.view_button.setChecked(True)
    in_view = shown(bench)
    assert 0 < len(in_view) < 24
    bench.canvas.zoomScale(50_000)
    assert shown(bench) == in_view


def test_accepting_goes_on_within_the_filter(bench):
    filters, review = bench.queue.filters, bench.lot.review
    filters.reasons.choose([Reason.USE_BY_DEFAULT])
    filters.reasons.changed.emit()
    review.next_todo()
    assert review.item_id == 3
    review.accept()
    assert review.item_id == 7


def test_a_row_clicked_puts_its_item_in_front(bench):
    view = bench.panel.queue_view
    place = view.visualRect(bench.queue.model.index(3, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert bench.lot.review.item_id == 4


def test_the_scale_stays_and_the_polygon_is_in_the_middle(bench):
    review, canvas = bench.lot.review, bench.canvas
    scales = set()
    for _ in range(6):
        review.step(1)
        settle()
        scales.add(round(canvas.scale()))
        box = bench.focus.band.asGeometry().boundingBox()
        assert canvas.extent().contains(box)
        assert box.center().distance(canvas.extent().center()) < 1
    assert len(scales) <= 3


def test_the_next_view_is_ready_before_it_is_wanted(bench):
    canvas, review, view = bench.canvas, bench.lot.review, bench.next_view
    second = review.store.item(2).polygon_id
    assert wait_for(lambda: view.prepared == second)
    review.accept()
    assert view.is_shown
    assert wait_for(lambda: not view.is_shown)
    assert wait_for(lambda: view.prepared == review.store.item(3).polygon_id)
    canvas.setRotation(30)
    review.step(1)
    assert not view.is_shown
    canvas.setRotation(0)


def test_a_view_on_what_has_changed_since_is_not_shown(bench):
    review, view = bench.lot.review, bench.next_view
    second = review.store.item(2).polygon_id
    assert wait_for(lambda: view.prepared == second)
    row = review.store.row(second)
    other = next(code.code for code in bench.lot.profile.nomenclature.leaves("cs") if code.code != row.cs)
    review.perform(Operation.SET_COVER, Patch((row,), (row.with_values(code_cs=other),)))
    assert view.prepared is None


def test_a_comment_with_a_drawing_is_kept_and_shown_again(bench, furnished):
    review, canvas = bench.lot.review, bench.canvas
    tool = canvas.mapTool()
    bench.gestures["comment"]()
    dialog = bench.comments.dialog
    assert not bench.panel.isEnabled()
    dialog.editor.setPlainText("serre ou hangar ?")
    QTest.mouseClick(dialog.draw_button, Qt.MouseButton.LeftButton)
    drag(canvas.viewport(), QPoint(200, 200), QPoint(320, 260))
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert review.item_id == 1
    QTest.mouseClick(dialog.ask_button, Qt.MouseButton.LeftButton)
    settle()
    assert SAID == []
    assert bench.comments.dialog is None
    assert bench.panel.isEnabled()
    assert canvas.mapTool() is tool
    row = item_row(furnished, 1)
    assert (row["state"], row["comment"]) == ("asked", "serre ou hangar ?")
    line, mark = sketch_from_json(row["sketch"])
    expected = canvas.getCoordinateTransform()
    assert (line.is_mark, mark.is_mark) == (False, True)
    assert review.item_id == 2
    assert bench.comments._seen.lines.asGeometry().isEmpty()
    review.show_item(1)
    settle()
    assert not bench.comments._seen.lines.asGeometry().isEmpty()
    assert "serre ou hangar ?" in bench.panel.remark_label.text()
    assert expected is not None


def test_a_note_leaves_the_item_where_it_is_and_cancel_leaves_nothing(bench, furnished):
    bench.gestures["comment"]()
    bench.comments.dialog.editor.setPlainText("à revoir au printemps")
    QTest.mouseClick(bench.comments.dialog.note_button, Qt.MouseButton.LeftButton)
    assert (item_row(furnished, 1)["state"], item_row(furnished, 1)["comment"]) == (
        "todo",
        "à revoir au printemps",
    )
    bench.gestures["comment"]()
    bench.comments.dialog.editor.setPlainText("rien")
    bench.comments.dialog.close()
    settle()
    assert bench.panel.isEnabled()
    assert item_row(furnished, 1)["comment"] == "à revoir au printemps"


def test_a_comment_being_written_is_noted_when_the_lot_closes(bench, furnished):
    bench.gestures["comment"]()
    bench.comments.dialog.editor.setPlainText("serre, voir")
    bench.lot.review.show_item(2)

    bench.comments.remove()

    assert (item_row(furnished, 1)["comment"], item_row(furnished, 2)["comment"]) == ("serre, voir", None)


def test_the_controller_answers_and_the_item_comes_back(bench, furnished):
    review = bench.lot.review
    review.postpone("serre ?", ask=True)
    bench.gestures["comment"]()
    dialog = bench.comments.dialog
    assert dialog.editor.toPlainText() == "serre ?"
    dialog.answer_editor.setPlainText("oui, serre")
    QTest.mouseClick(dialog.answer_button, Qt.MouseButton.LeftButton)
    row = item_row(furnished, 1)
    assert (row["state"], row["comment"], row["answer"]) == ("redo", "serre ?", "oui, serre")
    assert review.item_id != 1
    review.undo()
    assert (review.item_id, review.item.state, review.item.answer) == (1, ItemState.ASKED, None)


def test_the_controllers_answer_is_on_the_card(bench, furnished):
    change(furnished, "UPDATE review_item SET state = 'redo', answer = '<b>serre</b>' WHERE item_id = 2")
    bench.lot.review.show_item(2)
    settle()
    assert "Controller: <b>serre</b>" in bench.panel.remark_label.text()
    assert bench.panel.remark_label.isVisible()
    assert "To redo" in bench.panel.title_label.text()


def test_the_other_date_is_shown_beside_the_map_and_moves_with_it(bench):
    bench.gestures["other_date"]()
    view = bench.views.views[ImageryRole.OTHER_DATE]
    assert view.title.text() == "Other date – Ortho 2019"
    view.canvas.waitWhileRendering()
    bench.canvas.zoomScale(3000)
    assert view.canvas.extent().center().distance(bench.canvas.extent().center()) < 1
    bench.lot.review.step(1)
    settle()
    assert view.focus.asGeometry().equals(bench.focus.band.asGeometry())
    bench.gestures["other_date"]()
    assert bench.views.views == {}
    assert not bench.views.place.is_shown


def test_infrared_comes_from_the_fourth_band_where_the_lot_has_no_infrared_image(bench):
    bench.gestures["infrared"]()
    layer = bench.views.views[ImageryRole.INFRARED].layer
    renderer = layer.renderer()
    assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (4, 1, 2)
    bench.gestures["height"]()
    assert bench.views.views[ImageryRole.HEIGHT].layer.renderer().type() == "hillshade"


def test_swiping_shows_the_other_image_on_one_side_and_the_bar_can_be_dragged(bench):
    canvas = bench.canvas
    bench.lot.layers.group.setItemVisibilityChecked(False)
    canvas.setLayers([])
    canvas.setExtent(bench.lot.layers.occupation.extent().scaled(0.5))
    bench.gestures["swipe"]()
    item = bench.views.swipe
    assert wait_for(lambda: item.is_drawn)
    item.move_bar(400)
    assert colour_at(canvas, 600, 300) == OTHER
    assert colour_at(canvas, 200, 300) != OTHER
    drag(canvas.viewport(), QPoint(400, 200), QPoint(700, 200))
    assert item.bar_px == 700
    assert colour_at(canvas, 600, 300) != OTHER
    bench.gestures["infrared"]()
    assert wait_for(lambda: bench.views.swipe.is_drawn)
    bench.views.swipe.move_bar(400)
    assert colour_at(canvas, 600, 300) == NIR
    bench.gestures["swipe"]()
    assert bench.views.swipe is None


def test_a_missing_image_is_said_and_its_button_comes_up_again(bench):
    bench.gestures["prediction"]()
    settle()
    assert "absente.tif" in SAID[-1]
    assert not bench.views.buttons.buttons[ImageryRole.PREDICTION].isChecked()


def test_a_layer_of_the_project_can_be_looked_at_instead(bench, tmp_path):
    layer = QgsRasterLayer(str(write_image(tmp_path / "autre.tif", (9, 9, 9))), "Autre")
    QgsProject.instance().addMapLayer(layer)
    bench.views.buttons.source_chosen.emit(ImageryRole.OTHER_DATE, layer.id())
    assert bench.views.views[ImageryRole.OTHER_DATE].title.text() == "Other date – Autre"
    QgsProject.instance().removeMapLayer(layer.id())


def test_an_image_that_is_no_file_is_not_opened(bench):
    for uri in ("<VRTDataset/>", "PG:dbname=x", "/vsizip/a.zip/b.tif", "HTTP:x", OPTION):
        with pytest.raises(ImageSourceRefusedError):
            make_image(ImageryEntry(ImageryRole.ORTHO, uri, "gdal"), None, "image")
    with pytest.raises(ImageSourceRefusedError):
        make_image(ImageryEntry(ImageryRole.ORTHO, "x", "postgresraster"), None, "image")


def test_a_description_that_leads_elsewhere_is_not_opened(tmp_path):
    write_image(tmp_path / "ortho.tif", (9, 9, 9))
    gdal.Translate(str(tmp_path / "ortho.vrt"), str(tmp_path / "ortho.tif"), format="VRT")
    plain = (tmp_path / "ortho.vrt").read_text(encoding="utf-8")
    nested = plain.replace(">ortho.tif<", ">ortho.vrt<")
    (tmp_path / "nested.vrt").write_text(nested, encoding="utf-8")

    for name in ("ortho.vrt", "nested.vrt"):
        assert make_image(ImageryEntry(ImageryRole.ORTHO, name, "gdal"), tmp_path, "image").isValid()
    for name in ("/vsicurl/http://ailleurs/o.tif", "//ailleurs/partage/o.tif", "PG:dbname=x", "&#47;vsicurl"):
        text = plain.replace(">ortho.tif<", f">{name}<")
        assert text != plain
        (tmp_path / "ortho.vrt").write_text(text, encoding="utf-8")
        for file in ("ortho.vrt", "nested.vrt"):
            with pytest.raises(ImageSourceRefusedError):
                make_image(ImageryEntry(ImageryRole.ORTHO, file, "gdal"), tmp_path, "image")
    (tmp_path / "wms.xml").write_text("<GDAL_WMS><Service/></GDAL_WMS>", encoding="utf-8")
    with pytest.raises(ImageSourceRefusedError):
        make_image(ImageryEntry(ImageryRole.ORTHO, "wms.xml", "gdal"), tmp_path, "image")


def test_an_image_on_a_share_waits_until_it_is_wanted():
    for uri in ("//ailleurs/partage/ortho.tif", r"\\ailleurs\partage\ortho.tif", r"/\ailleurs\ortho.tif"):
        assert ImageryEntry(ImageryRole.ORTHO, uri, "gdal").is_remote
    assert not ImageryEntry(ImageryRole.ORTHO, "/data/ortho.tif", "gdal").is_remote


def test_the_lots_image_lies_under_its_polygons(bench):
    order = [layer.name() for layer in QgsProject.instance().layerTreeRoot().layerOrder()]
    assert order[-1] == bench.images.layer.name() == "Ortho-image – Ortho 2022"


def test_references_come_and_go_by_one_key_and_missing_ones_are_named(bench):
    bench.gestures["references"]()
    assert [layer.name() for layer in bench.references.layers] == ["Routes (BD TOPO)"]
    assert "absente" in SAID[-1]
    assert bench.views.buttons.helps["references"].isChecked()
    bench.gestures["references"]()
    assert not bench.references.is_shown
    bench.gestures["references"]()
    assert bench.references.is_shown


def test_a_reference_with_options_of_the_driver_is_not_opened(bench, furnished):
    change(furnished, f"INSERT INTO reference (layer, title) VALUES ('bdtopo_route{OPTION[8:]}', 'Piège')")
    bench.references.remove()
    bench.gestures["references"]()
    assert [layer.name() for layer in bench.references.layers] == ["Routes (BD TOPO)"]
    assert "PRELUDE_STATEMENTS" in SAID[-1]
    assert not PLAIN_NAME.fullmatch("(SELECT pg_terminate_backend(1))")
    assert bench.queue.model.rowCount() == bench.lot.store.counts(bench.lot.review.filter).total == 24
    change(furnished, "DELETE FROM reference WHERE title = 'Piège'")


def test_codes_of_the_neighbours_are_written_while_wanted(bench):
    layer, review = bench.lot.layers.occupation, bench.lot.review

    def labelled():
        (rule,) = layer.labeling().rootRule().children()
        return {feature["id"] for feature in layer.getFeatures(rule.filterExpression())}

    bench.gestures["neighbour_codes"]()
    first = labelled()
    assert review.polygon_id not in first
    touching = review.store.rows(first).values()
    assert all(common_border(review.row().polygon, row.polygon) > 0 for row in touching)
    review.step(1)
    settle()
    assert labelled() != first
    bench.gestures["neighbour_codes"]()
    assert not layer.labelsEnabled()


def test_closing_leaves_nothing_on_map_and_project(bench):
    scene = bench.canvas.scene()
    for name in ("other_date", "references", "neighbour_codes", "swipe"):
        bench.gestures[name]()
    own = {layer.id() for layer in (bench.lot.layers.items, *bench.lot.layers.from_store)}
    bench.close()
    bench.close()
    settle()
    assert set(QgsProject.instance().mapLayers()) == own
    assert [item for item in scene.items() if type(item).__name__ in ("SwipeItem",)] == []


def test_removing_the_lots_group_takes_references_and_image_with_it(bench):
    """All at once, as the layer panel does: nothing is removed twice, nothing is left."""
    project = QgsProject.instance()
    bench.gestures["references"]()
    ids = [*(layer.id() for layer in bench.references.layers), bench.images.layer.id()]
    project.layersWillBeRemoved.connect(lambda _ids: bench.close(layers_are_leaving=True))
    project.removeMapLayers(ids[:1])
    settle()
    assert not any(project.mapLayer(layer_id) for layer_id in ids)


def test_map_services_are_asked_in_the_background_and_shown_beside_the_map(bench, tmp_path):
    canvas, chosen = bench.canvas, bench.views.buttons.source_chosen
    with map_server(tmp_path) as (server, image):
        x, y = SERVED_AT
        canvas.setExtent(QgsRectangle(x + 20, y - 40, x + 40, y - 20))
        services = {
            ImageryRole.OTHER_DATE: f"crs=EPSG:2154&format=image/png&layers=ortho&styles=&url={server.url}",
            ImageryRole.INFRARED: "crs=EPSG:2154&format=image/png&layers=ortho&styles=default&tileMatrixSet="
            f"EPSG:2154&url={quote(server.url + '?SERVICE=WMTS&REQUEST=GetCapabilities', safe='')}",
        }
        for role, uri in services.items():
            chosen.emit(role, ImageryEntry(role, uri, "wms", role.value))
            assert role not in bench.views.views
            assert wait_for(lambda role=role: role in bench.views.views), SAID
            view = bench.views.views[role].canvas
            assert wait_for(lambda view=view: is_like(middle(view), image[:, 150, 150])), middle(view)
    chosen.emit(
        ImageryRole.HEIGHT,
        ImageryEntry(ImageryRole.HEIGHT, "layers=x&url=http://127.0.0.1:9/", "wms", "Loin"),
    )
    assert wait_for(lambda: any("127.0.0.1:9" in text for text in SAID))
    assert ImageryRole.HEIGHT not in bench.views.views


def test_the_image_of_a_map_service_waits_until_it_is_wanted(furnished, opened, qgis_canvas):
    entry = ImageryEntry(ImageryRole.ORTHO, "layers=x&url=http://127.0.0.1:9/", "wms", "Loin")
    sources = ViewSources(opened.store, QgsProject.instance())
    sources.entries = (entry,)
    images, said = LotImages(sources, opened.layers.group, QgsProject.instance()), []
    images.show(said.append)
    assert (images.is_remote, running_tasks(), said) == (True, [], [])
    images.show(said.append, ask_network=True)
    assert wait_for(lambda: said)
    assert images.layer is None
