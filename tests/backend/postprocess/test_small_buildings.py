# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
import shapely

from inference_backend.postprocess.references.reference_survey import (
    finish_survey,
    survey_block,
    whole_window,
)
from inference_backend.postprocess.references.small_buildings import grown

HOUSE = shapely.box(0, 0, 8, 10)


def one(*shapes) -> np.ndarray:
    return np.array(shapes, dtype=object)


def test_a_building_grows_to_the_goal_and_keeps_its_square_corners():
    slanted = shapely.affinity.rotate(HOUSE, 30)
    (large,) = grown(one(slanted), 202, one())

    assert shapely.area(large) == pytest.approx(202, rel=1e-3)
    assert shapely.covers(large, slanted)
    assert len(shapely.get_coordinates(large)) == 5
    assert shapely.area(shapely.minimum_rotated_rectangle(large)) == pytest.approx(shapely.area(large))


def test_a_building_of_many_corners_grows_to_the_goal():
    bent = shapely.union(HOUSE, shapely.box(8, 0, 14, 4))
    (large,) = grown(one(bent), 202, one())
    assert shapely.area(large) == pytest.approx(202, rel=1e-3)


def test_it_does_not_grow_over_a_road_but_more_on_its_other_sides():
    road = shapely.box(-50, -7, 50, -1)
    large, free = grown(one(HOUSE, shapely.affinity.translate(HOUSE, 0, 200)), 202, one(road))

    assert shapely.area(shapely.intersection(large, road)) == pytest.approx(0, abs=1e-6)
    assert shapely.area(large) == pytest.approx(202, rel=1e-2)
    assert shapely.bounds(large)[3] > shapely.bounds(free)[3] - 200


def test_a_building_between_roads_stays_as_large_as_they_let_it():
    walls = one(
        *(shapely.box(*b) for b in ((-3, -9, 11, -1), (-3, 11, 11, 19), (-9, -9, -1, 19), (9, -9, 17, 19)))
    )
    (large,) = grown(one(HOUSE), 202, walls)
    assert shapely.area(large) == pytest.approx(120)


@pytest.fixture
def enlarged(make_planes, codes, profile, make_references):
    """Numbers and shapes of what was enlarged among buildings that the prediction sees."""

    def run(*buildings):
        planes = make_planes(np.full((120, 120), codes.cs_index["CS1.1.1.1"]))
        moved = [shapely.affinity.translate(b, 600_040, 6_699_940) for b in buildings]
        references = make_references(planes.grid, batiment=(moved, {"id": list("abcdef")[: len(moved)]}))
        part = survey_block(references, planes, whole_window(planes.grid))
        survey = finish_survey([part], references, planes.grid.bounds, profile)
        names = [o.id_origine for o in references.source_objects(survey.enlarged.number)]
        return dict(zip(names, survey.enlarged.geometry, strict=True)), survey.imposed(references)

    return run


def test_only_isolated_buildings_of_50_to_200_m2_grow(enlarged):
    shed, large = shapely.box(0, 0, 5, 5), shapely.box(0, 0, 20, 20)
    far = shapely.affinity.translate
    grew, imposed = enlarged(
        HOUSE, far(shed, 30, 0), far(large, 0, 30), far(HOUSE, 21, 30), far(HOUSE, -20, -30)
    )

    assert sorted(grew) == ["a", "e"], "`d` stands beside a large one and is no region of its own"
    numbers, shapes = imposed.edges((600_000, 6_699_900, 600_100, 6_700_000))
    assert numbers.tolist() == [0, 1, 2, 3, 4]
    assert shapely.area(shapes) == pytest.approx([202, 25, 400, 80, 202], rel=1e-3)


def test_a_house_and_its_garage_grow_as_one(enlarged):
    grew, _ = enlarged(HOUSE, shapely.box(8, 0, 12, 6))

    assert list(grew) == ["a"]
    assert shapely.area(grew["a"]) == pytest.approx(202, rel=1e-3)
