# SPDX-License-Identifier: GPL-2.0-or-later
"""Which region goes, where to, and what may never happen."""

import numpy as np
import pytest

from inference_backend.postprocess.decision.area_merge import MergeGraph, dissolve, merge_to_minimum
from inference_backend.postprocess.merge_rules import merge_rules


@pytest.fixture(scope="module")
def rules(profile, codes):
    return merge_rules(profile, codes).in_units(UNIT_M2)


@pytest.fixture(scope="module")
def make_input(codes):
    def make(covers, areas, borders, locked=(), zone=0.0, scores=None, held=()):
        count = len(covers)
        pairs = sorted(borders)
        area = np.rint(np.array(areas) / UNIT_M2).astype(np.int64)
        return MergeGraph(
            cs=np.array([codes.cs_index[c] if c else 0 for c in covers], np.uint8),
            us=np.ones(count, np.uint8),
            locked=np.isin(np.arange(count), locked),
            held=np.isin(np.arange(count), held),
            area=area,
            zone=np.rint(area * zone).astype(np.int64),
            edges=np.array(pairs, np.int32).reshape(-1, 2),
            border=np.array([borders[p] for p in pairs], np.int64),
            scores=np.zeros((count, len(codes.cs)), np.int64) if scores is None else scores,
            pixels=area,
        )

    return make


UNIT_M2 = 0.1
GRASS, BROADLEAF, CONIFER, BUILT, WATER, ROAD = (
    "CS2.2.1", "CS2.1.1.1", "CS2.1.1.2", "CS1.1.1.1", "CS1.2.2", "CS1.1.1.2",
)  # fmt: skip


def test_a_region_at_its_minimum_stays_and_one_below_goes(make_input, rules):
    regions = make_input([GRASS, BROADLEAF, WATER], [9000, 2500, 2499.9], {(0, 1): 10, (0, 2): 10})
    assert merge_to_minimum(regions, rules).tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("cover", "zone", "area", "stays"),
    [
        (BUILT, 0.0, 200, True),
        (BUILT, 1.0, 199, False),
        (GRASS, 0.5, 500, True),
        (GRASS, 0.5, 499, False),
        (GRASS, 0.49, 500, False),
    ],
)
def test_the_minimum_depends_on_cover_and_zone(make_input, rules, cover, zone, area, stays):
    regions = make_input([WATER, cover], [9000, area], {(0, 1): 10}, zone=zone)
    assert (merge_to_minimum(regions, rules)[1] == 1) == stays


@pytest.mark.parametrize(
    ("covers", "areas", "borders", "expected"),
    [
        pytest.param([WATER, GRASS, WATER], [9000, 300, 9000], [(0, 1), (1, 2)], 1, id="a bank stays"),
        pytest.param([WATER, GRASS, WATER], [9000, 300, 400], [(0, 1), (1, 2)], 0, id="a pond too small"),
        pytest.param([WATER, GRASS], [9000, 300], [(0, 1)], 0, id="an island goes"),
        pytest.param([WATER, None, WATER], [9000, 300, 9500], [(0, 1), (1, 2)], 2, id="undecided"),
        pytest.param(
            [WATER, GRASS, WATER, CONIFER], [9000, 300, 9000, 9000], [(0, 1), (1, 2), (1, 3)], 3, id="others"
        ),
    ],
)
def test_what_a_reference_holds_grows_over_islands_alone(make_input, rules, covers, areas, borders, expected):
    held = [i for i, cover in enumerate(covers) if cover == WATER]
    regions = make_input(covers, areas, dict.fromkeys(borders, 10), held=held)
    assert merge_to_minimum(regions, rules)[1] == expected


def test_the_longest_border_wins_between_covers_equally_close(make_input, rules):
    regions = make_input([GRASS, WATER, ROAD], [9000, 100, 9000], {(0, 1): 30, (1, 2): 10})
    assert merge_to_minimum(regions, rules)[1] == 0


def test_the_closer_cover_wins_between_equal_borders(make_input, rules):
    regions = make_input([GRASS, CONIFER, BROADLEAF], [9000, 100, 9000], {(0, 1): 10, (1, 2): 10})
    assert merge_to_minimum(regions, rules)[1] == 2


def test_the_cover_with_the_better_scores_wins_between_equal_borders(make_input, rules, codes):
    scores = np.zeros((3, len(codes.cs)), np.int64)
    scores[1, codes.cs_index[ROAD]] = 60 * 255
    regions = make_input([GRASS, WATER, ROAD], [9000, 100, 9000], {(0, 1): 10, (1, 2): 10}, scores=scores)
    assert merge_to_minimum(regions, rules)[1] == 2


