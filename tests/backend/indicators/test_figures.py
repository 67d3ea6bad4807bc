# SPDX-License-Identifier: GPL-2.0-or-later
"""What the report says of lots whose figures are known beforehand."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from benchmarks.production.made import MadeControl, make_lot
from inference_backend.contracts.indicators import Indicators
from inference_backend.contracts.lot import LotState

from .productions import KM2, change, csv_rows, lot, report, rows, tile, write_production

PLAN = [{"date": "2025-09-01", "km2": 0}, {"date": "2026-08-28", "km2": 36}]
ROLES = {
    "interpreter": {"eur_h": 36.0, "hours": "journals"},
    "controller": {"eur_h": 50.0, "hours": "journals"},
}


def test_accepted_surface_is_held_against_the_plan_of_the_day(tmp_path):
    lots = [
        lot("32_1"),
        lot("32_2", west=610_000.0, started=5),
        lot("34_1", state=LotState.DELIVERED, controls=()),
    ]
    document = report(write_production(tmp_path, lots=lots, plan=PLAN))
    accepted = tile(document, "accepted")
    assert accepted.value == pytest.approx(2 * KM2)
    assert accepted.reference == pytest.approx(36 * 181 / 361)
    assert accepted.level == "bad"
    line = document.curves[0].lines[0]
    assert [day for day, _ in line.points] == ["2025-10-21", "2025-10-26", "2026-03-01"]
    assert [value for _, value in line.points] == pytest.approx([4.0, 8.0, 8.0], abs=1e-6)
    assert tile(document, "waiting").value == pytest.approx(KM2)


def test_a_lot_that_is_controlled_again_is_not_accepted_any_more(tmp_path):
    path = write_production(tmp_path, lots=[lot("32_1")])
    again = {"state": "in_control", "time_utc": "2025-12-01T00:00:00Z"}
    change(
        tmp_path / "32" / "32_1.gpkg",
        [
            "UPDATE lot SET value = json_insert(value, '$[#]', json(?)) WHERE key = 'state_history_json'",
            json.dumps(again),
        ],
        ["UPDATE lot SET value = 'in_control' WHERE key = 'state'"],
    )
    document = report(path)
    assert tile(document, "accepted").value == 0.0
    assert [value for _, value in document.curves[0].lines[0].points] == pytest.approx(
        [4.0, 0.0, 0.0], abs=1e-6
    )


def test_accuracy_is_weighted_by_surface_and_first_deliveries_stand_apart(tmp_path):
    bad, good = MadeControl("rejected", cs=0.8, us=0.7, errors=40), MadeControl(cs=0.95, us=0.9)
    lots = [
        lot("32_1", controls=(bad, good)),
        lot("32_2", west=610_000.0, side_m=4_000.0, controls=(replace(good, cs=0.99),)),
    ]
    document = report(write_production(tmp_path, lots=lots, targets={"cs_accuracy": 0.5}))
    assert tile(document, "cs_accuracy").value == pytest.approx((0.95 * 4 + 0.99 * 16) / 20)
    assert tile(document, "cs_accuracy").level == "good"
    found = {
        (row["scope"]["en"], row["dimension"]["en"], row["by"]["en"]): row
        for row in rows(document, "accuracy")
    }
    first = found["first deliveries", "cover (CS)", "by area"]
    assert first["value"] == pytest.approx((0.8 * 4 + 0.99 * 16) / 20)
    assert found["accepted lots", "cover (CS)", "by count"]["value"] == pytest.approx((0.95 + 0.99) / 2)
    assert [row["verdict"]["en"] for row in rows(document, "controls")] == [
        "accepted",
        "accepted",
        "rejected",
    ]


def test_an_accepted_lot_without_a_control_lowers_what_the_accuracy_covers(tmp_path):
    lots = [lot("32_1"), lot("32_2", west=610_000.0, controls=())]
    found = rows(report(write_production(tmp_path, lots=lots)), "accuracy")[0]
    assert (found["lots"], found["weight"]) == (1, pytest.approx(0.5))


def test_cost_is_hours_at_their_price_and_fixed_costs(tmp_path):
    lots = [lot(f"32_{n}", west=600_000.0 + 5_000 * n, seed=n) for n in range(3)]
    costs = [{"label": "vol", "eur": 100.0, "departement": "32"}, {"label": "serveur", "eur": 112.0}]
    document = report(write_production(tmp_path, lots=lots, roles=ROLES, fixed_costs=costs))
    gers, herault = rows(document, "departements")
    seconds = sum(_journal_s(tmp_path / "32" / f"{made.name}.gpkg") for made in lots)
    # A control's answer took more than ten minutes: that is a pause, and counts for ten.
    expected = seconds / 3600 * 36 + 3 * 600 / 3600 * 50 + 100 + 112 * 12 / 112
    assert gers["eur"] == pytest.approx(expected)
    assert gers["eur_per_km2"] == pytest.approx(expected / 12)
    assert gers["cost_state"]["en"] == "final"
    assert herault["eur_per_km2"] is None
    assert tile(document, "cost").value == pytest.approx(expected / 12)


def test_a_cost_that_nobody_knows_is_no_cost_of_nothing(tmp_path):
    path = write_production(tmp_path, lots=[lot("32_1")], roles=ROLES)
    change(tmp_path / "32" / "32_1.gpkg", ["UPDATE edit_journal SET duration_s = NULL WHERE seq = 1"])
    document = report(path)
    assert rows(document, "departements")[0]["eur"] is None
    assert tile(document, "cost").value is None
    assert "sans durée\u00a0: 1" in tile(document, "cost").detail["fr"]
    assert csv_rows(tmp_path / "report" / "departements.csv")[0]["eur"] == ""


def test_hours_of_a_lot_that_cannot_be_read_are_not_known(tmp_path):
    path = write_production(tmp_path, lots=[lot("32_1")], roles=ROLES)
    (tmp_path / "32" / "32_2.gpkg").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    assert rows(report(path), "departements")[0]["eur"] is None


def test_a_role_without_hours_in_the_timesheet_makes_the_cost_unknown(tmp_path):
    (tmp_path / "hours.csv").write_text("departement,role,hours\n32,pilot,10\n", encoding="utf-8")
    roles = {"pilot": {"eur_h": 60, "hours": "timesheet"}}
    lots = [lot("32_1"), lot("34_1")]
    path = write_production(tmp_path, lots=lots, roles=roles, timesheet="hours.csv")
    gers, herault = rows(report(path), "departements")
    assert (gers["eur"], herault["eur"]) == (600.0, None)


def test_rework_counts_changed_polygons_once_and_over_the_automatic_ones(tmp_path):
    document = report(write_production(tmp_path, lots=[lot("32_1", changed=1.0)]))
    # 16 polygons, 8 of them in the queue, all decided otherwise than proposed; 1/16 of the surface each.
    assert tile(document, "rework").value == pytest.approx(8 / 16)
    assert rows(document, "departements")[0]["rework_area"] == pytest.approx(8 / 16)


def test_a_lot_half_interpreted_lowers_no_rework_rate(tmp_path):
    half = lot("34_1", state=LotState.IN_INTERPRETATION, decided=0.2, controls=())
    document = report(write_production(tmp_path, lots=[lot("32_1", changed=1.0), half]))
    assert tile(document, "rework").value == pytest.approx(0.5)


def test_names_are_hidden_unless_wanted_and_a_pseudonym_lasts(tmp_path):
    path = write_production(
        tmp_path, lots=[lot("32_1", operators=("Zoé Secrète",), assigned_to="Zoé Secrète")]
    )
    first, again = report(path), report(path)
    who = rows(first, "interpreters")[0]["who"]
    assert who.startswith("PI-")
    assert rows(again, "interpreters")[0]["who"] == who
    folder = tmp_path / "report"
    assert not any("Secrète" in file.read_text(encoding="utf-8") for file in folder.iterdir())
    assert rows(report(path, show_names=True), "interpreters")[0]["who"] == "Zoé Secrète"


def test_a_subcontractor_is_named_and_has_its_history(tmp_path):
    bad, good = MadeControl("rejected", errors=40), MadeControl()
    lots = [lot("32_1", assigned_to="anne", controls=(bad, good)), lot("34_1", assigned_to="bruno")]
    path = write_production(tmp_path, lots=lots, subcontractors={"Société X": ["anne", "bruno"]})
    (found,) = rows(report(path), "subcontractors")
    assert (found["who"], found["lots"], found["controlled"], found["rejections"]) == ("Société X", 2, 2, 1)
    assert found["at_once"] == pytest.approx(0.5)


def test_signalements_are_counted_by_motive_and_once_across_lots(tmp_path):
    remarks = ((4.0, "valid", "corrected"), (10.0, "reject", "below_threshold"), (None, "submit", None))
    path = write_production(tmp_path, lots=[lot("32_1", remarks=remarks)])
    # The neighbour has the same remark at its border, without an answer.
    other = make_lot(tmp_path / "34" / "34_1.gpkg", lot("34_1"))
    columns = "source, remote_id, opened_at, status"
    change(
        other,
        ["ATTACH ? AS first", str(tmp_path / "32" / "32_1.gpkg")],
        [
            f"INSERT INTO signalement ({columns}) SELECT source, remote_id, opened_at, 'submit' "
            "FROM first.signalement WHERE status = 'valid'"
        ],
    )
    document = report(path)
    found = {row["motive"]["fr"]: row for row in rows(document, "signalements")}
    assert found["corrigé"]["taken"] == 1
    assert found["sous le seuil de surface"]["refused"] == 1
    assert found["sans motif"]["open"] == 1
    assert tile(document, "signalements").value == 1
    assert "délai médian 7 j" in tile(document, "signalements").detail["fr"]


def test_the_document_comes_back_as_it_was_written(tmp_path):
    document = report(write_production(tmp_path, lots=[lot("32_1")], plan=PLAN, roles=ROLES))
    assert Indicators.read(tmp_path / "report" / "indicators.json") == document


def test_a_name_that_a_spreadsheet_would_run_is_a_text(tmp_path):
    path = write_production(tmp_path, lots=[lot("32_1")])
    change(tmp_path / "32" / "32_1.gpkg", ["UPDATE lot SET value = '=HYPERLINK(1)' WHERE key = 'name'"])
    report(path)
    assert csv_rows(tmp_path / "report" / "lots.csv")[0]["lot"] == "'=HYPERLINK(1)"


def _journal_s(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT sum(min(duration_s, 600)) FROM edit_journal").fetchone()[0]
