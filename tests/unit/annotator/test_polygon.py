# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocsge_annotator.domain.pixels import PixelPoint, Shape
from ocsge_annotator.domain.polygon import fill_polygon

SHAPE = Shape(30, 30)
vertex = st.builds(PixelPoint, st.floats(-8, 38, allow_nan=False), st.floats(-8, 38, allow_nan=False))


def painted(vertices):
    mask = np.zeros(SHAPE, dtype=bool)
    region = fill_polygon(SHAPE, vertices)
    if region is not None:
        mask[region.window.slices] = region.mask
    return mask


def square(left, top, right, bottom):
    return [
        PixelPoint(left, top),
        PixelPoint(right, top),
        PixelPoint(right, bottom),
        PixelPoint(left, bottom),
    ]


def test_a_square_on_pixel_corners_fills_its_pixels():
    mask = painted(square(5, 6, 9, 8))
    assert mask.sum() == 8
    assert mask[6:8, 5:9].all()


def test_a_pixel_belongs_to_the_polygon_that_holds_its_centre():
    assert painted(square(5.4, 6.4, 6.4, 7.4)).sum() == 1
    assert painted(square(5.6, 6.6, 6.4, 7.4)).sum() == 0


def test_two_vertices_make_no_polygon():
    assert fill_polygon(SHAPE, [PixelPoint(1, 1), PixelPoint(5, 5)]) is None


def test_a_polygon_around_the_patch_fills_it():
    assert painted(square(-50, -50, 500, 500)).all()


def test_a_hole_by_the_even_odd_rule():
    outer, inner = square(2, 2, 20, 20), square(6, 6, 10, 10)
    mask = painted([*outer, outer[0], *inner, inner[0]])
    assert not mask[6:10, 6:10].any()
    assert mask.sum() == 18 * 18 - 16


def test_polygons_on_both_sides_of_an_edge_are_a_partition():
    cut = [PixelPoint(3.2, 0), PixelPoint(17.5, 9.5), PixelPoint(11.1, 30)]
    left = painted([PixelPoint(0, 0), *cut, PixelPoint(0, 30)])
    right = painted([*cut, PixelPoint(30, 30), PixelPoint(30, 0)])
    assert not (left & right).any()
    assert (left | right).all()


@given(st.lists(vertex, min_size=3, max_size=8))
def test_every_pixel_agrees_with_the_even_odd_rule_at_its_centre(vertices):
    mask = painted(vertices)
    for row, col in [(r, c) for r in range(0, 30, 3) for c in range(30)]:
        inside, sure = even_odd(col + 0.5, row + 0.5, vertices)
        if sure:
            assert mask[row, col] == inside


def even_odd(x, y, vertices):
    inside, sure = False, True
    for index, (x0, y0) in enumerate(vertices):
        x1, y1 = vertices[(index + 1) % len(vertices)]
        if (y0 <= y) != (y1 <= y):
            crossing = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
            sure = sure and abs(crossing - x) > 1e-6
            inside ^= crossing <= x
    return inside, sure
