# SPDX-License-Identifier: GPL-2.0-or-later
"""From pixels to a line that cuts a polygon."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ocsge_pi_review.domain.rings import area
from ocsge_pi_review.domain.segment_mask import connected, fitted, polygon_mask, region_at
from ocsge_pi_review.domain.segment_outline import drawn_like


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_region_is_what_a_flood_by_single_pixels_finds(seed):
    rng = np.random.default_rng(seed)
    mask = rng.random((17, 23)) < 0.6
    mask[8, 11] = True
    wanted, todo = {(8, 11)}, [(8, 11)]
    while todo:
        row, col = todo.pop()
        for at in ((row + 1, col), (row - 1, col), (row, col + 1), (row, col - 1)):
            if 0 <= at[0] < 17 and 0 <= at[1] < 23 and mask[at] and at not in wanted:
                wanted.add(at)
                todo.append(at)
    found = connected(mask, 8, 11)
    assert {(int(r), int(c)) for r, c in np.argwhere(found)} == wanted


def test_a_polygon_is_burnt_where_its_pixel_centres_are():
    polygon = (
        ((1.0, 1.0), (9.0, 1.0), (9.0, 8.0), (1.0, 8.0), (1.0, 1.0)),
        ((3.0, 3.0), (5.0, 3.0), (5.0, 6.0), (3.0, 6.0), (3.0, 3.0)),
    )
    mask = polygon_mask(polygon, (10, 12))
    assert mask.sum() == 8 * 7 - 2 * 3
    assert mask[1, 1]
    assert not mask[4, 4]
    assert not mask[1, 9]


def test_no_sliver_is_left_between_a_segment_and_the_border():
    inside = np.zeros((60, 60), dtype=bool)
    inside[5:55, 5:55] = True
    ids = np.zeros((60, 60), dtype=np.uint8)
    ids[7:30, 5:53] = 1  # two pixels short of the border above and on the right
    region = fitted(region_at(ids, 20, 20, inside), inside, 20, 20)
    assert region[5:30, 5:55].all()
    assert not region[31:55, 5:55].any()
    assert region[3, 20]
    assert region[20, 57]


def test_pixel_steps_become_one_line_with_few_corners():
    steps = [(0, 0)]
    for col in range(60):
        steps += [(col, col // 2), (col + 1, col // 2)]
    ring = [*steps, (60, 30), (60, 60), (0, 60), (0, 0)]
    smooth = drawn_like(tuple((float(x), float(y)) for x, y in ring), 0.9)
    assert len(smooth) < 12
    assert smooth[0] == smooth[-1]
    assert math.isclose(area((smooth,)), area((tuple(map(tuple, ring)),)), rel_tol=0.03)


def test_an_outline_too_small_to_smooth_is_left_as_it_is():
    ring = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    assert area((drawn_like(ring, 5.0),)) > 0
