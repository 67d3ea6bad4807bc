# SPDX-License-Identifier: GPL-2.0-or-later
"""Gestures through journal, edit buffer and file."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing

import pytest
from qgis.core import QgsGeometry, QgsProject

from inference_backend.contracts.lot import ADDED_COLUMNS, ItemState, Operation
from ocsge_pi_review.adapters import gpkg
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.domain.errors import (
    JournalError,
    LockedPolygonError,
    LotError,
    NotNeighboursError,
    SaveError,
    StalePolygonError,
)
from ocsge_pi_review.domain.merge import common_border
from tests.qgis.pi_review.layer_checks import (
    assert_coverage,
    item_row,
    journal,
    rows_in_qgis,
    rows_on_disk,
)
from tests.unit.pi_review.review_coverage import ROAD_ID

WHOLE_M2 = (30 * 12.0) ** 2


def free_neighbour(review) -> str:
    row = review.row()
    around = [n for n in review.coverage.around(row) if not n.is_locked]
    return max(around, key=lambda n: common_border(row.polygon, n.polygon)).id


def line_across(review) -> list[tuple[float, float]]:
    geometry = QgsGeometry()
    geometry.fromWkb(review.row().wkb)
    x, y = geometry.pointOnSurface().asPoint()
    dx, dy = 300 * math.cos(0.4), 300 * math.sin(0.4)
    return [(x - dx, y - dy), (x + dx, y + dy)]


GESTURES = {
    "accept": lambda review: review.accept(),
    "cover": lambda review: review.set_code("cs", "CS1.2.1"),
    "use": lambda review: review.set_code("us", "US3"),
    "runner-up": lambda review: review.take_runner_up(),
    "merge": lambda review: review.merge_into(free_neighbour(review)),
    "split": lambda review: review.split(line_across(review)),
    "postpone": lambda review: review.postpone("à revoir sur place", ask=False),
    "ask": lambda review: review.postpone("cave ou hangar ?", ask=True),
}


@pytest.mark.parametrize("name", GESTURES)
def test_a_gesture_is_one_undo_command_one_journal_row_and_keeps_the_coverage(lot, name):
    review, layer = lot.review, lot.layers.occupation
    review.show_item(3)
    GESTURES[name](review)
    assert layer.undoStack().count() == 1
    rows = journal(lot.path)
    assert len(rows) == 1
    assert (rows[0]["state"], rows[0]["operator"], rows[0]["item_id"]) == ("written", "essai", 3)
    assert_coverage(rows_in_qgis(layer), WHOLE_M2)
    lot.journal.save()
    assert journal(lot.path)[0]["state"] == "applied"
    on_disk = rows_on_disk(lot.path)
    in_qgis = rows_in_qgis(layer)
    assert {key: row.wkb for key, row in in_qgis.items()} == {key: wkb for key, (wkb, _) in on_disk.items()}
    assert {key: row.attributes for key, row in in_qgis.items()} == {k: a for k, (_, a) in on_disk.items()}


@pytest.mark.parametrize("saved_between", [False, True])
@pytest.mark.parametrize("name", GESTURES)
def test_undo_restores_bytes_and_decision_and_redo_brings_them_back(lot, name, saved_between):
    review, layer = lot.review, lot.layers.occupation
    before_rows, before_item = rows_in_qgis(layer), dict(item_row(lot.path, 3))
    review.show_item(3)
    GESTURES[name](review)
    after_rows, after_item = rows_in_qgis(layer), dict(item_row(lot.path, 3))
    if saved_between:
        lot.journal.save()
    review.undo()
    assert rows_in_qgis(layer) == before_rows
    assert dict(item_row(lot.path, 3)) == before_item
    assert review.item_id == 3
    if saved_between:
        lot.journal.save()
    review.redo()
    assert rows_in_qgis(layer) == after_rows
    assert dict(item_row(lot.path, 3)) == after_item
    operations = [(row["operation"], row["gesture_id"]) for row in journal(lot.path)]
    assert [operation for operation, _ in operations[1:]] == ["undo", "redo"]
    assert len({gesture_id for _, gesture_id in operations}) == 1
    lot.journal.save()
    assert {k: w for k, (w, _) in rows_on_disk(lot.path).items()} == {k: r.wkb for k, r in after_rows.items()}


def test_the_journal_row_is_on_disk_before_the_layer_changes(lot, monkeypatch):
    seen = []
    apply = lot.review.coverage.apply

    def look_then_apply(patch, text):
        seen.append((len(journal(lot.path)), rows_in_qgis(lot.layers.occupation)[patch.before[0].id].cs))
        apply(patch, text)

    monkeypatch.setattr(lot.review.coverage, "apply", look_then_apply)
    lot.review.show_item(1)
    was = lot.review.row().cs
    lot.review.set_code("cs", "CS1.2.3")
    assert seen == [(1, was)]


def test_a_layer_that_refuses_leaves_a_gesture_and_its_undo(lot, monkeypatch):
    before = rows_in_qgis(lot.layers.occupation)
    monkeypatch.setattr(lot.review.coverage, "_add", lambda row: lot.review.coverage._accepted(False))
    lot.review.show_item(2)
    with pytest.raises(Exception, match="edit buffer"):
        lot.review.split(line_across(lot.review))
    assert [row["operation"] for row in journal(lot.path)] == ["split", "undo"]
    assert rows_in_qgis(lot.layers.occupation) == before
    assert lot.layers.occupation.undoStack().count() == 0


def test_an_undo_that_the_layer_refuses_can_be_tried_again(lot, monkeypatch):
    lot.review.show_item(1)
    before = rows_in_qgis(lot.layers.occupation)
    lot.review.set_code("cs", "CS1.2.3")
    lot.journal.save()
    done = rows_in_qgis(lot.layers.occupation)
    with monkeypatch.context() as patched:
        patched.setattr(lot.review.coverage, "_change", lambda *_: lot.review.coverage._accepted(False))
        with pytest.raises(SaveError):
            lot.review.undo()
    assert rows_in_qgis(lot.layers.occupation) == done
    assert [row["operation"] for row in journal(lot.path)] == ["set_cover", "undo", "redo"]
    lot.review.undo()
    assert rows_in_qgis(lot.layers.occupation) == before


def test_a_gesture_that_cannot_be_journalled_is_not_made(lot, monkeypatch):
    import sqlite3

    before = rows_in_qgis(lot.layers.occupation)
    blocker = sqlite3.connect(lot.path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    lot.file._connection.execute("PRAGMA busy_timeout = 50")
    lot.review.show_item(2)
    try:
        with pytest.raises(JournalError) as caught:
            lot.review.set_code("cs", "CS1.2.3")
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()
    assert str(lot.path) in caught.value.text("fr")
    assert rows_in_qgis(lot.layers.occupation) == before
    lot.review.set_code("cs", "CS1.2.3")
    assert len(journal(lot.path)) == 1


def test_qgis_own_undo_and_redo_are_journalled(lot):
    review, stack = lot.review, lot.layers.occupation.undoStack()
    review.show_item(1)
    review.set_code("cs", "CS1.2.3")
    review.merge_into(free_neighbour(review))
    stack.undo()
    stack.undo()
    assert review.queue[1].state is ItemState.TODO
    stack.redo()
    assert [r["operation"] for r in journal(lot.path)] == ["set_cover", "merge", "undo", "undo", "redo"]
    assert review.queue[1].decision_cs == "CS1.2.3"
    assert item_row(lot.path, 1)["decision_cs"] == "CS1.2.3"
    assert review.undo().operation is Operation.UNDO
    assert review.queue[1].state is ItemState.TODO


def test_an_edit_of_another_tool_is_taken_back(lot, qtbot):
    layer, before = lot.layers.occupation, rows_in_qgis(lot.layers.occupation)
    lot.review.show_item(1)
    lot.review.accept()
    with qtbot.waitSignal(lot.journal.foreign_edit_refused, timeout=2000):
        layer.beginEditCommand("vertex tool")
        layer.deleteFeature(next(layer.getFeatures()).id())
        layer.endEditCommand()
    assert rows_in_qgis(layer) == before
    assert len(journal(lot.path)) == 1


def test_an_edit_of_another_tool_after_an_undo_is_no_redo(lot, qtbot):
    layer, before = lot.layers.occupation, rows_in_qgis(lot.layers.occupation)
    lot.review.show_item(1)
    lot.review.set_code("cs", "CS1.2.3")
    lot.review.undo()
    with qtbot.waitSignal(lot.journal.foreign_edit_refused, timeout=2000):
        layer.beginEditCommand("vertex tool")
        layer.deleteFeature(next(layer.getFeatures()).id())
        layer.endEditCommand()
    assert rows_in_qgis(layer) == before
    assert [row["operation"] for row in journal(lot.path)] == ["set_cover", "undo"]
    lot.review.redo()
    assert rows_in_qgis(layer)[lot.review.queue[1].polygon_id].cs == "CS1.2.3"


def test_the_items_layer_may_be_removed(lot, capfd):
    QgsProject.instance().removeMapLayer(lot.layers.items.id())
    lot.review.show_item(1)
    lot.review.set_code("cs", "CS1.2.3")
    assert len(journal(lot.path)) == 1
    assert lot.close(QgsProject.instance())
    assert QgsProject.instance().mapLayers() == {}
    assert "Traceback" not in capfd.readouterr().err


def test_a_lot_under_review_cannot_be_opened_or_replayed_by_another(lot):
    lot.review.show_item(1)
    lot.review.split(line_across(lot.review))
    with pytest.raises(LotError) as caught:
        open_lot(lot.path, "autre", lambda gesture: "", QgsProject.instance())
    assert "déjà en cours de reprise" in caught.value.text("fr")
    assert {row["state"] for row in journal(lot.path)} == {"written"}
    lot.close(QgsProject.instance())
    again = open_lot(lot.path, "autre", lambda gesture: "", QgsProject.instance())
    assert_coverage(rows_in_qgis(again.layers.occupation), WHOLE_M2)
    again.close(QgsProject.instance())


def test_a_lot_that_fails_to_open_leaves_nothing_behind(lot_path, qgis_new_project):
    with gpkg.connect(lot_path) as connection:
        connection.execute("UPDATE review_item SET state = 'lost' WHERE item_id = 1")
    connection.close()
    for _ in range(2):
        with pytest.raises(ValueError, match="lost"):
            open_lot(lot_path, "essai", lambda gesture: "", QgsProject.instance())
        assert QgsProject.instance().mapLayers() == {}


def test_a_lot_of_an_earlier_version_is_reviewed_without_the_newer_columns(lot_path, qgis_new_project):
    with closing(sqlite3.connect(lot_path)) as database, database:
        for name in ADDED_COLUMNS:
            database.execute(f"ALTER TABLE occupation_sol DROP COLUMN {name}")

    opened = open_lot(lot_path, "essai", lambda gesture: gesture.operation.value, QgsProject.instance())
    opened.review.show_item(1)
    opened.review.split(line_across(opened.review))
    assert opened.close(QgsProject.instance())

    assert [row["operation"] for row in journal(lot_path)] == ["split"]


def test_discarding_edits_in_qgis_is_an_undo_of_each(lot):
    layer, before = lot.layers.occupation, rows_in_qgis(lot.layers.occupation)
    lot.review.show_item(1)
    lot.review.set_code("cs", "CS1.2.3")
    lot.review.split(line_across(lot.review))
    layer.rollBack()
    assert rows_in_qgis(layer) == before
    assert [r["operation"] for r in journal(lot.path)] == ["set_cover", "split", "undo", "undo"]
    assert lot.review.queue[1].state is ItemState.TODO
    lot.review.redo()
    assert layer.isEditable()
    assert rows_in_qgis(layer)[lot.review.queue[1].polygon_id].cs == "CS1.2.3"


def test_the_skeleton_is_locked_with_a_reason(lot):
    lot.review.show_polygon(ROAD_ID)
    for gesture in (
        lambda: lot.review.set_code("cs", "CS1.2.1"),
        lambda: lot.review.split(line_across(lot.review)),
        lambda: lot.review.merge_into(lot.review.coverage.around(lot.review.row())[0].id),
    ):
        with pytest.raises(LockedPolygonError) as caught:
            gesture()
        assert "BD TOPO" in caught.value.text("fr")
    assert journal(lot.path) == []
    assert lot.layers.occupation.undoStack().count() == 0


def test_merging_with_a_far_polygon_changes_nothing(lot):
    lot.review.show_item(1)
    near = {n.id for n in lot.review.coverage.around(lot.review.row())}
    far = next(k for k in rows_in_qgis(lot.layers.occupation) if k not in near | {lot.review.polygon_id})
    with pytest.raises(NotNeighboursError):
        lot.review.merge_into(far)
    assert journal(lot.path) == []


def test_undo_of_something_changed_elsewhere_is_refused(lot):
    lot.review.show_item(1)
    lot.review.set_code("cs", "CS1.2.3")
    lot.journal.save()
    feature = lot.review.coverage.feature(lot.review.polygon_id)
    index = lot.layers.occupation.fields().indexOf("code_cs")
    lot.layers.occupation.dataProvider().changeAttributeValues({feature.id(): {index: "CS1.2.2"}})
    with pytest.raises(StalePolygonError):
        lot.review.undo()
    assert len(journal(lot.path)) == 1


def test_small_parts_are_announced_not_refused(lot, qtbot):
    lot.review.show_item(1)
    with qtbot.waitSignal(lot.review.left_small, timeout=1000) as signal:
        lot.review.split(line_across(lot.review))
    for part in signal.args[0]:
        assert part.area_m2 < part.minimum_m2
    assert lot.layers.occupation.undoStack().count() == 1


def test_undo_reaches_back_into_an_earlier_session(lot_path, qgis_new_project):
    project = QgsProject.instance()
    first = open_lot(lot_path, "essai", lambda gesture: "", project)
    before = rows_in_qgis(first.layers.occupation)
    first.review.show_item(1)
    first.review.merge_into(free_neighbour(first.review))
    assert first.close(project)
    assert not lot_path.with_name("lot.gpkg-wal").exists()
    second = open_lot(lot_path, "autre", lambda gesture: "", project)
    assert second.replayed == 0
    second.review.undo()
    assert rows_in_qgis(second.layers.occupation) == before
    assert [row["operator"] for row in journal(lot_path)] == ["essai", "autre"]
    assert second.close(project)
    assert {k: w for k, (w, _) in rows_on_disk(lot_path).items()} == {k: r.wkb for k, r in before.items()}


def test_new_ids_are_above_every_id_ever_given(lot):
    lot.review.show_item(1)
    lot.review.split(line_across(lot.review))
    made = set(rows_in_qgis(lot.layers.occupation)) - set(rows_on_disk(lot.path))
    assert min(made) > max(rows_on_disk(lot.path))
    lot.review.undo()
    lot.journal.save()
    assert lot.file.highest_id() in made


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be read as one" * 9])
def test_what_is_no_lot_is_refused_with_its_name(tmp_path, content, qgis_new_project):
    path = tmp_path / "faux.gpkg"
    path.write_bytes(content)
    with pytest.raises(LotError) as caught:
        open_lot(path, "essai", lambda gesture: "", QgsProject.instance())
    assert "faux.gpkg" in caught.value.text("fr")
    assert QgsProject.instance().mapLayers() == {}
