# SPDX-License-Identifier: GPL-2.0-or-later
"""What a controller says, takes back and finds under the keys, without QGIS."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inference_backend.contracts.control import AnswerRole, ErrorKind
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.control import CANNOT_SAY, Answer, ControlUnit, Judgement, broader
from ocsge_pi_review.domain.control_favourites import Favourites
from ocsge_pi_review.domain.control_keys import code_keys, gesture_keys, key_bindings
from ocsge_pi_review.domain.control_progress import progress
from ocsge_pi_review.domain.keymap import DEFAULT_KEYS


def answer(answer_id: str, sample_id: int = 1, replaces: str | None = None, **values) -> Answer:
    said = values.pop("said", Judgement("CS2.2.1", "US1.1"))
    day = values.pop("at", "2026-11-20T09:00:00.000Z")
    return replace(
        Answer(answer_id, sample_id, "Claire", AnswerRole.FIRST, said, day, 4.0, replaces), **values
    )


@pytest.fixture(scope="module")
def nomenclature():
    return Profile.load().nomenclature


def test_an_answer_reads_back_as_it_was_said():
    said = Judgement("CS2.1", CANNOT_SAY, (ErrorKind.OMISSION, ErrorKind.GEOMETRY), "haie ?", '{"a": 1}')
    row = answer("a", said=said).to_row()
    assert (row["control_cs"], row["control_us"], row["kinds"]) == ("CS2.1", None, "omission,geometry")
    assert Answer.from_row(row).judgement == said


def test_both_dimensions_have_to_be_said_and_kinds_toggle():
    said = Judgement()
    assert said.missing == "cs"
    said = said.saying("cs", "CS1.2.2")
    assert said.missing == "us"
    said = said.saying("us", CANNOT_SAY)
    assert said.missing is None
    both = said.toggling(ErrorKind.THRESHOLD).toggling(ErrorKind.OMISSION)
    assert both.kinds == (ErrorKind.OMISSION, ErrorKind.THRESHOLD)
    assert both.toggling(ErrorKind.OMISSION).kinds == (ErrorKind.THRESHOLD,)


def test_a_code_can_be_said_less_precisely(nomenclature):
    codes = ["CS2.1.1.1"]
    while (above := broader(nomenclature, codes[-1])) is not None:
        codes.append(above)
    assert codes == ["CS2.1.1.1", "CS2.1.1", "CS2.1", "CS2"]
    assert broader(nomenclature, CANNOT_SAY) is None
    assert broader(nomenclature, "INDETERMINE") is None


def test_every_code_has_a_key_that_no_gesture_takes(nomenclature):
    keys = gesture_keys(DEFAULT_KEYS)
    bound = key_bindings(keys)
    for dimension, count in (("cs", 14), ("us", 20)):
        codes = code_keys(nomenclature, dimension, bound)
        assert len(set(codes.values())) == count
        assert not set(codes) & set(bound)
        assert list(codes.values()) == [code.code for code in nomenclature.leaves(dimension)]


def test_a_key_that_the_operator_changed_is_kept_for_the_gesture(nomenclature):
    keys = gesture_keys({**DEFAULT_KEYS, "next": "E", "hide": "N"})
    bound = key_bindings(keys)
    assert (bound["E"], bound["N"]) == ("next", "hide")
    assert "cannot_say" not in keys
    codes = code_keys(nomenclature, "cs", bound)
    assert "E" not in codes
    assert len(codes) == 14


def test_favourites_keep_their_places():
    crops, town, wood = (
        Judgement(*pair) for pair in (("CS2.2.1", "US1.1"), ("CS1.1.1.1", "US5"), ("C", "U"))
    )
    found = Favourites.of((crops, town, crops, Judgement("CS1.1.1.1", CANNOT_SAY)), places=2)
    assert found.places == [("CS2.2.1", "US1.1"), ("CS1.1.1.1", "US5")]
    found.use(wood)
    assert found.places == [("CS2.2.1", "US1.1"), ("C", "U")]


def test_progress_counts_answers_in_force_alone():
    units = [ControlUnit(number, 0.0, 0.0) for number in (1, 2, 3)]
    given = [
        answer("a", 1, in_force=False),
        answer("b", 1, replaces="a", duration_s=6.0),
        answer("c", 3, said=Judgement(CANNOT_SAY, "US5"), at="2026-11-21T08:00:00.000Z"),
        answer("d", 99),
    ]
    found = progress(units, given, "2026-11-21T09:00:00Z")
    assert (found.counts.done, found.counts.left, found.counts.typical_s) == (2, 1, 5.0)
    assert (found.today.count, found.unsaid, found.left_ids) == (1, 1, (2,))
    assert not found.is_finished
