# SPDX-License-Identifier: GPL-2.0-or-later
"""Single cases of the whole build: undecided areas, origin, rules, excuses."""

import numpy as np
import pytest

from inference_backend.contracts.thresholds import Excuse
from inference_backend.postprocess.types import SourceObject

from .small_lots import make_lot

GRASS, BROADLEAF, ROAD, WATER = "CS2.2.1", "CS2.1.1.1", "CS1.1.1.2", "CS1.2.2"
NO_ZONE = np.zeros(0, dtype=object)


@pytest.fixture(scope="module")
def build(profile, make_reference, default_use):
    def run(planes, **reference):
        return make_lot(planes, make_reference(planes, **reference), NO_ZONE, default_use, profile).columns

    return run


@pytest.fixture(scope="module")
def halves(codes, make_planes):
    """Two squares of 100 m side by side at 1 m; index 0 is undecided."""

    def make(left, right, **planes):
        cs = np.zeros((100, 200), np.uint8)
        cs[:, :100], cs[:, 100:] = (codes.cs_index[c] if c else 0 for c in (left, right))
        return make_planes(cs, 1.0, **planes)

    return make


def test_a_large_undecided_area_takes_what_came_first_there(build, halves, codes):
    second = np.zeros((100, 200), np.uint8)
    second[:, 100:] = codes.cs_index[BROADLEAF]
    score = np.full((100, 200), 90, np.uint8)
    columns = build(halves(GRASS, None, runner_up=second, confidence=score, margin=score // 9))
    assert columns["code_cs"].tolist() == [GRASS, BROADLEAF]
    assert columns["cs_rule"].tolist() == ["prediction", "undecided prediction"]
    assert columns["undecided_share"].tolist() == [0.0, 1.0]


def test_an_undecided_area_without_any_score_goes_to_its_neighbour(build, halves):
    columns = build(halves(GRASS, None))
    assert columns["code_cs"].tolist() == [GRASS]
    assert columns["merged_share"].tolist() == [0.5]


def test_an_image_that_nothing_decides_takes_the_default_and_says_so(build, halves):
    columns = build(halves(None, None))
    assert columns["cs_rule"].tolist() == ["default"]


def test_a_class_raster_has_no_confidence(build, halves):
    columns = build(halves(GRASS, BROADLEAF))
    assert np.isnan(columns["confidence"]).all()
    assert np.isnan(columns["margin"]).all()
    assert columns["runner_up_cs"].tolist() == [None, None]


def test_a_road_of_the_skeleton_names_its_object_and_cuts_what_it_encloses(build, halves, codes):
    road = np.zeros((100, 200), bool)
    road[20:60, 40:46] = road[20:60, 74:80] = road[20:26, 40:80] = road[54:60, 40:80] = True
    columns = build(
        halves(GRASS, BROADLEAF),
        cs=np.where(road, codes.cs_index[ROAD], 0).astype(np.uint8),
        us=np.where(road, codes.us_index["US4.1.1"], 0).astype(np.uint8),
        ossature=road,
        cs_object=np.where(road, 0, -1).astype(np.int32),
        objects=(SourceObject("BDTOPO", "TRONROUT1", "Route à 1 chaussée"),),
        us_rule=np.where(road, 1, 0).astype(np.uint8),
    )
    rows = list(zip(columns["code_cs"], columns["ossature"], columns["excuse"], strict=True))
    assert (ROAD, 1, Excuse.SKELETON.value) in rows
    assert (GRASS, 0, Excuse.ENCLOSED_BY_SKELETON.value) in rows
    skeleton = columns["ossature"].tolist().index(1)
    assert columns["source"][skeleton] == "BDTOPO"
    assert columns["id_origine"][skeleton] == "TRONROUT1"
    assert columns["us_rule"][skeleton] == "by reference"
    assert columns["us_confidence"][skeleton] == pytest.approx(0.9)
    assert columns["cs_rule"][skeleton] == "reference"
    others = np.array(columns["ossature"]) == 0
    assert set(columns["source"][others]) == {"calcul"}
    assert set(columns["us_rule"][others]) == {"by default"}


def test_a_piece_that_the_skeleton_cuts_off_at_the_edge_of_the_lot_is_excused_by_it(build, halves, codes):
    road = np.zeros((100, 200), bool)
    road[:30, 24:30] = road[24:30, :30] = True
    columns = build(
        halves(GRASS, BROADLEAF),
        cs=np.where(road, codes.cs_index[ROAD], 0).astype(np.uint8),
        us=np.where(road, codes.us_index["US4.1.1"], 0).astype(np.uint8),
        ossature=road,
    )
    assert Excuse.LOT_EDGE.value in columns["excuse"].tolist()


def test_one_cover_with_two_uses_is_two_polygons(build, halves, codes):
    us = np.zeros((100, 200), np.uint8)
    us[:, :100] = codes.us_index["US1.1"]
    columns = build(halves(GRASS, GRASS), us=us)
    assert columns["code_us"].tolist() == ["US1.1", "US6.3"]


def test_a_bank_that_ponds_of_a_reference_and_the_skeleton_enclose_stays_and_is_excused(build, halves, codes):
    pond, road = np.zeros((100, 200), bool), np.zeros((100, 200), bool)
    pond[20:80, 20:100] = pond[20:80, 106:186] = True  # 6 m apart
    road[14:20, 14:192] = road[80:86, 14:192] = road[14:86, 14:20] = road[14:86, 186:192] = True
    cover = np.where(pond, codes.cs_index[WATER], np.where(road, codes.cs_index[ROAD], 0)).astype(np.uint8)
    columns = build(
        halves(GRASS, GRASS),
        cs=cover,
        us=np.where(road, codes.us_index["US4.1.1"], 0).astype(np.uint8),
        ossature=road,
        cs_object=np.where(pond, 1, np.where(road, 0, -1)).astype(np.int32),
        objects=(SourceObject("BDTOPO", "ROAD", ""), SourceObject("BDTOPO", "POND", "")),
    )
    assert columns["code_cs"].tolist().count(WATER) == 2
    bank = columns["excuse"].tolist().index(Excuse.ENCLOSED_BY_REFERENCE.value)
    assert columns["code_cs"][bank] == GRASS
    assert columns["area_m2"][bank] == pytest.approx(60 * 6, abs=1)
