# SPDX-License-Identifier: GPL-2.0-or-later
"""Deciding of a lot in a file: what is read, what is written, what is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from inference_backend.cli.decision_text import decision_text
from inference_backend.contracts.control_report import ControlReport, Verdict
from inference_backend.contracts.lot_states import LotStateError, history_of, state_of
from inference_backend.contracts.profile import Profile
from inference_backend.control.assessing import population_of
from inference_backend.control.collect import collect
from inference_backend.control.decide import decide_control
from inference_backend.control.decide_options import DecideOptions, Redo, Rule
from inference_backend.control.decide_rules import contract_rule, contract_view
from inference_backend.control.decide_writing import write_decision
from inference_backend.control.errors import ControlError, LotChangedError
from inference_backend.control.lot_source import open_tables
from inference_backend.control.read import control_of
from inference_backend.control.report_file import read_report, write_report
from inference_backend.control.report_page import report_page
from inference_backend.quality.acceptance.errors import RuleError
from inference_backend.quality.acceptance.plans import Severity
from inference_backend.reporting.words import Words
from tests.backend.lots.coverages import make_lot

from .control_sheets import delivered_codes, draw, fill
from .controlled_lot import change, coverage, put_in_control, rows_of

ITEMS = "SELECT polygon_id, state, answer, reasons, rank FROM {review_item} ORDER BY rank"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A lot of a hundred fields and a road; never written to."""
    return make_lot(tmp_path_factory.mktemp("control") / "lot.gpkg", Profile.load(), columns=10, rows=11)


@pytest.fixture
def lot(made, tmp_path):
    """The same, to be changed."""
    return shutil.copy(made, tmp_path)


def items_to_redo(lot):
    return [row for row in rows_of(lot, ITEMS) if row[1] == "redo"]


def test_a_good_lot_is_accepted_and_signed(lot):
    put_in_control(lot, {5})
    before = coverage(lot)
    report = decide_control(lot, Rule.CONTRACT, "Marie Durand", options=DecideOptions(comment="Bon travail"))
    assert (report.decision.verdict, report.decision.signed_by) == (Verdict.ACCEPTED, "Marie Durand")
    with open_tables(lot) as tables:
        assert state_of(tables.metadata).value == "accepted"
        last = history_of(tables.metadata)[-1]
    assert (last["by"], last["comment"]) == ("Marie Durand", "Bon travail")
    ((state, by, text),) = rows_of(lot, "SELECT state, decided_by, decision_json FROM {control}")
    assert (state, by) == ("decided", "Marie Durand")
    kept = json.loads(text)
    assert kept["errors"] == 1
    assert {(a["dimension"], a["by"]) for a in kept["assessments"]} >= {("cs", "count"), ("us", "area")}
    assert not items_to_redo(lot)
    assert coverage(lot) == before


def test_without_a_signature_nothing_is_written(lot):
    put_in_control(lot, {5})
    before = rows_of(lot, "SELECT * FROM {control}"), rows_of(lot, "SELECT * FROM {lot}")
    report = decide_control(lot, Rule.CONTRACT, "")
    assert report.decision.verdict is Verdict.ACCEPTED
    assert (report.decision.signed_by, report.decision.signed_utc) == ("", "")
    assert (rows_of(lot, "SELECT * FROM {control}"), rows_of(lot, "SELECT * FROM {lot}")) == before


def test_a_bad_lot_comes_back_with_its_errors_first_in_the_queue(lot):
    put_in_control(lot, set(range(1, 31)), kinds={40: ("omission", "geometry")})
    before = coverage(lot)
    report = decide_control(lot, Rule.CONTRACT, "Marie")
    assert report.decision.verdict is Verdict.REJECTED
    assert report.decision.tests[0].passed is False
    assert report.error_kinds == {"cover": 30, "use": 0, "omission": 1, "geometry": 1, "threshold": 0}
    with open_tables(lot) as tables:
        assert state_of(tables.metadata).value == "rejected"
    items = rows_of(lot, ITEMS)
    assert [state for _, state, *_ in items[:31]] == ["redo"] * 31
    assert {row[0] for row in items[:31]} == {error.polygon_id for error in report.errors}
    assert all(
        (row[3].startswith("control_error") and "redo" not in row[1:2]) or row[1] == "redo"
        for row in items[:31]
    )
    answers = {row[0]: row[2] for row in items}
    first = report.errors[0]
    assert answers[first.polygon_id] == (
        f"Contrôle : couverture CS1.1.1.1 au lieu de {first.map_cs}. « <b>vu</b> {first.sample_id} »"
    )
    assert answers[report.errors[-1].polygon_id] == "Contrôle : objet omis, contour erroné."
    assert coverage(lot) == before


