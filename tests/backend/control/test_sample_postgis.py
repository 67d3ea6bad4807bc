# SPDX-License-Identifier: GPL-2.0-or-later
"""Sampling a lot shared in a database: the same sample as of its file, by an account of the controllers."""

from __future__ import annotations

import shutil

import pytest

from inference_backend.contracts.control import StrataBy
from inference_backend.control.arbiter import write_arbiter_file
from inference_backend.control.collect import collect
from inference_backend.control.errors import ControlError
from inference_backend.control.lot_source import lot_place
from inference_backend.control.read import read_control
from inference_backend.postgis.address import LotAddress
from inference_backend.postgis.publish import publish
from tests.qgis.postgis.server import Server

from .control_sheets import delivered_codes, draw, fill

SCHEMA = "lot_s"


@pytest.fixture(scope="module")
def server():
    made = Server(("fsync=off",))
    made.sql("CREATE EXTENSION postgis")
    made.sql("CREATE ROLE chloe LOGIN")
    yield made
    made.remove()


@pytest.fixture
def shared(server, delivered, tmp_path):
    """Address of the delivered lot, as a controller sees it."""
    owner = LotAddress(f"{server.conninfo} dbname=postgres", SCHEMA)
    publish(delivered, owner)
    server.sql("GRANT ocsge_controller TO chloe")
    yield LotAddress(owner.conninfo.replace("user=postgres", "user=chloe"), SCHEMA)
    server.sql(f"DROP SCHEMA {SCHEMA} CASCADE")


def test_a_shared_lot_is_sampled_and_collected_as_a_file_is(shared, server, delivered, tmp_path):
    lot = shutil.copy(delivered, tmp_path / "lot.gpkg")
    design = {"strata_by": StrataBy.COVER, "seed": 3}
    draw(lot, tmp_path / "file", **design)
    place = lot_place(f"{shared.conninfo}/{SCHEMA}")
    draw(place, tmp_path / "shared", **design)
    of_file, of_database = read_control(lot), read_control(place, check=True)
    assert of_database.units == of_file.units  # ids, places, fingerprints, probabilities, to the last bit
    assert (of_database.strata, of_database.fingerprint) == (of_file.strata, of_file.fingerprint)
    assert (of_database.changed, of_database.population_changed) == ((), False)
    anne, benoit = sorted((tmp_path / "shared").iterdir())
    codes = delivered_codes(lot)
    fill(anne, codes)
    fill(benoit, dict.fromkeys(codes, ("CS1.1.1.1", "US5")))
    done = collect(place, [anne, benoit])
    assert (done.new, done.answered, done.lacking_second) == (36, 30, 0)
    assert done.differing == 6
    assert collect(place, [anne, benoit]).new == 0
    arbitration = write_arbiter_file(place, "Denise", tmp_path)
    fill(arbitration, codes)
    assert collect(place, [arbitration]).differing == 0
    with pytest.raises(ControlError, match="runs already"):
        draw(place, tmp_path / "more")
    server.sql(f"UPDATE {SCHEMA}.occupation_sol SET source = 'x' WHERE id = '{of_file.units[0].polygon_id}'")
    assert read_control(place, check=True).changed == (of_file.units[0].polygon_id,)


def test_strata_of_interpreters_and_places_come_from_the_database_too(shared, server, tmp_path):
    server.sql(
        f"INSERT INTO {SCHEMA}.edit_journal (seq, gesture_id, operator, in_force, after) VALUES "
        "(1, 'g', 'Zoé', 1, '[{\"id\": \"OCSGE0000000001\"}]')"
    )
    done = draw(shared, tmp_path / "out", strata_by=StrataBy.OPERATOR)
    assert {s.name: s.units for s in done.strata} == {"-": 99, "Zoé": 1}
    draw(shared, tmp_path / "far", distance_m=120.0, size=10, replace=True)
    assert len(read_control(shared).units) == 10