def test_a_building_takes_ground_only_if_nothing_else_can(make_input, rules):
    borders = {(0, 1): 60, (1, 2): 5}
    regions = make_input([BUILT, BROADLEAF, ROAD], [900, 1500, 9000], borders)
    assert merge_to_minimum(regions, rules)[1] == 2
    courtyard = make_input([BUILT, BROADLEAF], [900, 1500], {(0, 1): 60})
    assert merge_to_minimum(courtyard, rules)[1] == 0


def test_several_neighbours_of_one_cover_speak_together_and_become_one(make_input, rules):
    borders = {(0, 1): 6, (1, 2): 6, (1, 3): 8}
    regions = make_input([GRASS, WATER, GRASS, ROAD], [3000, 100, 4000, 9000], borders)
    assert merge_to_minimum(regions, rules).tolist() == [2, 2, 2, 3]


def test_two_small_pieces_that_meet_over_a_third_reach_the_minimum_together(make_input, rules):
    borders = {(0, 1): 10, (1, 2): 10, (0, 3): 1, (2, 3): 1}
    regions = make_input([GRASS, CONIFER, GRASS, WATER], [1400, 10, 1400, 90000], borders)
    root = merge_to_minimum(regions, rules)
    assert root[0] == root[1] == root[2] != root[3]


def test_nothing_crosses_the_skeleton(make_input, rules):
    regions = make_input([GRASS, ROAD, CONIFER], [100, 50, 100], {(0, 1): 10, (1, 2): 10}, locked=[1])
    assert merge_to_minimum(regions, rules).tolist() == [0, 1, 2]


def test_undecided_regions_go_first_whatever_their_area(make_input, rules):
    regions = make_input([GRASS, "", WATER], [2400, 90000, 9000], {(0, 1): 50, (1, 2): 10})
    assert merge_to_minimum(regions, rules).tolist() == [0, 0, 2]


def test_undecided_regions_among_themselves_become_one(make_input, rules):
    root = merge_to_minimum(make_input(["", ""], [100, 200], {(0, 1): 5}), rules)
    assert root.tolist() == [1, 1]


def test_the_earlier_of_two_equal_regions_goes_first(make_input, rules):
    borders = {(0, 1): 5, (1, 2): 50, (2, 3): 5}
    areas = [9000, 1300, 1300, 9000]
    root = merge_to_minimum(make_input([GRASS, CONIFER, BROADLEAF, WATER], areas, borders), rules)
    assert root.tolist() == [0, 2, 2, 3]


def test_a_département_of_undecided_pixels_does_not_overflow(make_input, rules, codes):
    scores = np.zeros((3, len(codes.cs)), np.int64)
    scores[1, codes.cs_index[WATER]] = 150 * 10**9 * 255
    regions = make_input([GRASS, "", WATER], [9000, 15e9, 9000], {(0, 1): 5, (1, 2): 5}, scores=scores)
    assert merge_to_minimum(regions, rules).tolist() == [0, 2, 2]


def test_every_survivor_is_its_own_root_on_a_long_chain(make_input, rules):
    count = 300
    covers = [(GRASS, WATER, CONIFER)[i % 3] for i in range(count)]
    regions = make_input(covers, [100] * count, {(i, i + 1): 5 for i in range(count - 1)})
    root = merge_to_minimum(regions, rules)
    survivors = np.unique(root)
    assert (root[survivors] == survivors).all()
    area = np.bincount(root, weights=regions.area, minlength=count)[survivors]
    assert (area >= 2500 / UNIT_M2).all()


def test_dissolve_joins_neighbours_of_one_code_but_no_cells_of_the_skeleton():
    cs = np.array([1, 1, 1, 1, 2], np.uint8)
    us = np.ones(5, np.uint8)
    ossature = np.array([False, False, True, True, False])
    cell = np.array([0, 0, 1, 2, 0], np.uint8)
    edges = np.array([[0, 1], [1, 2], [2, 3], [3, 4]], np.int32)
    assert dissolve(cs, us, ossature, cell, edges).tolist() == [0, 0, 2, 3, 4]


def test_closeness_follows_the_tree(profile, codes):
    close = merge_rules(profile, codes).cover_closeness
    index = codes.cs_index
    assert close[index[CONIFER], index[CONIFER]] == 1.0
    assert close[index[CONIFER], index[BROADLEAF]] > close[index[CONIFER], index[GRASS]]
    assert close[index[CONIFER], index[GRASS]] > close[index[CONIFER], index[BUILT]] >= 0.0
    assert close[0].max() == 0.0
