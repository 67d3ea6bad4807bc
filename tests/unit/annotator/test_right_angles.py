# SPDX-License-Identifier: GPL-2.0-or-later
"""Outlines with right angles."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocsge_annotator.domain.pixels import PixelPoint
from ocsge_annotator.domain.right_angles import add_corner, close_right, next_corner

HOUSE = ((0, 0), (10, 0), (10, 5), (5, 5), (5, 10), (0, 10))
ANGLES_DEG = st.floats(0, 360)


def turned(points, angle_deg):
    sine, cosine = math.sin(math.radians(angle_deg)), math.cos(math.radians(angle_deg))
    return [PixelPoint(x * cosine - y * sine, x * sine + y * cosine) for x, y in points]


def draw(clicks):
    corners = []
    for click in clicks:
        corners = add_corner(corners, next_corner(corners, click))
    return close_right(corners)


def close_to(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert math.dist(one, other) < 1e-6


@given(ANGLES_DEG)
def test_three_clicks_make_a_rectangle(angle):
    close_to(
        draw(turned(((0, 0), (10, 0), (10.4, 6)), angle)), turned(((0, 0), (10, 0), (10, 6), (0, 6)), angle)
    )


@given(ANGLES_DEG)
def test_shaky_clicks_make_a_house_with_right_angles(angle):
    clicks = turned(((0, 0), (10, 0), (10.3, 5), (5, 4.8), (4.7, 10), (0.4, 10.2)), angle)
    corners = draw(clicks)
    assert len(corners) == 6
    for one, two, three in zip(corners, corners[1:] + corners[:1], corners[2:] + corners[:2], strict=True):
        product = (two.x - one.x) * (three.x - two.x) + (two.y - one.y) * (three.y - two.y)
        assert product == pytest.approx(0, abs=1e-6)
    for corner, click in zip(corners, clicks, strict=True):
        assert math.dist(corner, click) < 1


def test_the_exact_outline_stays_as_it_is():
    close_to(draw([PixelPoint(*corner) for corner in HOUSE]), [PixelPoint(*corner) for corner in HOUSE])


def test_going_straight_on_moves_the_last_corner():
    corners = [PixelPoint(0, 0), PixelPoint(10, 0)]
    assert add_corner(corners, next_corner(corners, PixelPoint(15, 1))) == [
        PixelPoint(0, 0),
        PixelPoint(15, 0),
    ]


def test_a_corner_that_was_set_free_stays():
    free = [PixelPoint(0, 0), PixelPoint(10, 0), PixelPoint(14, 4), PixelPoint(7, 9)]
    assert close_right(free) == free


@pytest.mark.parametrize("count", [0, 1, 2])
def test_less_than_two_edges_close_nothing(count):
    corners = [PixelPoint(*corner) for corner in HOUSE[:count]]
    assert close_right(corners) == corners


def test_a_click_on_the_same_place_is_harmless():
    corners = [PixelPoint(3, 3), PixelPoint(3, 3)]
    assert next_corner(corners, PixelPoint(9, 3)) == PixelPoint(9, 3)
    assert all(not math.isnan(v) for v in itertools.chain(*close_right([*corners, PixelPoint(5, 9)])))
