# SPDX-License-Identifier: GPL-2.0-or-later
"""A production file that does not fit is refused with its key, its value and the remedy."""

from __future__ import annotations

from datetime import date

import pytest

from inference_backend.contracts.profile import Profile
from inference_backend.indicators.errors import ProductionFileError
from inference_backend.indicators.production_reader import read_production
from inference_backend.indicators.timesheet import read_timesheet

from .productions import write_production

GERS = {"code": "32", "name": "Gers", "area_km2": 6257, "lots": ["*.gpkg"]}


def refused(path):
    with pytest.raises(ProductionFileError) as found:
        read_production(path, Profile.load())
    return found.value.text("en"), found.value.text("fr")


@pytest.mark.parametrize(
    ("values", "key", "told"),
    [
        ({"pln": []}, "pln", "Did you mean “plan”?"),
        ({"name": ""}, "name", "is missing"),
        ({"format": "ocsge-production/9"}, "format", "ocsge-production/1"),
        ({"departements": []}, "departements", "at least one"),
        ({"departements": [GERS, GERS]}, "departements[1].code", "occurs once"),
        ({"departements": [{**GERS, "area_km2": 0}]}, "departements[0].area_km2", "above 0"),
        ({"departements": [{**GERS, "area_km2": True}]}, "departements[0].area_km2", "above 0"),
        ({"departements": [{**GERS, "lots": []}]}, "departements[0].lots", "at least one"),
        ({"departements": [{**GERS, "lots": [3]}]}, "departements[0].lots.0", "a text"),
        ({"plan": [{"date": "1/2/2026", "km2": 1}]}, "plan[0].date", "2026-03-31"),
        (
            {"plan": [{"date": "2026-02-01", "km2": 5}, {"date": "2026-01-01", "km2": 6}]},
            "plan[1].date",
            "later",
        ),
        (
            {"plan": [{"date": "2026-02-01", "km2": 5}, {"date": "2026-03-01", "km2": 4}]},
            "plan[1].km2",
            "never",
        ),
        ({"roles": {"pilot": {"eur_h": 3, "hours": "journals"}}}, "roles.pilot.hours", "timesheet"),
        ({"roles": {"pilot": {"eur_h": 3, "hours": "timesheet"}}}, "timesheet", "CSV"),
        (
            {"fixed_costs": [{"label": "x", "eur": 3, "departement": "99"}]},
            "fixed_costs[0].departement",
            "32",
        ),
        ({"subcontractors": {"A": ["anne"], "B": ["anne"]}}, "subcontractors.B", "one subcontractor"),
        ({"targets": {"cs_accuracy": 95}}, "targets.cs_accuracy", "from 0 to 1"),
        ({"longest_gesture_s": "10"}, "longest_gesture_s", "above 0"),
    ],
)
def test_a_value_that_does_not_fit_is_named(values, key, told, tmp_path):
    english, french = refused(write_production(tmp_path, **{"departements": [GERS], **values}))
    assert key in english
    assert told in english
    assert french != english
    assert "production.json" in french


def test_no_json_and_no_file_are_told_apart(tmp_path):
    path = tmp_path / "production.json"
    assert "cannot be read" in refused(path)[0]
    path.write_text("{", encoding="utf-8")
    assert "not JSON" in refused(path)[0]


def test_the_plan_runs_straight_between_its_dates(tmp_path):
    plan = [{"date": "2026-01-01", "km2": 0}, {"date": "2026-01-11", "km2": 100}]
    production = read_production(write_production(tmp_path, plan=plan), Profile.load())
    asked = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 4), date(2026, 2, 1)]
    assert [production.planned_km2(day) for day in asked] == [None, 0.0, 30.0, 100.0]


def test_what_the_file_leaves_out_comes_from_the_profile(tmp_path):
    production = read_production(write_production(tmp_path), Profile.load())
    assert production.reference_lines_eur_km2 == (36.0, 34.0, 27.0)
    assert production.longest_gesture_s == 600.0


def test_a_timesheet_sums_its_lines_whatever_its_separator(tmp_path):
    path = tmp_path / "hours.csv"
    path.write_text(
        "﻿departement;role;hours;who\n32;pilot;1,5;x\n32;pilot;2;y\n;pilot;3;z\n", encoding="utf-8"
    )
    assert read_timesheet(path, ["32"], ["pilot"]) == {("32", "pilot"): 3.5, ("", "pilot"): 3.0}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("departement,role\n", "no column hours"),
        ("departement,role,hours\n33,pilot,1\n", "“33”"),
        ("departement,role,hours\n32,cook,1\n", "“cook”"),
        ("departement,role,hours\n32,pilot,-1\n", "“-1”"),
        ("departement,role,hours\n32,pilot,\n", "no number"),
    ],
)
def test_a_timesheet_that_does_not_fit_names_its_line(text, told, tmp_path):
    path = tmp_path / "hours.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProductionFileError, match=told):
        read_timesheet(path, ["32"], ["pilot"])
