# SPDX-License-Identifier: GPL-2.0-or-later
"""Arcs of any tiling are the same arcs, and their polygons are those of the pixels."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rasterio.transform import from_origin

from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import Tiling, Window
from inference_backend.postprocess.borders.arcs import stitch
from inference_backend.postprocess.borders.assemble import assemble, traced_arcs
from inference_backend.postprocess.borders.tracing import trace_block

from .block_parts import Planes, regions_of

PIXEL_M = 0.2
COVERS = hnp.arrays(
    np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14), elements=st.integers(0, 3)
)


def borders_of(labels, side_px):
    """Arcs of a label raster, traced in blocks of `side_px`, the last block first."""
    ringed = np.pad(labels, 1, constant_values=-1)
    tiling = Tiling(labels.shape, side_px)
    parts = []
    for core in map(tiling.core, tiling):
        block = ringed[core.row : core.row + core.height + 2, core.col : core.col + core.width + 2]
        parts.append(trace_block(block, core))
    return stitch(parts[::-1])


def labels_of(cs):
    """4-connected regions of equal value; 0 is outside."""
    cs = np.asarray(cs, np.uint8)
    part = regions_of(Planes(cs, inside=cs > 0), Window(0, 0, *cs.shape))
    return part.labels, part.area_px


def grid_of(labels):
    return Grid(*labels.shape, from_origin(651_234.4, 6_860_123.2, PIXEL_M, PIXEL_M), None)


@given(COVERS, st.integers(1, 9))
@settings(max_examples=150, deadline=None)
def test_arcs_do_not_depend_on_the_tiling(cs, side_px):
    labels, _ = labels_of(cs)
    whole, tiled = borders_of(labels, 100), borders_of(labels, side_px)
    for name, values in vars(whole).items():
        assert np.array_equal(values, getattr(tiled, name)), name


@given(COVERS)
@settings(max_examples=150, deadline=None)
def test_polygons_of_any_raster_form_a_valid_coverage_of_its_pixels(cs):
    labels, area_px = labels_of(cs)
    polygons, outline = assemble(traced_arcs(borders_of(labels, 5)), len(area_px), grid_of(labels))
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert shapely.area(polygons) == pytest.approx(area_px * PIXEL_M**2)
    assert outline.is_valid
    assert outline.equals(shapely.union_all(polygons))


def test_an_island_starts_at_its_first_corner_wherever_blocks_cut_it():
    cs = np.ones((9, 9), np.uint8)
    cs[2:7, 3:6] = 2
    borders = borders_of(labels_of(cs)[0], 4)
    island = np.flatnonzero(borders.left >= 0)
    assert len(island) == 1
    corners = borders.corners[borders.starts[island[0]] : borders.starts[island[0] + 1]]
    assert corners[0].tolist() == corners[-1].tolist() == [2, 3]
    assert len(corners) == 5


def test_pieces_that_go_on_elsewhere_are_told_from_whole_arcs():
    cs = np.ones((4, 8), np.uint8)
    cs[:, 4:] = 2
    labels, _ = labels_of(cs)
    ringed = np.pad(labels, 1, constant_values=-1)
    core = Tiling(labels.shape, 2).core((0, 2))
    block = ringed[core.row : core.row + 4, core.col : core.col + 4]
    pieces = trace_block(block, core)
    assert (pieces.start_open | pieces.end_open).all()
    assert len(pieces.left) == 2


def test_missing_pieces_are_noticed():
    labels, _ = labels_of(np.ones((4, 8)))
    ringed = np.pad(labels, 1, constant_values=-1)
    core = Tiling(labels.shape, 4).core((0, 0))
    with pytest.raises(ValueError, match="missing"):
        stitch([trace_block(ringed[:6, :6], core)])