def test_whole_classes_go_back_where_asked(lot):
    put_in_control(lot, set(range(1, 41)))
    failed_class = DecideOptions(redo=Redo.CLASSES, overall={"cs": 0.1, "us": 0.1})
    report = decide_control(lot, Rule.CONTRACT, "Marie", options=failed_class)
    failed = {test.subject for test in report.decision.tests if test.passed is False}
    assert failed
    marks = ", ".join("?" * len(failed))
    wanted = {
        row[0]
        for row in rows_of(
            lot, f"SELECT id FROM {{occupation_sol}} WHERE code_cs IN ({marks})", tuple(failed)
        )
    }
    sent = [row[0] for row in items_to_redo(lot)]
    assert set(sent) == wanted | {error.polygon_id for error in report.errors}
    assert len(sent) == len(set(sent))


def test_a_lot_that_does_not_conform_is_rejected_before_anybody_answered(lot):
    change(lot, "UPDATE {occupation_sol} SET code_us = 'US9.9' WHERE fid = 101")
    put_in_control(lot, missing=range(1, 101))
    report = decide_control(lot, Rule.CONTRACT, "")
    assert report.decision.tests[0].name == "conformity"
    assert report.decision.tests[0].detail["faults"] == ["unknown_codes"]
    assert report.decision.verdict is Verdict.REJECTED


def test_a_lot_changed_after_the_draw_is_not_decided(lot):
    put_in_control(lot)
    change(lot, "UPDATE {occupation_sol} SET code_cs = 'CS1.1.1.1' WHERE fid IN (3, 4)")
    with pytest.raises(LotChangedError) as error:
        decide_control(lot, Rule.CONTRACT, "Marie")
    assert error.value.values["count"] == 2
    assert rows_of(lot, "SELECT state FROM {control}") == [("drawn",)]


def test_missing_answers_and_all_unsaid_leave_it_undecided_and_unsigned(lot):
    put_in_control(lot, missing={7})
    report = decide_control(lot, Rule.CONTRACT, "Marie")
    assert (report.decision.verdict, report.decision.signed_by) == (Verdict.UNDECIDED, "")
    assert rows_of(lot, "SELECT state FROM {control}") == [("drawn",)]


def test_all_cannot_say_gives_no_figure(lot):
    put_in_control(lot, unsaid=range(1, 101))
    report = decide_control(lot, Rule.CONTRACT, "Marie")
    assert report.decision.verdict is Verdict.UNDECIDED
    assert report.answers["cannot_say_cs"] == 100
    assert all(found.overall.value is None for found in report.assessments)
    assert report.errors == ()


def opened(report):
    return {test.name: test.found for test in report.decision.tests if test.passed is None}


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize(
    ("unsaid", "verdict"), [(10, Verdict.ACCEPTED), (11, Verdict.UNDECIDED), (60, Verdict.UNDECIDED)]
)
def test_what_was_judged_does_not_stand_for_much_that_could_not_be_said(lot, rule, unsaid, verdict):
    put_in_control(lot, unsaid=range(1, unsaid + 1))
    report = decide_control(lot, rule, "Marie")
    held = {"unsaid_cs": unsaid / 100, "unsaid_us": unsaid / 100} if unsaid > 10 else {}
    assert (report.decision.verdict, bool(report.decision.signed_by)) == (verdict, not held)
    assert {name: opened(report).get(name) for name in held} == held
    told = decision_text(report)
    assert "cover, units not judged" in told
    assert f"{unsaid}.0%, at most 10.0%" in told


