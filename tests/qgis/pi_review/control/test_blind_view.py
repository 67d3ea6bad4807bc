# SPDX-License-Identifier: GPL-2.0-or-later
"""A control by keys and mouse in the plugin: what is written, and what is never shown."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing

import pytest
from qgis.core import QgsApplication, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QMessageBox, QWidget

from inference_backend.contracts.control import Unit
from inference_backend.contracts.lot import ImageryRole
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters import gpkg
from ocsge_pi_review.adapters.settings import ReviewSettings, review_settings
from ocsge_pi_review.domain.keymap import DEFAULT_KEYS
from ocsge_pi_review.gui.control_help import control_help_html
from ocsge_pi_review.gui.control_words import control_words
from tests.qgis.pi_review.control.answers_on_disk import answers, in_force
from tests.qgis.pi_review.control.control_factory import Wanted, make_control
from tests.qgis.pi_review.hands import CTRL, LEFT, SHIFT
from tests.qgis.pi_review.layer_checks import rows_on_disk

KEY = Qt.Key
BUILT_HOME = (KEY.Key_1, KEY.Key_9)
"""CS1.1.1.1 and US5 in the official order."""


def session(opened):
    return opened.control.control.session


def said_by(opened, hands, *keys) -> tuple[str | None, str | None]:
    for key in keys:
        hands.press(key)
    judgement = session(opened).judgement
    return judgement.cs, judgement.us


def heard(opened, monkeypatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(opened.messages, "_say", lambda text, *_, **__: told.append(text))
    return told


def test_opening_shows_the_first_unit_and_hides_the_review(opened, qgis_canvas):
    control = opened.control.control
    assert session(opened).unit.sample_id == 1
    assert qgis_canvas.extent().contains(session(opened).outline(1).boundingBox())
    assert opened.control.panel.isVisible()
    assert not opened.panel.isVisible()
    assert "Claire" in opened.control.panel.name_label.text()
    assert opened.control.panel.progress.format().startswith("0 / 12")
    assert opened.control.view.map.around.numberOfVertices() > 0
    assert control.store.label in opened.control.panel.name_label.toolTip()


def test_one_key_for_the_cover_one_for_the_use_and_space_goes_on(opened, hands, control_path):
    assert said_by(opened, hands, *BUILT_HOME) == ("CS1.1.1.1", "US5")
    assert answers(control_path) == [], "nothing is written before it is confirmed"
    hands.press(KEY.Key_Space)
    (row,) = answers(control_path)
    assert (row["sample_id"], row["control_cs"], row["control_us"]) == (1, "CS1.1.1.1", "US5")
    assert (row["controller"], row["role"], row["in_force"], row["kinds"]) == ("Claire", "first", 1, None)
    assert row["decided_at"].endswith("Z")
    assert session(opened).unit.sample_id == 2
    assert opened.control.panel.progress.format().startswith("1 / 12")
    assert opened.control.view.said.active == "cs"


def test_the_keys_of_codes_are_the_same_for_every_unit(opened, hands):
    said = opened.control.view.said
    first = {dimension: dict(codes) for dimension, codes in said.codes.items()}
    order = [list(palette.buttons) for palette in opened.control.panel.palettes.values()]
    for _ in range(4):
        hands.press(KEY.Key_D)
        assert {dimension: dict(codes) for dimension, codes in said.codes.items()} == first
        assert [list(p.buttons) for p in opened.control.panel.palettes.values()] == order
    assert [len(codes) for codes in order] == [14, 20]


def test_letters_and_the_french_digits_say_codes_too(opened, hands):
    hands.send(KEY.Key_Eacute, "é")
    assert session(opened).judgement.cs == "CS1.1.1.2"
    hands.press(KEY.Key_U)
    assert said_by(opened, hands, KEY.Key_T) == ("CS2.2.1", None)


def test_what_is_missing_is_asked_for_and_nothing_is_written(opened, hands, control_path, monkeypatch):
    told = heard(opened, monkeypatch)
    hands.press(KEY.Key_Space)
    hands.press(KEY.Key_1)
    hands.press(KEY.Key_U)
    hands.press(KEY.Key_Space)
    assert answers(control_path) == []
    assert len(told) == 2
    assert opened.control.view.said.active == "us"
    assert session(opened).unit.sample_id == 1


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ((KEY.Key_N, KEY.Key_N), (None, None)),
        ((KEY.Key_N, KEY.Key_9), (None, "US5")),
        ((KEY.Key_1, KEY.Key_N), ("CS1.1.1.1", None)),
        ((KEY.Key_8, KEY.Key_2, KEY.Key_U, KEY.Key_Backspace, KEY.Key_Backspace), ("CS2.1", "US1.2")),
    ],
)
def test_what_cannot_be_said_or_only_roughly_is_written_so(opened, hands, control_path, keys, expected):
    for key in (*keys, KEY.Key_Space):
        hands.press(key)
    assert in_force(control_path) == {1: expected}


def test_kinds_comment_and_drawing_go_with_the_answer(opened, hands, control_path, qgis_canvas):
    for key in (*BUILT_HOME, KEY.Key_M, KEY.Key_G, KEY.Key_S, KEY.Key_G):
        hands.press(key)
    hands.press(KEY.Key_Question)
    line = opened.control.panel.comment_line
    QTest.keyClicks(line, "1 hangar <b>absent</b>")
    QTest.keyClick(line, KEY.Key_Return)
    assert answers(control_path) == [], "Enter ends the comment and confirms nothing"
    hands.press(KEY.Key_X)
    unit = session(opened).unit
    hands.drag([(unit.x, unit.y), (unit.x + 6, unit.y), (unit.x + 6, unit.y + 6)])
    hands.press(KEY.Key_Space)
    (row,) = answers(control_path)
    assert (row["kinds"], row["comment"]) == ("omission,threshold", "1 hangar <b>absent</b>")
    (drawn,) = json.loads(row["sketch"])["geometries"]
    assert drawn["type"] == "LineString"
    assert qgis_canvas.mapTool() is not opened.control.view.map.sketch
    assert opened.control.panel.comment_line.text() == ""
    hands.press(KEY.Key_A)
    assert opened.control.panel.comment_line.text() == "1 hangar <b>absent</b>"
    assert len(opened.control.view.map.sketch.strokes) == 1


def test_an_answer_that_is_changed_replaces_the_one_before(opened, hands, control_path):
    for key in (*BUILT_HOME, KEY.Key_Space, KEY.Key_A, KEY.Key_U, KEY.Key_8, KEY.Key_Space):
        hands.press(key)
    old, new = answers(control_path)
    assert (old["in_force"], new["in_force"], new["replaces"]) == (0, 1, old["answer_id"])
    assert in_force(control_path) == {1: ("CS1.1.1.1", "US3")}
    hands.press(KEY.Key_A)
    hands.press(KEY.Key_Space)
    assert len(answers(control_path)) == 2, "confirming the same again writes nothing"


def test_undo_and_redo_go_over_sessions(opened, hands, control_path):
    for key in (*BUILT_HOME, KEY.Key_Space, KEY.Key_T, KEY.Key_1, KEY.Key_Space):
        hands.press(key)
    opened.controller.open(control_path)
    hands.press(KEY.Key_Z, CTRL)
    assert session(opened).unit.sample_id == 2
    assert session(opened).judgement.cs == "CS2.2.1", "what was said is still there to be mended"
    hands.press(KEY.Key_Z, CTRL)
    assert in_force(control_path) == {}
    hands.press(KEY.Key_Z, CTRL | SHIFT)
    assert in_force(control_path) == {1: ("CS1.1.1.1", "US5")}


def test_moving_keeps_what_was_said_and_the_next_to_do_comes_by_itself(opened, hands, control_path):
    hands.press(KEY.Key_1)
    hands.press(KEY.Key_D)
    for key in (KEY.Key_T, KEY.Key_1, KEY.Key_Space):
        hands.press(key)
    assert session(opened).unit.sample_id == 3
    hands.press(KEY.Key_A)
    hands.press(KEY.Key_A)
    assert session(opened).judgement.cs == "CS1.1.1.1"
    hands.press(KEY.Key_9)
    hands.press(KEY.Key_Space)
    assert session(opened).unit.sample_id == 3
    hands.press(KEY.Key_Right, CTRL)
    assert session(opened).unit.sample_id == 4


def test_escape_comes_back_to_the_unit(opened, hands, qgis_canvas):
    hands.press(KEY.Key_X)
    unit = session(opened).unit
    qgis_canvas.setCenter(QgsPointXY(unit.x + 5000, unit.y))
    hands.press(KEY.Key_Escape)
    assert qgis_canvas.extent().contains(QgsPointXY(unit.x, unit.y))
    assert not opened.control.view.map.is_drawing


def test_couples_given_before_are_one_key_away(opened, hands, control_path):
    for key in (*BUILT_HOME, KEY.Key_Space, KEY.Key_T, KEY.Key_1, KEY.Key_Space):
        hands.press(key)
    panel = opened.control.panel
    assert [offer and offer.couple for offer in panel.favourites.offers][:3] == [
        ("CS1.1.1.1", "US5"), ("CS2.2.1", "US1.1"), None
    ]  # fmt: skip
    hands.press(KEY.Key_F1)
    hands.press(KEY.Key_Space)
    QTest.mouseClick(panel.favourites.buttons[1], LEFT)
    QTest.mouseClick(panel.buttons["accept"], LEFT)
    assert list(in_force(control_path).values())[2:] == [("CS1.1.1.1", "US5"), ("CS2.2.1", "US1.1")]


def test_the_mouse_alone_is_enough(opened, control_path):
    panel = opened.control.panel
    QTest.mouseClick(panel.palettes["us"].buttons["US3"], LEFT)
    QTest.mouseClick(panel.palettes["cs"].buttons["CS2.2.2"], LEFT)
    QTest.mouseClick(panel.buttons["geometry"], LEFT)
    QTest.mouseClick(panel.buttons["accept"], LEFT)
    (row,) = answers(control_path)
    assert (row["control_cs"], row["control_us"], row["kinds"]) == ("CS2.2.2", "US3", "geometry")


def test_a_code_is_found_by_a_word(opened, hands):
    hands.press(KEY.Key_F)
    line = opened.control.panel.palettes["cs"].search_line
    QTest.keyClicks(line, "prai")
    QTest.keyClick(line, KEY.Key_Return)
    assert session(opened).judgement.cs == "CS2.2.1"


def test_nothing_on_the_screen_tells_what_was_delivered(opened, hands, lot_path, control_path):
    """Ids, and everything that two delivered lots would show differently, are nowhere to be found."""
    ids = set(rows_on_disk(lot_path))
    shown = texts_of(opened.control.panel)
    for _ in range(6):
        hands.press(KEY.Key_D)
        again = texts_of(opened.control.panel)
        assert {name for name in shown if shown[name] != again[name]} <= {"title_label"}
        assert not ids & set(" ".join(again.values()).split())
    (layer,) = QgsProject.instance().mapLayers().values()
    assert (layer.featureCount(), layer.fields().count()) == (0, 0), "there so that the map is shown"
    assert ImageryRole.PREDICTION not in opened.control.view.views.buttons.buttons


def texts_of(panel: QWidget) -> dict[str, str]:
    """Texts and tooltips of every widget, by place; the unit's number and area stand in the title."""
    found = {}
    for number, widget in enumerate(panel.findChildren(QWidget)):
        text = widget.text() if hasattr(widget, "text") and callable(widget.text) else ""
        name = "title_label" if widget is panel.title_label else f"{number} {widget.objectName()}"
        found[name] = f"{text} {widget.toolTip()}"
    return found


