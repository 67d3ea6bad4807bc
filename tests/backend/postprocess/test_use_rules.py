# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from inference_backend.postprocess.blockwise import Tiling
from inference_backend.postprocess.decision.lot_join import join
from inference_backend.postprocess.decision.use_rules import assign_use

from .block_parts import Planes, parts_of


@pytest.fixture
def decide(codes, profile):
    """Decision on a raster of (cover, use) patches on grass; `used` is the use at a pixel."""

    def make(patches, zone=None, pixel_area_m2=1.0, size=100):
        cs = np.full((size, size), codes.cs_index["CS2.2.1"], np.uint8)
        us = np.zeros((size, size), np.uint8)
        for (cover, use), (col0, row0, col1, row1) in patches:
            cs[row0:row1, col0:col1] = codes.cs_index[cover] if cover else 0
            us[row0:row1, col0:col1] = codes.us_index[use] if use else 0
        inside = np.ones((size, size), bool)
        planes = Planes(cs, us, zone=inside if zone else ~inside)
        tiling = Tiling(cs.shape, size)
        parts = parts_of(planes, tiling)
        lot, number = join(parts, tiling)
        labels = number[0, 0][parts[0, 0].labels]
        decision = assign_use(lot.as_regions(), codes, profile, pixel_area_m2)

        def at(col, row):
            region = labels[row, col]
            rule = decision.rules[decision.rule[region]]
            return codes.us[decision.us[region]], rule, float(decision.confidence[region])

        return decision, at

    return make


def test_use_of_a_reference_is_kept(decide):
    decision, at = decide([(("CS1.1.1.1", "US3"), (10, 10, 30, 30))])

    use, rule, confidence = at(20, 20)
    assert (use, rule) == ("US3", "")
    assert np.isnan(confidence)
    assert (decision.us > 0).all()


def test_garden_takes_the_use_of_the_house_it_surrounds(decide):
    house = (("CS1.1.1.1", "US5"), (20, 20, 40, 40))
    hedge = (("CS2.1.2", None), (20, 40, 40, 60))

    _, at = decide([house, hedge], zone=True)

    assert at(30, 50)[:2] == ("US5", "garden")


def test_use_travels_from_garden_to_garden(decide):
    house = (("CS1.1.1.1", "US5"), (0, 0, 20, 20))
    chain = [(("CS2.1.2", None), (0, 20, 20, 30)), (("CS2.1.1.1", None), (0, 30, 20, 40))]

    _, at = decide([(("CS1.2.3", "US6.3"), (0, 0, 100, 100)), house, *chain], zone=True)

    assert at(10, 25)[:2] == ("US5", "garden")
    assert at(10, 35)[:2] == ("US5", "garden")


def test_a_road_along_a_garden_does_not_outvote_the_house(decide):
    garden = (("CS2.2.1", None), (0, 0, 100, 100))
    roads = [(("CS1.1.1.2", "US4.1.1"), (0, 0, 100, 5)), (("CS1.1.1.2", "US4.1.1"), (0, 95, 100, 100))]
    house = (("CS1.1.1.1", "US5"), (40, 40, 60, 60))

    _, at = decide([garden, *roads, house], zone=True)

    assert at(10, 50)[:2] == ("US5", "garden")


def test_large_wood_outside_the_zone_is_forestry_and_a_small_one_is_not(decide):
    wood = [(("CS2.1.1.2", None), (10, 10, 60, 60))]

    _, large = decide(wood, pixel_area_m2=4.0)
    _, small = decide(wood, pixel_area_m2=1.0)

    assert large(30, 30)[:2] == ("US1.2", "forest by size")
    assert small(30, 30)[0] == "US6.3"


def test_grass_beside_declared_farmland_is_farmland(decide):
    field = (("CS2.2.1", "US1.1"), (0, 0, 100, 50))

    _, at = decide([field], zone=False, pixel_area_m2=0.01)

    assert at(50, 75)[:2] == ("US1.1", "grass beside farmland")


def test_every_region_has_a_use_a_rule_and_a_low_confidence_by_default(decide, codes, profile):
    leaves = [code for code in codes.cs if code]
    patches = [((code, None), (0, 7 * i, 100, 7 * i + 7)) for i, code in enumerate(leaves)]
    patches.append(((None, None), (0, 98, 100, 100)))

    for zone in (True, False):
        decision, at = decide(patches, zone=zone, pixel_area_m2=0.01)
        assert (decision.us > 0).all()
        assert (decision.rule > 0).all()
        assert ((decision.confidence > 0) & (decision.confidence < 1)).all()
        assert at(50, 99)[0] == "US6.6"
        assert at(50, 99)[2] == pytest.approx(profile.number("confidence_levels", "default"))
