# SPDX-License-Identifier: GPL-2.0-or-later
"""A point inside a polygon, whatever its vertices."""

from __future__ import annotations

import numpy as np

from ocsge_pi_review.domain.outlines import Outline


def found(ring):
    return Outline.of_polygon((ring,)).inner_point()


def test_levels_one_number_apart_have_nothing_between_them():
    low = 6862874.214321059
    top = float(np.nextafter(low, np.inf))
    ring = (
        (0.0, low),
        (5.0, low - 5),
        (10.0, top),
        (10.5, low - 1),
        (5.0, low - 6.3),
        (-0.5, low - 1),
        (0.0, low),
    )
    x, y = found(ring)
    assert Outline.of_polygon((ring,)).contains(np.array([[x, y]]))[0]


def test_a_polygon_without_an_inside_gives_a_point_of_its_border():
    low = 6862874.214321059
    top = float(np.nextafter(low, np.inf))
    ring = ((0.0, low), (5.0, low), (2.0, top), (0.0, low))
    x, y = found(ring)
    assert 0 <= x <= 5
    assert low <= y <= top
