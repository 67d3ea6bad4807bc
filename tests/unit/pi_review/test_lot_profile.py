# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot is reviewed by the rules it carries, whatever release wrote them."""

from __future__ import annotations

import json

import pytest

from inference_backend.contracts.errors import OcsgeError
from inference_backend.contracts.lot import LotKey
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters.lot_profile import profile_of

INSTALLED = Profile.load()


def metadata(rules: str) -> dict[str, str]:
    nomenclature = INSTALLED.path.with_name("nomenclature.json").read_text(encoding="utf-8")
    return {
        LotKey.PROFILE.value: INSTALLED.name,
        LotKey.PROFILE_RULES.value: rules,
        LotKey.PROFILE_NOMENCLATURE.value: nomenclature,
    }


def test_a_section_that_an_older_release_did_not_write_is_the_installed_one():
    own = {name: section for name, section in INSTALLED.rules.items() if name != "drawing"}
    own["version"] = "of the lot"
    profile = profile_of(metadata(json.dumps(own)))
    assert profile.section("drawing") == INSTALLED.section("drawing")
    assert profile.rules["version"] == "of the lot"


def test_a_profile_of_the_lots_own_under_a_name_of_no_folder_is_read():
    told = {**metadata(json.dumps(INSTALLED.rules)), LotKey.PROFILE.value: ".."}
    assert profile_of(told).name == INSTALLED.name


def test_rules_that_are_no_json_are_refused():
    with pytest.raises(OcsgeError):
        profile_of(metadata("{"))