def test_a_prediction_that_somebody_put_into_the_file_is_not_offered(plugin, made_lot, tmp_path):
    images = ({"role": "prediction", "uri": "p.tif", "provider": "gdal"},)
    path = make_control(tmp_path / "p.control.gpkg", made_lot, Wanted(units=2, images=images))
    plugin.controller.open(path)
    assert plugin.control.view.views.sources.entries == ()


def test_labels_that_a_file_brings_are_shown_and_not_obeyed(plugin, control_path):
    """A label may be HTML that fetches a picture from a computer of its author's choice."""
    nomenclature = json.loads(Profile.load().path.with_name("nomenclature.json").read_text(encoding="utf-8"))
    rules = Profile.load().path.read_text(encoding="utf-8")
    nomenclature["land_cover"][-1] |= {
        "label_fr": "<img src='file:///x'>",
        "label_en": "<img src='file:///x'>",
    }
    with closing(sqlite3.connect(control_path)) as database, database:
        database.execute("DELETE FROM lot WHERE key IN ('profile_json', 'nomenclature_json')")
        rows = [("profile_json", rules), ("nomenclature_json", json.dumps(nomenclature))]
        database.executemany("INSERT INTO lot (key, value) VALUES (?, ?)", rows)
    plugin.controller.open(control_path)
    tip = plugin.control.panel.palettes["cs"].buttons[nomenclature["land_cover"][-1]["code"]].toolTip()
    assert "&lt;img" in tip


