# SPDX-License-Identifier: GPL-2.0-or-later
"""Shapes on a map: where they fall, and what a picture leaves out."""

from __future__ import annotations

import re

import numpy as np
import shapely

from inference_backend.reporting.map_paths import path_steps
from inference_backend.reporting.maps import Map
from inference_backend.reporting.words import Words


def drawn(steps):
    """Corners of each subpath, px."""
    rings = []
    for part in re.findall(r"M([^M]*)", steps):
        numbers = np.array([float(n) for n in re.findall(r"-?[\d.]+", part)]).reshape(-1, 2)
        rings.append(np.cumsum(numbers, axis=0))
    return rings


def test_a_square_falls_where_it_lies_with_y_downwards():
    (steps,) = path_steps([shapely.box(100, 200, 110, 220)], (100.0, 230.0), 2.0)
    corners = {tuple(corner) for corner in drawn(steps)[0].tolist()}
    assert corners == {(0.0, 20.0), (20.0, 20.0), (20.0, 60.0), (0.0, 60.0)}
    assert steps.endswith("Z")


def test_holes_and_parts_are_kept_and_what_nobody_sees_is_not():
    holed = (
        shapely.box(0, 0, 100, 100)
        .difference(shapely.box(10, 10, 40, 40))
        .difference(shapely.box(60, 60, 60.5, 60.5))
    )
    several = shapely.MultiPolygon(
        [shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10), shapely.box(50, 0, 50.1, 0.1)]
    )
    line = shapely.LineString([(0, 0), (50, 50)])
    found = path_steps(
        [holed, several, None, line, shapely.Point(1, 1), shapely.box(0, 0, 0.1, 0.1)], (0, 100), 1.0
    )
    assert [len(drawn(steps)) for steps in found] == [2, 2, 0, 1, 0, 0]
    assert found[3] == "M0 100l50 -50"


def test_simplifying_moves_nothing_by_more_than_a_pixel():
    circle = shapely.Point(0, 0).buffer(1000.0, quad_segs=5000)
    (steps,) = path_steps([circle], (-1000.0, 1000.0), 0.3)
    ring = drawn(steps)[0]
    away = np.abs(np.hypot(ring[:, 0] - 300, ring[:, 1] - 300) - 300)
    assert 10 < len(ring) < 200
    assert away.max() < 1.0


def test_a_map_has_a_scale_a_legend_and_words_under_the_mouse():
    picture = Map((0, 0, 4000, 3000), Words("fr"), title="Carte <1>")
    picture.polygons([shapely.box(0, 0, 4000, 3000)], "#eee", name="lot")
    picture.points(np.array([[2000.0, 1500.0]]), "cross", "#b33c00", name="erreur", tips=["A & B"])
    written = picture.html()
    assert "1\u00a0km" in written
    assert ">erreur<" in written
    assert "<title>A &amp; B</title>" in written
    assert 'aria-label="Carte &lt;1&gt;"' in written
