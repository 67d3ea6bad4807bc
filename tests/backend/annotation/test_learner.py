# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from inference_backend.annotation.errors import BadLabelsError
from inference_backend.annotation.features import features_of
from inference_backend.annotation.learner import Memory, PatchLearner
from inference_backend.annotation.types import make_patch
from inference_backend.contracts.campaign import UNLABELLED
from tests.backend.annotation.made_patch import (
    FIELD,
    MEADOW,
    ROAD,
    ROOF,
    SIDE_PX,
    made_image,
    made_patch,
    made_truth,
    strokes,
)

TRUTH = made_truth()


@pytest.fixture(scope="module")
def learner():
    return PatchLearner(features_of(made_patch()))


@pytest.fixture
def nothing():
    return np.full((SIDE_PX, SIDE_PX), UNLABELLED, np.uint8)


def test_a_few_strokes_are_enough_for_the_rest(learner):
    proposal = learner.propose(strokes(TRUTH))
    assert (proposal.value == TRUTH).mean() > 0.97
    assert (proposal.value == TRUTH)[TRUTH == ROOF].mean() > 0.8


def test_what_is_painted_is_never_changed(learner):
    labels = strokes(TRUTH)
    labels[68:72, 5:30] = MEADOW  # whatever the person wanted
    proposal = learner.propose(labels)
    painted = labels != UNLABELLED
    assert np.array_equal(proposal.value[painted], labels[painted])
    assert (proposal.confidence[painted] == 255).all()
    assert (proposal.confidence[~painted] < 255).all()


def test_the_wrong_pixels_are_among_the_unsure_ones(learner):
    """The road looks like the roof; of neither a stroke of the other is known."""
    labels = strokes(TRUTH)
    labels[labels == ROOF] = UNLABELLED
    proposal = learner.propose(labels)
    wrong = proposal.value != TRUTH
    assert wrong.any()
    assert proposal.confidence[wrong].mean() < proposal.confidence[~wrong].mean() - 20


def test_the_same_strokes_give_the_same_proposal(learner):
    first, second = (learner.propose(strokes(TRUTH)) for _ in range(2))
    assert np.array_equal(first.value, second.value)
    assert np.array_equal(first.confidence, second.confidence)


def test_without_a_stroke_nothing_is_proposed(learner, nothing):
    proposal = learner.propose(nothing)
    assert (proposal.value == UNLABELLED).all()
    assert not proposal.confidence.any()


def test_strokes_that_share_every_segment_are_no_reason_to_fail(learner, nothing):
    nothing[::2, 10:14], nothing[1::2, 10:14] = MEADOW, ROAD
    value = learner.propose(nothing).value
    assert set(np.unique(value)) <= {MEADOW, ROAD}


def test_classes_that_a_memory_alone_knows_may_have_no_stroke(learner, nothing):
    nothing[10:14, 10:40] = MEADOW
    taught = learner.teach(np.where(TRUTH == ROAD, ROAD, UNLABELLED).astype(np.uint8))
    assert set(np.unique(learner.propose(nothing, memory=taught).value)) == {MEADOW, ROAD}


def test_one_class_alone_is_proposed_without_being_sure(learner, nothing):
    nothing[10:14, 10:40] = MEADOW
    proposal = learner.propose(nothing)
    assert (proposal.value == MEADOW).all()
    free = nothing == UNLABELLED
    assert proposal.confidence[free].max() <= 128
    confidence = proposal.confidence.astype(float)
    assert confidence[free & (TRUTH == MEADOW)].mean() > 2 * confidence[TRUTH == FIELD].mean()


