# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks become rows and items at the top of the queue, once, wherever the lot is kept."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace

import pytest

from inference_backend.contracts.lot import ItemState, LotKey, LotState, Operation, Reason
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.lot_handover import change_state
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from ocsge_pi_review.adapters.signalement_import import bring_in
from ocsge_pi_review.domain.errors import ReviewError
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.lot_errors import ClosedLotError
from ocsge_pi_review.domain.signalement_report import from_report
from ocsge_pi_review.domain.sketch import sketch_from_json
from tests.qgis.pi_review.lot_material import change
from tests.qgis.pi_review.signalements.conftest import lon_lat, report_at
from tests.qgis.postgis.gestures import accept
from tests.unit.pi_review.review_coverage import ORIGIN

ALL = ItemFilter()
SOURCE = "https://espace.example.org"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.load()


@pytest.fixture
def store(lot_path):
    with closing(GpkgStore(lot_path, "anne")) as opened:
        yield opened


def remarks(server):
    return [from_report(report, SOURCE) for report in server.service.reports.values()]


def ring(dx: float, dy: float, side: float) -> str:
    corners = [(dx, dy), (dx + side, dy), (dx + side, dy + side), (dx, dy + side), (dx, dy)]
    return "POLYGON((" + ", ".join("{} {}".format(*lon_lat(*corner)) for corner in corners) + "))"


def test_remarks_come_first_in_the_queue_oldest_first(store, profile, server):
    before = store.counts(ALL).total
    done = bring_in(store, profile, remarks(server))
    assert done.new == ["102", "103", "101"]
    assert (done.closed, done.outside) == (["104"], ["105"])
    first = store.page(ALL, 0, 3)
    assert [item.item_id for item in first] == [done.items[number] for number in done.new]
    assert all(item.reasons[0] == Reason.SIGNALEMENT.value for item in first)
    assert [store.place(ALL, item.item_id) for item in first] == [0, 1, 2]
    assert store.counts(ALL).total >= before
    for item, number in zip(first, done.new, strict=True):
        (one,) = store.signalements.of_item(item.item_id)
        assert one.remote_id == number
        assert store.row_at((one.x, one.y)).id == item.polygon_id
    assert store.page(ALL, 3, 1)[0].rank >= 1
    review = Review(store, profile)
    assert review.next_todo()
    assert review.item_id == first[0].item_id, "the oldest remark is served before any other item"
    (outside,) = [one for one in store.signalements.all() if one.item_id is None]
    assert outside.remote_id == "105"


def test_the_same_remark_twice_is_updated_and_not_doubled(store, profile, server):
    bring_in(store, profile, remarks(server))
    items = store.counts(ALL).total
    again = bring_in(store, profile, remarks(server))
    assert (again.new, again.updated, again.closed) == ([], [], ["104"])
    assert sorted(again.same) == ["101", "102", "103", "105"]
    server.service.reply(102, "mairie", "Toujours en herbe", "pending")
    third = bring_in(store, profile, remarks(server))
    assert (third.updated, third.new) == (["102"], [])
    one = store.signalements.known(SOURCE, ["102"])["102"]
    assert one.status == "pending"
    assert [reply.content for reply in one.reply_list] == ["Toujours en herbe"]
    assert store.counts(ALL).total == items
    assert len(store.signalements.all()) == 4


def test_two_remarks_on_a_polygon_share_its_item_and_open_it_again(store, profile, server):
    item = store.page(ALL, 0, 1)[0]
    store.perform(accept(store, item), 1.0)
    assert store.item(item.item_id).state is ItemState.DONE
    one = replace(remarks(server)[0], remote_id="7")
    lon, lat = lon_lat(item.x - ORIGIN[0], item.y - ORIGIN[1])
    pair = [replace(one, remote_id=number, x=lon, y=lat) for number in ("7", "8")]
    done = bring_in(store, profile, pair)
    assert set(done.items.values()) == {item.item_id}
    now = store.item(item.item_id)
    assert now.state is ItemState.TODO
    assert now.rank < 0
    assert now.reasons == (Reason.SIGNALEMENT.value, *item.reasons)
    assert len(store.signalements.of_item(item.item_id)) == 2
    gesture = next(iter(store.journal(1))).gesture
    assert gesture.operation is Operation.COMMENT, "that it is open again is in the journal"


