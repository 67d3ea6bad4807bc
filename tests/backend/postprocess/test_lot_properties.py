# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever the raster: a valid coverage of exactly the image, thresholds met or excused, twice the same."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inference_backend.contracts.thresholds import Excuse
from inference_backend.postprocess.types import SourceObject
from inference_backend.thresholds import is_under_threshold, minimum_areas_m2, zone_shares

from .small_lots import WHOLE, make_lot

COVERS = ("", "CS1.1.1.1", "CS1.1.1.2", "CS1.2.2", "CS2.1.1.1", "CS2.2.1")


@st.composite
def scenes(draw):
    """Blocks of covers, noise, a skeleton of roads, ponds of a reference, holes in the image, a zone."""
    rows, cols = draw(st.integers(1, 14)), draw(st.integers(1, 14))
    scale = draw(st.integers(1, 5))
    shape = (rows * scale, cols * scale)
    blocks = draw(hnp.arrays(np.uint8, (rows, cols), elements=st.integers(0, len(COVERS) - 1)))
    cover = np.kron(blocks, np.ones((scale, scale), np.uint8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    noise = rng.random(shape) < draw(st.sampled_from([0.0, 0.05, 0.3]))
    cover[noise] = rng.integers(0, len(COVERS), int(noise.sum()))
    road = np.zeros(shape, bool)
    for _ in range(draw(st.integers(0, 3))):
        road[draw(st.integers(0, shape[0] - 1)), :] = True
        road[:, draw(st.integers(0, shape[1] - 1))] = True
    pond = (cover == COVERS.index("CS1.2.2")) & ~road & draw(st.booleans())
    inside = np.ones(shape, bool)
    if draw(st.booleans()):
        inside[: draw(st.integers(0, shape[0] - 1)), : draw(st.integers(0, shape[1]))] = False
    zone_cols = draw(st.integers(0, shape[1]))
    pixel_m = draw(st.sampled_from([0.5, 1.0, 2.0, 5.0]))
    return cover, (road, pond), inside, zone_cols, pixel_m


@pytest.fixture(scope="module")
def build(profile, codes, make_planes, make_reference, default_use):
    index = np.array([codes.cs_index[c] if c else 0 for c in COVERS], np.uint8)

    def run(scene, side_px=WHOLE):
        cover, (road, pond), inside, zone_cols, pixel_m = scene
        planes = make_planes(index[cover], pixel_m, inside)
        zone = np.zeros(cover.shape, bool)
        zone[:, :zone_cols] = True
        xmin, ymin, _, ymax = planes.grid.bounds
        zones = [shapely.box(xmin, ymin, xmin + zone_cols * pixel_m, ymax)] if zone_cols else []
        reference = make_reference(
            planes,
            cs=np.where(road, codes.cs_index["CS1.1.1.2"], np.where(pond, planes.cs, 0)).astype(np.uint8),
            us=np.where(road, codes.us_index["US4.1.1"], 0).astype(np.uint8),
            ossature=road,
            zone=zone,
            cs_object=np.where(pond, 0, -1).astype(np.int32),
            objects=(SourceObject("BDTOPO", "SURFHYDR1", ""),),
        )
        zones = np.array(zones, dtype=object)
        return make_lot(planes, reference, zones, default_use, profile, side_px), planes, zones

    return run


@given(scenes())
@settings(max_examples=60, deadline=None)
def test_any_raster_becomes_a_conforming_coverage(build, profile, codes, scene):
    if not scene[2].any():
        return
    cover, planes, zones = build(scene)
    polygons, columns = cover.polygons, cover.columns
    assert (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON).all()
    assert shapely.is_valid(polygons).all()
    assert not shapely.is_empty(polygons).any()
    assert shapely.coverage_is_valid(polygons)
    footprint = shapely.union_all(_pixels(planes))
    assert shapely.area(polygons).sum() == pytest.approx(footprint.area, rel=1e-12)
    assert shapely.union_all(polygons).symmetric_difference(footprint).area == pytest.approx(0.0, abs=1e-9)
    minima = minimum_areas_m2(columns["code_cs"], zone_shares(polygons, zones), profile)
    under = is_under_threshold(shapely.area(polygons), minima)
    assert [excuse is not None for excuse in columns["excuse"]] == under.tolist()
    _assert_excuses_are_true(polygons, columns)
    assert cover.final.lot.area_px[columns["ossature"] == 1].sum() == (scene[1][0] & scene[2]).sum()
    assert set(columns["code_cs"]) <= set(codes.cs[1:])
    assert set(columns["code_us"]) <= set(codes.us[1:])
    assert len(set(columns["id"])) == len(polygons)


@given(scenes(), st.integers(3, 40))
@settings(max_examples=25, deadline=None)
def test_blocks_leave_no_trace(build, scene, side_px):
    if not scene[2].any():
        return
    whole, blocks = build(scene)[0], build(scene, side_px)[0]
    assert (shapely.to_wkb(whole.polygons) == shapely.to_wkb(blocks.polygons)).all()
    assert shapely.to_wkb(whole.outline) == shapely.to_wkb(blocks.outline)
    for name, values in whole.columns.items():
        assert repr(values.tolist()) == repr(blocks.columns[name].tolist()), name


def _pixels(planes):
    rows, cols = np.nonzero(planes.inside)
    t = planes.grid.transform
    x, y = t.c + cols * t.a, t.f + rows * t.e
    return shapely.box(x, y + t.e, x + t.a, y)


def _assert_excuses_are_true(polygons, columns):
    locked = columns["ossature"] == 1
    tree = shapely.STRtree(polygons)
    for i, excuse in enumerate(columns["excuse"]):
        if excuse is None:
            continue
        if excuse == Excuse.SKELETON.value:
            assert locked[i]
            continue
        around = tree.query(polygons[i], predicate="intersects")
        shared = shapely.length(shapely.intersection(polygons[i], polygons[around]))
        neighbours = around[(shared > 0) & (around != i)]
        assert not locked[i]
        held = (columns["cs_rule"] == "reference") & (columns["code_cs"] == "CS1.2.2")
        assert (locked | held)[neighbours].all()
        if excuse != Excuse.LOT_EDGE.value:
            assert held[neighbours].any() == (excuse == Excuse.ENCLOSED_BY_REFERENCE.value)
