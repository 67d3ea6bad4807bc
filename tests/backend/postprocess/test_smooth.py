# SPDX-License-Identifier: GPL-2.0-or-later
"""Final courses of borders: valid whatever the raster, the same whatever the tiling, on the references."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.assemble import assemble, traced_arcs
from inference_backend.postprocess.smooth import Sides, finish

from .test_arcs import borders_of, grid_of, labels_of

NO_REFERENCE = np.empty(0, dtype=object)
PROFILE = Profile.load()


def sides_of(count):
    return Sides(np.ones(count, np.uint8), np.ones(count, np.uint8), np.zeros(count, bool))


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
