# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot is sampled, judged blind by two people, rejected, redone in part, and reported, from Processing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from qgis.core import QgsProject

from inference_backend.contracts.lot import ItemState, LotState
from ocsge_pi_review.adapters.lot_handover import change_state
from ocsge_pi_review.adapters.open_control import open_control
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.domain.control import Judgement
from tests.qgis.pi_review.lot_factory import make_lot
from tests.qgis.production.test_production import Log, refusal, run


@pytest.fixture
def delivered(tmp_path, qgis_app):
    """A small lot, delivered."""
    path = make_lot(tmp_path / "commune.gpkg")
    lot = open_lot(path, "Anne", QgsProject.instance())
    for state in (LotState.ASSIGNED, LotState.IN_INTERPRETATION, LotState.DELIVERED):
        change_state(lot.store, state)
    lot.close(QgsProject.instance())
    return path


def ask(path, query):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def judge(path, name, truth, wrong):
    """Every unit of a control file, with the delivered codes but for some."""
    opened = open_control(path, name, QgsProject.instance())
    session = opened.session
    for unit in opened.store.units:
        session.show_unit(unit.sample_id)
        cover, use = truth[unit.sample_id]
        if unit.sample_id in wrong:
            cover = "CS1.2.2" if cover != "CS1.2.2" else "CS2.2.1"
        session.say(Judgement(cover, use, comment="<b>bassin</b>" if unit.sample_id in wrong else ""))
        session.confirm()
    opened.close(QgsProject.instance())


def test_a_lot_is_sampled_judged_rejected_and_reported(
    provider, shared_backend, delivered, tmp_path, qgis_new_project
):
    folder = tmp_path / "contrôle"
    drawn, _, _ = run(
        "controlsample",
        {
            "LOTS": [str(delivered)],
            "CONTROLLERS": "Chloé, Paul",
            "SIZE": 12,
            "STRATA": 0,
            "SECOND": 25,
            "SKELETON": True,
            "OUTPUT": str(folder),
        },
    )
    units = drawn["DRAWN"]
    files = sorted(folder.glob("*.control.gpkg"))
    assert len(files) == 2
    truth = {
        row[0]: row[1:] for row in ask(delivered, "SELECT sample_id, map_cs, map_us FROM control_sample")
    }
    wrong = set(range(1, units // 2 + 1))
    for path, name in zip(files, ("Chloé", "Paul"), strict=True):
        judge(path, name, truth, wrong)

    came, _, _ = run("controlcollect", {"LOT": str(delivered), "FILES": [str(path) for path in files]})
    assert (came["LEFT"], came["DIFFERING"]) == (0, 0)
    assert came["NEW"] > units
    report = tmp_path / "décision.json"
    feedback = Log()
    values = {"LOT": str(delivered), "RULE": 0, "SIGN": "Marie", "OVERALL_CS": 95, "OUTPUT": str(report)}
    done, _, _ = run("controldecide", values, feedback)
    assert done["VERDICT"] == "rejected"
    assert feedback.warnings
    assert json.loads(report.read_text(encoding="utf-8"))["decision"]["signed_by"] == "Marie"
    _an_interpreter_sees_what_to_redo(delivered, len(wrong))

    page, _, _ = run("controlreport", {"SOURCE": str(delivered), "OUTPUT": str(tmp_path / "rapport")})
    text = Path(page["PAGE"]).read_text(encoding="utf-8")
    assert "Marie" in text
    assert "<b>bassin</b>" not in text


def _an_interpreter_sees_what_to_redo(path, expected):
    """The items to redo come first, with the controller's words."""
    lot = open_lot(path, "Anne", QgsProject.instance())
    assert lot.review.next_todo()
    item = lot.review.item
    assert item.state is ItemState.REDO
    assert "<b>bassin</b>" in (item.answer or "")
    assert ask(path, "SELECT count(*) FROM review_item WHERE state = 'redo'") == [(expected,)]
    lot.close(QgsProject.instance())


def test_a_sample_without_a_size_is_refused(provider, tmp_path):
    values = {"LOTS": [str(tmp_path / "lot.gpkg")], "CONTROLLERS": "Chloé", "OUTPUT": str(tmp_path / "out")}
    assert "precision" in refusal("controlsample", values)
