# SPDX-License-Identifier: GPL-2.0-or-later
"""Where one label meets another."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ocsge_annotator.domain.borders import border_mask
from ocsge_annotator.domain.pixels import PixelWindow

LABELS = arrays.arrays(np.uint8, (7, 9), elements=st.integers(0, 2))


@given(LABELS, st.integers(0, 6), st.integers(0, 8), st.integers(1, 7), st.integers(1, 9))
def test_a_part_has_the_borders_of_the_whole(labels, row, col, height, width):
    whole = border_mask(labels, PixelWindow(0, 0, 7, 9))
    window = PixelWindow(row, col, min(height, 7 - row), min(width, 9 - col))
    assert np.array_equal(border_mask(labels, window), whole[window.slices])


def test_both_sides_of_a_border_belong_to_it_and_the_edge_of_the_patch_does_not():
    labels = np.zeros((4, 6), dtype=np.uint8)
    labels[:, 3:] = 1
    expected = np.zeros((4, 6), dtype=bool)
    expected[:, 2:4] = True
    assert np.array_equal(border_mask(labels, PixelWindow(0, 0, 4, 6)), expected)
