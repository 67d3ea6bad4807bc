# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference_backend.contracts.prediction import MAX_SCORE, NODATA, UNDECIDED
from inference_backend.predict.blocks.scores import Window, planes_of_scores, put_map_planes, put_planes
from inference_backend.runtime.score_map import ScoreMap


def softmax(logits):
    shifted = np.exp(logits.astype(float) - logits.max(0))
    return shifted / shifted.sum(0)


@settings(deadline=None)  # the first call compiles
@given(arrays(np.float32, (5, 3, 4), elements=st.floats(-20, 20, width=32), unique=True))
def test_planes_equal_a_plain_softmax_and_sort(logits):
    planes = planes_of_scores(logits, np.ones((3, 4), bool), "logits", 0.0)
    p = np.sort(softmax(logits), axis=0)
    order = np.argsort(logits, axis=0)
    np.testing.assert_array_equal(planes[0], order[-1])
    np.testing.assert_array_equal(planes[2], order[-2])
    np.testing.assert_allclose(planes[1], np.minimum(255 * p[-1], MAX_SCORE), atol=0.51)
    np.testing.assert_allclose(planes[3], np.minimum(255 * (p[-1] - p[-2]), MAX_SCORE), atol=0.51)


def test_under_the_minimum_nobody_wins_and_the_first_becomes_the_runner_up():
    scores = np.array([0.45, 0.3, 0.25], np.float32).reshape(3, 1, 1)
    planes = planes_of_scores(scores, np.ones((1, 1), bool), "softmax", 0.5)[:, 0, 0]
    assert planes.tolist() == [UNDECIDED, round(255 * 0.45), 0, round(255 * 0.15)]


def test_outside_is_nodata_in_every_band():
    scores = np.zeros((3, 1, 2), np.float32)
    planes = planes_of_scores(scores, np.array([[True, False]]), "logits", 0.0)
    assert planes[:, 0, 1].tolist() == [NODATA] * 4
    assert NODATA not in planes[:, 0, 0]


@pytest.mark.parametrize(("score", "winner"), [(0.8, 1), (0.1, 0)])
def test_one_sigmoid_channel_is_the_second_of_two_classes(score, winner):
    scores = np.full((1, 1, 1), score, np.float32)
    planes = planes_of_scores(scores, np.ones((1, 1), bool), "sigmoid", 0.0)[:, 0, 0]
    assert planes.tolist()[0::2] == [winner, 1 - winner]
    assert planes[1] == round(255 * max(score, 1 - score))


def test_indices_pass_through_with_full_confidence():
    indices = np.array([[[2, 0]]])
    planes = planes_of_scores(indices, np.ones((1, 2), bool), "argmax", 0.0)
    assert planes[:, 0, 0].tolist() == [2, MAX_SCORE, UNDECIDED, MAX_SCORE]


def test_scores_that_are_not_numbers_decide_nothing():
    scores = np.full((3, 1, 1), np.nan, np.float32)
    assert planes_of_scores(scores, np.ones((1, 1), bool), "logits", 0.0)[0, 0, 0] == UNDECIDED


@settings(deadline=None, max_examples=30)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 2, 30, 60]),
    st.integers(0, 9),
    st.booleans(),
    st.booleans(),
)
def test_scores_pixel_by_pixel_give_the_same_planes(seed, side, margin, is_logits, is_class_first):
    random = np.random.default_rng(seed)
    logits = random.normal(0, 3, (7, 300, 300)).astype(np.float32).round(1)  # with ties
    inside = random.random((300, 300)) < 0.9
    window = Window((margin, margin + 1), (margin, margin), (3, 5), (280, 281))
    plain, lent = (np.zeros((4, 300, 300), np.uint8) for _ in range(2))
    put_planes(logits, inside, window, "logits" if is_logits else "softmax", 0.3, plain)
    parts = logits.reshape(7, 300 // side, side, 300 // side, side)
    parts = parts.transpose((1, 3, 0, 2, 4) if is_class_first else (1, 3, 2, 4, 0))
    values = parts.reshape(300 // side, 300 // side, 7 * side**2) * np.float32(0.5)
    put_map_planes(ScoreMap(values, 2.0, is_logits, side, is_class_first), inside, window, 0.3, lent)
    np.testing.assert_array_equal(lent[0], plain[0])
    np.testing.assert_array_equal(lent[2], plain[2])
    np.testing.assert_allclose(lent.astype(int), plain, atol=1)
    assert (lent != plain).mean() < 1e-4
