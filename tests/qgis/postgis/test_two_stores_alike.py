# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot in PostGIS behaves as the same lot in a GeoPackage does."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from qgis.core import QgsRectangle

from inference_backend.contracts.lot import ItemState, Operation, Reason
from ocsge_pi_review.adapters import postgis_counts
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.domain.errors import LostPolygonError, StalePolygonError
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.patch import Patch, same_row
from tests.qgis.postgis.gestures import accept, postpone, set_cover
from tests.unit.pi_review.review_coverage import ORIGIN

ALL = ItemFilter()
X, Y = ORIGIN
FILTERS = (
    ALL,
    ItemFilter(states=(ItemState.TODO,)),
    ItemFilter(states=(ItemState.DONE, ItemState.POSTPONED)),
    ItemFilter(reasons=(Reason.SMALL_MARGIN,)),
    ItemFilter(reasons=(Reason.USE_BY_DEFAULT, Reason.REFERENCE_DISAGREES), covers=("CS2", "CS1.1.1.1")),
    ItemFilter(covers=("CS1.1.1",), uses=("US5",)),
    ItemFilter(communes=("33009",)),
    ItemFilter(covers=("CS9",)),
    ItemFilter(box=(X, Y, X + 180.0, Y + 180.0)),
)


@pytest.fixture
def both(published, opened, tmp_path):
    shutil.copy(published[1], tmp_path / "lot.gpkg")
    file = GpkgStore(tmp_path / "lot.gpkg", "anne")
    yield file, opened("anne")
    file.close()


def without_hold(item):
    return None if item is None else replace(item, holder=None, held_until=None, decided_at=None)


def journal_of(store):
    rows = []
    for row in store.journal():
        items = [
            [{**d, "decided_at": ""} for d in side]
            for side in (row.gesture.items_before, row.gesture.items_after)
        ]
        gesture = replace(row.gesture, gesture_id="", items_before=items[0], items_after=items[1])
        rows.append((row.seq, gesture, row.operator, row.duration_s, row.is_in_force))
    return rows


def test_queue_and_polygons_read_alike(both):
    file, server = both
    for store in both:
        first, second, third = store.page(ALL, 0, 3)
        store.perform(accept(store, first), 1.0)
        store.perform(postpone(store, third), 1.0)
        store.perform(set_cover(store, second), 2.0)
    for wanted in FILTERS:
        pages = [[without_hold(item) for item in store.page(wanted, 1, 9)] for store in both]
        assert pages[0] == pages[1], wanted
        assert file.counts(wanted) == server.counts(wanted), wanted
        for item in pages[0]:
            assert file.place(wanted, item.item_id) == server.place(wanted, item.item_id)
        for rank, step in ((0, 1), (5, 2), (5, -1), (1, -1), (24, 1)):
            found = [without_hold(store.neighbour(wanted, rank, step)) for store in both]
            assert found[0] == found[1], (wanted, rank, step)
        following = [without_hold(store.take_next(wanted, 4)) for store in both]
        assert following[0] == following[1], wanted
    box = QgsRectangle(X + 50, Y + 50, X + 120, Y + 90)
    rows = [store.rows_in(box) for store in both]
    assert [row.id for row in rows[0]] == [row.id for row in rows[1]]
    assert all(map(same_row, *rows))
    point = rows[0][0].polygon[0][0]
    inside = (point[0] + 0.5, point[1] + 0.5)
    assert file.row_at(inside).id == server.row_at(inside).id
    for row in rows[0]:
        assert file.zone_share(row) == pytest.approx(server.zone_share(row), abs=1e-9)
    assert file.code_shares("code_cs") == pytest.approx(server.code_shares("code_cs"))
    assert file.new_ids(2) == server.new_ids(2)
    assert server.items_of(row.id for row in rows[0]).keys() == file.items_of(r.id for r in rows[0]).keys()
    with pytest.raises(LostPolygonError):
        server.row("OCSGE9999999999")


def test_gestures_undo_and_redo_are_journalled_alike(both, monkeypatch):
    # As in a lot so large that it is not counted again: the operator's own decisions count all the same.
    monkeypatch.setattr(postgis_counts, "_AGAIN_AFTER", 1e6)
    for store in both:
        for wanted in FILTERS:
            store.counts(wanted)
        made = []
        for item in store.page(ALL, 0, 3):
            made.append(set_cover(store, item))
            store.perform(made[-1], 2.0)
        for gesture in reversed(made[1:]):
            assert store.last_done() == gesture
            store.perform(gesture.turned(Operation.UNDO), 0.5)
        assert store.last_done() == made[0]
        for gesture in made[1:]:
            assert store.last_undone() == gesture
            store.perform(replace(gesture, operation=Operation.REDO), 0.5)
        assert store.last_undone() is None
        store.perform(made[2].turned(Operation.UNDO), 0.5)
        store.perform(accept(store, store.page(ALL, 5, 1)[0]), 0.5)
        assert store.last_undone() is None, "a new gesture ends what could be redone"
    file, server = both
    assert journal_of(file) == journal_of(server)
    assert [row.seq for row in server.journal(after_seq=4)] == [5, 6, 7, 8, 9]
    for wanted in FILTERS:
        counts = [replace(store.counts(wanted), typical_s=None) for store in both]
        assert counts[0] == counts[1], wanted
    items = [[without_hold(item) for item in store.page(ALL, 0, 24)] for store in both]
    assert items[0] == items[1]


def test_rows_come_and_go_and_a_stale_row_is_refused(both):
    for store in both:
        gone, kept = (store.row(item.polygon_id) for item in store.page(ALL, 0, 2))
        (new_id,) = store.new_ids(1)
        new = replace(gone, id=new_id, attributes={**gone.attributes, "source": "reprise d'été %s"})
        gesture = replace(accept(store, store.page(ALL, 2, 1)[0]), patch=Patch((gone,), (new,)))
        store.perform(gesture, 1.0)
        assert same_row(store.row(new_id), new)
        assert store.rows([gone.id, kept.id]).keys() == {kept.id}
        stale = kept.with_values(code_us="US2")
        wrong = replace(accept(store, store.page(ALL, 3, 1)[0]), patch=Patch((stale,), (kept,)))
        for patch in (wrong.patch, Patch((), (new,)), Patch((gone,), ())):
            before = store.last_seq()
            with pytest.raises(StalePolygonError):
                store.perform(replace(wrong, patch=patch), 1.0)
            assert store.last_seq() == before
        assert store.item(store.page(ALL, 3, 1)[0].item_id).state is ItemState.TODO


def test_layers_are_read_only_and_show_what_a_gesture_wrote(opened):
    store = opened("anne")
    layer = store.layer("occupation_sol", "couverture")
    assert layer.readOnly()
    assert not layer.startEditing()
    assert layer.featureCount() == 50
    assert store.crs.authid() == layer.crs().authid() == "EPSG:2154"
    item = store.take_next(ALL, 0)
    store.perform(set_cover(store, item, "CS1.1.2.2"), 1.0)
    layer.reload()
    found = {feature["id"]: feature["code_cs"] for feature in layer.getFeatures()}
    assert found[item.polygon_id] == "CS1.1.2.2"
    assert {store.layer(table, table).isValid() for table in ("lot", "imagery", "reference")} == {True}
