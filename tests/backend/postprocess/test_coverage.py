# SPDX-License-Identifier: GPL-2.0-or-later
"""Simplification keeps the coverage and the outline; the cure merges what it took below the minimum."""

import numpy as np
import pytest
import shapely
from scipy import ndimage

from inference_backend.postprocess.coverage import cure_areas, simplify_coverage
from inference_backend.postprocess.merge_rules import merge_rules
from inference_backend.postprocess.region_scores import evidence_by_region
from inference_backend.postprocess.regions import label_regions
from inference_backend.postprocess.trace import trace_polygons


@pytest.fixture(scope="module")
def traced(make_planes):
    """Blobs of four covers, 60 m wide at 0.2 m."""
    rng = np.random.default_rng(4)
    fields = np.stack([ndimage.gaussian_filter(rng.standard_normal((300, 300)), 12) for _ in range(4)])
    planes = make_planes(fields.argmax(0) + 1, 0.2)
    no = np.zeros(planes.cs.shape, bool)
    graph = label_regions(planes.cs, np.ones_like(planes.cs), no, planes.inside)
    return planes, graph, trace_polygons(graph.labels, len(graph.area_px), planes.grid)


def test_simplification_keeps_a_valid_coverage_of_the_same_outline(traced):
    _, _, polygons = traced
    simple = simplify_coverage(polygons, 1.0)
    assert shapely.coverage_is_valid(simple)
    assert shapely.union_all(simple).equals(shapely.union_all(polygons))


def test_simplification_removes_the_steps_of_pixels(traced):
    _, _, polygons = traced
    simple = simplify_coverage(polygons, 1.0)
    assert len(shapely.get_coordinates(simple)) < 0.2 * len(shapely.get_coordinates(polygons))
    segments = np.concatenate(
        [np.hypot(*np.diff(shapely.get_coordinates(ring), axis=0).T) for ring in shapely.get_rings(simple)]
    )
    assert np.median(segments) > 1.0


def test_no_border_moves_further_than_the_eye_sees_at_the_use_scale(traced):
    _, _, polygons = traced
    simple = simplify_coverage(polygons, 1.0)
    moved = max(
        shapely.hausdorff_distance(a.boundary, b.boundary) for a, b in zip(polygons, simple, strict=True)
    )
    assert moved < 1.5  # 0.6 mm at 1:2,500


def test_the_cure_leaves_no_polygon_under_its_minimum_by_vector_area(traced, profile, codes):
    planes, graph, polygons = traced
    rules = merge_rules(profile, codes).with_minimum(300.0)
    evidence = evidence_by_region(graph, planes, len(codes.cs))
    none = np.zeros(0, dtype=object)
    cured, merged, scores, number = cure_areas(polygons, graph, evidence, none, rules)
    assert 1 < len(cured) < len(polygons)
    assert shapely.area(cured).min() >= 300.0
    assert shapely.coverage_is_valid(cured)
    assert shapely.is_valid(cured).all()
    assert shapely.area(cured).sum() == pytest.approx(shapely.area(polygons).sum())
    assert scores.sum() == pytest.approx(evidence.sum())
    assert (merged.labels == number[graph.labels]).all()


def test_a_coverage_whose_areas_suffice_is_left_as_it_is(traced, profile, codes):
    planes, graph, polygons = traced
    rules = merge_rules(profile, codes).with_minimum(0.0)
    evidence = evidence_by_region(graph, planes, len(codes.cs))
    cured, *_ = cure_areas(polygons, graph, evidence, np.zeros(0, dtype=object), rules)
    assert cured is polygons
