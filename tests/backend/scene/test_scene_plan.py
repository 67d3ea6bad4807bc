# SPDX-License-Identifier: GPL-2.0-or-later
"""The plan of a commune, its truth and its reference vectors, without any pixel."""

import numpy as np
import pytest
import shapely

from inference_backend.contracts.profile import Profile
from inference_backend.scene.bdtopo import Layer, buildings
from inference_backend.scene.build import build_plan
from inference_backend.scene.plan import FIRST, SECOND
from inference_backend.scene.references import WORST_SHIFT_M, bdtopo_layers, forest, rpg
from inference_backend.scene.truth import build_truth, built_shapes

PROFILE = Profile.load()


@pytest.fixture(scope="module", params=[1, 2, 11])
def square_kilometre(request):
    plan = build_plan(request.param, 1000.0)
    return plan, *build_truth(plan, PROFILE)


def test_square_kilometre_has_twelve_cover_and_twelve_use_codes_at_each_date(square_kilometre):
    _, truths, _ = square_kilometre
    for truth in truths.values():
        assert len({cs for cs, _ in truth.codes}) >= 12
        assert len({us for _, us in truth.codes}) >= 12


def test_codes_of_the_truth_are_leaves_of_the_nomenclature(square_kilometre):
    _, truths, _ = square_kilometre
    cs = {c.code for c in PROFILE.nomenclature.leaves("cs")}
    us = {c.code for c in PROFILE.nomenclature.leaves("us")}
    for truth in truths.values():
        assert {c for c, _ in truth.codes} <= cs
        assert {u for _, u in truth.codes} <= us


def test_truth_is_a_valid_coverage_of_single_polygons_over_the_whole_square(square_kilometre):
    plan, truths, _ = square_kilometre
    for truth in truths.values():
        assert shapely.coverage_is_valid(truth.polygons)
        assert shapely.is_valid(truth.polygons).all()
        assert set(shapely.get_type_id(truth.polygons)) == {shapely.GeometryType.POLYGON}
        assert shapely.area(truth.polygons).sum() == pytest.approx(plan.size_m**2, abs=1e-3)


def test_no_polygon_of_the_truth_is_under_its_minimum(square_kilometre):
    _, truths, _ = square_kilometre
    built, inside = (
        PROFILE.number("minimum_area", "built"),
        PROFILE.number("minimum_area", "inside_zone_construite"),
    )
    for truth in truths.values():
        for (cs, _), area in zip(truth.codes, shapely.area(truth.polygons), strict=True):
            assert area >= (built if cs == "CS1.1.1.1" else inside)


def test_changes_are_exactly_where_the_dates_differ(square_kilometre):
    plan, truths, (polygons, before, after) = square_kilometre
    assert len(polygons) > 10
    assert all(a != b for a, b in zip(before, after, strict=True))
    points = np.random.default_rng(0).uniform(0, plan.size_m, (3000, 2))
    codes = []
    for truth in truths.values():
        where = shapely.STRtree(truth.polygons).query(shapely.points(points), predicate="within")
        found = dict(zip(where[0], where[1], strict=True))
        codes.append([truth.codes[found[k]] if k in found else None for k in range(len(points))])
    changed = shapely.contains_xy(shapely.union_all(polygons), points)
    differs = np.array([a != b for a, b in zip(*codes, strict=True)])
    known = np.array([a is not None and b is not None for a, b in zip(*codes, strict=True)])
    assert (changed == differs)[known].all()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("CS1.1.2.1", "US6.1"), ("CS1.1.1.1", "US5")),
        (("CS2.1.1.2", "US1.2"), ("CS2.2.1", "US1.2")),
        (("CS2.2.1", "US1.1"), ("CS1.1.2.1", "US1.3")),
        (("CS2.2.1", "US1.1"), ("CS1.1.2.1", "US6.1")),
    ],
)
def test_known_change_is_present(square_kilometre, old, new):
    _, _, (_, before, after) = square_kilometre
    assert (old, new) in set(zip(before, after, strict=True))