@pytest.mark.parametrize(("wrong", "verdict"), [(14, Verdict.UNDECIDED), (40, Verdict.REJECTED)])
def test_a_lot_that_the_unsaid_could_save_is_not_rejected(lot, wrong, verdict):
    """14 wrong of 40 judged and 60 unsaid: 0.86 at best, which a threshold of 0.8 holds."""
    put_in_control(lot, range(61, 61 + wrong), unsaid=range(1, 61))
    options = DecideOptions(overall={"cs": 0.8}, each_class={"cs": 0.0})
    assert decide_control(lot, Rule.CONTRACT, "", options=options).decision.verdict is verdict


def test_a_lot_with_older_rules_is_held_to_this_installation_s_share(lot):
    rules = Profile.load().rules
    older = {**rules, "control": {k: v for k, v in rules["control"].items() if k != "unsaid_share"}}
    assert older["control"] != rules["control"]
    put_in_control(lot, unsaid=range(1, 12))
    change(lot, "UPDATE {lot} SET value = ? WHERE key = 'profile_json'", (json.dumps(older),))
    assert decide_control(lot, Rule.CONTRACT, "").decision.verdict is Verdict.UNDECIDED


def test_opinions_that_differ_are_told_and_hold_nothing_back(delivered_lot, tmp_path):
    done = draw(delivered_lot, tmp_path / "out", size=100, second_share=0.1)
    first, second = done.files
    right = delivered_codes(delivered_lot)
    fill(first, right)
    twice = sorted(fill(second, {n: ("CS1.1.1.1", us) for n, (_, us) in right.items()}))
    collect(delivered_lot, done.files)
    differ = sum(right[n][0] != "CS1.1.1.1" for n in twice)
    report = decide_control(delivered_lot, Rule.CONTRACT, "")
    assert report.decision.verdict is Verdict.ACCEPTED
    assert opened(report)["opinions"] == differ > 0
    assert f"opinions that differ, not settled  open: {differ}" in " ".join(decision_text(report).split("\n"))
    assert "sans arbitrage" in report_page(report, Words("fr"))


def test_iso_follows_the_history_and_a_lot_that_comes_back_is_controlled_harder(lot):
    put_in_control(lot, {1, 2, 3})
    first = decide_control(lot, Rule.ISO2859, "Marie")
    assert (first.decision.verdict, first.decision.severity) == (Verdict.REJECTED, "normal")
    put_in_control(lot, {1})
    second = decide_control(lot, Rule.ISO2859, "Marie")
    plan = next(test for test in second.decision.tests if test.name == "iso2859_cs")
    assert (second.decision.severity, plan.detail["accept"], plan.found) == ("tightened", 1, 1)
    assert second.decision.verdict is Verdict.ACCEPTED
    assert [line["verdict"] for line in second.history] == ["rejected"]


def test_iso_refuses_a_sample_of_unequal_chances(lot):
    put_in_control(lot)
    change(lot, "UPDATE {control_sample} SET inclusion_probability = 0.4 WHERE sample_id < 9")
    with pytest.raises(RuleError, match="equal chances"):
        decide_control(lot, Rule.ISO2859, "")
    assert decide_control(lot, Rule.CONTRACT, "").decision.rule == "contract"


def test_a_cancelled_control_is_called_so(lot):
    control_id = put_in_control(lot)
    change(lot, "UPDATE {control} SET state = 'cancelled'")
    with pytest.raises(ControlError, match="was cancelled"):
        decide_control(lot, Rule.CONTRACT, "", control_id=control_id)


def test_a_control_is_decided_once(lot):
    put_in_control(lot)
    decide_control(lot, Rule.CONTRACT, "Marie")
    with pytest.raises(ControlError) as error:
        decide_control(lot, Rule.CONTRACT, "Paul")
    assert "Marie" in error.value.text("fr")


def test_of_two_who_decide_at_once_the_second_writes_nothing(lot):
    put_in_control(lot)
    report = decide_control(lot, Rule.CONTRACT, "Marie")
    late = replace(report, decision=replace(report.decision, verdict=Verdict.REJECTED, signed_by="Paul"))
    with open_tables(lot, write=True) as tables, pytest.raises(ControlError, match="meanwhile"):
        write_decision(tables, late, DecideOptions())
    assert rows_of(lot, "SELECT decided_by FROM {control}") == [("Marie",)]
    assert not items_to_redo(lot)


