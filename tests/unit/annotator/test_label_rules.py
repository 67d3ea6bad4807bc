# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules that a patch is held against when it is submitted."""

import numpy as np
import pytest

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.profile import Profile
from ocsge_annotator.domain.label_classes import cover_classes, physical_classes
from ocsge_annotator.domain.label_rules import LabelRules, RuleKind, find_faults, read_label_rules

RULES = LabelRules({1: 1.0, 2: 4.0}, {2: 50.0}, {(1, 2): 2.0})
PIXEL_M2 = 0.25


def faults(labels: np.ndarray, rules: LabelRules = RULES) -> list[tuple[RuleKind, int, float]]:
    return [(f.kind, f.value, f.size) for f in find_faults(labels, rules, PIXEL_M2)]


def test_a_clean_patch_has_no_fault():
    assert faults(np.ones((20, 20), np.uint8)) == []


def test_holes_come_first():
    labels = np.ones((20, 20), np.uint8)
    labels[4:6, 4:6] = 3
    labels[10:13, 10:13] = UNLABELLED

    assert faults(labels)[0] == (RuleKind.HOLE, UNLABELLED, 9 * PIXEL_M2)


def test_a_speck_is_found_unless_the_edge_of_the_patch_cuts_it():
    labels = np.ones((20, 20), np.uint8)
    labels[5:8, 5:8] = 2
    labels[0:3, 15:18] = 2

    found = [f for f in find_faults(labels, RULES, PIXEL_M2) if f.kind is RuleKind.SPECK]

    assert [(f.window.row, f.window.col, f.size, f.limit) for f in found] == [(5, 5, 9 * PIXEL_M2, 4.0)]


def test_an_area_too_large_for_its_class_is_found():
    labels = np.zeros((20, 20), np.uint8)
    labels[2:18, 2:18] = 2

    assert faults(labels, LabelRules({}, {2: 50.0}, {})) == [(RuleKind.TOO_LARGE, 2, 64.0)]


def test_neighbours_that_should_not_touch_are_found_from_the_given_length_on():
    labels = np.zeros((20, 20), np.uint8)
    labels[:, :5], labels[:3, 5:8] = 1, 2  # 3 edges of 0.5 m

    assert faults(labels, LabelRules({}, {}, {(1, 2): 2.0})) == []
    assert faults(labels, LabelRules({}, {}, {(1, 2): 1.5})) == [(RuleKind.NEIGHBOURS, 1, 1.5)]


@pytest.mark.parametrize("make", [physical_classes, cover_classes])
def test_the_profile_has_rules_for_both_class_tables(make):
    profile = Profile.load()
    classes = make(profile)

    rules = read_label_rules(profile, classes)

    assert set(rules.minimum_area_m2) == {entry.value for entry in classes}
    assert max(rules.minimum_area_m2.values()) > min(rules.minimum_area_m2.values())
    assert rules.apart