def test_a_layer_that_shows_codes_is_warned_of(plugin, control_path, lot_path, monkeypatch):
    told = heard(plugin, monkeypatch)
    layer = QgsVectorLayer(f"{lot_path}|layername=occupation_sol", "livré", "ogr")
    QgsProject.instance().addMapLayer(layer)
    plugin.controller.open(control_path)
    assert [text for text in told if "livré" in text]


def test_a_layer_with_codes_that_comes_later_is_warned_of_too(opened, control_path, lot_path, monkeypatch):
    told = heard(opened, monkeypatch)
    own = QgsVectorLayer(f"{control_path}|layername=control_sample", "unités", "ogr")
    lot = QgsVectorLayer(f"{lot_path}|layername=occupation_sol", "livré", "ogr")
    QgsProject.instance().addMapLayers([own, lot])
    assert ["livré" in text for text in told] == [True]
    opened.controller.close()
    QgsProject.instance().addMapLayer(lot.clone())
    assert len(told) == 1


def test_a_point_is_shown_by_a_cross_with_its_surroundings(plugin, made_lot, tmp_path, hands, qgis_canvas):
    path = make_control(tmp_path / "p.control.gpkg", made_lot, Wanted(units=3, unit=Unit.POINT, second=(1,)))
    plugin.controller.open(path)
    unit = session(plugin).unit
    band = plugin.control.view.map.focus.band
    assert band.numberOfVertices() == 8
    middle = band.asGeometry().boundingBox().center()
    assert (middle.x(), middle.y()) == pytest.approx((unit.x, unit.y))
    assert qgis_canvas.extent().width() > 60
    for key in (*BUILT_HOME, KEY.Key_Space):
        hands.press(key)
    assert [row["role"] for row in answers(path)] == ["second"]


