# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels taken over from a layer."""

import numpy as np

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.profile import Profile
from ocsge_annotator.domain.copied_labels import NOTHING, LayerValues, copy_labels, propose_classes
from ocsge_annotator.domain.label_classes import cover_classes, physical_classes

PROFILE = Profile.load()
PHYSICAL, COVER = physical_classes(PROFILE), cover_classes(PROFILE)


def test_names_and_labels_find_their_class():
    first = PHYSICAL[0]
    names = (first.name.upper(), first.label_fr, "nonsense")
    assert propose_classes(names, PHYSICAL, PROFILE) == {names[0]: first.value, names[1]: first.value}


def test_a_cover_code_finds_the_class_that_stands_for_it_alone():
    assert propose_classes((COVER[2].name,), COVER, PROFILE) == {COVER[2].name: COVER[2].value}
    building = next(c for c in PHYSICAL if c.name == "building")
    code = PROFILE.cover_of_class("building")
    assert propose_classes(("building",), COVER, PROFILE) == {
        "building": next(c.value for c in COVER if c.name == code)
    }
    assert propose_classes((code,), PHYSICAL, PROFILE).get(code, building.value) == building.value


def test_numbers_are_classes_only_where_every_one_is():
    assert propose_classes(("0", "1"), PHYSICAL, None) == {"0": 0, "1": 1}
    assert propose_classes(("0", "1", "777"), PHYSICAL, None) == {}


def test_only_what_is_mapped_is_written_over():
    labels = np.array([[UNLABELLED, 4, 4, 4]], dtype=np.uint8)
    values = LayerValues(("a", "b"), np.array([[0, 0, 1, NOTHING]], dtype=np.int16))
    assert copy_labels(labels, values, {"a": 2}).tolist() == [[2, 2, 4, 4]]
    assert labels.tolist() == [[UNLABELLED, 4, 4, 4]]