def test_a_remark_whose_item_a_merge_took_gets_another_at_the_next_import(store, profile, server):
    done = bring_in(store, profile, remarks(server))
    item = store.item(done.items["102"])
    review = Review(store, profile)
    review.show_item(item.item_id)
    merge = next(
        plan
        for other in review.around(review.row())
        if not other.is_locked and (plan := _merged(review, other.id)) is not None
    )
    review.item = None
    review.perform(merge.operation, merge.patch)
    assert store.item(item.item_id).state is ItemState.GONE
    again = bring_in(store, profile, remarks(server))
    assert again.updated == ["102"]
    heir = store.item(again.items["102"])
    assert heir.state is ItemState.TODO
    assert heir.polygon_id == store.row_at((item.x, item.y)).id
    assert bring_in(store, profile, remarks(server)).updated == []


def _merged(review, neighbour_id):
    try:
        return ReviewGestures(review).merge(neighbour_id)
    except ReviewError:
        return None


def test_a_lot_with_answers_is_delivered(store, profile, server):
    bring_in(store, profile, remarks(server))
    review = Review(store, profile)
    while review.accept():
        pass
    change_state(store, LotState.IN_INTERPRETATION)
    change_state(store, LotState.DELIVERED)
    assert store.metadata[LotKey.STATE.value] == LotState.DELIVERED.value


def test_text_sketch_and_place_arrive_in_the_layers_crs(store, profile):
    sketch = {
        "name": "",
        "objects": [
            {
                "type": "Polygone",
                "geometry": ring(60, 60, 30),
                "attributes": {"hauteur": "6 m"},
                "name": "Hangar",
            },
            {"type": "Point", "geometry": "POINT(nan 4)", "attributes": {}},
        ],
    }
    report = report_at(9, 75, 75, "Hangar <script>alert(1)</script> manquant", sketch=json.dumps(sketch))
    done = bring_in(store, profile, [from_report(report, SOURCE)])
    (one,) = store.signalements.of_item(done.items["9"])
    assert one.text == "Hangar <script>alert(1)</script> manquant"
    assert one.theme_names == ("OCS GE",)
    assert one.commune == "33009"
    assert one.opened_at == "2026-03-01T09:00:00.000Z"
    (part,) = one.parts
    assert part["properties"] == {"name": "Hangar", "attributes": {"hauteur": "6 m"}}
    (stroke,) = sketch_from_json(one.strokes)
    assert len(stroke.points) == 5
    assert max(abs(p[0] - one.x) for p in stroke.points) == pytest.approx(15, abs=0.1)


@pytest.mark.parametrize(
    "values",
    [
        {"geometry": None},
        {"geometry": "POINT(500 90)"},
        {"geometry": "GEOMETRYCOLLECTION EMPTY"},
        {"geometry": "POINT(((((1 2))))"},
        {"replies": "x", "attributes": 4, "attachments": [None], "sketch": '{"objects": 3}', "author": 12},
        {"id": "<img src=x>7" + "0" * 500},
        {"opening_date": "hier", "status": "nouveau", "commune": None, "departement": "33"},
        {"comment": "é" * 100_000, "sketch": {"objects": [{"geometry": "LINESTRING(1 2"}]}},
    ],
)
def test_odd_reports_neither_stop_nor_damage(store, profile, values):
    done = bring_in(store, profile, [from_report({**report_at(9, 75, 75), **values}, SOURCE)])
    assert len(done.new) + len(done.nowhere) == 1
    (one,) = store.signalements.all()
    assert len(one.text or "") <= 20_001
    assert one.remote_id in ("9", ("imgsrcx7" + "0" * 500)[:60])
    assert one.strokes
    assert one.reply_list == ()


def test_a_lot_handed_in_takes_no_remarks(lot_path, profile, server):
    change(lot_path, f"INSERT INTO lot (key, value) VALUES ('{LotKey.STATE.value}', 'accepted')")
    with closing(GpkgStore(lot_path, "anne")) as store:
        with pytest.raises(ClosedLotError):
            bring_in(store, profile, remarks(server))
        assert store.signalements.all() == []


def test_a_lot_of_an_older_schema_takes_them(made_lot, tmp_path, profile, server):
    path = shutil.copy(made_lot, tmp_path / "old.gpkg")
    for statement in (
        "DROP TABLE rtree_signalement_geom",
        "DROP TABLE signalement",
        "DELETE FROM gpkg_geometry_columns WHERE table_name = 'signalement'",
        "DELETE FROM gpkg_contents WHERE table_name = 'signalement'",
        "DELETE FROM gpkg_extensions WHERE table_name = 'signalement'",
        "UPDATE lot SET value = '2' WHERE key = 'schema_version'",
    ):
        change(path, statement)
    with closing(GpkgStore(path, "anne")) as store:
        assert bring_in(store, profile, remarks(server)).new == ["102", "103", "101"]
