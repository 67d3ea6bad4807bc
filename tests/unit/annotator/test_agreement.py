# SPDX-License-Identifier: GPL-2.0-or-later
"""Agreement of two annotators, and the places where they differ."""

import numpy as np
import pytest

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.agreement import compare, kappa_interval
from ocsge_annotator.domain.disagreements import find_disagreements


def labels_of(counts: dict[tuple[int, int], int]) -> tuple[np.ndarray, np.ndarray]:
    """One row of pixels each: `counts[a, b]` of them are `a` to the first person and `b` to the second."""
    first = [a for (a, _), n in counts.items() for _ in range(n)]
    second = [b for (_, b), n in counts.items() for _ in range(n)]
    return np.array([first], dtype=np.uint8), np.array([second], dtype=np.uint8)


def test_kappa_of_a_worked_example():
    """50 items and two people: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no; p_o 0.7, p_e 0.5, kappa 0.4."""
    agreement = compare(*labels_of({(1, 1): 20, (1, 0): 5, (0, 1): 10, (0, 0): 15}), [0, 1])

    assert agreement.overall == pytest.approx(0.7)
    assert agreement.by_chance == pytest.approx(0.5)
    assert agreement.kappa == pytest.approx(0.4)


def test_intersection_over_union_counts_each_class():
    agreement = compare(*labels_of({(3, 3): 6, (3, 7): 2, (7, 7): 4}), [3, 5, 7])

    assert {c.value: c.iou for c in agreement.classes} == {3: pytest.approx(6 / 8), 7: pytest.approx(4 / 6)}


def test_what_one_person_left_out_is_told_apart():
    agreement = compare(*labels_of({(1, 1): 5, (1, UNLABELLED): 3, (UNLABELLED, UNLABELLED): 4}), [1])

    assert (agreement.compared_px, agreement.one_sided_px) == (5, 3)
    assert agreement.kappa is None


def test_agreement_of_two_patches_adds_up():
    one, other = labels_of({(1, 1): 5, (1, 2): 1}), labels_of({(2, 2): 7, (2, 1): 2})
    both = np.hstack([one[0], other[0]]), np.hstack([one[1], other[1]])

    summed = compare(*one, [1, 2]) + compare(*other, [1, 2])

    assert np.array_equal(summed.confusion, compare(*both, [1, 2]).confusion)


@pytest.mark.parametrize("second", [np.zeros((2, 2), np.uint8), np.full((1, 3), 9, np.uint8)])
def test_labels_that_cannot_be_compared_are_refused(second):
    with pytest.raises(ValueError, match=r"compared|class"):
        compare(np.zeros((1, 3), np.uint8), second, [0, 1])


def test_the_interval_of_kappa_holds_kappa_and_needs_two_patches():
    rng = np.random.default_rng(5)
    patches = []
    for _ in range(12):
        first = rng.integers(0, 3, (8, 8)).astype(np.uint8)
        second = np.where(rng.random((8, 8)) < 0.8, first, rng.integers(0, 3, (8, 8))).astype(np.uint8)
        patches.append(compare(first, second, [0, 1, 2]))
    whole = patches[0]
    for patch in patches[1:]:
        whole = whole + patch

    low, high = kappa_interval(patches)

    assert low < whole.kappa < high
    assert high - low < 0.3
    assert kappa_interval(patches[:1]) is None


def test_disagreements_come_by_area_and_borders_drawn_twice_come_last():
    first, second = np.zeros((40, 60), np.uint8), np.zeros((40, 60), np.uint8)
    first[:, 20:] = 1
    second[:, 22:] = 1  # one border, drawn 2 px apart
    first[5:15, 40:50] = 2
    second[25:39, 30:44] = 3

    found = find_disagreements(first, second)

    assert [(d.first, d.second, d.area_px, d.is_border) for d in found] == [
        (1, 3, 196, False),
        (2, 1, 100, False),
        (1, 0, 80, True),
    ]
    covered = np.zeros(first.shape, dtype=int)
    for d in found:
        covered[d.region.window.slices] += d.region.mask
    assert np.array_equal(covered.astype(bool), first != second)
    assert covered.max() == 1


def test_two_people_who_agree_leave_nothing_to_arbitrate():
    labels = np.arange(16, dtype=np.uint8).reshape(4, 4)

    assert find_disagreements(labels, labels.copy()) == []
