# SPDX-License-Identifier: GPL-2.0-or-later
import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.holes import count_unlabelled, labelled_share, next_hole
from ocsge_annotator.domain.runs import connected_region

small = arrays(np.uint8, (9, 11), elements=st.sampled_from([0, 1, UNLABELLED]))


def flooded(labels, row, col):
    mask = np.zeros(labels.shape, dtype=bool)
    region = connected_region(labels, row, col)
    mask[region.window.slices] = region.mask
    return mask


def flood_by_hand(labels, row, col):
    mask, stack = np.zeros(labels.shape, dtype=bool), [(row, col)]
    while stack:
        r, c = stack.pop()
        if not (0 <= r < labels.shape[0] and 0 <= c < labels.shape[1]):
            continue
        if mask[r, c] or labels[r, c] != labels[row, col]:
            continue
        mask[r, c] = True
        stack += [(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)]
    return mask


def test_diagonal_neighbours_are_not_connected():
    assert flooded(np.array([[1, 0], [0, 1]], dtype=np.uint8), 0, 0).sum() == 1


def test_a_spiral_is_followed_to_its_end():
    labels = np.array(
        [
            [1, 1, 1, 1, 1],
            [0, 0, 0, 0, 1],
            [1, 1, 1, 0, 1],
            [1, 0, 0, 0, 1],
            [1, 1, 1, 1, 1],
        ],
        dtype=np.uint8,
    )
    assert flooded(labels, 0, 0).sum() == (labels == 1).sum()
    assert flooded(labels, 3, 2).sum() == (labels == 0).sum()


@given(small, st.integers(0, 8), st.integers(0, 10))
def test_flood_fill_agrees_with_the_textbook(labels, row, col):
    assert np.array_equal(flooded(labels, row, col), flood_by_hand(labels, row, col))


@given(small)
@settings(max_examples=200)
def test_holes_are_a_partition_of_what_is_unlabelled(labels):
    holes = all_holes(labels)
    total = np.zeros(labels.shape, dtype=int)
    for hole in holes:
        region = flood_by_hand(labels, int(hole.inside.y), int(hole.inside.x))
        assert labels[int(hole.inside.y), int(hole.inside.x)] == UNLABELLED
        assert region.sum() == hole.area_px
        rows, cols = np.nonzero(region)
        assert (hole.window.row, hole.window.col) == (rows.min(), cols.min())
        assert hole.window.height == np.ptp(rows) + 1
        assert hole.window.width == np.ptp(cols) + 1
        total += region
    assert np.array_equal(total, (labels == UNLABELLED).astype(int))
    assert sum(hole.area_px for hole in holes) == count_unlabelled(labels)


def all_holes(labels):
    holes, hole = [], next_hole(labels, None)
    while hole is not None and hole not in holes:
        holes.append(hole)
        hole = next_hole(labels, hole)
    return holes


def test_next_hole_goes_from_large_to_small_then_starts_over():
    labels = np.zeros((6, 6), dtype=np.uint8)
    labels[0, 0] = labels[2:4, 2] = labels[5, 5] = UNLABELLED
    hole, areas = None, []
    for _ in range(4):
        hole = next_hole(labels, hole)
        areas.append(hole.area_px)
    assert areas == [2, 1, 1, 2]
    labels[2, 2] = 0  # worked on: the largest of what is left comes
    assert next_hole(labels, hole).area_px == 1
    assert labelled_share(labels) == 1 - 3 / 36


def test_a_full_patch_has_no_next_hole():
    assert next_hole(np.zeros((4, 4), dtype=np.uint8), None) is None


def test_flooding_a_ragged_patch_of_1024_pixels_is_immediate():
    noise = np.random.default_rng(1).random((1024, 1024)) < 0.3
    labels = np.where(noise, 1, UNLABELLED).astype(np.uint8)
    labels[0] = UNLABELLED  # ties the large area to the corner
    start = time.process_time()
    region = connected_region(labels, 0, 0)
    assert region.mask.sum() > 600_000
    seconds = time.process_time() - start  # of the processor: a loaded machine is no fault
    assert seconds < 1.0
