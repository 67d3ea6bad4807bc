# SPDX-License-Identifier: GPL-2.0-or-later
"""Small built areas grow to the minimum, at the cost of what may give."""

import numpy as np
import pytest
import shapely

from inference_backend.postprocess.enlarge import enlarge_regions
from inference_backend.postprocess.land_cover import build_land_cover
from inference_backend.postprocess.regions import label_regions
from inference_backend.progress import Silent


def _graph(cs):
    cs = np.asarray(cs, np.uint8)
    no = np.zeros(cs.shape, bool)
    return label_regions(cs, np.zeros_like(cs), no, ~no)


def test_a_region_grows_evenly_to_its_goal():
    cs = np.ones((60, 60), np.uint8)
    cs[28:32, 28:32] = 2
    graph = _graph(cs)
    labels = enlarge_regions(graph, graph.cs == 2, graph.cs == 1, 400)
    rows, cols = np.nonzero(labels == 1)
    assert 400 <= len(rows) < 500
    assert np.ptp(rows) == np.ptp(cols)
    assert len(rows) > 0.75 * (np.ptp(rows) + 1) ** 2  # an octagon, not a diamond


def test_growth_stops_at_what_may_not_give():
    cs = np.ones((11, 11), np.uint8)
    cs[4:7, :] = 3
    cs[5, 5] = 2
    graph = _graph(cs)
    labels = enlarge_regions(graph, graph.cs == 2, graph.cs == 1, 50)
    assert (labels == graph.labels).all()


@pytest.mark.parametrize(("side_m", "area_m2"), [(7, 0.0), (8, 200.0), (14, 200.0)])
def test_isolated_buildings_of_50_to_200_m2_are_enlarged_and_smaller_ones_absorbed(
    side_m, area_m2, profile, codes, make_planes, make_reference, default_use
):
    cs = np.full((400, 400), codes.cs_index["CS2.2.1"], np.uint8)
    cs[150 : 150 + side_m * 5, 200 : 200 + side_m * 5] = codes.cs_index["CS1.1.1.1"]
    planes = make_planes(cs, 0.2)
    none = np.zeros(0, dtype=object)
    cover = build_land_cover(planes, make_reference(planes), none, default_use, profile, "2022", Silent())
    built = cover.geometry[cover.columns["code_cs"] == "CS1.1.1.1"]
    assert len(built) == (area_m2 > 0)
    assert area_m2 <= shapely.area(built).sum() <= 1.25 * area_m2
