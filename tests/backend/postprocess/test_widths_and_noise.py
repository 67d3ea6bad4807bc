# SPDX-License-Identifier: GPL-2.0-or-later
"""Noise, narrow parts and small buildings: what each rule takes, and what it leaves."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from inference_backend.postprocess.blockwise import Window
from inference_backend.postprocess.regions.block_regions import regions_of_block
from inference_backend.postprocess.regions.narrow_parts import NARROW, narrow_parts
from inference_backend.postprocess.regions.width_rules import width_rules

PIXEL_M = 0.2
GRASS, WOOD, HOUSE, GROUND, WATER = "CS2.2.1", "CS2.1.1.1", "CS1.1.1.1", "CS1.1.1.2", "CS1.2.2"
NO_EDGE = (False, False, False, False)


@pytest.fixture(scope="module")
def final(profile, codes, make_planes, make_reference):
    """Cover codes before and after, from a raster of positions in (grass, wood, house, ground, water).

    `imposed` are pixels on which an object of a reference imposes the cover.
    """

    def run(cover, pixel_m=PIXEL_M, ossature=None, imposed=None, **scores):
        index = np.array([codes.cs_index[c] for c in (GRASS, WOOD, HOUSE, GROUND, WATER)], np.uint8)
        seconds = {"runner_up": index[scores.pop("second")]} if "second" in scores else {}
        planes = make_planes(index[cover], pixel_m, **seconds, **scores)
        given = None if imposed is None else np.where(imposed, planes.cs, 0).astype(np.uint8)
        objects = None if imposed is None else np.where(imposed, 7, -1).astype(np.int32)
        reference = make_reference(planes, cs=given, ossature=ossature, cs_object=objects)
        window = Window(0, 0, *planes.cs.shape)
        found = regions_of_block(planes, reference, window, window, planes.grid, profile)
        after = found.cs[found.labels]
        return SimpleNamespace(before=planes.cs, after=after, regions=found, index=index)

    return run


def _strip(width_px, angle_deg, side=300):
    """A strip of that width across the middle, 1, on 0."""
    rows, cols = np.mgrid[:side, :side] - side / 2 + 0.5
    across = rows * np.cos(np.radians(angle_deg)) + cols * np.sin(np.radians(angle_deg))
    return (np.abs(across) < width_px / 2).astype(np.uint8)


@pytest.mark.parametrize("angle_deg", [0, 20, 45, 70])
@pytest.mark.parametrize(("difference_m", "is_narrow"), [(-1.8, True), (0.0, False)])
def test_the_width_of_a_strip_decides_in_every_direction(profile, codes, angle_deg, difference_m, is_narrow):
    """One that is as wide as the minimum stays; one narrower by more than two cells of the grid goes."""
    minimum_m = profile.number("merging", "width_of_cover", "default")
    strip = _strip((minimum_m + difference_m) / PIXEL_M, angle_deg)
    key = np.array([codes.cs_index[GRASS], codes.cs_index[WOOD]], np.uint16)[strip]
    narrow = narrow_parts(key, (0, 0), NO_EDGE, width_rules(profile, codes, PIXEL_M)).mark == NARROW
    inner = np.zeros(strip.shape, bool)
    inner[60:-60, 60:-60] = True
    share = narrow[inner & (strip == 1)].mean()
    assert share > 0.99 if is_narrow else share == 0.0
    assert not narrow[strip == 0].any()


def test_a_narrow_strip_goes_to_both_sides_by_its_middle(final):
    cover = np.zeros((200, 200), np.uint8)
    cover[120:] = 1
    cover[:100] = 3
    lot = final(cover)
    assert (lot.after[:110] == lot.index[3]).all()
    assert (lot.after[110:] == lot.index[1]).all()


def test_ground_may_be_half_as_narrow_as_fields(final):
    cover = np.zeros((200, 200), np.uint8)
    cover[100:130] = 3  # 6 m: a road
    lot = final(cover)
    assert (lot.after == lot.before).all()


def test_the_tail_of_a_wood_goes_and_its_corners_stay(final):
    cover = np.zeros((200, 400), np.uint8)
    cover[60:140, 40:140] = 1
    cover[95:105, 140:360] = 1
    lot = final(cover)
    assert (lot.after[60:140, 40:140] == lot.before[60:140, 40:140]).all()
    assert (lot.after[95:105, 165:360] == lot.index[0]).all()


def test_houses_make_no_strip_of_the_garden_they_stand_in(final):
    cover = np.ones((300, 400), np.uint8)
    cover[60:230, 50:335] = 0
    for col in range(65, 300, 55):
        cover[75:215, col : col + 40] = 2  # 3 m of garden around houses of 224 m2
    lot = final(cover)
    between = np.zeros(cover.shape, bool)
    between[90:200, 65:320] = True  # but for its rim along the wood
    assert (lot.after == lot.before)[between].all()


def test_narrow_buildings_and_the_skeleton_stay(final):
    cover = np.zeros((100, 800), np.uint8)
    cover[40:50] = 2
    lot = final(cover)
    assert (lot.after == lot.before).all()
    cover[40:50] = 1
    lot = final(cover, ossature=cover == 1)
    assert (lot.after == lot.before).all()


def test_nothing_passes_through_the_skeleton(final):
    cover = np.zeros((60, 120), np.uint8)
    cover[:20] = 1
    road = np.zeros(cover.shape, bool)
    road[20:30] = True
    road[38:50] = True
    cover[30:38] = 1
    lot = final(cover, ossature=road)
    assert (lot.after[30:38] == lot.index[1]).all(), "a strip that the skeleton encloses has nobody to go to"


def _ponds(bank_px, beyond):
    """Two ponds of 20 m with a bank between them, and what lies beside both and at both ends of the bank."""
    cover = np.full((200, 260), beyond, np.uint8)
    cover[50:150, 20:120] = 4
    cover[50:150, 120 + bank_px : 220 + bank_px] = 4
    return cover


def test_a_bank_between_two_ponds_of_a_reference_stays(final):
    cover = _ponds(30, 0)
    lot = final(cover, imposed=cover == 4)
    assert (lot.after == lot.before).all()
    foreseen = final(cover)
    assert (foreseen.after[100, 20:250] == foreseen.index[4]).all(), "ponds that are predicted meet"


def test_a_strip_beside_a_pond_of_a_reference_goes_to_its_other_side(final):
    cover = _ponds(30, 1)
    cover[44:50, 20:120] = 0
    cover[50:150, 120:150] = 0
    lot = final(cover, imposed=cover == 4)
    assert ((lot.after == lot.index[4]) == (cover == 4)).all()
    assert (lot.after[44:50, 25:115] == lot.index[1]).all()
    assert (lot.after[80:120, 120:150] == lot.index[0]).all(), "too far from every wide part but the ponds"


def test_a_narrow_arm_of_a_pond_of_a_reference_stays(final):
    cover = _ponds(30, 0)
    cover[95:105, 120:150] = 4
    lot = final(cover, imposed=cover == 4)
    assert (lot.after == lot.before).all()


def test_what_is_predicted_a_little_beyond_a_pond_of_a_reference_is_none_of_it(final):
    cover = _ponds(30, 0)
    imposed = cover == 4
    cover[40:50, 20:120] = 4  # 2 m too far
    lot = final(cover, imposed=imposed)
    assert ((lot.after == lot.index[4]) == imposed).all()


def test_noise_in_a_pond_is_part_of_it_and_noise_beside_it_is_not(final):
    cover = _ponds(30, 0)
    imposed = cover == 4
    cover[90:97, 60:67] = 1
    imposed[90:97, 60:67] = False
    cover[143:150, 117:124] = 1
    imposed &= cover == 4
    lot = final(cover, imposed=imposed)
    assert (lot.after[90:97, 60:67] == lot.index[4]).all()
    assert (lot.after[143:150, 117:124] == lot.index[0]).all()


def test_a_building_does_not_grow_into_a_pond_of_a_reference(final):
    cover = _ponds(30, 0)
    cover[9:48, 50:140] = 2
    lot = final(cover, imposed=cover == 4)
    assert (lot.after[cover == 4] == lot.index[4]).all()
    assert (lot.after == lot.index[2]).sum() > (cover == 2).sum()


@pytest.mark.parametrize(("side_m", "area_m2"), [(7, 49), (8, 216), (14, 216), (15, 225)])
def test_buildings_of_50_m2_and_more_reach_their_minimum_and_others_stay(final, profile, side_m, area_m2):
    cover = np.zeros((300, 300), np.uint8)
    cover[100 : 100 + side_m * 5, 120 : 120 + side_m * 5] = 2
    found = final(cover).regions
    grown = found.area_px[found.cs == found.cs.min()] if len(found.cs) < 2 else found.area_px.min()
    goal = profile.number("minimum_area", "built") * profile.number("merging", "built_margin")
    assert goal == 216
    assert area_m2 <= grown * PIXEL_M**2 <= area_m2 * 1.1


def test_two_small_buildings_share_the_ground_between_them(final):
    cover = np.zeros((200, 300), np.uint8)
    cover[80:120, 100:140] = 2
    cover[80:120, 146:186] = 2
    lot = final(cover)
    mirrored = final(cover[:, ::-1].copy())
    assert (lot.after == mirrored.after[:, ::-1])[:, :143].mean() > 0.97
    assert (lot.after == lot.index[2]).sum() >= 2 * 216 / PIXEL_M**2


def test_a_building_that_a_reference_imposed_keeps_its_shape(final):
    cover = np.zeros((200, 200), np.uint8)
    cover[80:120, 80:120] = 2
    lot = final(cover, imposed=cover == 2)
    assert (lot.after == lot.before).all()


def test_a_building_that_cannot_reach_its_minimum_is_left(final):
    cover = np.zeros((100, 100), np.uint8)
    cover[30:70, 30:70] = 2
    road = np.ones(cover.shape, bool)
    road[28:72, 28:72] = False
    lot = final(cover, ossature=road)
    assert (lot.after == lot.before).all()


def test_noise_goes_to_the_longest_border(final):
    cover = np.zeros((40, 40), np.uint8)
    cover[:, 20:] = 1
    cover[10:13, 19:22] = 3  # one column lies in the grass, two in the wood
    lot = final(cover, pixel_m=0.5)
    assert (lot.after[10:13, 19:22] == lot.index[1]).all()


def test_scores_outweigh_a_slightly_longer_border(final):
    cover = np.zeros((40, 40), np.uint8)
    cover[:, 20:] = 1
    cover[10:13, 19:22] = 3
    second = np.where(cover == 3, 0, 3).astype(np.uint8)
    sure, unsure = np.full(cover.shape, 200, np.uint8), np.full(cover.shape, 10, np.uint8)
    lot = final(cover, pixel_m=0.5, second=second, confidence=sure, margin=unsure)
    assert (lot.after[10:13, 19:22] == lot.index[0]).all()


def test_noise_of_noise_becomes_one_region_first(final):
    """Two specks side by side are more than noise together only if the smaller goes to the larger."""
    cover = np.zeros((40, 40), np.uint8)
    cover[10:13, 10:15] = 3  # 15 pixels of 0.25 m2
    cover[10:13, 15:16] = 1  # 3 more, which grass borders longest
    lot = final(cover, pixel_m=0.5)
    assert (lot.after == lot.index[0]).all()
