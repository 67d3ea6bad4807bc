# SPDX-License-Identifier: GPL-2.0-or-later
"""Which pixels a gesture may change."""

import numpy as np
import pytest

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.limits import Fence, Limits
from ocsge_annotator.domain.pixels import PixelPoint

LABELS = np.array([[0, 0, 1], [UNLABELLED, 1, 1]], dtype=np.uint8)
SEGMENTS = np.array([[5, 5, 9], [9, 9, 9]], dtype=np.uint16)
FIRST = PixelPoint(0.5, 0.5)


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [
        (Limits(keep_labelled=True), [[0, 0, 0], [1, 0, 0]]),
        (Limits(only_over=1), [[0, 0, 1], [0, 1, 1]]),
        (Limits(only_over=UNLABELLED), [[0, 0, 0], [1, 0, 0]]),
        (Limits(within_segment=True), [[1, 1, 0], [0, 0, 0]]),
        (Limits(same_class=True), [[1, 1, 0], [0, 0, 0]]),
        (Limits(only_over=1, within_segment=True), [[0, 0, 0], [0, 0, 0]]),
    ],
)
def test_each_limit_leaves_its_pixels(limits, allowed):
    mask = Fence(limits, LABELS, FIRST, SEGMENTS).mask()
    assert np.array_equal(mask, np.array(allowed, dtype=bool))


def test_erasing_takes_labels_away_although_painting_would_keep_them():
    assert Fence(Limits(keep_labelled=True), LABELS).mask(erases=True) is None


@pytest.mark.parametrize("seed", [None, PixelPoint(-1, 0), PixelPoint(0, 2)])
def test_limits_to_a_place_need_one(seed):
    fence = Fence(Limits(within_segment=True, same_class=True), LABELS, seed, SEGMENTS)
    assert fence.mask() is None


def test_without_segments_there_is_none_to_stay_in():
    assert Fence(Limits(within_segment=True), LABELS, FIRST).mask() is None
