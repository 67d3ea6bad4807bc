# SPDX-License-Identifier: GPL-2.0-or-later
"""Gestures through review and store into the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRectangle

from inference_backend.contracts.lot import ItemState, Operation
from ocsge_pi_review.adapters import gpkg, item_overlay
from ocsge_pi_review.adapters.changed_ground import geometry_of
from ocsge_pi_review.adapters.gpkg_blob import wkb_of
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from ocsge_pi_review.domain.errors import (
    JournalError,
    LockedPolygonError,
    LotError,
    MarginPolygonError,
    NotNeighboursError,
    StalePolygonError,
)
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.lot_errors import NoIdLeftError
from ocsge_pi_review.domain.merge import common_border
from ocsge_pi_review.domain.patch import Patch
from tests.qgis.pi_review.gesture_moves import GESTURES, free_neighbour, merge, set_cover, split
from tests.qgis.pi_review.layer_checks import (
    assert_coverage,
    item_row,
    journal,
    rows_in_qgis,
    rows_on_disk,
)
from tests.unit.pi_review.review_coverage import ROAD_ID

WHOLE_M2 = (30 * 12.0) ** 2
QUEUE = ItemFilter()


@pytest.mark.parametrize("name", GESTURES)
def test_a_gesture_is_one_journal_row_on_disk_and_undo_and_redo_are_exact(lot, name):
    review, layer = lot.review, lot.layers.occupation
    before_rows, before_item = rows_in_qgis(layer), dict(item_row(lot.path, 3))
    before_counts = review.store.counts(QUEUE)
    review.show_item(3)
    GESTURES[name](review)
    rows = journal(lot.path)
    assert [(r["seq"], r["operator"], r["item_id"], r["in_force"]) for r in rows] == [(1, "essai", 3, 1)]
    after_rows, after_item = rows_in_qgis(layer), dict(item_row(lot.path, 3))
    assert_coverage(after_rows, WHOLE_M2)
    assert {key: (row.wkb, row.attributes) for key, row in after_rows.items()} == rows_on_disk(lot.path)
    assert (after_item == before_item) == (name == "split")

    assert review.undo().operation is Operation.UNDO
    assert rows_in_qgis(layer) == before_rows
    assert dict(item_row(lot.path, 3)) == before_item
    assert review.item_id == 3
    assert review.store.counts(QUEUE).by_state == before_counts.by_state
    assert review.undo() is None

    assert review.redo().operation is Operation.REDO
    assert rows_in_qgis(layer) == after_rows
    assert dict(item_row(lot.path, 3)) == after_item
    assert review.redo() is None
    operations = [(row["operation"], row["in_force"]) for row in journal(lot.path)]
    assert operations[0][1] == 1
    assert operations[1:] == [("undo", 0), ("redo", 0)]
    assert len({row["gesture_id"] for row in journal(lot.path)}) == 1


def test_the_journal_says_what_ground_was_touched_and_how_much_of_it_changed(lot):
    review = lot.review
    review.show_item(3)
    area_m2 = review.row().attributes["area_m2"]
    neighbour = review.store.row(free_neighbour(review))
    changes = neighbour.cs != review.row().cs or neighbour.us != review.row().us
    both_m2 = area_m2 + neighbour.attributes["area_m2"]
    for gesture, changed_m2, touched_m2 in (
        (lambda r: set_cover(r, "CS1.2.3"), area_m2, area_m2),
        (lambda r: r.undo(), area_m2, area_m2),
        (split, 0.0, area_m2),
        (lambda r: r.undo(), 0.0, area_m2),
        (lambda r: merge(r, neighbour.id), area_m2 * changes, both_m2),
    ):
        gesture(review)
        row = journal(lot.path)[-1]
        assert row["changed_m2"] == pytest.approx(changed_m2, abs=0.01)
        shape = QgsGeometry()
        shape.fromWkb(wkb_of(row["geom"]))
        assert shape.area() == pytest.approx(touched_m2)
        assert row["reasons"] == "use_by_default"


def test_undo_and_redo_walk_back_and_forth_over_sessions(lot_path, qgis_new_project):
    project = QgsProject.instance()
    first = open_lot(lot_path, "essai", project)
    states = [rows_in_qgis(first.layers.occupation)]
    for item_id, gesture in ((1, set_cover), (2, merge), (4, split)):
        first.review.show_item(item_id)
        gesture(first.review)
        states.append(rows_in_qgis(first.layers.occupation))
    assert first.close(project)
    assert not lot_path.with_name("lot.gpkg-wal").exists()

    again = open_lot(lot_path, "essai", project)
    for wanted in (states[2], states[1]):
        again.review.undo()
        assert rows_in_qgis(again.layers.occupation) == wanted
    again.review.redo()
    assert rows_in_qgis(again.layers.occupation) == states[2]
    again.review.show_item(6)
    set_cover(again.review, "CS1.2.2")
    assert again.review.redo() is None, "a new gesture leaves nothing to do again"
    for wanted in (states[2], states[1], states[0]):
        again.review.undo()
        assert rows_in_qgis(again.layers.occupation) == wanted
    assert again.review.undo() is None
    assert again.close(project)


def test_a_colleague_undoes_his_own_gestures_alone(lot_path, qgis_new_project):
    project = QgsProject.instance()
    first = open_lot(lot_path, "essai", project)
    first.review.show_item(1)
    set_cover(first.review)
    first.close(project)
    second = open_lot(lot_path, "autre", project)
    assert second.review.undo() is None
    second.review.show_item(2)
    set_cover(second.review)
    assert second.review.undo().item_id == 2
    assert second.review.undo() is None
    second.close(project)


def test_a_gesture_that_cannot_be_journalled_is_not_made(lot):
    before = rows_in_qgis(lot.layers.occupation)
    blocker = sqlite3.connect(lot.path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    lot.store._connection.execute("PRAGMA busy_timeout = 50")
    lot.review.show_item(2)
    try:
        with pytest.raises(JournalError) as caught:
            set_cover(lot.review)
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()
    assert str(lot.path) in caught.value.text("fr")
    assert rows_in_qgis(lot.layers.occupation) == before
    set_cover(lot.review)
    assert len(journal(lot.path)) == 1


def test_no_tool_of_qgis_can_edit_the_layers(lot):
    for layer in (lot.layers.occupation, lot.layers.zone, lot.layers.items):
        assert not layer.startEditing()
        assert not layer.addFeature(QgsFeature(layer.fields()))


def test_a_stale_gesture_is_refused_and_writes_nothing(lot):
    lot.review.show_item(1)
    plan = ReviewGestures(lot.review).set_codes([lot.review.polygon_id], {"cs": "CS1.2.3"})
    with closing(gpkg.connect(lot.path)) as other:
        other.execute("UPDATE occupation_sol SET code_cs = 'X' WHERE id = ?", (lot.review.polygon_id,))
    with pytest.raises(StalePolygonError):
        lot.review.make(plan)
    assert journal(lot.path) == []
    assert item_row(lot.path, 1)["state"] == "todo"


def test_several_items_are_decided_by_one_gesture_and_undone_by_one(lot):
    ids = [item.polygon_id for item in lot.store.page(QUEUE, 2, 4)]
    lot.review.show_item(3)
    gestures = ReviewGestures(lot.review)
    gestures.make(gestures.set_codes(ids, {"cs": "CS1.2.3"}))
    assert {lot.store.row(polygon_id).cs for polygon_id in ids} == {"CS1.2.3"}
    assert lot.store.counts(QUEUE).by_state[ItemState.DONE] == 4
    assert len(journal(lot.path)) == 1
    assert [item_row(lot.path, n)["decision_cs"] for n in (3, 4, 5, 6)] == ["CS1.2.3"] * 4
    lot.review.undo()
    assert lot.store.counts(QUEUE).by_state == {ItemState.TODO: 24}


def test_items_of_polygons_that_disappear_are_gone_and_come_back(lot):
    lot.review.show_item(1)
    row = lot.review.row()
    neighbours = {n.id for n in lot.review.around(row) if not n.is_locked}
    other = next(
        i for i in lot.store.items_of(neighbours).values() if _touch(row, lot.store.row(i.polygon_id))
    )
    lot.review.show_item(other.item_id)
    merge(lot.review, row.id)
    assert lot.store.item(other.item_id).state is ItemState.DONE, "who merges the item in front decides it"
    lot.review.undo()
    lot.review.perform(Operation.ABSORB, ReviewGestures(lot.review).merge(row.id).patch)
    assert lot.store.item(other.item_id).state is ItemState.GONE
    assert lot.store.counts(QUEUE).total == 23
    assert lot.store.take_next(QUEUE, other.rank - 1).item_id != other.item_id
    lot.review.undo()
    assert lot.store.item(other.item_id).state is ItemState.TODO


def _touch(row, other) -> bool:
    return common_border(row.polygon, other.polygon) > 0


def test_the_margin_is_read_only_but_for_vertices(lot):
    review, store = lot.review, lot.store
    review.show_item(1)
    around = [row.id for row in review.around(review.row()) if not row.is_locked]
    with closing(gpkg.connect(lot.path)) as other:
        marks = ", ".join("?" * len(around))
        other.execute(f"UPDATE occupation_sol SET margin_of = 'lot 2' WHERE id IN ({marks})", around)
    before = store.rows(around)
    margin = next(row for row in before.values() if _touch(review.row(), row))
    recoded = Patch((margin,), (margin.with_values(code_cs="CS1.2.3"),))
    for refused in (
        lambda: merge(review, margin.id),
        lambda: review.perform(Operation.SET_COVER, recoded),
        lambda: review.perform(Operation.MERGE, Patch((margin,), ())),
    ):
        with pytest.raises(MarginPolygonError) as caught:
            refused()
        assert "lot 2" in caught.value.text("fr")
    assert journal(lot.path) == []
    split(review)
    after = store.rows(around)
    assert any(after[name].wkb != row.wkb for name, row in before.items()), "both sides get the new vertices"
    assert all(after[name].attributes == row.attributes for name, row in before.items())
    assert_coverage(rows_in_qgis(lot.layers.occupation), WHOLE_M2)


def test_the_skeleton_is_locked_with_a_reason(lot):
    lot.review.show_polygon(ROAD_ID)
    for gesture in (set_cover, split, merge):
        with pytest.raises(LockedPolygonError) as caught:
            gesture(lot.review)
        assert "BD TOPO" in caught.value.text("fr")
    assert journal(lot.path) == []


def test_merging_with_a_far_polygon_changes_nothing(lot):
    lot.review.show_item(1)
    near = {n.id for n in lot.review.around(lot.review.row())}
    far = next(k for k in rows_in_qgis(lot.layers.occupation) if k not in near | {lot.review.polygon_id})
    with pytest.raises(NotNeighboursError):
        merge(lot.review, far)
    assert journal(lot.path) == []


def test_new_ids_are_never_given_twice_be_the_gesture_undone_and_the_lot_reopened(lot_path, qgis_new_project):
    project = QgsProject.instance()
    seen: set[str] = set(rows_on_disk(lot_path))
    for _ in range(2):
        lot = open_lot(lot_path, "essai", project)
        lot.review.show_item(1)
        split(lot.review)
        made = set(rows_in_qgis(lot.layers.occupation)) - set(seen)
        assert made
        assert made.isdisjoint(seen)
        seen |= made
        lot.review.undo()
        lot.close(project)


def test_ids_of_other_lots_are_not_given(lot):
    """Neither past the lot's own range, nor those that a cut set apart while the lot was open."""
    lot.review.show_item(1)
    _tell(lot.path, "last_polygon_id", "OCSGE0000500000")
    split(lot.review)
    lot.review.show_item(2)
    split(lot.review)
    assert {"OCSGE0000500001", "OCSGE0000500002"} <= set(rows_on_disk(lot.path))
    lot.store.set_metadata({"polygon_id_limit": "OCSGE0000500002"})
    lot.review.show_item(3)
    before = rows_on_disk(lot.path)
    with pytest.raises(NoIdLeftError, match="OCSGE0000500002"):
        split(lot.review)
    assert rows_on_disk(lot.path) == before
    assert len(journal(lot.path)) == 2


