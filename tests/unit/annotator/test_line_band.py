# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines of a given width."""

import numpy as np
import pytest

from ocsge_annotator.domain.line_band import line_band
from ocsge_annotator.domain.pixels import PixelPoint, PixelWindow, Shape

SHAPE = Shape(60, 80)


def painted(vertices, width_px):
    mask = np.zeros(SHAPE, dtype=bool)
    region = line_band(SHAPE, [PixelPoint(*vertex) for vertex in vertices], width_px)
    if region is not None:
        mask[region.window.slices] = region.mask
    return mask


def test_a_straight_line_is_a_rectangle_of_its_width():
    expected = np.zeros(SHAPE, dtype=bool)
    expected[17:23, 10:50] = True
    assert np.array_equal(painted([(10, 20), (50, 20)], 6), expected)


def test_the_area_of_a_slanted_line_is_length_times_width():
    mask = painted([(10, 10), (50, 40)], 8)
    assert mask.sum() == pytest.approx(50 * 8, rel=0.02)


def test_bends_have_no_notch_and_ends_are_square():
    mask = painted([(10, 10), (40, 10), (40, 40)], 10)
    distance = np.hypot(np.arange(80)[None, :] + 0.5 - 40, np.arange(60)[:, None] + 0.5 - 10)
    assert mask[distance <= 5].all()
    assert not mask[:, :10].any()
    assert not mask[40:].any()


def test_a_line_thinner_than_a_pixel_is_not_broken():
    mask = painted([(5, 5), (60, 33)], 0.1)
    assert mask.any(axis=0)[6:59].all()


def test_a_line_beside_the_patch_paints_nothing_and_one_across_reaches_both_edges():
    assert line_band(SHAPE, [PixelPoint(-20, -20), PixelPoint(-5, 50)], 6) is None
    assert painted([(-20, 30), (100, 30)], 4)[28:32].all()


def test_a_double_click_adds_nothing():
    twice = painted([(10, 20), (50, 20), (50, 20)], 6)
    assert np.array_equal(twice, painted([(10, 20), (50, 20)], 6))
    assert line_band(SHAPE, [PixelPoint(10, 20)] * 2, 6) is None


def test_the_window_is_that_of_the_band():
    region = line_band(SHAPE, [PixelPoint(10, 20), PixelPoint(50, 20)], 6)
    assert region.window == PixelWindow(17, 7, 7, 47)
