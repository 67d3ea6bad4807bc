# SPDX-License-Identifier: GPL-2.0-or-later
"""Final courses of borders: valid whatever the raster, the same whatever the tiling, on the references."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.borders.assemble import assemble, traced_arcs
from inference_backend.postprocess.borders.rounding import round_off
from inference_backend.postprocess.borders.smooth import Sides, finish
from inference_backend.postprocess.types import Codes

from .test_arcs import PIXEL_M, borders_of, grid_of, labels_of

NO_REFERENCE = np.empty(0, dtype=object)
PROFILE = Profile.load()


BUILT = Codes(PROFILE.nomenclature).cs_index[PROFILE.section("built_cover")]


def sides_of(count):
    return Sides(np.full(count, BUILT + 1, np.uint8), np.ones(count, np.uint8), np.zeros(count, bool))


def polygons_of(labels, area_px, references=NO_REFERENCE, side_px=1000):
    borders = borders_of(labels, side_px)
    arcs = finish(borders, sides_of(len(area_px)), references, grid_of(labels), PROFILE)
    return assemble(arcs, len(area_px), grid_of(labels))


@st.composite
def rasters(draw):
    """Noise of any grain, up to 40 px wide, with a hole in the image now and then."""
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    grain = draw(st.sampled_from([0.0, 0.7, 1.5, 3.0]))
    fields = [ndimage.gaussian_filter(rng.standard_normal((height, width)), grain) for _ in range(4)]
    cs = (np.argmax(fields, axis=0) + draw(st.integers(0, 1))).astype(np.uint8)
    return cs if cs.any() else np.ones_like(cs)


@given(rasters())
@settings(max_examples=80, deadline=None)
def test_any_raster_gives_a_valid_coverage_of_its_footprint(cs):
    labels, area_px = labels_of(cs)
    polygons, outline = polygons_of(labels, area_px)
    traced, footprint = assemble(traced_arcs(borders_of(labels, 1000)), len(area_px), grid_of(labels))
    assert (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON).all()
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert outline.equals(footprint)
    assert shapely.area(polygons).sum() == pytest.approx(shapely.area(traced).sum())


@given(rasters(), st.integers(3, 30), st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_tiling_gives_the_same_polygons(cs, side_px, with_references):
    labels, area_px = labels_of(cs)
    xmin, ymin, xmax, ymax = grid_of(labels).bounds
    box = shapely.box(xmin + 0.3 * (xmax - xmin), ymin - 1.0, xmax - 0.2 * (xmax - xmin), ymax + 1.0)
    references = np.array([box, shapely.affinity.rotate(box, 30)]) if with_references else NO_REFERENCE
    whole, _ = polygons_of(labels, area_px, references)
    tiled, _ = polygons_of(labels, area_px, references, side_px)
    assert (shapely.to_wkb(whole) == shapely.to_wkb(tiled)).all()
    assert shapely.coverage_is_valid(whole)


def _raster(polygon):
    """Cover 2 inside a polygon in metres from the raster's upper left corner, 1 elsewhere."""
    rows, cols = (np.indices((400, 400)) + 0.5) * PIXEL_M
    return np.where(shapely.contains_xy(polygon, cols, rows), 2, 1).astype(np.uint8)


def _finished(cs, references=NO_REFERENCE, built=False):
    """Polygon of the cover 2, in metres from the upper left corner."""
    labels, area_px = labels_of(cs)
    grid = grid_of(labels)
    sides = sides_of(len(area_px))
    inner = np.bincount(labels[cs == 2]).argmax()
    if built:
        sides.cs[inner] = BUILT
    xmin, _, _, ymax = grid.bounds

    placed = shapely.transform(references, lambda p: np.column_stack((xmin + p[:, 0], ymax - p[:, 1])))
    arcs = finish(borders_of(labels, 1000), sides, placed, grid, PROFILE)
    polygon = assemble(arcs, len(area_px), grid)[0][inner]
    return shapely.transform(polygon, lambda p: np.column_stack((p[:, 0] - xmin, ymax - p[:, 1])))


def _turned_rectangle(width, height, degrees):
    box = shapely.box(40 - width / 2, 40 - height / 2, 40 + width / 2, 40 + height / 2)
    return shapely.affinity.rotate(box, degrees)