def _tell(path, key, value):
    with closing(sqlite3.connect(path)) as database, database:
        done = database.execute("UPDATE lot SET value = ? WHERE key = ?", (value, key))
        assert done.rowcount == 1


def test_the_overlay_follows_the_view_and_the_gestures(lot):
    lot.overlay.show(lot.layers.occupation.extent())
    states = {f["item_id"]: f["state"] for f in lot.layers.items.getFeatures()}
    assert states == dict.fromkeys(range(1, 25), "todo")
    lot.review.show_item(1)
    set_cover(lot.review)
    lot.review.show_item(2)
    merge(lot.review)
    shown = {f["item_id"]: f for f in lot.layers.items.getFeatures()}
    assert shown[1]["state"] == "done"
    assert 2 not in shown, "its polygon is part of another one"
    wkb = {polygon_id: row.wkb for polygon_id, row in rows_in_qgis(lot.layers.occupation).items()}
    for item_id, feature in shown.items():
        assert bytes(feature.geometry().asWkb()) == wkb[lot.store.item(item_id).polygon_id]
    lot.overlay.show(QgsRectangle(0, 0, 10, 10))
    assert lot.layers.items.featureCount() == 0


def test_items_come_into_view_from_afar_and_nothing_is_kept_that_was_not_shown(lot, monkeypatch):
    whole = lot.layers.occupation.extent()
    monkeypatch.setattr(item_overlay, "LARGEST_M", whole.width())
    lot.overlay.show(whole.buffered(whole.width()))
    lot.review.show_item(1)
    set_cover(lot.review)
    assert shown_items(lot) == {}, "the view is too wide for any"
    lot.overlay.show(box_of(lot, 1))
    assert shown_items(lot)[1] == "done"
    other = far_from(lot, 1)
    lot.review.show_item(other)
    set_cover(lot.review)
    assert other not in shown_items(lot)


