# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules of the profile are complete, sourced, and name only what exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from inference_backend.contracts.profile import Profile

FITTED = (".review.risk.with_scores.", ".review.risk.without_scores.")
"""Coefficients of one fit, whose source stands once beside them."""
STATUSES = {"VERIFIED", "VERIFIED-2", "MEASURED", "INFERRED", "PROPOSED", "FROM MEMORY"}


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.load()


def numbers(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every number of the profile with the object that holds it."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if isinstance(child, (int, float)) and not isinstance(child, bool):
            yield f"{path}.{key}", node
        yield from numbers(child, f"{path}.{key}")


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from nodes(child)


def test_every_number_states_unit_status_and_source(profile):
    found = list(numbers(profile.rules))

    assert len(found) > 60
    for path, holder in found:
        if path.startswith(FITTED):
            continue
        assert path.endswith(".value"), f"{path} is a bare number"
        assert set(holder) >= {"value", "unit", "status", "source"}, path
        assert holder["status"] in STATUSES, path
        assert holder["source"].strip(), path
        assert holder["unit"].strip(), path


def test_a_bare_number_would_be_found():
    assert [path for path, _ in numbers({"a": {"b": [1]}})] == [".a.b.0"]


def test_every_code_named_by_a_rule_is_a_leaf(profile):
    nomenclature = profile.nomenclature
    for node in nodes(profile.rules):
        for key in ("code_cs", "code_us"):
            if node.get(key):
                assert nomenclature.is_leaf(node[key]), node
        for key in ("over", "covers", "from"):
            for code in node.get(key, ()):
                assert code == "undecided" or nomenclature.is_leaf(code), node


def test_rules_name_layers_attributes_and_confidences_that_exist(profile):
    layers = profile.section("references", "layers")
    levels = profile.section("confidence_levels")
    skeleton = profile.section("skeleton")
    rules = [skeleton["roads"], skeleton["rails"], *profile.section("cover_rules")]
    rules += [*profile.section("use_rules"), *profile.section("neighbourhood", "rules")]
    for rule in rules:
        assert rule.get("confidence", "certain") in levels, rule["name"]
        if "layer" in rule:
            attributes = layers[rule["layer"]]["attributes"]
            for condition in rule.get("where", ()):
                assert condition["attribute"] in attributes, rule["name"]


def test_the_risk_of_an_error_names_only_what_lots_have(profile):
    risk = profile.section("review", "risk")
    rules = {rule["name"] for rule in profile.section("use_rules")}
    rules |= {rule["name"] for rule in profile.section("neighbourhood", "rules")}
    rules |= {profile.section("skeleton", kind)["name"] for kind in ("roads", "rails")}

    assert risk["source"].strip()
    for key in ("with_scores", "without_scores"):
        assert "intercept" in risk[key]
        for name in risk[key]:
            kind, _, of = name.partition(":")
            assert kind != "cover" or profile.nomenclature.is_leaf(of), name
            assert kind != "rule" or of in rules or of.startswith("default of the cover"), name


def test_every_cover_has_a_default_use(profile):
    leaves = {code.code for code in profile.nomenclature.leaves("cs")}

    assert set(profile.section("neighbourhood", "defaults")) == leaves
    for uses in profile.section("neighbourhood", "defaults").values():
        assert profile.nomenclature.is_leaf(uses["inside"])
        assert profile.nomenclature.is_leaf(uses["outside"])


def test_rule_names_are_unique_within_each_list(profile):
    for rules in (profile.section("use_rules"), profile.section("neighbourhood", "rules")):
        names = [rule["name"] for rule in rules]
        assert len(names) == len(set(names))