@pytest.mark.parametrize("degrees", [0, 7, 33, 45])
def test_a_border_along_a_reference_is_the_reference(degrees):
    wanted = _turned_rectangle(31.3, 17.7, degrees)
    got = _finished(_raster(wanted), np.array([wanted]))
    assert got.boundary.hausdorff_distance(wanted.boundary) < 0.01
    assert len(got.exterior.coords) == 5


def test_a_border_leaves_the_reference_only_where_it_differs():
    wanted = _turned_rectangle(30, 20, 20)
    cs = _raster(wanted)
    cs[:120][:, :200] = np.where(ndimage.binary_dilation(cs == 2, iterations=9), 2, 1)[:120][:, :200]
    got = _finished(cs, np.array([wanted]))
    along = got.boundary.intersection(wanted.boundary.buffer(0.1))
    assert along.length > 0.6 * wanted.length
    assert got.area > wanted.area


@pytest.mark.parametrize("degrees", [0, 11, 38])
def test_corners_of_predicted_buildings_are_square(degrees):
    wanted = _turned_rectangle(22, 14, degrees)
    rounded = wanted.buffer(-2).buffer(2)
    noise = np.random.default_rng(3).random((400, 400)) < 0.5
    cs = _raster(rounded)
    edge = ndimage.binary_dilation(cs == 2) & (cs == 1)
    got = _finished(np.where(edge & noise, 2, cs).astype(np.uint8), built=True)
    assert len(got.exterior.coords) == 5
    sides = np.diff(shapely.get_coordinates(got), axis=0)
    sides /= np.hypot(*sides.T)[:, None]
    assert np.abs((sides * np.roll(sides, 1, axis=0)).sum(axis=1)).max() < 1e-6
    assert got.area == pytest.approx(wanted.area, rel=0.05)


def test_oblique_borders_have_no_steps_and_keep_their_place():
    field = shapely.Polygon([(5, 12), (70, 4), (76, 61), (13, 72)])
    got = _finished(_raster(field))
    assert len(got.exterior.coords) == 5
    assert got.boundary.hausdorff_distance(field.boundary) < PIXEL_M
    assert got.area == pytest.approx(field.area, rel=1e-3)


def test_round_borders_stay_round_with_few_vertices():
    pond = shapely.Point(40, 40).buffer(25, 64)
    got = _finished(_raster(pond))
    assert got.boundary.hausdorff_distance(pond.boundary) < 0.6
    assert got.area == pytest.approx(pond.area, rel=0.01)
    assert 10 < len(got.exterior.coords) < 50


def test_a_border_that_cannot_stay_in_one_place_is_tighter_there_alone():
    """A chain of pixels that meet at corners alone enters a round wood; elsewhere the wood stays round."""
    wood = shapely.Point(40, 40).buffer(30)
    cs = _raster(wood)
    chain = np.arange(296, 312)
    cs[chain, chain] = 1
    got = _finished(cs)
    elsewhere = got.exterior.difference(shapely.box(52, 52, 70, 70))
    assert len(shapely.get_coordinates(elsewhere)) < 90
    assert elsewhere.hausdorff_distance(wood.exterior.difference(shapely.box(52, 52, 70, 70))) < 0.6


@pytest.mark.parametrize("radius_m", [8, 14, 35])
def test_the_edge_of_a_round_wood_has_no_facets_and_no_waves(radius_m):
    wood = shapely.Point(40, 40).buffer(radius_m, quad_segs=64)
    got = _finished(_raster(wood))
    steps = np.diff(shapely.get_coordinates(got.exterior), axis=0)
    headings = np.arctan2(steps[:, 1], steps[:, 0])
    turns = (np.diff(np.append(headings, headings[0])) + np.pi) % (2 * np.pi) - np.pi
    assert np.degrees(np.abs(turns)).max() < 17
    assert (turns < np.radians(1)).all() or (turns > np.radians(-1)).all()
    assert got.boundary.hausdorff_distance(wood.boundary) < 0.7
    assert got.area == pytest.approx(wood.area, rel=0.01)


def test_vertices_in_one_place_are_left_as_they_are():
    points = np.zeros((20, 2))
    points[:3] = (1, 1), (1, 1), (2, 1.5)
    count = round_off(points, 3, np.array([0.0, 0.5]), np.array([3.0, 1.6]), 2.0)
    assert points[:2].tolist() == [[1, 1], [1, 1]]
    assert np.isfinite(points[:count]).all()
