# SPDX-License-Identifier: GPL-2.0-or-later
"""Labelling against scipy, borders and contraction against a count pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from inference_backend.postprocess.region_scores import evidence_by_region, majority_object
from inference_backend.postprocess.regions import (
    contract,
    histogram_by_region,
    label_regions,
    paint,
    sum_by_region,
)

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12)
RASTERS = SHAPES.flatmap(
    lambda s: st.tuples(hnp.arrays(np.uint8, s, elements=st.integers(0, 3)), hnp.arrays(np.bool_, s))
)


def _graph(cs, inside=None, ossature=None, zone=None):
    cs = np.asarray(cs, np.uint8)
    inside = np.ones(cs.shape, bool) if inside is None else inside
    ossature = np.zeros(cs.shape, bool) if ossature is None else ossature
    return label_regions(cs, np.zeros_like(cs), ossature, inside, zone)


@given(RASTERS)
@settings(max_examples=60, deadline=None)
def test_regions_are_the_4_connected_components_of_each_code(raster):
    cs, inside = raster
    graph = _graph(cs, inside)
    count = 0
    for value in range(4):
        components, number = ndimage.label((cs == value) & inside)
        count += number
        for component in range(1, number + 1):
            assert len(np.unique(graph.labels[components == component])) == 1
    assert len(graph.area_px) == count
    assert graph.area_px.sum() == inside.sum()
    assert (paint(graph, graph.cs)[inside] == cs[inside]).all()


@given(RASTERS)
@settings(max_examples=60, deadline=None)
def test_borders_count_every_pixel_side_between_two_regions(raster):
    graph = _graph(*raster)
    expected = {}
    for one, two in ((graph.labels[1:], graph.labels[:-1]), (graph.labels[:, 1:], graph.labels[:, :-1])):
        for pair in zip(one.ravel(), two.ravel(), strict=True):
            if min(pair) >= 0 and pair[0] != pair[1]:
                expected[min(pair), max(pair)] = expected.get((min(pair), max(pair)), 0) + 1
    found = {tuple(edge): length for edge, length in zip(graph.edges.tolist(), graph.border_px, strict=True)}
    assert found == expected


def test_skeleton_and_cover_of_the_same_code_stay_apart():
    graph = _graph([[1, 1]], ossature=np.array([[True, False]]))
    assert graph.ossature.tolist() == [True, False]


def test_a_region_beside_a_hole_of_the_image_is_at_its_edge():
    inside = np.ones((5, 5), bool)
    inside[2, 2] = False
    cs = np.ones((5, 5), np.uint8)
    cs[1:4, 1:4] = 2
    cs[1, 1] = 3
    graph = _graph(cs, inside)
    edge = {int(code): bool(at) for code, at in zip(graph.cs, graph.at_edge, strict=True)}
    assert edge == {1: True, 2: True, 3: False}


def test_zone_share_is_the_share_of_pixels():
    graph = _graph([[1, 1, 1, 1]], zone=np.array([[True, False, False, False]]))
    assert graph.zone_share.tolist() == [0.25]


@given(RASTERS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_contraction_measures_what_labelling_the_result_measures(raster, random):
    graph = _graph(*raster)
    root = np.arange(len(graph.area_px), dtype=np.int32)
    for first, second in graph.edges:
        if random.random() < 0.3:
            root[root == root[second]] = root[first]
    merged, renamed = contract(graph, root)
    assert (merged.labels[graph.labels >= 0] == renamed[graph.labels[graph.labels >= 0]]).all()
    assert merged.area_px.tolist() == np.bincount(merged.labels[merged.labels >= 0]).tolist()
    borders = {tuple(e): b for e, b in zip(merged.edges.tolist(), merged.border_px, strict=True)}
    for (first, second), border in borders.items():
        sides = 0
        for one, two in (
            (merged.labels[1:], merged.labels[:-1]),
            (merged.labels[:, 1:], merged.labels[:, :-1]),
        ):
            sides += int(((one == first) & (two == second)).sum() + ((one == second) & (two == first)).sum())
        assert sides == border


def test_sums_and_histograms_count_only_the_pixels_asked_for():
    graph = _graph([[1, 1, 2]])
    plane = np.array([[3, 4, 5]], np.uint8)
    where = np.array([[True, False, True]])
    assert sum_by_region(graph, plane, where).tolist() == [3.0, 5.0]
    assert histogram_by_region(graph, plane, 6)[0].tolist() == [0, 0, 0, 1, 1, 0]


def test_evidence_shares_a_pixel_between_its_two_classes(make_planes):
    planes = make_planes([[1, 0]], runner_up=[[2, 2]], confidence=[[204, 102]], margin=[[153, 51]])
    graph = _graph([[1, 1]])
    assert evidence_by_region(graph, planes, 3)[0] == pytest.approx([0.0, 0.8, 0.6])


def test_the_object_on_most_pixels_is_the_origin_and_ties_go_to_the_first():
    graph = _graph([[1, 1, 1, 2, 2, 3]])
    best, share = majority_object(graph, np.array([[7, 7, 5, 9, 4, -1]], np.int32))
    assert best.tolist() == [7, 4, -1]
    assert share.tolist() == [1.0, 1.0, 0.0]
