# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocsge_annotator.domain.brush import MAX_SIZE_PX, MIN_SIZE_PX, brush_segment, next_size
from ocsge_annotator.domain.pixels import PixelPoint, Shape

SHAPE = Shape(40, 50)
coordinate = st.floats(-10, 60, allow_nan=False)


def painted(region):
    mask = np.zeros(SHAPE, dtype=bool)
    if region is not None:
        mask[region.window.slices] = region.mask
    return mask


def test_a_click_paints_the_disc_of_pixel_centres():
    mask = painted(brush_segment(SHAPE, PixelPoint(10.5, 20.5), PixelPoint(10.5, 20.5), 3))
    assert np.argwhere(mask).tolist() == [[r, c] for r in (19, 20, 21) for c in (9, 10, 11)]


def test_a_brush_of_one_pixel_paints_the_pixel_under_the_cursor():
    mask = painted(brush_segment(SHAPE, PixelPoint(7.01, 3.99), PixelPoint(7.01, 3.99), 1))
    assert np.argwhere(mask).tolist() == [[3, 7]]


def test_a_brush_of_one_pixel_draws_a_diagonal_without_gap():
    mask = painted(brush_segment(SHAPE, PixelPoint(0.5, 0.5), PixelPoint(9.5, 9.5), 1))
    assert np.argwhere(mask).tolist() == [[i, i] for i in range(10)]


def test_outside_the_patch_nothing_is_painted():
    assert brush_segment(SHAPE, PixelPoint(-9, -9), PixelPoint(-5, -9), 4) is None


@given(coordinate, coordinate, coordinate, coordinate, st.integers(1, 12))
def test_a_segment_covers_exactly_the_pixels_near_it(x0, y0, x1, y1, size):
    if size == 1:
        x0, y0, x1, y1 = (np.floor(v) + 0.5 for v in (x0, y0, x1, y1))
    mask = painted(brush_segment(SHAPE, PixelPoint(x0, y0), PixelPoint(x1, y1), size))
    for row in range(SHAPE.height):
        for col in range(SHAPE.width):
            distance = distance_to_segment(col + 0.5, row + 0.5, x0, y0, x1, y1)
            if abs(distance - size / 2) > 1e-6:
                assert mask[row, col] == (distance < size / 2)


def distance_to_segment(x, y, x0, y0, x1, y1):
    dx, dy = x1 - x0, y1 - y0
    length2 = dx * dx + dy * dy
    share = 0.0 if length2 == 0 else min(1.0, max(0.0, ((x - x0) * dx + (y - y0) * dy) / length2))
    return ((x - x0 - share * dx) ** 2 + (y - y0 - share * dy) ** 2) ** 0.5


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 100])
def test_the_wheel_changes_the_size_by_at_least_one(size):
    assert next_size(size, 1) > size
    assert next_size(size, -1) < size or size == MIN_SIZE_PX


def test_the_size_stays_in_its_limits():
    assert next_size(5, 100) == MAX_SIZE_PX
    assert next_size(5, -100) == MIN_SIZE_PX