def test_an_arbiter_hears_both_opinions_without_names(plugin, made_lot, tmp_path, hands, monkeypatch):
    opinions = tuple(
        {"answer_id": f"{who}{n}", "sample_id": n, "controller": who, "role": role, "control_cs": cs,
         "control_us": "US5", "comment": "toit <script>"}
        for n in (1, 2) for who, role, cs in (("Anne", "first", "CS1.1.1.1"), ("Bob", "second", "CS2.2.1"))
    )  # fmt: skip
    wanted = Wanted(units=2, controller="Claire", role="arbiter", answers=opinions)
    path = make_control(tmp_path / "a.control.gpkg", made_lot, wanted)
    plugin.controller.open(path)
    panel = plugin.control.panel
    assert panel.opinions_label.isVisible()
    assert panel.opinions_label.textFormat() == Qt.TextFormat.PlainText
    everything = " ".join(texts_of(panel).values())
    assert "Anne" not in everything
    assert "Bob" not in everything
    assert panel.progress.format().startswith("0 / 2"), "the others' answers are not the arbiter's"
    hands.press(KEY.Key_F2)
    hands.press(KEY.Key_Space)
    own = [row for row in answers(path) if row["role"] == "arbiter"]
    assert [(row["controller"], row["control_cs"]) for row in own] == [("Claire", "CS2.2.1")]
    assert all(row["in_force"] for row in answers(path))
    hands.press(KEY.Key_Z, CTRL)
    hands.press(KEY.Key_Z, CTRL)
    assert [row["in_force"] for row in answers(path)] == [1, 1, 1, 1, 0]


def test_views_of_the_review_are_there(plugin, made_lot, tmp_path, hands):
    image = {
        "role": "other_date",
        "uri": "https://127.0.0.1:9/x.tif",
        "provider": "gdal",
        "millesime": "2019",
    }
    path = make_control(tmp_path / "v.control.gpkg", made_lot, Wanted(units=2, images=(image,)))
    plugin.controller.open(path)
    assert [entry.role for entry in plugin.control.view.views.sources.entries] == [ImageryRole.OTHER_DATE]
    keys = plugin.control.view.keys
    assert {keys[name] for name in ("other_date", "infrared", "height", "swipe")} == {
        DEFAULT_KEYS[name] for name in ("other_date", "infrared", "height", "swipe")
    }


def test_the_help_names_every_key(opened):
    keys = opened.control.view.keys
    page = control_help_html(keys)
    assert set(control_words()) == set(keys) - {"cancel"}
    assert all(words.tip in page for words in control_words().values())


def test_a_key_that_the_operator_changed_works_here_too(plugin, control_path, hands):
    review_settings().save(ReviewSettings(operator="Claire", key_changes=("next=Y",)))
    plugin.controller.open(control_path)
    hands.press(KEY.Key_Y)
    assert session(plugin).unit.sample_id == 2


