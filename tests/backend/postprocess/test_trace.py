# SPDX-License-Identifier: GPL-2.0-or-later
"""Tracing gives a valid coverage of exactly the labelled pixels, whatever the raster."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rasterio.transform import from_origin

from inference_backend.grid import Grid
from inference_backend.postprocess.regions import label_regions
from inference_backend.postprocess.trace import trace_polygons

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14)
PIXEL_M = 0.2


def _trace(cs, inside=None):
    cs = np.asarray(cs, np.uint8)
    inside = np.ones(cs.shape, bool) if inside is None else inside
    graph = label_regions(cs, np.zeros_like(cs), np.zeros(cs.shape, bool), inside)
    grid = Grid(*cs.shape, from_origin(651_234.4, 6_860_123.2, PIXEL_M, PIXEL_M), None)
    return trace_polygons(graph.labels, len(graph.area_px), grid), graph


@given(
    SHAPES.flatmap(
        lambda s: st.tuples(hnp.arrays(np.uint8, s, elements=st.integers(0, 2)), hnp.arrays(np.bool_, s))
    )
)
@settings(max_examples=150, deadline=None)
def test_polygons_of_any_raster_form_a_valid_coverage_of_its_pixels(raster):
    polygons, graph = _trace(*raster)
    assert (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON).all()
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert shapely.area(polygons) == pytest.approx(graph.area_px * PIXEL_M**2)


def test_a_t_junction_is_a_vertex_of_all_three_polygons():
    polygons, _ = _trace([[1, 1], [2, 3]])
    junction = (651_234.4 + PIXEL_M, 6_860_123.2 - PIXEL_M)
    for polygon in polygons:
        assert any(np.allclose(vertex, junction) for vertex in shapely.get_coordinates(polygon))


def test_straight_borders_have_no_vertex_in_between():
    polygons, _ = _trace(np.ones((5, 9)))
    assert len(shapely.get_coordinates(polygons[0])) == 5


def test_a_region_that_closes_on_itself_at_a_corner_has_a_hole_there():
    cs = [[1, 1, 1, 2], [1, 2, 1, 2], [1, 1, 2, 2], [2, 2, 2, 2]]
    polygons, _ = _trace(cs)
    ring = polygons[0]
    assert shapely.get_num_interior_rings(ring) == 1
    assert ring.is_valid


def test_diagonal_neighbours_are_two_polygons():
    polygons, _ = _trace([[1, 2], [2, 1]])
    assert len(polygons) == 4


def test_an_empty_raster_has_no_polygon():
    polygons, _ = _trace(np.ones((3, 3)), np.zeros((3, 3), bool))
    assert len(polygons) == 0