def test_a_view_a_little_nearer_than_one_too_wide_shows_its_items(lot, monkeypatch):
    whole = lot.layers.occupation.extent()
    widest = max(whole.width(), whole.height())
    monkeypatch.setattr(item_overlay, "LARGEST_M", item_overlay.SURROUNDINGS * widest)
    lot.overlay.show(QgsRectangle.fromCenterAndSize(whole.center(), 1.01 * widest, 1.01 * widest))
    assert shown_items(lot) == {}
    lot.overlay.show(QgsRectangle.fromCenterAndSize(whole.center(), widest, widest))
    assert shown_items(lot) != {}


def test_a_box_with_too_many_items_is_read_again_from_nearer(lot, monkeypatch):
    monkeypatch.setattr(item_overlay, "MOST_ITEMS", 5)
    lot.overlay.show(lot.layers.occupation.extent())
    assert list(shown_items(lot)) == [1, 2, 3, 4, 5]
    lot.review.show_item(9)
    set_cover(lot.review)
    assert list(shown_items(lot)) == [1, 2, 3, 4, 5], "no more than fit"
    lot.overlay.show(box_of(lot, 9))
    assert shown_items(lot)[9] == "done"


def shown_items(lot) -> dict[int, str]:
    return {f["item_id"]: f["state"] for f in lot.layers.items.getFeatures()}


