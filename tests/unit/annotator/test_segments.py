# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments under a position, and their pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.domain.segments import Segments, outline_of


def nested_stack(seed: int, height: int = 23, width: int = 31) -> np.ndarray:
    """Three scales: blobs of nearest seeds, then unions of them; an id is skipped on purpose."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, [height, width], (20, 2))
    rows, cols = np.mgrid[:height, :width]
    distance = (rows[..., None] - points[:, 0]) ** 2 + (cols[..., None] - points[:, 1]) ** 2
    fine = distance.argmin(axis=2)
    middle = rng.integers(1, 8, 20)[fine]
    return np.stack([fine, middle, np.array([3, 0])[middle % 2]]).astype(np.uint16)


@given(seed=st.integers(0, 10_000), x=st.floats(0, 30.99), y=st.floats(0, 22.99), scale=st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_the_segment_under_a_position_has_exactly_its_pixels(seed, x, y, scale):
    stack = nested_stack(seed)
    segments = Segments(stack)
    segments.use_scale(scale)
    region = segments.region_at(PixelPoint(x, y))
    found = np.zeros(stack.shape[1:], dtype=bool)
    found[region.window.slices] = region.mask
    np.testing.assert_array_equal(found, stack[scale] == stack[scale, int(y), int(x)])
    assert region.mask.any(axis=0)[[0, -1]].all()  # the window is the smallest
    assert region.mask.any(axis=1)[[0, -1]].all()


def test_outside_the_patch_there_is_no_segment():
    segments = Segments(nested_stack(1))
    assert segments.region_at(PixelPoint(-0.1, 3)) is None
    assert segments.region_at(PixelPoint(31, 3)) is None
    segments.use_scale(2)
    with pytest.raises(KeyError):
        segments.region_of(1)  # between 0 and 3, without a pixel
    with pytest.raises(KeyError):
        segments.region_of(4)


def test_a_fast_way_meets_every_segment_it_crosses_in_order():
    stack = np.zeros((1, 4, 40), dtype=np.uint16)
    stack[0] = np.arange(40) // 10
    segments = Segments(stack)
    assert segments.ids_along(PixelPoint(-5, 1), PixelPoint(45, 3)) == [0, 1, 2, 3]
    assert segments.ids_along(PixelPoint(35, 1), PixelPoint(12, 1)) == [3, 2, 1]
    assert segments.ids_along(PixelPoint(12, 1), PixelPoint(12, 1)) == [1]


def test_a_thin_segment_is_not_jumped_over():
    stack = np.zeros((1, 3, 50), dtype=np.uint16)
    stack[0, :, 25:] = 2
    stack[0, :, 24] = 1
    assert Segments(stack).ids_along(PixelPoint(0.3, 1), PixelPoint(49.9, 1.7)) == [0, 1, 2]


def test_scales_stop_at_the_finest_and_the_coarsest():
    segments = Segments(nested_stack(2))
    assert segments.scale == 1
    assert segments.use_scale(2)
    assert not segments.use_scale(9)
    assert segments.scale == 2
    assert segments.count() == len(np.unique(segments.stack[2]))
    assert segments.use_scale(-4)
    assert segments.scale == 0


def test_the_outline_is_where_the_mask_ends():
    mask = np.zeros((5, 6), dtype=bool)
    mask[1:5, 1:5] = True
    expected = mask.copy()
    expected[2:4, 2:4] = False
    np.testing.assert_array_equal(outline_of(mask), expected)
