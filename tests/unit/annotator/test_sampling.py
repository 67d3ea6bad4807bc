# SPDX-License-Identifier: GPL-2.0-or-later
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocsge_annotator.domain.image_grid import ImageGrid
from ocsge_annotator.domain.patch_grid import lay_cells
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.domain.sampling import (
    draw_random,
    draw_stratified,
    draw_systematic,
    draw_twice,
    draw_uncertain,
    features_of,
)
from ocsge_annotator.domain.splits import SplitPlan, assign_splits, gap_px

GRID = ImageGrid(6400, 3200, 0.0, 0.0, 0.2, 0.2)
CELLS = lay_cells(GRID, 64, 64)
SHARES = {"train": 0.7, "val": 0.15, "test": 0.15}


def test_a_random_sample_is_that_of_its_seed_and_its_start_is_a_sample():
    assert draw_random(100, 10, 3) == draw_random(100, 20, 3)[:10]
    assert draw_random(100, 10, 3) != draw_random(100, 10, 4)
    assert sorted(draw_random(7, 0)) == list(range(7))


@pytest.mark.parametrize(("count", "seed"), [(50, 0), (50, 1), (333, 2), (1, 5)])
def test_a_systematic_sample_is_exact_and_spread(count, seed):
    drawn = draw_systematic(CELLS, count, seed)
    assert len(set(drawn)) == count
    assert drawn == draw_systematic(CELLS, count, seed)
    if count == 50:
        assert drawn != draw_systematic(CELLS, count, seed + 7)
        places = np.array([(CELLS[index].row, CELLS[index].col) for index in drawn])
        # Each quarter of an image twice as wide as high has about a quarter of the sample.
        for rows, cols in itertools.product((slice(0, 25), slice(25, 50)), (slice(0, 50), slice(50, 100))):
            inside = (places[:, 0] // 25 == rows.start // 25) & (places[:, 1] // 50 == cols.start // 50)
            assert 8 <= inside.sum() <= 17
        nearest = [
            min(np.hypot(*(places[i] - places[j])) for j in range(count) if j != i) for i in range(count)
        ]
        assert min(nearest) >= 6


def test_more_than_there_is_gives_all():
    assert draw_systematic(CELLS[:5], 9) == [0, 1, 2, 3, 4]


def test_strata_take_turns_whatever_their_size():
    shares = np.zeros((1000, 3))
    shares[:, 0] = 1.0
    shares[:20, 0], shares[:20, 1] = 0.9, 0.1  # a rare class that fills no patch
    shares[20:120, 0], shares[20:120, 2] = 0.5, 0.5
    drawn = draw_stratified(shares, 30, seed=1)
    assert len(set(drawn)) == 30
    assert drawn[0] < 20  # the rarest first
    assert sum(index < 20 for index in drawn) >= 10
    assert sum(20 <= index < 120 for index in drawn) >= 10
    assert drawn == draw_stratified(shares, 30, seed=1)
    assert len(draw_stratified(shares[:20], 50)) == 20
    assert draw_stratified(np.zeros((4, 2)), 3) == []


def test_uncertainty_alone_takes_the_most_uncertain():
    doubt = np.array([0.1, 0.9, 0.3, np.nan, 0.8])
    features = np.zeros((5, 1))
    assert draw_uncertain(doubt, features, 3, diversity=0.0) == [1, 4, 2]
    assert len(draw_uncertain(doubt, features, 9, diversity=0.0)) == 4


def test_diversity_does_not_take_two_of_a_kind():
    doubt = np.array([0.90, 0.89, 0.88, 0.50])
    shares = np.array([[1, 0], [1, 0], [1, 0], [0, 1]])
    features = features_of(shares, np.zeros((4, 2)), 1.0)
    assert draw_uncertain(doubt, features, 2, diversity=0.5) == [0, 3]
    assert draw_uncertain(doubt, features, 1, diversity=0.5, known=features[:1]) == [3]


def test_features_are_at_most_one_apart():
    features = features_of(np.eye(2), np.array([[0, 0], [3, 4]]), 5.0)
    assert np.linalg.norm(features[0] - features[1]) == pytest.approx(1.0)


def test_the_share_labelled_twice_is_rounded():
    assert len(draw_twice(40, 0.1)) == 4
    assert draw_twice(40, 0.0) == []


def leaks(windows, splits, buffer_px):
    return [
        (first, second)
        for first, second in itertools.combinations(range(len(windows)), 2)
        if splits[first]
        and splits[second]
        and splits[first] != splits[second]
        and gap_px(windows[first], windows[second]) < buffer_px
    ]


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 1500)), min_size=1, max_size=40),
    buffer_px=st.integers(0, 300),
    block_px=st.integers(100, 900),
    seed=st.integers(0, 5),
)
def test_no_patch_is_near_a_patch_of_another_split(places, buffer_px, block_px, seed):
    windows = [PixelWindow(row, col, 64, 64) for row, col in places]
    splits = assign_splits(windows, SplitPlan(SHARES, buffer_px, block_px, seed))
    assert leaks(windows, splits, buffer_px) == []
    # What comes later does not change what is there, and does not leak either.
    later = [*windows, *(PixelWindow(row + 70, col + 30, 64, 64) for row, col in places[:10])]
    more = assign_splits(later, SplitPlan(SHARES, buffer_px, block_px, seed), dict(enumerate(splits)))
    assert more[: len(splits)] == splits
    assert leaks(later, more, buffer_px) == []


def test_patches_far_apart_are_shared_out_as_asked():
    windows = [cell.window for cell in lay_cells(GRID, 64, 400)]
    splits = assign_splits(windows, SplitPlan(SHARES, 100, 1000))
    assert {name: splits.count(name) / len(splits) for name in SHARES} == pytest.approx(SHARES, abs=0.02)
    assert splits != assign_splits(windows, SplitPlan(SHARES, 100, 1000, seed=1))


def test_an_image_covered_with_patches_is_cut_into_blocks():
    windows = [cell.window for cell in CELLS]
    splits = assign_splits(windows, SplitPlan(SHARES, 1, 640))
    assert leaks(windows[:1500], splits[:1500], 1) == []
    assert all(splits.count(name) > 0.08 * len(splits) for name in SHARES)
    assert splits.count("") < 0.25 * len(splits)