def test_scores_of_a_model_tell_what_colours_do_not(nothing):
    """Two halves of one colour, which a model tells apart."""
    truth = np.where(np.arange(SIDE_PX)[None] < 80, 2, 5).astype(np.uint8).repeat(SIDE_PX, axis=0)
    image = np.random.default_rng(1).normal(100, 8, (4, SIDE_PX, SIDE_PX)).astype(np.float32)
    learner = PatchLearner(features_of(make_patch(image)))
    nothing[5:9, 5:30], nothing[150:154, 5:30] = 2, 2
    nothing[5:9, 120:150], nothing[150:154, 120:150] = 5, 5
    scores = np.stack([np.where(truth == 2, 200, 55), np.where(truth == 5, 200, 55)]).astype(np.uint8)
    assert (learner.propose(nothing, scores).value == truth).mean() > 0.97


def test_patches_done_before_teach_a_new_one(learner, nothing):
    taught = learner.teach(TRUTH)
    other_truth = np.ascontiguousarray(TRUTH[:, ::-1])
    other = PatchLearner(features_of(make_patch(made_image(other_truth, seed=2))))
    proposal = other.propose(nothing, memory=taught)
    assert (proposal.value == other_truth).mean() > 0.9
    # With a first stroke that says otherwise, the person counts more than the memory.
    nothing[20:40, 5:60] = ROAD
    value = other.propose(nothing, memory=taught).value
    assert (value[nothing != UNLABELLED] == ROAD).all()


def test_memory_with_scores_serves_a_patch_without(learner, nothing):
    scores = np.where(TRUTH == ROAD, 255, 0).astype(np.uint8)[None]
    taught = learner.teach(TRUTH, scores)
    assert taught.rows.shape[1] == learner.teach(TRUTH).rows.shape[1] + 2
    assert (learner.propose(nothing, memory=taught).value == TRUTH).mean() > 0.9


def test_taught_rows_are_balanced(learner):
    counts = np.bincount(learner.teach(TRUTH).values)
    assert set(np.flatnonzero(counts)) == {MEADOW, FIELD, ROAD, ROOF}
    assert counts.max() <= 80


def test_a_hole_in_the_data_does_no_harm(nothing):
    valid = np.ones((SIDE_PX, SIDE_PX), bool)
    valid[:, 150:] = False
    learner = PatchLearner(features_of(make_patch(made_image(TRUTH), valid)))
    proposal = learner.propose(strokes(TRUTH))
    assert (proposal.value == TRUTH)[valid].mean() > 0.95


@pytest.mark.parametrize(
    ("labels", "scores", "named"),
    [
        (np.zeros((5, 5), np.uint8), None, "labels"),
        (np.zeros((SIDE_PX, SIDE_PX), np.int64), None, "labels"),
        (np.zeros((SIDE_PX, SIDE_PX), np.uint8), np.zeros((2, 5, 5), np.uint8), "scores"),
    ],
)
def test_arrays_of_another_patch_are_refused(learner, labels, scores, named):
    with pytest.raises(BadLabelsError, match=named):
        learner.propose(labels, scores)


def test_a_memory_of_other_bands_is_refused(learner, nothing):
    with pytest.raises(BadLabelsError, match="rows"):
        learner.propose(nothing, memory=Memory(np.zeros((3, 4), np.float32), np.zeros(3, np.uint8)))


def test_work_stops_between_its_steps_when_nobody_wants_it(learner):
    class Enough(Exception):  # noqa: N818 - a wish
        pass

    def stop():
        raise Enough

    with pytest.raises(Enough):
        learner.propose(strokes(TRUTH), stop=stop)


def test_what_cannot_be_learnt_from_is_left_out(learner, nothing):
    """Rows that are no numbers, and a model without classes."""
    nothing[:20, :20], nothing[-20:, -20:] = 1, 2
    width = learner._features.rows.shape[1]
    memory = Memory(np.full((5, width), np.nan, np.float32), np.full(5, 3, np.uint8))
    none = np.zeros((0, *nothing.shape), np.uint8)
    proposal = learner.propose(nothing, none, memory)
    np.testing.assert_array_equal(proposal.value, learner.propose(nothing).value)
