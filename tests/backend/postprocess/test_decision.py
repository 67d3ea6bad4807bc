# SPDX-License-Identifier: GPL-2.0-or-later
"""The decision on the graph: no trace of blocks, thresholds met, the skeleton never crossed."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_backend.postprocess.blockwise import Tiling
from inference_backend.postprocess.decision.decision import decide
from inference_backend.postprocess.decision.lot_graph import LotGraph
from inference_backend.postprocess.decision.lot_join import join
from inference_backend.postprocess.decision.region_columns import region_columns
from inference_backend.postprocess.merge_rules import merge_rules
from inference_backend.postprocess.types import SourceObject
from tests.backend.postprocess.block_parts import Planes, Survey, parts_of

PIXEL_M2 = 100.0
"""Two pixels of built ground, five inside and 25 outside the zone construite are enough."""


@st.composite
def random_planes(draw):
    """Small rasters with few covers, so that regions are large enough to stay and small enough to go."""
    shape = draw(st.tuples(st.integers(1, 14), st.integers(1, 14)))

    def plane(values):
        # Bytes are drawn and shrunk at once; a strategy for each pixel takes most of the test's time.
        count = shape[0] * shape[1]
        drawn = np.frombuffer(draw(st.binary(min_size=count, max_size=count)), np.uint8)
        return np.array(values, np.uint8)[drawn % len(values)].reshape(shape)

    cs = plane([0, 1, 8, 9, 13])
    road = plane([0, 0, 0, 1]) > 0
    line = draw(st.integers(0, shape[0] - 1))
    road[line] |= draw(st.booleans())
    us = np.where(road, 8, plane([0, 0, 3]))
    covers = np.where(plane([0, 0, 0, 1]) > 0, 9, cs)
    return Planes(
        cs=np.where(road, 2, cs),
        us=us,
        ossature=road,
        inside=plane([1, 1, 1, 1, 0]) > 0 if draw(st.booleans()) else None,
        zone=plane([0, 1]) > 0 if draw(st.booleans()) else None,
        confidence=plane([0, 90, 200, 255]),
        objects=plane([0, 0, 1, 2, 3]),
        covers=np.where(road, 2, covers),
    )


def decided(planes, side_px, assign_use, profile):
    tiling = Tiling(planes.cs.shape, side_px)
    parts = parts_of(planes, tiling)
    final = decide(parts, tiling, Survey(), assign_use, profile, pixel_area_m2=PIXEL_M2)
    raster = np.full(planes.cs.shape, -1)
    for block in tiling:
        padded = np.append(final.number[block], -1)
        raster[tiling.core(block).slices] = padded[parts[block].labels]
    return final, raster


def sources(numbers):
    return [SourceObject("BD TOPO", f"object {number}", "NC") for number in numbers]


def assert_equal_lots(one: LotGraph, other: LotGraph):
    for field in fields(LotGraph):
        left, right = getattr(one, field.name), getattr(other, field.name)
        assert left.dtype == right.dtype
        np.testing.assert_array_equal(left, right, field.name)


@settings(max_examples=60)
@given(planes=random_planes(), sides=st.tuples(st.integers(1, 7), st.integers(1, 7)))
def test_the_graph_of_blocks_is_that_of_the_whole(planes, sides):
    whole, _ = join(parts_of(planes, Tiling(planes.cs.shape, 99)), Tiling(planes.cs.shape, 99))
    for side in sides:
        tiling = Tiling(planes.cs.shape, side)
        assert_equal_lots(join(parts_of(planes, tiling), tiling)[0], whole)


@settings(max_examples=60)
@given(planes=random_planes(), side=st.integers(1, 7))
def test_the_decision_is_the_same_whatever_the_tiling(planes, side, default_use, profile, codes):
    whole, raster = decided(planes, 99, default_use, profile)
    blocks, tiled = decided(planes, side, default_use, profile)
    np.testing.assert_array_equal(tiled, raster)
    assert_equal_lots(blocks.lot, whole.lot)
    one, other = (region_columns(f, codes, "2022", sources, has_scores=True) for f in (whole, blocks))
    assert list(one) == list(other)
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], name)


@settings(max_examples=100)
@given(planes=random_planes())
def test_a_region_is_large_enough_or_has_no_neighbour_but_the_skeleton(planes, default_use, profile, codes):
    final, _ = decided(planes, 5, default_use, profile)
    lot, rules = final.lot, merge_rules(profile, codes)
    inside = lot.zone_px >= rules.inside_share * lot.area_px
    small = lot.area_px * PIXEL_M2 < rules.minimum_m2[lot.cs, inside.astype(int)]
    free = np.zeros(len(lot), bool)
    for first, second in lot.edges:
        free[first] |= not lot.ossature[second]
        free[second] |= not lot.ossature[first]
    assert not (small & free & ~lot.ossature).any()
    assert (lot.cs > 0).all()
    assert (lot.us > 0).all()


@settings(max_examples=60)
@given(planes=random_planes())
def test_the_skeleton_keeps_its_pixels_and_all_pixels_are_counted(planes, default_use, profile):
    final, raster = decided(planes, 4, default_use, profile)
    inside, lot = planes.get("inside"), final.lot
    np.testing.assert_array_equal(raster >= 0, inside)
    np.testing.assert_array_equal(lot.ossature[raster[inside]], planes.ossature[inside])
    np.testing.assert_array_equal(np.bincount(raster[inside], minlength=len(lot)), lot.area_px)
    first = np.array([np.flatnonzero(raster.ravel() == i)[0] for i in range(len(lot))])
    np.testing.assert_array_equal(first, lot.first_px)
    assert (np.diff(lot.first_px) > 0).all()
    assert lot.covers.sum() == inside.sum()


@pytest.mark.parametrize(
    ("rows", "cover", "rule"), [(4, "CS2.1.1.1", "prediction"), (5, "CS2.1.1.3", "mixed stand")]
)
def test_patches_of_the_other_trees_make_a_stand_mixed_from_their_share_on(
    rows, cover, rule, default_use, profile, codes
):
    cs = np.full((20, 20), codes.cs_index["CS2.1.1.1"])
    cs[: 4 * rows : 4, :] = codes.cs_index["CS2.1.1.2"]  # strips of 20 pixels, below the minimum of 25
    final, _ = decided(Planes(cs), 99, default_use, profile)
    columns = region_columns(final, codes, "2022", sources, has_scores=False)
    assert columns["code_cs"].tolist() == [cover]
    assert columns["cs_rule"].tolist() == [rule]


@pytest.mark.parametrize(("share", "source"), [(0.5, "BD TOPO"), (0.45, "calcul")])
def test_the_origin_is_the_object_of_half_of_the_polygon(share, source, default_use, profile, codes):
    objects = np.zeros((10, 10), int)
    objects.ravel()[: int(100 * share)] = 2
    final, _ = decided(Planes(np.full((10, 10), 13), objects=objects), 3, default_use, profile)
    columns = region_columns(final, codes, "2022", sources, has_scores=True)
    assert columns["source"].tolist() == [source]
    assert columns["cs_rule"].tolist() == ["reference" if share == 0.5 else "prediction"]


def test_the_use_of_a_polygon_carries_the_rule_of_most_of_its_area(default_use, profile, codes):
    us = np.zeros((10, 10), int)
    us[:4] = codes.us_index["US6.3"]
    final, _ = decided(Planes(np.full((10, 10), 13), us=us), 4, default_use, profile)
    columns = region_columns(final, codes, "2022", sources, has_scores=True)
    assert columns["us_rule"].tolist() == ["by default"]
    assert columns["us_confidence"] == pytest.approx([0.2])
    us[:6] = codes.us_index["US6.3"]
    final, _ = decided(Planes(np.full((10, 10), 13), us=us), 4, default_use, profile)
    columns = region_columns(final, codes, "2022", sources, has_scores=True)
    assert columns["us_rule"].tolist() == ["by reference"]
    assert columns["us_confidence"] == pytest.approx([0.9])


def test_a_lot_without_pixels_has_no_region(default_use, profile):
    planes = Planes(np.zeros((3, 3), int), inside=np.zeros((3, 3), bool))
    final, _ = decided(planes, 2, default_use, profile)
    assert len(final) == 0
    assert replace(final).graph.edges.shape == (0, 2)


@pytest.mark.parametrize("side_px", [3, 6])
def test_a_region_beside_the_outside_across_a_seam_is_at_the_edge(side_px):
    cs = np.full((6, 6), 8, np.uint8)
    cs[2:4, 1:3] = 9
    inside = np.arange(36).reshape(6, 6) % 6 < 3
    planes = Planes(cs=cs, inside=inside)
    tiling = Tiling(cs.shape, side_px)
    assert join(parts_of(planes, tiling), tiling)[0].at_edge.tolist() == [True, True]
