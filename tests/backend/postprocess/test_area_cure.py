# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons whose real areas fell below their minimum: merged, still a coverage, honestly excused."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from rasterio.transform import from_origin

from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import Tiling, Window
from inference_backend.postprocess.borders.arcs import stitch
from inference_backend.postprocess.borders.area_cure import cure_areas, excuses
from inference_backend.postprocess.borders.assemble import assemble, traced_arcs
from inference_backend.postprocess.borders.tracing import trace_block
from inference_backend.postprocess.decision.decision import decide
from inference_backend.thresholds import is_under_threshold, minimum_areas_m2, zone_shares
from tests.backend.postprocess.block_parts import Planes, Survey, parts_of
from tests.backend.postprocess.test_decision import random_planes

PIXEL_M = 10.0


@pytest.fixture(scope="module")
def make_lot(default_use, profile):
    """Regions and polygons of planes, the borders simplified by `tolerance_m`."""

    def make(planes, tolerance_m=0.0):
        shape = planes.cs.shape
        tiling = Tiling(shape, 99)
        parts = parts_of(planes, tiling)
        final = decide(parts, tiling, Survey(), default_use, profile, pixel_area_m2=PIXEL_M**2)
        labels = np.append(final.number[0, 0], -1)[parts[0, 0].labels]
        ring = np.pad(labels, 1, constant_values=-1).astype(np.int32)
        arcs = traced_arcs(stitch([trace_block(ring, Window(0, 0, *shape))]))
        grid = Grid(*shape, from_origin(650_000, 6_860_000, PIXEL_M, PIXEL_M), CRS.from_epsg(2154))
        polygons, outline = assemble(arcs, len(final), grid)
        if tolerance_m and len(polygons):
            polygons = shapely.coverage_simplify(polygons, tolerance_m, simplify_boundary=False)
        return polygons, outline, final

    return make


def no_zones():
    return np.empty(0, dtype=object)


@settings(max_examples=60)
@given(planes=random_planes(), tolerance=st.sampled_from([0.0, 8.0, 20.0, 40.0]), zone=st.booleans())
def test_cured_polygons_are_a_coverage_that_reaches_its_minima(
    planes, tolerance, zone, make_lot, profile, codes
):
    polygons, outline, final = make_lot(planes, tolerance)
    zones = np.array([shapely.box(650_000, 6_859_900, 650_070, 6_860_000)]) if zone else no_zones()
    cured, merged = cure_areas(polygons, final, zones, profile)
    assert len(cured) == len(merged) == len(np.unique(np.concatenate([*merged.number.values(), [0]])[:-1]))
    assert shapely.is_valid(cured).all()
    assert shapely.coverage_is_valid(cured)
    assert (shapely.get_type_id(cured) == shapely.GeometryType.POLYGON).all()
    assert shapely.area(cured).sum() == pytest.approx(outline.area)
    names = [codes.cs[i] for i in merged.lot.cs]
    minima = minimum_areas_m2(names, zone_shares(cured, zones), profile)
    small = is_under_threshold(shapely.area(cured), minima) & ~merged.lot.ossature
    first, second = shapely.STRtree(cured).query(cured, predicate="touches")
    lines = shapely.relate_pattern(cured[first], cured[second], "****1****")
    assert not (small[first] & ~merged.lot.ossature[second] & lines).any()
    excused = [reason is not None for reason in excuses(cured, merged, zones, profile)]
    assert excused == is_under_threshold(shapely.area(cured), minima).tolist()


def test_what_is_large_enough_stays_as_it_is(make_lot, profile):
    polygons, _, final = make_lot(Planes(np.repeat([[6, 13]], 10, axis=0).repeat(10, axis=1)))
    cured, merged = cure_areas(polygons, final, no_zones(), profile)
    assert list(cured) == list(polygons)
    assert merged.number is not None
    assert merged.lot.area_px.tolist() == [100, 100]


def test_a_polygon_that_smoothing_shrank_joins_the_neighbour_it_shares_a_border_with(
    make_lot, profile, codes
):
    grass, trees, water = (codes.cs_index[c] for c in ("CS2.2.1", "CS2.1.1.1", "CS1.2.2"))
    cs = np.full((20, 20), grass)
    cs[:5, :5], cs[10:] = trees, water
    polygons, outline, final = make_lot(Planes(cs))
    corner = next(i for i, p in enumerate(polygons) if p.area == 2500)
    cut = shapely.Polygon([(650_000, 6_860_000), (650_050, 6_860_000), (650_000, 6_859_950)])
    other = next(i for i, p in enumerate(polygons) if p.touches(polygons[corner]))
    polygons[other] = shapely.Polygon(polygons[other].union(polygons[corner].difference(cut)).exterior)
    polygons[corner] = cut
    cured, merged = cure_areas(polygons, final, no_zones(), profile)
    assert merged.lot.cs.tolist() == [grass, water]
    assert merged.lot.area_px.tolist() == [200, 200]
    assert shapely.area(cured).tolist() == [20_000, 20_000]
    assert shapely.union_all(cured).equals(outline)


def test_polygons_that_touch_in_a_point_alone_do_not_become_one(make_lot, profile, codes):
    grass, trees, road = (codes.cs_index[c] for c in ("CS2.2.1", "CS2.1.1.1", "CS1.1.1.2"))
    cs = np.full((20, 20), trees)
    cs[:10], cs[10:13, 9:12] = grass, road
    ossature = np.zeros(cs.shape, bool)
    ossature[10:13, 9:12] = True
    _, _, final = make_lot(Planes(cs, ossature=ossature, us=np.where(ossature, 8, 0)))
    # Three polygons as the regions lie, but the first is too small and meets the second in a point.
    polygons = np.array(
        [
            shapely.Polygon([(0, 0), (20, 0), (20, 20)]),
            shapely.Polygon([(20, 20), (20, 200), (200, 200), (200, 20)]),
            shapely.Polygon([(0, 0), (20, 20), (20, 200), (0, 200)]),
        ],
        dtype=object,
    )
    road_at = int(np.flatnonzero(final.lot.ossature)[0])
    order = np.array([0, 1, 2])
    if road_at != 2:
        order[[road_at, 2]] = order[[2, road_at]]
    cured, merged = cure_areas(polygons[order], final, no_zones(), profile)
    assert len(merged) == 3
    assert shapely.is_valid(cured).all()


def test_excuses_name_the_reason(make_lot, profile, codes):
    cs = np.full((20, 20), codes.cs_index["CS2.2.1"])
    ossature = np.zeros(cs.shape, bool)
    ossature[3, :] = ossature[:6, 3] = ossature[6, :4] = ossature[3:7, 0] = ossature[17, :] = True
    cs[ossature] = codes.cs_index["CS1.1.1.2"]
    polygons, _, final = make_lot(Planes(cs, ossature=ossature, us=np.where(ossature, 8, 0)))
    reasons = excuses(polygons, final, no_zones(), profile)
    by_area = {round(p.area): r for p, r in zip(polygons, reasons, strict=True)}
    assert by_area[900] == "lot_edge"
    assert by_area[400] == "enclosed_by_skeleton"
    assert by_area[2000] == "skeleton"
    assert by_area[max(by_area)] is None