def test_an_answer_that_comes_in_meanwhile_is_not_decided_over(lot):
    put_in_control(lot)
    with open_tables(lot, write=True) as tables:
        control = control_of(tables)
        report = decide_control(lot, Rule.CONTRACT, "")
        signed = replace(report.decision, signed_by="Marie", signed_utc="2026-05-04T09:00:00Z")
        change(lot, "UPDATE {control_answer} SET control_cs = 'CS1.1.1.1' WHERE sample_id < 60")
        with pytest.raises(ControlError, match="answers came in"):
            write_decision(tables, replace(report, decision=signed), DecideOptions(), control.units)
    assert rows_of(lot, "SELECT state FROM {control}") == [("drawn",)]


def test_a_lot_that_is_not_in_control_is_left_as_it_is(lot):
    put_in_control(lot)
    change(lot, "UPDATE {lot} SET value = 'delivered' WHERE key = 'state'")
    with pytest.raises(LotStateError):
        decide_control(lot, Rule.CONTRACT, "Marie")
    assert rows_of(lot, "SELECT state, decided_by FROM {control}") == [("drawn", None)]


def test_whoever_decides_against_the_rules_says_why(lot):
    put_in_control(lot, set(range(1, 31)))
    wish = DecideOptions(verdict=Verdict.ACCEPTED)
    with pytest.raises(RuleError, match="--comment"):
        decide_control(lot, Rule.CONTRACT, "Marie", options=wish)
    said = DecideOptions(verdict=Verdict.ACCEPTED, comment="réserve levée")
    report = decide_control(lot, Rule.CONTRACT, "Marie", options=said)
    assert report.decision.tests[0].name == "signatory"
    assert (report.decision.verdict, report.decision.comment) == (Verdict.ACCEPTED, "réserve levée")


@pytest.mark.parametrize(
    ("read", "options"),
    [
        (contract_rule, DecideOptions(overall={"cs": 90.0})),
        (contract_rule, DecideOptions(decided_on="middle")),
        (contract_view, DecideOptions(by="weight")),
    ],
)
def test_choices_that_there_are_not_are_named(read, options):
    with pytest.raises(RuleError):
        read(Profile.load(), options)


def test_the_report_is_read_back_as_it_was_written(lot, tmp_path):
    put_in_control(lot, {3, 4})
    report = decide_control(lot, Rule.ISO2859, "", options=DecideOptions(severity=Severity.REDUCED))
    path = tmp_path / "rapport" / "control.json"
    write_report(report, path)
    again = read_report(path)
    assert isinstance(again, ControlReport)
    assert json.dumps(again.to_dict()) == json.dumps(report.to_dict())


def test_areas_that_the_lot_lacks_are_measured_and_others_than_drawn_are_not_guessed(lot):
    control_id = put_in_control(lot)
    change(lot, "UPDATE {occupation_sol} SET area_m2 = NULL WHERE fid < 50")
    with open_tables(lot) as tables:
        control, names = control_of(tables, control_id), tables.profile().nomenclature
        found = population_of(tables, control, names).mapped
        larger = replace(control, strata=tuple(replace(s, area_m2=2 * s.area_m2) for s in control.strata))
        unknown = population_of(tables, larger, names).mapped
    assert found.polygons.sum() == 100
    assert found.area_m2.sum() == pytest.approx(sum(s.area_m2 for s in control.strata))
    assert len(unknown) == 0


@pytest.mark.parametrize("area", ["area_m2 * 2", "NULL"])
def test_the_report_tells_the_areas_that_the_sample_was_drawn_by(delivered_lot, tmp_path, area):
    change(delivered_lot, f"UPDATE {{occupation_sol}} SET area_m2 = {area}")
    done = draw(delivered_lot, tmp_path / "out", controllers=("Anne",), size=60, exclude_skeleton=False)
    fill(done.files[0], delivered_codes(delivered_lot))
    collect(delivered_lot, done.files)
    report = decide_control(delivered_lot, Rule.CONTRACT, "")
    assert report.lot["area_m2"] == pytest.approx(sum(stratum.area_m2 for stratum in done.strata))
    assert {found.estimator for found in report.assessments} == {"random_post_stratified"}