def test_same_seed_gives_the_same_plan_and_another_seed_another():
    first, again, other = build_plan(4, 300.0), build_plan(4, 300.0), build_plan(5, 300.0)
    assert first.styles == again.styles
    assert [s.geometry.wkb for s in first.surfaces] == [s.geometry.wkb for s in again.surfaces]
    assert [s.geometry.wkb for s in first.surfaces] != [s.geometry.wkb for s in other.surfaces]


@pytest.mark.parametrize(("side_m", "area_m2"), [(6.0, None), (10.0, 202.0), (20.0, 400.0)])
def test_building_is_dropped_enlarged_or_kept_by_its_area(side_m, area_m2):
    shapes = built_shapes([shapely.box(0, 0, side_m, side_m)], PROFILE)
    assert [pytest.approx(s.area, rel=0.02) for s in shapes] == ([] if area_m2 is None else [area_m2])


def test_houses_that_touch_are_one_building():
    row = [shapely.box(10 * k, 0, 10 * k + 10, 9) for k in range(3)]
    assert [s.area for s in built_shapes(row, PROFILE)] == [pytest.approx(270, rel=0.02)]


def _layers(plan):
    return {layer.name: layer for layer in bdtopo_layers(plan, np.random.default_rng(1))}


def test_references_are_off_but_never_by_more_than_the_worst_shift(square_kilometre):
    plan, _, _ = square_kilometre
    truth, drawn = buildings(plan), _layers(plan)["batiment"]
    tree = shapely.STRtree(truth.geometry)
    shifts = []
    for shape in drawn.geometry:
        same = [
            truth.geometry[k] for k in tree.query(shape) if abs(truth.geometry[k].area - shape.area) < 1e-6
        ]
        if same:
            shifts.append(min(shape.centroid.distance(s.centroid) for s in same))
    assert len(shifts) > 50
    assert max(shifts) <= WORST_SHIFT_M + 1e-6
    assert np.mean(shifts) > 0.1


def test_references_lack_buildings_and_keep_demolished_ones(square_kilometre):
    plan, _, _ = square_kilometre
    drawn = _layers(plan)["batiment"]
    solid = shapely.union_all([b.geometry for b in plan.buildings]).buffer(2)
    gone = [g for g in drawn.geometry if not g.intersects(solid)]
    assert gone
    assert len(drawn.geometry) - len(gone) < len(plan.buildings)


def test_one_road_hangs_in_the_air(square_kilometre):
    plan, _, _ = square_kilometre
    roads = _layers(plan)["troncon_de_route"].geometry
    ends = np.array([p for g in roads for p in (g.coords[0], g.coords[-1])])
    tree = shapely.STRtree(roads)
    near = [len(tree.query(shapely.Point(p), predicate="dwithin", distance=0.5)) for p in ends]
    near_9 = [len(tree.query(shapely.Point(p), predicate="dwithin", distance=9.5)) for p in ends]
    assert any(a == 1 and b > 1 for a, b in zip(near, near_9, strict=True))


def test_declared_fields_do_not_cover_every_field(square_kilometre):
    plan, _, _ = square_kilometre
    fields = [s for s in plan.surfaces if s.tag == "field" and s.years & SECOND and s.geometry.area > 1000]
    declared = rpg(plan, np.random.default_rng(3))
    assert 0.5 * len(fields) < len(declared.geometry) < len(fields)
    assert {"id_parcel", "surf_parc", "code_cultu", "code_group"} <= set(declared.records[0])


def test_forest_map_still_shows_the_stand_that_was_felled(square_kilometre):
    plan, _, _ = square_kilometre
    felled = [s.geometry for s in plan.surfaces if s.tag == "forest" and s.years == FIRST]
    mapped = shapely.union_all(forest(plan, np.random.default_rng(3)).geometry)
    assert felled
    assert any(mapped.intersection(f).area > 0.8 * f.area for f in felled if f.area > 5000)


def test_layer_of_references_keeps_geometry_and_attributes_together():
    layer = Layer("x", "Polygon")
    for k in range(5):
        layer.add(shapely.box(k, 0, k + 1, 1), rank=k)
    layer.keep(np.array([True, False, True, False, True]))
    assert [(g.bounds[0], r["rank"]) for g, r in zip(layer.geometry, layer.records, strict=True)] == [
        (0, 0),
        (2, 2),
        (4, 4),
    ]
