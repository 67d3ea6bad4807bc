# SPDX-License-Identifier: GPL-2.0-or-later
"""Earlier decisions on a supplier's lots, and what they make of the next control."""

from __future__ import annotations

from datetime import datetime

import pytest

from inference_backend.contracts.profile import Profile
from inference_backend.control.decide import decide_control
from inference_backend.control.decide_options import DecideOptions, Rule
from inference_backend.control.history import PastControl, lots_at, standing_of, supplier_history
from inference_backend.postprocess.lot import lot_metadata
from inference_backend.quality.acceptance.plans import Severity
from inference_backend.quality.acceptance.switching import Standing
from tests.backend.lots.coverages import make_lot

from .controlled_lot import change, put_in_control


def past(outcome: str, number: int, attempt: int = 1) -> PastControl:
    plan = {"severity": "normal", "accept": 1, "found": 0, "accept_tighter": 0, "passed": outcome == "a"}
    return PastControl(
        f"lot {number}", f"uuid {number}", f"control {number} {attempt}", "Atelier", "", "iso2859", "", "",
        0, 20, attempt, {"cs": plan, "us": {**plan, "passed": True}},
    )  # fmt: skip


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """Three lots of two suppliers, the first two rejected, and files that are none."""
    folder = tmp_path_factory.mktemp("production")
    for name, supplier, wrong in (("a", "Atelier", 20), ("b", "Atelier", 20), ("c", "Autre", 0)):
        lot = make_lot(folder / "dep34" / f"{name}.gpkg", Profile.load(), columns=5, name=name)
        put_in_control(lot, set(range(1, wrong + 1)), supplier=supplier)
        decide_control(lot, Rule.ISO2859, "Marie")
    (folder / "dep34" / "damaged.gpkg").write_bytes(b"SQLite format 3\0" + b"x" * 200)
    (folder / "dep34" / "a.control.gpkg").write_bytes(b"")
    (folder / "notes.txt").write_text("rien")
    return folder


def test_a_folder_gives_each_lot_once_and_no_control_file(production):
    found = list(lots_at([production, production / "dep34" / "a.gpkg"]))
    assert [path.stem for path in found] == ["a", "b", "c", "damaged"]


def test_history_is_of_one_supplier_and_a_damaged_lot_stops_nothing(production, caplog):
    atelier = supplier_history([production], "Atelier")
    assert [(line.lot, line.verdict) for line in atelier] == [("a", "rejected"), ("b", "rejected")]
    assert atelier[0].plans["cs"]["passed"] is False
    assert len(supplier_history([production])) == 3
    assert "damaged.gpkg" in caplog.text


def test_the_next_lot_of_a_supplier_meets_the_severity_of_its_history(production, tmp_path):
    options = DecideOptions(history=(production,))
    lots = {}
    for supplier in ("Atelier", "Autre"):
        lots[supplier] = make_lot(tmp_path / f"{supplier}.gpkg", Profile.load(), columns=5, name=supplier)
        put_in_control(lots[supplier], supplier=supplier)
    severities = {
        supplier: decide_control(lot, Rule.ISO2859, "", options=options).decision.severity
        for supplier, lot in lots.items()
    }
    assert severities == {"Atelier": "tightened", "Autre": "normal"}


def test_cover_and_use_switch_apart_and_redone_lots_do_not_count():
    history = [past("r", 1), past("a", 1, attempt=2), past("r", 2)]
    assert standing_of(history, "cs", may_reduce=False).severity is Severity.TIGHTENED
    assert standing_of(history, "us", may_reduce=False).severity is Severity.NORMAL
    again = [past("r", 1), past("r", 1, attempt=2)]
    assert standing_of(again, "cs", may_reduce=False).severity is Severity.NORMAL


def test_a_control_that_found_nothing_out_is_none_of_a_history():
    """A lot that did not conform was rejected before its sample was judged: no plan was failed."""
    unjudged = [past("r", number) for number in (1, 2)]
    for line in unjudged:
        line.plans["cs"]["passed"] = None
    assert standing_of(unjudged, "cs", may_reduce=False) == Standing()


def test_a_lot_delivered_again_as_another_file_is_no_first_control(tmp_path):
    for name, wrong in (("a", 20), ("b", 20)):
        lot = make_lot(tmp_path / name / "lot.gpkg", Profile.load(), columns=5, name="lot")
        change(lot, "UPDATE {lot} SET value = 'one lot' WHERE key = 'lot_uuid'")
        put_in_control(lot, set(range(1, wrong + 1)))
        decide_control(lot, Rule.ISO2859, "Marie")
    assert [line.attempt for line in supplier_history([tmp_path])] == [1, 2]


def test_decisions_of_one_second_have_an_order(monkeypatch):
    class Clock(datetime):
        milliseconds = iter((7, 8))

        @classmethod
        def now(cls, tz=None):
            return cls(2026, 11, 22, 2, 7, 55, 1000 * next(cls.milliseconds), tzinfo=tz)

    monkeypatch.setattr(lot_metadata, "datetime", Clock)
    first, second = lot_metadata.utc_now(), lot_metadata.utc_now()
    assert "2026-11-22T02:07:55+00:00" < first < second, (
        "lots signed before times had milliseconds come first"
    )