def box_of(lot, item_id) -> QgsRectangle:
    return geometry_of(lot.store.row(lot.store.item(item_id).polygon_id)).boundingBox()


def far_from(lot, item_id) -> int:
    box = box_of(lot, item_id)
    around = box.buffered(max(box.width(), box.height()))
    return next(other for other in range(1, 25) if not box_of(lot, other).intersects(around))


def test_the_items_layer_may_be_removed(lot, capfd, qgis_canvas):
    QgsProject.instance().removeMapLayer(lot.layers.items.id())
    lot.review.show_item(1)
    set_cover(lot.review)
    assert len(journal(lot.path)) == 1
    qgis_canvas.stopRendering()
    assert lot.close(QgsProject.instance())
    assert QgsProject.instance().mapLayers() == {}
    assert "Traceback" not in capfd.readouterr().err


def test_a_lot_under_review_cannot_be_opened_by_another(lot):
    with pytest.raises(LotError) as caught:
        open_lot(lot.path, "autre", QgsProject.instance())
    assert "déjà en cours de reprise" in caught.value.text("fr")
    lot.close(QgsProject.instance())
    again = open_lot(lot.path, "autre", QgsProject.instance())
    again.close(QgsProject.instance())


def test_a_lot_under_review_cannot_be_opened_by_a_link_to_it(lot, tmp_path):
    link = tmp_path / "elsewhere.gpkg"
    link.symlink_to(lot.path)
    with pytest.raises(LotError) as caught:
        open_lot(link, "autre", QgsProject.instance())
    assert "déjà en cours de reprise" in caught.value.text("fr")
