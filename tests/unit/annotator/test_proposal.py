# SPDX-License-Identifier: GPL-2.0-or-later
"""What accepting a proposal changes, and what it never touches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.pixels import PixelWindow, Region
from ocsge_annotator.domain.proposal import MachineShare, Proposal, ProposalSource

few = st.sampled_from([0, 1, 2, UNLABELLED])
patches = arrays(np.uint8, (6, 7), elements=few)
scores = arrays(np.uint8, (6, 7))


@given(labels=patches, value=patches, confidence=scores, floor=st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_accepting_never_touches_what_a_person_labelled(labels, value, confidence, floor):
    proposal = Proposal(ProposalSource.LEARNER, value, confidence)
    share = MachineShare(labels.shape)
    after = proposal.taken_over(labels, share.free(labels), floor)
    labelled = labels != UNLABELLED
    np.testing.assert_array_equal(after[labelled], labels[labelled])
    taken = ~labelled & (value != UNLABELLED) & (confidence >= round(255 * floor))
    np.testing.assert_array_equal(after[taken], value[taken])
    np.testing.assert_array_equal(after[~taken], labels[~taken])


def test_accepting_within_a_region_stays_there():
    value = np.full((4, 5), 2, dtype=np.uint8)
    proposal = Proposal(ProposalSource.PRELABEL, value, np.full((4, 5), 255, dtype=np.uint8))
    labels = np.full((4, 5), UNLABELLED, dtype=np.uint8)
    mask = np.array([[True, False], [True, True]])
    after = proposal.taken_over(labels, labels == UNLABELLED, within=Region(PixelWindow(1, 2, 2, 2), mask))
    assert np.argwhere(after == 2).tolist() == [[1, 2], [2, 2], [2, 3]]


def test_what_the_machine_filled_is_proposed_again_but_not_what_a_person_changed_since():
    labels = np.full((1, 4), UNLABELLED, dtype=np.uint8)
    labels[0, 0] = 1
    share = MachineShare(labels.shape)
    first = Proposal(ProposalSource.LEARNER, np.full((1, 4), 0, np.uint8), np.full((1, 4), 200, np.uint8))
    accepted = first.taken_over(labels, share.free(labels))
    share.note(labels, accepted)
    assert accepted.tolist() == [[1, 0, 0, 0]]
    assert share.by_people(accepted).tolist() == [[1, 255, 255, 255]]
    accepted[0, 2] = 3  # a person's stroke
    second = Proposal(ProposalSource.LEARNER, np.full((1, 4), 2, np.uint8), np.full((1, 4), 200, np.uint8))
    again = second.taken_over(accepted, share.free(accepted))
    assert again.tolist() == [[1, 2, 3, 2]]
    assert share.by_people(again).tolist() == [[1, 2, 3, 2]]  # until it is noted
    share.note(accepted, again)
    assert share.by_people(again).tolist() == [[1, 255, 3, 255]]


def test_shares_are_of_the_undecided_pixels():
    value = np.array([[0, 0, UNLABELLED, 1]], dtype=np.uint8)
    proposal = Proposal(ProposalSource.LEARNER, value, np.array([[255, 100, 255, 255]], dtype=np.uint8))
    free = np.array([[True, True, True, True]])
    assert proposal.shares(free, 0.8) == (0.75, 0.5)
    assert proposal.shares(~free, 0.8) == (0.0, 0.0)


def test_arrays_of_two_patches_are_refused():
    with pytest.raises(ValueError, match="differ"):
        Proposal(ProposalSource.LEARNER, np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8))


def test_a_label_that_a_person_gave_stays_theirs_also_in_the_machines_class():
    """Accepted, taken back, then painted by hand in the same class."""
    blank = np.full((1, 2), UNLABELLED, dtype=np.uint8)
    share, accepted = MachineShare(blank.shape), np.zeros((1, 2), np.uint8)
    share.note(blank, accepted)
    share.take_back(np.array([[True, False]]))
    assert share.by_people(accepted).tolist() == [[0, 255]]
    other = Proposal(ProposalSource.LEARNER, np.full((1, 2), 5, np.uint8), np.full((1, 2), 255, np.uint8))
    assert other.taken_over(accepted, share.free(accepted)).tolist() == [[0, 5]]
