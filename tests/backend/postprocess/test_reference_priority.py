# SPDX-License-Identifier: GPL-2.0-or-later
"""Which object keeps a pixel, and that no geometry of a file stops the reading."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_backend.postprocess.burning.burn_window import burn
from inference_backend.postprocess.references.ragged import Ragged
from inference_backend.postprocess.references.reference_geometry import (
    clip,
    polygons_or_lines,
    without_unusable,
)
from inference_backend.postprocess.references.reference_layers import ReferenceLayer, References
from inference_backend.postprocess.references.reference_set import ReferenceSet
from inference_backend.postprocess.references.reference_survey import (
    finish_survey,
    survey_block,
    whole_window,
)
from inference_backend.postprocess.references.scanline import scan

X0, Y1 = 600_000, 6_700_000
BOX = (0.0, 0.0, 100.0, 100.0)


def burned(planes, profile, **layers):
    found = {
        role: ReferenceLayer(
            role,
            "BD TOPO",
            np.array(geometry, dtype=object),
            {name: np.array(values, dtype=object) for name, values in attributes.items()},
        )
        for role, (geometry, attributes) in layers.items()
    }
    references = ReferenceSet.of(References(found), planes.grid, profile)
    window = whole_window(planes.grid)
    survey = finish_survey(
        [survey_block(references, planes, window)], references, planes.grid.bounds, profile
    )
    out = burn(references, survey, planes, window)
    return out, references


def line(*points) -> shapely.LineString:
    return shapely.LineString([(X0 + x, Y1 - y) for x, y in points])


def test_what_is_higher_above_the_ground_keeps_a_crossing(make_planes, codes, profile):
    planes = make_planes(np.full((100, 100), codes.cs_index["CS2.2.1"]))
    road = ([line((0, 50), (100, 50))], {"id": ["road"], "position": ["0"]})

    for level, owner in (("1", "rail"), ("0", "road")):
        rail = ([line((50, 0), (50, 100))], {"id": ["rail"], "position": [level]})
        out, references = burned(planes, profile, troncon_de_route=road, troncon_de_voie_ferree=rail)
        assert references.source_objects([out.cs_object[50, 50]])[0].id_origine == owner
        assert out.ossature[50, :].all()
        assert out.ossature[:, 50].all()


def test_waterways_are_of_the_skeleton_where_the_profile_says_so(make_planes, codes, profile):
    rules = copy.deepcopy(profile.rules)
    rules["skeleton"]["water"]["active"] = True
    planes = make_planes(np.full((100, 100), codes.cs_index["CS1.2.2"]))
    river = shapely.box(X0, Y1 - 70, X0 + 100, Y1 - 30)
    pond = shapely.box(X0, Y1 - 20, X0 + 20, Y1)
    water = ([river, pond], {"nature": ["Ecoulement naturel", "Mare"], "position": ["0", "0"]})
    bridge = ([line((50, 0), (50, 100))], {"position": ["1"]})

    locked, _ = burned(
        planes, replace(profile, rules=rules), surface_hydrographique=water, troncon_de_route=bridge
    )
    free, _ = burned(planes, profile, surface_hydrographique=water)

    assert locked.ossature[30:70, :].all()
    assert (locked.cs[30:70, 50] == codes.cs_index["CS1.1.1.2"]).all(), "the bridge goes over the river"
    assert not locked.ossature[:20, :20].any()
    assert not free.ossature.any()
    assert (free.cs[30:70, :] == codes.cs_index["CS1.2.2"]).all()


NUMBERS = [-5.0, 0.0, 3.0, 50.0, 51.5, 99.0, 130.0, 1e7]
rings = st.lists(st.tuples(*2 * [st.sampled_from(NUMBERS)]), min_size=3, max_size=8)
courses = st.lists(st.tuples(*2 * [st.sampled_from([*NUMBERS, float("nan")])]), min_size=2, max_size=6)


@st.composite
def shapes(draw):
    """Anything that a file may hold: nothing, points, bow ties, holes outside, nested collections."""
    kind = draw(st.sampled_from(["none", "empty", "point", "line", "polygon", "multi", "collection"]))
    polygons = [shapely.Polygon(draw(rings), [draw(rings)]) for _ in range(draw(st.integers(1, 3)))]
    made = {
        "none": None,
        "empty": shapely.Polygon(),
        "point": shapely.Point(1, 1),
        "line": shapely.LineString(draw(courses)),
        "polygon": polygons[0],
        "multi": shapely.MultiPolygon(polygons),
        "collection": shapely.GeometryCollection([shapely.GeometryCollection(polygons), shapely.Point(2, 2)]),
    }
    return made[kind]


@settings(max_examples=150, deadline=None)
@given(st.lists(shapes(), max_size=4), st.sampled_from(["polygon", "line"]))
def test_whatever_a_file_holds_becomes_single_valid_shapes_inside_the_lot(given_shapes, kind):
    geometry, unusable = without_unusable(np.array([*given_shapes, None], dtype=object))
    parts, parent, _ = polygons_or_lines(geometry, kind)
    parts, kept = clip(parts, BOX)

    wanted = {"polygon": shapely.GeometryType.POLYGON, "line": shapely.GeometryType.LINESTRING}[kind]
    assert set(shapely.get_type_id(parts).tolist()) <= {int(wanted)}
    assert shapely.is_valid(parts).all()
    assert shapely.covers(shapely.box(*BOX).buffer(1e-6), parts).all()
    assert unusable == sum(
        shape is not None and not np.isfinite(shapely.get_coordinates(shape)).all() for shape in given_shapes
    )
    assert not any(geometry[i] is None for i in parent[kept])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_polygons_that_share_edges_share_no_pixel_and_leave_none_out(make_planes, profile, seed):
    rng = np.random.default_rng(seed)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(rng.uniform(0, 40, (25, 2))), extend_to=shapely.box(0, 0, 40, 40)
        )
    )
    cells = cells[shapely.area(shapely.intersection(cells, shapely.box(0, 0, 40, 40))) > 0]
    planes = make_planes(np.ones((40, 40)))
    moved = shapely.transform(cells, lambda xy: np.add(xy, (X0, Y1 - 40)))
    runs = scan(Ragged.of(moved, planes.grid), whole_window(planes.grid))
    count = np.zeros((40, 40), int)
    for row, start, stop in zip(runs.row, runs.start, runs.stop, strict=True):
        count[row, start:stop] += 1

    assert (count == 1).all()
