# SPDX-License-Identifier: GPL-2.0-or-later
"""Which key does what, which code is meant."""

from __future__ import annotations

import pytest

from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.code_search import CodeSearch, fold
from ocsge_pi_review.domain.keymap import DEFAULT_KEYS, bindings, changes, doubles
from ocsge_pi_review.domain.palette import by_context


@pytest.fixture(scope="module")
def search() -> CodeSearch:
    profile = Profile.load()
    return CodeSearch(profile.nomenclature, profile.section("search_words", "words"))


def test_no_two_gestures_share_a_default_key():
    assert doubles(DEFAULT_KEYS) == {}


def test_a_chosen_key_is_taken_from_the_gesture_that_had_it():
    keys = bindings({**DEFAULT_KEYS, "merge": "V"})
    assert keys["V"] == "merge"
    assert changes({**DEFAULT_KEYS, "merge": "V", "split": ""}) == {"merge": "V"}
    assert doubles({"a": "V", "b": "V", "c": "", "d": ""}) == {"V": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("prai", "CS2.2.1"),
        ("feuill", "CS2.1.1.1"),
        ("2.1.3", "CS2.1.3"),
        ("us4.1.1", "US4.1.1"),
        ("bati", "CS1.1.1.1"),
        ("résid", "US5"),
        ("Forêt mix", "CS2.1.1.3"),
        ("etang", "CS1.2.2"),
        ("vigne", "CS2.1.3"),
        ("EXTRACTION", "US1.3"),
    ],
)
def test_a_word_as_people_say_it_finds_the_code(search, text, first):
    assert search.find(text)[0].code == first


def test_a_search_tells_the_word_that_was_meant_and_keeps_to_a_dimension(search):
    found = search.find("carrière")
    assert {f.code for f in found} == {"CS1.1.2.1", "US1.3"}
    assert {f.word for f in found} == {"carrière"}
    assert [f.code for f in search.find("carrière", ["us"])] == ["US1.3"]
    assert len(search.find("", ["cs"])) == 14
    assert search.find("zzz") == []


def test_an_unlikely_code_comes_behind_the_likely_ones_but_for_the_second_choice():
    tree, shares = Profile.load().nomenclature, {"CS1.2.3": 0.9, "CS1.2.2": 0.1}
    codes = by_context(tree, "cs", "CS2.2.1", None, {}, shares, {"CS1.2.3"})
    assert codes[0] == "CS1.2.2"
    assert codes[-2:] == ("CS1.2.3", "CS2.2.1")
    assert by_context(tree, "cs", "CS2.2.1", "CS1.2.3", {}, shares, {"CS1.2.3"})[0] == "CS1.2.3"


def test_every_leaf_has_everyday_words_and_no_word_is_for_an_unknown_code():
    profile = Profile.load()
    words = profile.section("search_words", "words")
    leaves = {leaf.code for d in ("cs", "us") for leaf in profile.nomenclature.leaves(d)}
    assert set(words) == leaves
    assert all(fold(word) for names in words.values() for word in names)
