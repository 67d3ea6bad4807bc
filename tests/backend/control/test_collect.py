# SPDX-License-Identifier: GPL-2.0-or-later
"""Collecting answers: all or none, once each, and nothing of a stranger's file believed unseen."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest

from inference_backend.contracts.control import AnswerRole
from inference_backend.contracts.profile import Profile
from inference_backend.control.arbiter import write_arbiter_file
from inference_backend.control.collect import collect
from inference_backend.control.errors import ControlError, ControlFileError
from inference_backend.control.findings import agreements
from inference_backend.control.read import read_control

from .control_sheets import change, delivered_codes, draw, fill, say_anew, select

ANSWERS = "SELECT * FROM control_answer ORDER BY answer_id"


@pytest.fixture(scope="module")
def drawn(delivered, tmp_path_factory):
    """A lot in control, and the files of Anne and of Benoît, who sees six of 30 again; never written to."""
    folder = tmp_path_factory.mktemp("collect")
    draw(shutil.copy(delivered, folder / "lot.gpkg"), folder)
    return folder


@pytest.fixture
def place(drawn, tmp_path):
    """The same, to be changed."""
    for path in drawn.glob("*.gpkg"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.fixture
def lot(place):
    return place / "lot.gpkg"


@pytest.fixture
def anne(place):
    return place / "commune_Anne.control.gpkg"


@pytest.fixture
def benoit(place):
    return place / "commune_Benoit.control.gpkg"


def twice_seen(lot):
    return sorted(unit.sample_id for unit in read_control(lot).units if unit.second_opinion)


def test_answers_come_in_once_however_often_a_file_is_collected(lot, anne, benoit):
    codes = delivered_codes(lot)
    fill(anne, codes, only=range(1, 21))
    first = collect(lot, [anne])
    assert (first.new, first.turned, first.answered) == (20, 0, 20)
    rows = select(lot, ANSWERS)
    assert (collect(lot, [anne]).new, select(lot, ANSWERS)) == (0, rows)
    fill(anne, codes, only=range(21, 31))
    fill(benoit, codes)
    done = collect(lot, [anne, benoit])
    assert (done.new, done.answered, done.lacking_second, done.differing) == (16, 30, 0, 0)
    for unit in read_control(lot).units:
        assert (unit.answer.control_cs, unit.answer.control_us) == (unit.map_cs, unit.map_us)
        assert unit.answer.controller == "Anne"
        assert (AnswerRole.SECOND in unit.answers) == unit.second_opinion


def test_a_change_of_mind_and_its_undoing_come_in_too(lot, anne):
    made = fill(anne, delivered_codes(lot))
    collect(lot, [anne])
    say_anew(anne, made[4], "CS1.1.1.1")
    done = collect(lot, [anne])
    assert (done.new, done.turned) == (1, 1)
    assert done.control.units[3].answer.control_cs == "CS1.1.1.1"
    change(anne, "UPDATE control_answer SET in_force = 1 - in_force WHERE sample_id = 4")
    done = collect(lot, [anne])
    assert (done.new, done.turned) == (0, 2)
    assert done.control.units[3].answer.control_cs == done.control.units[3].map_cs


def test_an_older_copy_of_a_file_takes_nothing_back(lot, anne, place):
    made = fill(anne, delivered_codes(lot))
    old = Path(shutil.copy(anne, place / "old.control.gpkg"))
    say_anew(anne, made[4], "CS1.1.1.1")
    collect(lot, [anne])
    done = collect(lot, [old])
    assert (done.new, done.turned, done.older) == (0, 0, 1)
    assert done.control.units[3].answer.control_cs == "CS1.1.1.1"


def test_nothing_can_be_said_is_an_answer(lot, anne):
    fill(anne, dict.fromkeys(range(1, 31), (None, None)))
    done = collect(lot, [anne])
    assert done.answered == 30
    assert all(unit.answer.control_cs is unit.answer.control_us is None for unit in done.control.units)


def test_two_copies_filled_in_apart_are_refused_whole(lot, anne, place):
    codes = delivered_codes(lot)
    copy = Path(shutil.copy(anne, place / "copy.control.gpkg"))
    fill(anne, codes, only={1, 2})
    fill(copy, codes, only={2, 3})
    with pytest.raises(ControlFileError, match="unit 2 has two answers"):
        collect(lot, [anne, copy])
    assert select(lot, ANSWERS) == []


def test_copies_filled_in_on_other_units_complete_each_other(lot, anne, place):
    codes = delivered_codes(lot)
    copy = Path(shutil.copy(anne, place / "copy.control.gpkg"))
    fill(anne, codes, only={1, 2})
    fill(copy, codes, only={3})
    assert collect(lot, [anne, copy]).answered == 3


def test_a_text_of_a_stranger_stays_text(lot, anne):
    words = "<script>alert('x')</script> ' ; DROP TABLE control; --"
    fill(anne, delivered_codes(lot), only={1}, comment=words)
    assert collect(lot, [anne]).control.units[0].answer.comment == words


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE control_sample SET x = x + 1 WHERE sample_id = 2", "unit 2 is not what was drawn"),
        ("UPDATE control_sample SET geom = (SELECT geom FROM control_sample WHERE sample_id = 3) "
         "WHERE sample_id = 2", "unit 2 is not what was drawn"),
        ("UPDATE control_sample SET sample_id = 99 WHERE sample_id = 30", "unit that is not in this file"),
        ("UPDATE control_sample SET map_cs = 'CS1.1' WHERE sample_id = 1", "was not blind"),
        ("UPDATE control SET control_id = 'x'", "unit that is not in this file"),
        ("UPDATE control SET schema_version = '9'", "version 9"),
        ("DELETE FROM control", "version None"),
        ("ALTER TABLE control_outline RENAME TO elsewhere", "no table control_outline"),
        ("UPDATE lot SET value = 'second' WHERE key = 'role'", "its role is second"),
        ("UPDATE control_answer SET control_cs = 'CS7' WHERE sample_id = 1", "control_cs 'CS7'"),
        ("UPDATE control_answer SET control_us = 'CS1' WHERE sample_id = 1", "control_us 'CS1'"),
        ("UPDATE control_answer SET role = 'arbiter' WHERE sample_id = 1", "role 'arbiter'"),
        ("UPDATE control_answer SET kinds = 'rhubarb' WHERE sample_id = 1", "kinds 'rhubarb'"),
        ("UPDATE control_answer SET duration_s = -1 WHERE sample_id = 1", "duration_s -1"),
        ("UPDATE control_answer SET in_force = 2 WHERE sample_id = 1", "in_force 2"),
        ("UPDATE control_answer SET decided_at = 'hier' WHERE sample_id = 1", "hier"),
        ("UPDATE control_answer SET answer_id = 'un' WHERE sample_id = 1", "badly formed"),
        ("UPDATE control_answer SET sketch = '{' WHERE sample_id = 1", "Expecting"),
        ("UPDATE control_answer SET controller = ' ' WHERE sample_id = 1", "no controller"),
        ("UPDATE control_answer SET answer_id = (SELECT answer_id FROM control_answer WHERE sample_id = 2) "
         "WHERE sample_id = 1", "two answers with the id"),
    ],
)  # fmt: skip
def test_a_file_that_was_tampered_with_is_refused_in_words(lot, anne, statement, words):
    fill(anne, delivered_codes(lot))
    change_schema_or_rows(anne, statement)
    with pytest.raises(ControlFileError, match=words):
        collect(lot, [anne])
    assert select(lot, ANSWERS) == []


def change_schema_or_rows(path, statement):
    with contextlib.suppress(AssertionError):  # renaming a table changes no row
        change(path, statement)


def test_an_answer_rewritten_under_its_old_id_is_refused(lot, anne):
    fill(anne, delivered_codes(lot))
    collect(lot, [anne])
    change(anne, "UPDATE control_answer SET control_cs = 'CS1.1.1.1' WHERE sample_id = 5")
    with pytest.raises(ControlFileError, match="unit 5 was answered anew"):
        collect(lot, [anne])


def test_one_person_does_not_give_both_opinions(lot, anne, benoit):
    codes = delivered_codes(lot)
    change(benoit, "UPDATE lot SET value = 'Anne' WHERE key = 'controller'")
    fill(anne, codes)
    fill(benoit, codes)
    with pytest.raises(ControlFileError, match="Anne gave both opinions"):
        collect(lot, [anne, benoit])


@pytest.mark.parametrize("what", ["missing", "text", "cut short", "lot"])
def test_what_is_no_control_file_is_said(lot, anne, place, what):
    path = {"missing": place / "none.gpkg", "lot": lot}.get(what, anne)
    if what == "text":
        path.write_text("bonjour")
    elif what == "cut short":
        path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(ControlFileError):
        collect(lot, [path])


def test_files_of_another_control_or_an_ended_one_are_refused(lot, anne, place):
    draw(lot, place / "again", replace=True)
    with pytest.raises(ControlFileError, match="control was cancelled"):
        collect(lot, [anne])
    change(lot, "DELETE FROM control WHERE state = 'cancelled'")
    with pytest.raises(ControlFileError, match="of another control"):
        collect(lot, [anne])


def test_where_a_control_stands_is_told_without_files(lot, delivered):
    done = collect(lot, [])
    assert (done.answered, done.lacking_second, done.differing) == (0, 6, 0)
    with pytest.raises(ControlError, match="no such control"):
        collect(delivered, [])


def test_an_arbiter_settles_what_two_see_differently(lot, anne, benoit, place):
    codes = delivered_codes(lot)
    twice = twice_seen(lot)
    fill(anne, codes)
    fill(benoit, {**codes, **dict.fromkeys(twice[:2], ("CS1.1.1.1", "US5"))}, comment="toit neuf")
    assert collect(lot, [anne, benoit]).differing == 2
    path = write_arbiter_file(lot, "Chloé", place)
    assert [row[0] for row in select(path, "SELECT sample_id FROM control_sample")] == twice[:2]
    shown = select(path, "SELECT role, controller, comment FROM control_answer ORDER BY role, sample_id")
    assert shown == [("first", "", None)] * 2 + [("second", "", "toit neuf")] * 2
    fill(path, codes)
    done = collect(lot, [path])
    assert (done.new, done.differing) == (2, 0)
    unit = done.control.units[twice[0] - 1]
    assert (unit.answer.role, unit.answer.controller) == (AnswerRole.ARBITER, "Chloé")
    assert len(unit.answers) == 3
    assert write_arbiter_file(lot, "Chloé", place) is None


def test_nobody_settles_an_own_difference(lot, anne, benoit, place):
    codes, second = delivered_codes(lot), twice_seen(lot)
    fill(anne, codes)
    fill(benoit, {**codes, second[0]: ("CS1.1.1.1", "US1.1")}, only=second)
    collect(lot, [anne, benoit])
    sheet = write_arbiter_file(lot, "Chloé", place / "arbiter")
    change(sheet, "UPDATE lot SET value = 'anne' WHERE key = 'controller'")
    fill(sheet, codes)
    before = select(lot, ANSWERS)
    with pytest.raises(ControlFileError, match="settled"):
        collect(lot, [sheet])
    assert select(lot, ANSWERS) == before


def test_the_arbiter_is_none_of_the_two(lot, anne, benoit, place):
    fill(anne, delivered_codes(lot))
    fill(benoit, dict.fromkeys(range(1, 31), (None, None)))
    collect(lot, [anne, benoit])
    with pytest.raises(ControlError, match="benoît is one of the two"):
        write_arbiter_file(lot, "benoît", place)


def test_two_coarse_answers_agree_on_no_leaf(lot, anne, benoit):
    codes = delivered_codes(lot)
    units = [
        row[0] for row in select(benoit, "SELECT sample_id FROM control_sample WHERE second_opinion = 1")
    ]
    coarse = {**codes, units[0]: ("CS1.1.2", codes[units[0]][1])}
    fill(anne, coarse)
    fill(benoit, coarse, only=units)
    control = collect(lot, [anne, benoit]).control
    nomenclature = Profile.load().nomenclature
    leaves = {name: tuple(code.code for code in nomenclature.leaves(name)) for name in ("cs", "us")}
    assert [found.units for found in agreements(control, leaves)] == [len(units) - 1, len(units)]
