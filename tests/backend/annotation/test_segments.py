# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import ndimage

from inference_backend.annotation.errors import BadPatchError
from inference_backend.annotation.graph import graph_of
from inference_backend.annotation.merging import merged
from inference_backend.annotation.segments import segment_patch
from inference_backend.annotation.types import make_patch
from tests.backend.annotation.made_patch import ROOF, SIDE_PX, made_image, made_patch, made_truth

COUNTS = (400, 100, 30)


@pytest.fixture(scope="module")
def segments():
    return segment_patch(made_patch(), COUNTS)


def purity(plane, truth):
    pairs = np.zeros((int(plane.max()) + 1, 256), np.int64)
    np.add.at(pairs, (plane.ravel(), truth.ravel()), 1)
    return pairs.max(axis=1).sum() / truth.size


def test_each_scale_is_a_union_of_segments_of_the_one_before(segments):
    assert segments.dtype == np.uint16
    for fine, coarse in itertools.pairwise(segments):
        parents = np.zeros(int(fine.max()) + 1, np.int64)
        parents[fine] = coarse
        assert np.array_equal(parents[fine], coarse)


def test_segments_are_connected_and_numbered_without_a_gap(segments):
    for plane in segments:
        numbers = np.unique(plane)
        assert np.array_equal(numbers, np.arange(len(numbers)))
        pieces = sum(ndimage.label(plane == number)[1] for number in numbers)
        assert pieces == len(numbers)


def test_coarser_scales_have_the_number_asked_for(segments):
    assert [int(plane.max()) + 1 for plane in segments[1:]] == list(COUNTS[1:])


def test_segments_follow_what_only_height_tells_apart(segments):
    truth = made_truth()
    assert purity(segments[0], truth) > 0.97
    assert purity(segments[2], truth) > 0.97
    roof = segments[2][truth == ROOF]
    assert np.bincount(roof).max() / roof.size > 0.6


def test_the_same_patch_gives_the_same_segments(segments):
    assert np.array_equal(segment_patch(made_patch(), COUNTS), segments)


def test_no_segment_crosses_the_edge_of_the_data():
    valid = np.ones((SIDE_PX, SIDE_PX), bool)
    valid[:40, 35:99] = False
    image = made_image(made_truth())
    image[0, 150:, 150:] = np.nan
    patch = make_patch(image, valid)
    for plane in segment_patch(patch, COUNTS):
        mixed = np.intersect1d(plane[patch.valid], plane[~patch.valid])
        assert mixed.size == 0


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("bands", [1, 3, 7])
def test_any_type_and_number_of_bands(kind, bands):
    image = np.random.default_rng(1).integers(0, 200, (bands, 33, 50)).astype(kind)
    planes = segment_patch(make_patch(image), (20, 5))
    assert planes.shape == (2, 33, 50)


def test_a_patch_without_any_contrast_or_data_is_segmented_all_the_same():
    flat = np.full((3, 40, 40), 7, np.uint8)
    for valid in (None, np.zeros((40, 40), bool)):
        planes = segment_patch(make_patch(flat, valid), (30, 10))
        assert int(planes[1].max()) + 1 <= int(planes[0].max()) + 1


def test_noise_does_not_melt_into_one_segment():
    noise = np.random.default_rng(1).integers(0, 255, (5, 64, 64)).astype(np.uint8)
    plane = segment_patch(make_patch(noise), (60,))[0]
    assert np.bincount(plane.ravel()).max() < 300


def test_merging_takes_the_cheapest_pair_first():
    """Four segments in a row with values 0, 1, 10, 14: 0 with 1, then 10 with 14."""
    plane = np.repeat(np.arange(4), 5)[None].repeat(5, axis=0).astype(np.uint16)
    rows = merged(graph_of(plane, 4), np.array([[0.0], [1.0], [10.0], [14.0]]), (3, 2, 1))
    assert rows.tolist() == [[0, 0, 1, 2], [0, 0, 1, 1], [0, 0, 0, 0]]


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((3, 4, 50), np.uint8),
        np.zeros((3, 50), np.uint8),
        np.zeros((3, 50, 50), np.int64),
        np.zeros((0, 50, 50), np.uint8),
    ],
)
def test_what_is_no_patch_is_refused_with_its_reason(image):
    with pytest.raises(BadPatchError, match="image"):
        make_patch(image)


def test_bands_must_be_known_and_as_many_as_there_are():
    image = np.zeros((2, 20, 20), np.uint8)
    with pytest.raises(BadPatchError, match="violet"):
        make_patch(image, None, ("red", "violet"))
    with pytest.raises(BadPatchError, match="1 for 2"):
        make_patch(image, None, ("red",))
