# SPDX-License-Identifier: GPL-2.0-or-later
"""Which units are drawn: probabilities as promised, the same again by the seed."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from inference_backend.quality.sampling.curve import along_curve
from inference_backend.quality.sampling.numbers import Stream
from inference_backend.quality.sampling.points import Grid, hit_polygons, point_inside
from inference_backend.quality.sampling.polygons import (
    by_probability,
    proportional_probabilities,
    simple_random,
    systematic,
)
from inference_backend.quality.sampling.spacing import Ground, spaced

DRAWS = 4_000
AREAS = np.array([1.0, 2, 3, 4, 10, 30, 200, 5, 6, 7])


def frequencies(draw, units):
    """Share of the draws that hold each unit."""
    hits = np.zeros(units)
    for seed in range(DRAWS):
        hits[draw(Stream(seed, "test"))] += 1
    return hits / DRAWS


def within_chance(found, expected):
    """Four and a half standard errors: one false alarm in 10,000 over all units here."""
    return np.abs(found - expected).max() <= 4.5 * np.sqrt((expected * (1 - expected)).max() / DRAWS)


def test_numbers_are_those_of_the_seed_and_the_purpose():
    """Pinned: a sample drawn today is drawn again by every later version."""
    assert Stream(7, "all").uniform(3).tolist() == pytest.approx(PINNED, abs=0)
    assert Stream(7, "other").uniform(1)[0] != PINNED[0]
    assert Stream(8, "all").uniform(1)[0] != PINNED[0]


PINNED = [0.03927850940857569, 0.4778330091682653, 0.5136155555416515]


def test_simple_random_draws_are_equally_likely():
    found = frequencies(lambda stream: simple_random(stream.uniform(10), 3), 10)
    assert within_chance(found, np.full(10, 0.3))


def test_systematic_draws_are_equally_likely_and_spread():
    place = np.arange(10)[::-1].copy()
    found = frequencies(lambda stream: systematic(place, 3, float(stream.uniform(1)[0])), 10)
    assert within_chance(found, np.full(10, 0.3))
    assert np.diff(systematic(np.arange(100), 10, 0.99)).tolist() == [10] * 9


def test_probabilities_follow_areas_and_large_ones_are_certain():
    probability = proportional_probabilities(AREAS, 4)
    assert probability.sum() == pytest.approx(4)
    assert probability[6] == 1.0
    assert probability[5] == 1.0  # certain once the largest is set apart
    assert probability[4] / probability[0] == pytest.approx(10)
    assert proportional_probabilities(AREAS, 10).tolist() == [1.0] * 10


def test_draws_by_area_hold_what_their_probabilities_promise():
    probability = proportional_probabilities(AREAS, 4)

    def draw(stream):
        rows = by_probability(probability, stream.uniform(10), float(stream.uniform(1)[0]))
        assert len(set(rows.tolist())) == 4
        return rows

    assert within_chance(frequencies(draw, 10), probability)


def test_units_keep_their_distance_and_strata_their_sizes():
    x, y = (part.ravel().astype(float) for part in np.meshgrid(np.arange(40), np.arange(40)))
    stratum = (x >= 20).astype(np.int64)
    rows, _ = spaced(Ground(stratum, np.array([10, 20]), x, y, 3.0), Stream(3))
    assert np.bincount(stratum[rows]).tolist() == [10, 20]
    gaps = np.hypot(x[rows][:, None] - x[rows], y[rows][:, None] - y[rows])
    assert gaps[~np.eye(len(rows), dtype=bool)].min() >= 3.0


def test_where_there_is_no_room_fewer_come_out():
    x = np.arange(10.0)
    rows, probability = spaced(Ground(np.zeros(10, np.int64), np.array([9]), x, x * 0, 100.0), Stream(1))
    assert len(rows) == 1
    assert probability[0] == pytest.approx(0.1, rel=0.3)


def test_the_distance_spares_strata_that_are_whole():
    x = np.arange(10.0)
    stratum = np.array([0] * 4 + [1] * 6)
    rows, probability = spaced(Ground(stratum, np.array([4, 1]), x, x * 0, 100.0), Stream(1))
    assert rows[:4].tolist() == [0, 1, 2, 3]
    assert probability[:4].tolist() == [1.0] * 4


def test_probabilities_under_a_distance_are_those_of_repeated_draws():
    """Twenty units apart, twenty in a crowd: weighed, a sample tells how many there are of each."""
    numbers = Stream(1).uniform(80).reshape(2, 40)
    x, y = np.where(np.arange(40) < 20, numbers * 1000, 490 + numbers * 20)
    ground = Ground(np.zeros(40, np.int64), np.array([6]), x, y, 60.0)
    told = []
    for seed in range(120):
        rows, probability = spaced(ground, Stream(seed), 40)
        told.append([(1 / probability[rows < 20]).sum(), (1 / probability[rows >= 20]).sum()])
    error = np.std(told, axis=0) / np.sqrt(len(told))
    assert (np.abs(np.mean(told, axis=0) - 20) < 4 * error).all()
    assert (error < 2).all()


def test_the_curve_stays_near_where_it_is():
    x, y = (part.ravel().astype(float) for part in np.meshgrid(np.arange(64), np.arange(64)))
    line = np.argsort(along_curve(x, y))
    steps = np.hypot(np.diff(x[line]), np.diff(y[line]))
    assert len(set(along_curve(x, y).tolist())) == 64 * 64
    assert (steps == 1).mean() > 0.95
    assert steps.max() < 4


def test_points_hit_polygons_as_often_as_these_are_large():
    hits = np.bincount(hit_polygons(AREAS, 100_000, Stream(5)), minlength=10)
    assert hits / 100_000 == pytest.approx(AREAS / AREAS.sum(), abs=0.006)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.box(0, 0, 4, 2),
        shapely.Polygon([(0, 0), (6, 0), (0, 3)]),
        shapely.box(0, 0, 9, 9).difference(shapely.box(1, 1, 9, 9)),
        shapely.box(0, 0, 4, 1).union(shapely.box(6, 0, 8, 1)),
    ],
)
def test_points_are_uniform_on_a_polygon(shape):
    """Their mean is the centroid, and as many are left of it as the shape has area there."""
    stream = Stream(2)
    points = np.array([point_inside(shape, stream) for _ in range(4_000)])
    assert shapely.intersects_xy(shape, points[:, 0], points[:, 1]).all()
    spread = points.std(axis=0) / np.sqrt(len(points))
    assert (np.abs(points.mean(axis=0) - [shape.centroid.x, shape.centroid.y]) < 4.5 * spread).all()
    left = shape.intersection(shapely.box(-99, -99, shape.centroid.x, 99)).area / shape.area
    assert (points[:, 0] < shape.centroid.x).mean() == pytest.approx(left, abs=0.04)


def test_a_hair_across_the_country_gets_its_point():
    """A triangulation takes over where a box holds almost nothing of the shape."""
    hair = shapely.LineString([(0, 0), (50_000, 50_000)]).buffer(1e-3, cap_style="flat")
    assert hair.distance(shapely.Point(point_inside(hair, Stream(4)))) < 1e-6


def test_a_grid_hits_surfaces_as_often_as_they_are_large():
    shapes = np.array([shapely.box(0, 0, 3, 1), shapely.box(3, 0, 5, 5), shapely.box(0, 1, 3, 5)])
    total = np.zeros(3)
    for seed in range(2_000):
        grid = Grid(1.7, Stream(seed))
        hit = set(grid.boxes_hit(shapely.bounds(shapes)).tolist())
        counts = [len(grid.inside(shape)[0]) for shape in shapes]
        assert {i for i, count in enumerate(counts) if count} <= hit
        total += counts
    assert total / 2_000 == pytest.approx(shapely.area(shapes) / 1.7**2, rel=0.05)


def test_nodes_of_a_grid_are_one_step_apart():
    grid = Grid(2.0, Stream(1))
    columns, rows, x, y = grid.inside(shapely.box(0, 0, 11, 7))
    assert len(x) in (15, 16, 18, 20, 24)
    assert np.allclose((x - grid.x) / 2.0, columns)
    assert np.allclose((y - grid.y) / 2.0, rows)
