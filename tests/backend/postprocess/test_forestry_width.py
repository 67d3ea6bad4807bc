# SPDX-License-Identifier: GPL-2.0-or-later
"""Sylvicultural use keeps its minimum width, measured on the graph."""

import numpy as np
import pytest

from inference_backend.postprocess.blockwise import Tiling
from inference_backend.postprocess.decision.forestry_width import without_narrow_forestry
from inference_backend.postprocess.decision.lot_join import join
from tests.backend.postprocess.block_parts import Planes, parts_of


@pytest.fixture(scope="module")
def use_of(codes, profile):
    """Uses after the check, by cover, on pixels of 5 m."""

    def check(cs, us, **more):
        planes = Planes(cs, us=us, **more)
        tiling = Tiling(cs.shape, 99)
        lot, _ = join(parts_of(planes, tiling), tiling)
        changed, where = without_narrow_forestry(lot, codes, profile, 5.0)
        assert ((changed != lot.us) == where).all()
        return {codes.cs[c]: codes.us[u] for c, u in zip(lot.cs, changed, strict=True)}

    return check


@pytest.fixture(scope="module")
def forest(codes):
    def make(shape, rows, cols=slice(5, -5)):
        cs = np.full(shape, codes.cs_index["CS2.2.1"])
        us = np.full(shape, codes.us_index["US1.1"])
        cs[rows, cols], us[rows, cols] = codes.cs_index["CS2.1.1.1"], codes.us_index["US1.2"]
        return cs, us

    return make


@pytest.mark.parametrize(("rows", "use"), [(2, "US6.3"), (6, "US1.2")])
def test_a_belt_of_trees_is_no_forestry_and_a_wide_one_is(forest, use_of, rows, use):
    assert use_of(*forest((30, 60), slice(10, 10 + rows)))["CS2.1.1.1"] == use


def test_what_is_inside_the_zone_construite_takes_the_use_of_its_place(forest, use_of):
    cs, us = forest((30, 60), slice(10, 12))
    assert use_of(cs, us, zone=np.ones(cs.shape, bool))["CS2.1.1.1"] == "US5"


def test_neighbouring_stands_are_measured_together(forest, use_of, codes):
    cs, us = forest((30, 60), slice(10, 13))
    cs[13:16, 5:-5], us[13:16, 5:-5] = codes.cs_index["CS2.1.1.2"], codes.us_index["US1.2"]
    assert set(use_of(cs, us).values()) == {"US1.1", "US1.2"}


def test_a_stand_that_the_image_cuts_stays(forest, use_of):
    assert use_of(*forest((30, 60), slice(0, 2)))["CS2.1.1.1"] == "US1.2"
