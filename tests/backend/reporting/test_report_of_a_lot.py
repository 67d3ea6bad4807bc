# SPDX-License-Identifier: GPL-2.0-or-later
"""A report from the lot itself: what was signed stays what it was, whatever becomes of the lot."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from inference_backend.cli.main import main
from inference_backend.contracts.control_report import Verdict
from inference_backend.contracts.profile import Profile
from inference_backend.control.decide import decide_control
from inference_backend.control.decide_options import Rule
from inference_backend.control.errors import ControlError
from inference_backend.control.report_source import load_report
from tests.backend.control.controlled_lot import change, put_in_control
from tests.backend.lots.coverages import make_lot

_WRONG, _UNSAID = set(range(1, 31)), {40, 41}


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    """A rejected lot of a hundred fields, and the report that was signed."""
    place = make_lot(tmp_path_factory.mktemp("lot") / "lot.gpkg", Profile.load(), columns=10, rows=11)
    put_in_control(place, _WRONG, kinds={40: ("omission",)}, unsaid=_UNSAID)
    return place, decide_control(place, Rule.CONTRACT, "Marie Durand")


@pytest.fixture
def lot(decided, tmp_path):
    """The same lot, to be changed."""
    return shutil.copy(decided[0], tmp_path)


def documents(report):
    """A report as JSON, without the points of curves, which are reckoned again."""
    values = json.loads(json.dumps(report.to_dict()))
    curves = [
        values["decision"].pop("curve"),
        *(t["detail"].pop("curve", None) for t in values["decision"]["tests"]),
    ]
    return values, curves


def test_a_signed_report_comes_out_of_the_lot_as_it_was(decided, lot):
    signed = decided[1]
    assert signed.decision.verdict is Verdict.REJECTED
    again, curves = documents(load_report(lot).report)
    expected, signed_curves = documents(signed)
    for name in expected:
        if name != "history":
            assert again[name] == expected[name], name
    assert [curve for curve in curves[1:] if curve] == [
        [pytest.approx(point) for point in curve] for curve in signed_curves[1:] if curve
    ]


def test_work_on_a_rejected_lot_leaves_the_signed_report(decided, lot):
    before, _ = documents(load_report(lot).report)
    change(lot, "UPDATE {occupation_sol} SET code_cs = 'CS1.2.2' WHERE fid % 3 = 0")
    assert documents(load_report(lot).report)[0] == before


def test_the_page_says_what_its_shares_are_of(lot, tmp_path):
    """A hundred fields were drawn from; the road, which is of the skeleton, was not."""
    assert main(["--lang", "fr", "control", "report", str(lot), "-o", str(tmp_path / "page")]) == 0
    page = next((tmp_path / "page").glob("*.html")).read_text(encoding="utf-8")
    assert "porte sur les 100 polygones, de 101, qui pouvaient être tirés" in re.sub(r"\s", " ", page)


def test_the_map_shows_nothing_of_the_neighbours(lot):
    before = len(load_report(lot).ground.outlines)
    change(lot, "UPDATE {occupation_sol} SET margin_of = 'other' WHERE fid <= 5")
    assert len(load_report(lot).ground.outlines) == before - 5


def test_answers_changed_after_the_signature_give_no_figures(lot):
    change(lot, "UPDATE {control_answer} SET control_cs = 'CS1.2.2' WHERE sample_id = 60")
    with pytest.raises(ControlError, match="no longer give the figures that were signed"):
        load_report(lot)


def test_the_map_tells_right_units_from_those_nobody_could_judge(decided):
    source = load_report(decided[0])
    judged = source.report.answers["asked"]
    assert len(source.ground.unsaid) == 1  # 40 has an omission besides, so it is an error
    assert len(source.ground.right) == judged - len(source.report.errors) - 1
    assert len(source.ground.footprint) == 1
    assert len(source.ground.outlines) > 0


def test_the_command_writes_page_tables_and_document(decided, tmp_path, capsys):
    assert main(["control", "report", str(decided[0]), "--output", str(tmp_path / "out")]) == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names >= {"report.html", "report.json", "errors.csv", "accuracy.csv", "matrix-us-area.csv"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "LOT REJETÉ" in page
    assert not re.search(r"<b>vu</b>", page)
    assert "&lt;b&gt;vu&lt;/b&gt;" in page
    assert str(tmp_path / "out" / "report.html") in capsys.readouterr().out


def test_a_draft_is_no_decision(tmp_path):
    place = make_lot(tmp_path / "lot.gpkg", Profile.load(), columns=6, rows=6)
    put_in_control(place)
    report = load_report(place).report
    assert (report.decision.signed_by, report.decision.signed_utc) == ("", "")
    assert load_report(place).report.decision == report.decision


def test_a_file_that_is_no_report_is_named(tmp_path, capsys):
    bad = tmp_path / "bad.json"
    bad.write_text('{"format": "other"}', encoding="utf-8")
    assert main(["control", "report", str(bad), "--output", str(tmp_path / "out")]) == 2
    assert str(bad) in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
