# SPDX-License-Identifier: GPL-2.0-or-later
"""Deciding of a lot that a team shares in a database, by an account of the controllers' group."""

from __future__ import annotations

import pytest

from inference_backend.contracts.control_report import Verdict
from inference_backend.contracts.lot_states import state_of
from inference_backend.contracts.profile import Profile
from inference_backend.control.decide import decide_control
from inference_backend.control.decide_options import DecideOptions, Redo, Rule
from inference_backend.control.errors import ControlError
from inference_backend.control.history import supplier_history
from inference_backend.control.lot_source import open_tables
from inference_backend.control.report_source import load_report
from inference_backend.postgis.address import LotAddress
from inference_backend.postgis.publish import publish
from tests.backend.lots.coverages import make_lot
from tests.qgis.postgis.server import Server

from .controlled_lot import coverage, put_in_control, rows_of

SCHEMA = "lot_a"


@pytest.fixture(scope="module")
def server():
    made = Server(("fsync=off",))
    made.sql("CREATE EXTENSION postgis")
    made.sql("CREATE ROLE chloe LOGIN")
    yield made
    made.remove()


@pytest.fixture
def shared(server, tmp_path):
    """Addresses of a lot: the owner's, and a controller's."""
    owner = LotAddress(f"{server.conninfo} dbname=postgres", SCHEMA)
    publish(make_lot(tmp_path / "lot.gpkg", Profile.load(), columns=10, rows=11), owner)
    server.sql("GRANT ocsge_controller TO chloe")
    yield owner, LotAddress(owner.conninfo.replace("user=postgres", "user=chloe"), SCHEMA)
    server.sql(f"DROP SCHEMA {SCHEMA} CASCADE")


def test_a_controller_rejects_redone_and_accepts_without_touching_a_polygon(shared):
    owner, controller = shared
    put_in_control(owner, set(range(1, 41)))
    before = coverage(owner)
    low = DecideOptions(overall={"cs": 0.1}, redo=Redo.CLASSES)
    report = decide_control(controller, Rule.CONTRACT, "Chloé", options=low)
    assert report.decision.verdict is Verdict.REJECTED
    told = load_report(controller)  # the page of a lot in a database, from what was signed
    assert (told.report.errors, told.report.error_kinds) == (report.errors, report.error_kinds)
    assert (len(told.ground.footprint), told.report.decision.signed_by) == (1, "Chloé")
    failed = {test.subject for test in report.decision.tests if test.passed is False}
    covers = rows_of(owner, "SELECT id, code_cs FROM {occupation_sol}")
    wanted = {polygon for polygon, cover in covers if cover in failed}
    wanted |= {error.polygon_id for error in report.errors}
    items = rows_of(owner, "SELECT polygon_id, state, answer, item_id FROM {review_item} ORDER BY rank")
    assert {row[0] for row in items[: len(wanted)]} == wanted == {row[0] for row in items if row[1] == "redo"}
    assert len({row[3] for row in items}) == len(items)
    with open_tables(owner) as tables:
        assert state_of(tables.metadata).value == "rejected"
    with pytest.raises(ControlError):
        decide_control(controller, Rule.CONTRACT, "Paul")

    put_in_control(owner)
    again = decide_control(controller, Rule.ISO2859, "Chloé")
    assert (again.decision.verdict, again.decision.severity) == (Verdict.ACCEPTED, "tightened")
    everywhere = supplier_history([f"{owner.conninfo}/*"])
    assert [past.verdict for past in everywhere] == ["rejected", "accepted"]
    assert [past.attempt for past in everywhere] == [1, 2]
    assert coverage(owner) == before
