# SPDX-License-Identifier: GPL-2.0-or-later
"""What an interactive model is shown, and the pixels of what it answers."""

from __future__ import annotations

import numpy as np

from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.domain.prompts import Prompts, region_of


def test_points_and_a_box_travel_as_the_service_takes_them():
    prompts = Prompts().with_box(PixelPoint(9, 2), PixelPoint(3, 8))
    prompts = prompts.with_point(PixelPoint(5, 5), inside=True).with_point(PixelPoint(1, 1), inside=False)
    places, marks = prompts.arrays()
    assert places.dtype == np.float32
    assert places.tolist() == [[3, 2], [9, 8], [5, 5], [1, 1]]
    assert marks.tolist() == [2, 3, 1, 0]


def test_taking_back_goes_from_the_last_point_to_the_box():
    prompts = Prompts().with_box(PixelPoint(0, 0), PixelPoint(4, 4)).with_point(PixelPoint(1, 1), inside=True)
    assert prompts.without_last().points == ()
    assert prompts.without_last().box is not None
    assert prompts.without_last().without_last().is_empty
    assert Prompts().without_last().is_empty


def test_no_prompt_is_an_empty_array_of_the_right_shape():
    places, marks = Prompts().arrays()
    assert places.shape == (0, 2)
    assert marks.shape == (0,)


def test_the_region_of_a_mask_is_its_pixels_in_the_smallest_window():
    mask = np.zeros((6, 9), dtype=bool)
    mask[2, 3] = mask[4, 7] = True
    region = region_of(mask)
    assert (region.window.row, region.window.col, *region.mask.shape) == (2, 3, 3, 5)
    again = np.zeros_like(mask)
    again[region.window.slices] = region.mask
    np.testing.assert_array_equal(again, mask)
    assert region_of(np.zeros((3, 3), dtype=bool)) is None
