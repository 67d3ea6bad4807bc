# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot published, worked on and brought back by the real command: bit for bit, journal and all."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace

from osgeo import ogr, osr

from inference_backend.contracts.lot import LotState
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.lot_handover import change_state
from ocsge_pi_review.adapters.postgis_address import LotAddress
from ocsge_pi_review.domain.item_filter import ItemFilter
from tests.qgis.pi_review.layer_checks import assert_coverage, rows_on_disk
from tests.qgis.postgis.conftest import SCHEMA, address_of, ocsge
from tests.qgis.postgis.gestures import set_cover

ALL = ItemFilter()


def reached(server, database, schema=SCHEMA):
    return f"{server.conninfo} dbname={database}/{schema}"


def fetched(server, database, path, schema=SCHEMA):
    done = ocsge("lot", "fetch", "--from", reached(server, database, schema), "--output", str(path))
    assert done.returncode == 0, done.stderr
    return path


def test_the_server_has_nothing_left_to_tidy_while_people_work(server, published):
    database, lot = published
    # Published anew: a server that another test killed has forgotten what it did before.
    done = ocsge("lot", "publish", str(lot), "--to", reached(server, database, "tidy"))
    assert done.returncode == 0, done.stderr

    late = "SELECT relname FROM pg_stat_user_tables WHERE (last_vacuum IS NULL OR last_analyze IS NULL)"
    assert server.sql(f"{late} AND schemaname = 'tidy'", database) == ""


def test_a_team_s_work_comes_back_as_a_lot_that_the_plugin_opens(
    opened, server, database, published, tmp_path
):
    anne, bob = opened("anne"), opened("bob")
    for store in (anne, bob, anne):
        store.perform(set_cover(store, store.take_next(ALL, 0)), 1.0)
    held = bob.take_next(ALL, 0)
    (last_id,) = anne.new_ids(1)
    path = fetched(server, database, tmp_path / "back.gpkg")
    was, now = rows_on_disk(published[1]), rows_on_disk(path)
    assert was.keys() == now.keys()
    assert {key for key in was if was[key] != now[key]} == {
        row.id for gesture in anne.journal() for row in gesture.gesture.patch.after
    }
    assert all(was[key][0] == now[key][0] for key in was), "geometries come back bit for bit"
    file = GpkgStore(path, "chef")
    assert list(file.journal()) == list(anne.journal())
    assert file.metadata.items() >= {k: v for k, v in anne.metadata.items() if k != "last_polygon_id"}.items()
    assert file.new_ids(1)[0] > last_id
    assert file.item(held.item_id).holder is None, "who has what in hand means nothing in a file"
    assert file.counts(ALL) == anne.counts(ALL)
    assert file.layer("edit_journal", "journal").featureCount() == 3
    box = file.layer("occupation_sol", "couverture").extent()
    assert_coverage({row.id: row for row in file.rows_in(box)}, (30 * 12.0) ** 2)
    file.close()


def test_columns_and_layers_that_a_lot_has_besides_travel_too(server, database, published, tmp_path):
    path = tmp_path / "more.gpkg"
    shutil.copy(published[1], path)
    dataset = ogr.Open(str(path), update=1)
    layer = dataset.GetLayerByName("occupation_sol")
    layer.CreateField(ogr.FieldDefn('remarque "libre" (m2)', ogr.OFTString))
    feature = layer.GetNextFeature()
    feature.SetField('remarque "libre" (m2)', "tab\tet \\antislash\nligne; 'quote' é")
    layer.SetFeature(feature)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    roads = dataset.CreateLayer("ref_routes", reference, ogr.wkbMultiLineString25D)
    roads.CreateField(ogr.FieldDefn("largeur", ogr.OFTReal))
    road = ogr.Feature(roads.GetLayerDefn())
    road.SetField("largeur", 4.5)
    road.SetGeometry(ogr.CreateGeometryFromWkt("MULTILINESTRING Z ((650000 6860000 3, 650100 6860050 4))"))
    roads.CreateFeature(road)
    dataset = layer = roads = feature = road = None
    with sqlite3.connect(path) as file:
        file.execute(
            "INSERT INTO reference (layer, title, source) VALUES ('ref_routes', 'Routes', 'BD TOPO')"
        )
    done = ocsge("lot", "publish", str(path), "--to", reached(server, database, "lot_2"))
    assert done.returncode == 0, done.stderr
    assert "50 polyg" in done.stdout
    back = fetched(server, database, tmp_path / "back.gpkg", "lot_2")
    assert rows_on_disk(back) == rows_on_disk(path)
    dataset = ogr.Open(str(back))
    assert [feature.GetField("largeur") for feature in dataset.GetLayerByName("ref_routes")] == [4.5]


def test_what_cannot_be_published_or_fetched_is_said_and_leaves_nothing(
    server, database, published, tmp_path
):
    wrong = [
        (("publish", str(published[1]), "--to", reached(server, database)), "exist"),
        (("publish", str(published[1]), "--to", "lot"), "SERVICE"),
        (
            ("fetch", "--from", reached(server, database, "lot_3"), "--output", str(tmp_path / "x.gpkg")),
            "lot_3",
        ),
        (("publish", str(published[1]), "--to", "host=127.0.0.1 port=1 password=secret/lot_3"), "127.0.0.1"),
    ]
    for arguments, expected in wrong:
        done = ocsge("lot", *arguments)
        assert done.returncode == 2, done.stderr
        assert expected in done.stderr
        assert "secret" not in done.stderr
    assert not list(tmp_path.iterdir())
    assert server.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'lot_3'", database) == "0"


def test_a_part_of_a_lot_goes_to_a_team_and_into_its_parent(opened, server, database, published, tmp_path):
    parent = tmp_path / "parent.gpkg"
    shutil.copy(published[1], parent)
    with sqlite3.connect(parent) as file:
        file.execute("INSERT INTO lot (key, value) VALUES ('lot_uuid', 'b7d1')")
    done = ocsge(
        "lot", "cut", str(parent), "--by", "work", "--count", "2", "--output", str(tmp_path / "lots")
    )
    assert done.returncode == 0, done.stderr
    part = sorted((tmp_path / "lots").glob("*.gpkg"))[0]
    done = ocsge("lot", "publish", str(part), "--to", reached(server, database, "part"))
    assert done.returncode == 0, done.stderr
    address = replace(address_of(server, database), schema="part")
    anne, bob = opened("anne", address=address), opened("bob", address=address)
    change_state(anne, LotState.IN_INTERPRETATION)
    for store in (anne, bob):
        store.perform(set_cover(store, store.take_next(ALL, 0)), 1.0)
    change_state(anne, LotState.DELIVERED)
    back = fetched(server, database, tmp_path / "back.gpkg", "part")
    done = ocsge("lot", "merge", str(parent), str(back))
    assert done.returncode == 0, done.stderr
    file = GpkgStore(parent, "chef")
    assert sorted(row.operator for row in file.journal()) == ["anne", "bob"]
    file.close()


def test_a_schema_of_any_spelling_is_a_name_and_never_a_statement(opened, server, database):
    odd = 'Lot "12"; DROP TABLE x'
    quoted = odd.replace('"', '""')
    server.sql(f'ALTER SCHEMA {SCHEMA} RENAME TO "{quoted}"', database)
    address = LotAddress(f"host=127.0.0.1 port={server.port} user=postgres dbname={database}", odd)
    store = opened("anne'); --", address=address)
    store.perform(set_cover(store, store.take_next(ALL, 0)), 1.0)
    assert store.layer("occupation_sol", "couverture").featureCount() == 50
    assert [row.operator for row in store.journal()] == ["anne'); --"]
