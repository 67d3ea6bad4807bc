# SPDX-License-Identifier: GPL-2.0-or-later
"""Smoothing, closing gaps, removing specks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.tidy import close_gaps, number_areas, only_class, remove_specks, smooth

anything = arrays.arrays(
    np.uint8,
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    elements=st.sampled_from([0, 1, 2, UNLABELLED]),
)


def halves():
    labels = np.zeros((20, 20), dtype=np.uint8)
    labels[:, 10:] = 1
    return labels


def test_smoothing_takes_a_spur_off_a_border_and_leaves_a_straight_one():
    ragged = halves()
    ragged[5, 8:10] = 1
    ragged[12, 10] = 0
    assert np.array_equal(smooth(ragged, 2), halves())
    assert np.array_equal(smooth(halves(), 2), halves())


@given(anything, st.integers(1, 3))
def test_smoothing_neither_opens_nor_closes_holes(labels, radius):
    after = smooth(labels, radius)
    assert np.array_equal(after == UNLABELLED, labels == UNLABELLED)
    assert set(np.unique(after)) <= set(np.unique(labels))


def test_a_gap_between_two_classes_is_shared_and_a_large_hole_stays():
    labels = halves()
    labels[2:18, 9:11] = UNLABELLED
    assert np.array_equal(close_gaps(labels, 40), halves())
    assert np.array_equal(close_gaps(labels, 31), labels)


@given(anything, st.integers(1, 30))
def test_closing_fills_the_gaps_of_its_size_and_changes_nothing_else(labels, most):
    after = close_gaps(labels, most)
    labelled = labels != UNLABELLED
    assert np.array_equal(after[labelled], labels[labelled])
    if labelled.any():
        areas = number_areas(after == UNLABELLED)[1]
        assert not areas.size or areas.min() > most


def test_a_speck_takes_the_class_with_which_it_shares_most_of_its_border():
    labels = halves()
    labels[4:6, 9:11] = 2  # half in each
    labels[4:6, 8] = 2  # now more of it touches class 0
    assert np.array_equal(remove_specks(labels, 7), np.where(labels == 2, 0, labels))
    assert np.array_equal(remove_specks(labels, 6), labels)


def test_specks_in_a_cluster_all_go_to_what_is_around_them():
    labels = halves()
    labels[3, 3], labels[3, 4], labels[4, 3] = 2, 3, 4
    assert np.array_equal(remove_specks(labels, 5), halves())


@given(anything)
def test_removing_specks_leaves_no_new_hole_and_no_new_class(labels):
    after = remove_specks(labels, 4)
    assert np.array_equal(after == UNLABELLED, labels == UNLABELLED)
    assert set(np.unique(after)) <= set(np.unique(labels))


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_areas_are_numbered_once_each(mask):
    numbers, areas = number_areas(mask)
    assert np.array_equal(numbers >= 0, mask)
    assert np.array_equal(np.bincount(numbers[mask], minlength=areas.size), areas)
    joined = mask[:, 1:] & mask[:, :-1]
    assert (numbers[:, 1:][joined] == numbers[:, :-1][joined]).all()


@pytest.mark.parametrize(("value", "expected"), [(0, [0, 1, 2]), (5, [0, 0, 1])])
def test_tidying_one_class_changes_only_what_it_gains_or_loses(value, expected):
    before, after = np.array([[0, 0, 1]], dtype=np.uint8), np.array([[0, 1, 2]], dtype=np.uint8)
    expected = [0, 1, 1] if value == 0 else expected
    assert only_class(before, after, value).tolist() == [expected]
