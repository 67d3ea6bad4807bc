# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_backend.predict.blocks.tile_plan import TilePlan


@st.composite
def plans(draw):
    tile = draw(st.integers(1, 70))
    margin = draw(st.integers(0, (tile - 1) // 2))
    return TilePlan((draw(st.integers(1, 90)), draw(st.integers(1, 90))), tile, margin)


@settings(deadline=None)
@given(plans())
def test_cores_cover_each_pixel_once(plan):
    seen = np.zeros(plan.shape, int)
    for tile in plan:
        seen[tile.core(plan.shape)] += 1
    assert (seen == 1).all()


@settings(deadline=None)
@given(plans())
def test_window_and_padding_make_a_whole_tile(plan):
    for tile in plan:
        rows, cols = tile.clipped(plan.shape)
        before, after = tile.padding(plan.shape)
        for axis, part in enumerate((rows, cols)):
            assert part.stop > part.start
            assert part.stop - part.start + before[axis] + after[axis] == plan.tile_px


@settings(deadline=None)
@given(plans())
def test_length_is_the_number_of_tiles(plan):
    assert len(plan) == len(list(plan))