def test_handing_back_says_what_is_left_and_leaves_one_plain_file(opened, hands, control_path, lot_path):
    before = hashlib.sha256(lot_path.read_bytes()).hexdigest()
    for key in (KEY.Key_N, KEY.Key_9, KEY.Key_Space):
        hands.press(key)
    opened.control.hand_back()
    box = opened.control.question
    assert "11" in box.text()
    assert " 1." in box.text()
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Cancel), LEFT)
    QApplication.processEvents()
    assert opened.control.control is not None
    opened.control.hand_back()
    QTest.mouseClick(opened.control.question.button(QMessageBox.StandardButton.Ok), LEFT)
    QApplication.processEvents()
    assert opened.control.control is None
    assert opened.panel.isVisible()
    assert {path.name for path in control_path.parent.iterdir()} == {control_path.name, lot_path.name}
    assert in_force(control_path) == {1: (None, "US5")}
    assert hashlib.sha256(lot_path.read_bytes()).hexdigest() == before


def test_handing_back_names_answers_that_were_changed_and_not_confirmed(opened, hands, control_path):
    for key in (*BUILT_HOME, KEY.Key_Space):
        hands.press(key)
    session(opened).show_unit(1)
    hands.press(KEY.Key_2)
    hands.press(KEY.Key_D)
    assert session(opened).unconfirmed == (1,)
    opened.control.hand_back()
    assert "not confirmed: 1 (first: no. 1)" in opened.control.question.text()
    opened.control.question.close()
    session(opened).show_unit(1)
    hands.press(KEY.Key_1)
    assert session(opened).unconfirmed == (), "said as it was"
    assert in_force(control_path) == {1: ("CS1.1.1.1", "US5")}


def test_a_finished_file_opens_on_its_first_unit_and_space_says_that_all_is_done(
    plugin, made_lot, tmp_path, hands, monkeypatch
):
    told = heard(plugin, monkeypatch)
    path = make_control(tmp_path / "f.control.gpkg", made_lot, Wanted(units=2))
    plugin.controller.open(path)
    for _ in range(2):
        for key in (*BUILT_HOME, KEY.Key_Space):
            hands.press(key)
    assert len(told) == 1
    plugin.controller.open(path)
    assert session(plugin).unit.sample_id == 1
    assert plugin.control.panel.progress.format().startswith("2 / 2")


def test_a_lot_and_a_control_file_are_never_open_together(opened, lot_path, control_path):
    opened.controller.open(lot_path)
    QgsApplication.processEvents()
    assert opened.control.control is None
    assert opened.panel.isVisible()
    opened.controller.open(control_path)
    assert opened.controller.lot is None
    assert opened.control.control is not None
    QgsProject.instance().clear()
    assert opened.control.control is None


@pytest.mark.parametrize("kind", ["lot_path", "control_path"])
def test_a_script_that_reads_another_project_closes_what_is_open(plugin, kind, request, tmp_path):
    plugin.controller.open(request.getfixturevalue(kind))
    QgsApplication.processEvents()
    other = tmp_path / "other.qgs"
    assert QgsProject().write(str(other))
    assert QgsProject.instance().read(str(other)), "QGIS itself would be gone"
    assert plugin.controller.lot is None
    assert plugin.control.control is None
    assert not QgsProject.instance().mapLayers()


def test_closing_leaves_nothing_on_the_map(opened, qgis_canvas):
    opened.control.close()
    project = QgsProject.instance()
    assert project.layerTreeRoot().children() == []
    assert project.mapLayers() == {}
    assert isinstance(opened.control, QObject)
    items = [item for item in qgis_canvas.scene().items() if type(item).__name__ == "QgsRubberBand"]
    assert not [item for item in items if item.numberOfVertices()]


def test_who_opens_a_rejected_lot_sees_what_the_control_sent_back_first(plugin, lot_path):
    with closing(gpkg.connect(lot_path)) as database:
        database.execute(
            "UPDATE review_item SET rank = -9, state = 'redo', reasons = 'control_error,' || reasons, "
            "answer = 'hangar <b>absent</b> au nord' WHERE item_id = 20"
        )
    plugin.controller.open(lot_path)
    assert plugin.controller.lot.review.item_id == 20
    assert plugin.panel.remark_label.isVisible()
    assert plugin.panel.remark_label.text() == "hangar <b>absent</b> au nord"
    assert plugin.panel.remark_label.textFormat() == Qt.TextFormat.PlainText
    assert plugin.panel.title_label.text().startswith("Control")
