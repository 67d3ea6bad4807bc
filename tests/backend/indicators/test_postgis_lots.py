# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots in a real PostGIS say what they say in a file."""

from __future__ import annotations

import pytest

from benchmarks.production.made import make_lot
from inference_backend.indicators.gpkg_lots import read_gpkg
from inference_backend.indicators.postgis_lots import read_postgis
from inference_backend.indicators.summarise import Limits
from inference_backend.postgis.address import LotAddress
from inference_backend.postgis.publish import publish
from tests.qgis.postgis.server import Server

from .productions import KM2, lot, notices, report, tile, write_production

LIMITS = Limits(600.0, 1.0, 0.02)
REMARKS = ((4.0, "valid", "corrected"), (None, "submit", None))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A database with two published lots, and the file of the first."""
    folder = tmp_path_factory.mktemp("shared")
    server = Server()
    try:
        server.sql("CREATE EXTENSION postgis")
        for name in ("d32_1", "d32_2"):
            made = lot(name, remarks=REMARKS, started=float(name[-1]))
            publish(make_lot(folder / f"{name}.gpkg", made), LotAddress(_conninfo(server), name))
        yield server, folder / "d32_1.gpkg"
    finally:
        server.remove()


def _conninfo(server):
    return f"{server.conninfo} dbname=postgres"


def _production(folder, *places):
    listed = [{"code": "32", "name": "Gers", "area_km2": 8.0, "lots": list(places)}]
    return write_production(folder, departements=listed)


def test_a_lot_says_the_same_in_a_database_and_in_its_file(shared):
    server, path = shared
    ((label, found),) = read_postgis(f"postgis:{_conninfo(server)}/d32_1", LIMITS)
    assert found == read_gpkg(path, LIMITS)
    assert label.endswith("/d32_1")


def test_a_pattern_finds_schemas_and_a_copy_on_disk_counts_once(shared, tmp_path):
    server, path = shared
    place = f"postgis:{_conninfo(server)}/d32_*"
    document = report(_production(tmp_path, place, str(path)))
    assert tile(document, "accepted").value == pytest.approx(2 * KM2)
    assert tile(document, "signalements").value == 2
    assert (document.lots, document.lots_unread) == (2, 0)


def test_a_damaged_schema_leaves_the_others_alone(shared, tmp_path):
    server, _ = shared
    server.sql("CREATE SCHEMA d32_9; CREATE TABLE d32_9.occupation_sol (a int)")
    server.sql("CREATE TABLE d32_9.review_item (a int); CREATE TABLE d32_9.edit_journal (a int)")
    server.sql(
        "CREATE TABLE d32_9.lot (key text, value text); INSERT INTO d32_9.lot VALUES ('schema_version', '3')"
    )
    document = report(_production(tmp_path, f"postgis:{_conninfo(server)}/d32_*"))
    assert tile(document, "accepted").value == pytest.approx(2 * KM2)
    assert document.lots_unread == 1
    server.sql("DROP SCHEMA d32_9 CASCADE")


def test_a_server_that_does_not_answer_is_reported_without_its_password(tmp_path):
    place = "postgis:host=127.0.0.1 port=1 dbname=x password=hunter2/d32_*"
    document = report(_production(tmp_path, place))
    assert document.lots_unread == 1
    assert "ne répond pas" in notices(document, "bad")[0].text["fr"]
    assert "hunter2" not in (tmp_path / "report" / "indicators.json").read_text(encoding="utf-8").replace(
        str(tmp_path), ""
    )
