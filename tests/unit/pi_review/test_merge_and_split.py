# SPDX-License-Identifier: GPL-2.0-or-later
"""Gestures on a made coverage, judged by shapely: no gap, no overlap, noded, valid, single, same area."""

from __future__ import annotations

import math
import random
from functools import lru_cache

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.coverage_check import check_coverage
from ocsge_pi_review.domain.errors import (
    BrokenCoverageError,
    LineCrossesItselfError,
    LineDoesNotCrossError,
    LockedPolygonError,
    NotNeighboursError,
    ReviewError,
    UnknownCodeError,
)
from ocsge_pi_review.domain.gestures import keep, merge_into, set_code, split_by
from ocsge_pi_review.domain.merge import common_border
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.wkb import decode, encode
from tests.unit.pi_review.review_coverage import ROAD_ID, make_rows

Rows = dict[str, PolygonRow]


made = lru_cache(make_rows)


def apply(rows: Rows, patch: Patch) -> Rows:
    for row in patch.before:
        assert rows[row.id] == row, "the patch was made from another state"
    left = {key: row for key, row in rows.items() if key not in patch.removed_ids}
    return {**left, **{row.id: row for row in patch.after}}


def geometries(rows: Rows) -> list[shapely.Polygon]:
    return [shapely.from_wkb(row.wkb) for row in rows.values()]


def assert_coverage(rows: Rows, like: Rows) -> None:
    shapes, original = geometries(rows), geometries(like)
    assert all(shape.geom_type == "Polygon" and shape.is_valid for shape in shapes)
    assert shapely.coverage_is_valid(shapes)
    assert check_coverage({key: row.polygon for key, row in rows.items()}).is_valid
    union, whole = shapely.union_all(shapes), shapely.union_all(original)
    assert union.symmetric_difference(whole).area < 1e-6
    assert len(union.interiors) == len(whole.interiors)
    assert math.fsum(s.area for s in shapes) == pytest.approx(math.fsum(s.area for s in original), abs=1e-6)


def neighbours_of(rows: Rows, row: PolygonRow) -> list[PolygonRow]:
    found = [other for other in rows.values() if common_border(row.polygon, other.polygon) > 0]
    return [other for other in found if other.id != row.id]


def line_across(shape: shapely.Polygon, angle: float) -> list[tuple[float, float]]:
    centre = shape.representative_point()
    reach = 400.0
    dx, dy = reach * math.cos(angle), reach * math.sin(angle)
    return [(centre.x - dx, centre.y - dy), (centre.x + dx, centre.y + dy)]


@pytest.fixture(scope="module")
def rows() -> Rows:
    return make_rows()


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.load()


def test_the_made_coverage_is_one_with_a_hole_and_a_road(rows):
    assert_coverage(rows, rows)
    assert len(rows) == 50
    assert any(len(row.polygon) > 1 for row in rows.values())
    assert rows[ROAD_ID].is_locked


def test_every_pair_of_neighbours_merges_into_one_valid_polygon(rows):
    tried = 0
    for row in rows.values():
        for other in neighbours_of(rows, row):
            if row.is_locked or other.is_locked or row.id > other.id:
                continue
            patch = merge_into(row, other)
            merged = shapely.from_wkb(patch.after[0].wkb)
            expected = shapely.union(shapely.from_wkb(row.wkb), shapely.from_wkb(other.wkb))
            assert merged.is_valid
            assert merged.symmetric_difference(expected).area < 1e-9
            tried += 1
    assert tried > 60


def test_merging_keeps_the_neighbour_and_every_vertex_others_share(rows):
    row = next(r for r in rows.values() if not r.is_locked)
    neighbour = next(n for n in neighbours_of(rows, row) if not n.is_locked)
    patch = merge_into(row, neighbour)
    assert patch.removed_ids == (row.id,)
    assert patch.after[0].id == neighbour.id
    assert patch.after[0].cs == neighbour.cs
    assert_coverage(apply(rows, patch), rows)


def test_merging_an_island_fills_the_hole(rows):
    ring = next(row for row in rows.values() if len(row.polygon) > 1)
    island = next(n for n in neighbours_of(rows, ring) if len(neighbours_of(rows, n)) == 1)
    patch = merge_into(island, ring)
    assert len(patch.after[0].polygon) == len(ring.polygon) - 1
    assert_coverage(apply(rows, patch), rows)


def test_merging_across_or_into_the_skeleton_is_refused(rows):
    road = rows[ROAD_ID]
    beside = neighbours_of(rows, road)[0]
    for first, second in ((road, beside), (beside, road)):
        with pytest.raises(LockedPolygonError) as caught:
            merge_into(first, second)
        assert "ossature" in caught.value.text("fr")


def test_polygons_that_do_not_touch_are_not_merged(rows):
    row = next(r for r in rows.values() if not r.is_locked)
    near = {n.id for n in neighbours_of(rows, row)} | {row.id, ROAD_ID}
    far = next(r for r in rows.values() if r.id not in near)
    with pytest.raises(NotNeighboursError):
        merge_into(row, far)


def test_a_split_gives_both_sides_and_the_neighbours_their_vertices(rows):
    row = max((r for r in rows.values() if not r.is_locked), key=lambda r: r.attributes["area_m2"])
    shape = shapely.from_wkb(row.wkb)
    patch = split_by(row, line_across(shape, 0.7), rows.values(), iter("XYZ").__next__)
    parts = [r for r in patch.after if r.id == row.id or r.id not in rows]
    assert len(parts) >= 2
    assert parts[0].id == row.id
    assert parts[0].attributes["area_m2"] == max(p.attributes["area_m2"] for p in parts)
    changed = [r.id for r in patch.before if r.id != row.id]
    assert changed, "the ends of the cut must lie on a neighbour's border"
    for known_id in changed:
        before, after = rows[known_id], next(r for r in patch.after if r.id == known_id)
        assert shapely.get_num_coordinates(shapely.from_wkb(after.wkb)) > shapely.get_num_coordinates(
            shapely.from_wkb(before.wkb)
        )
    assert_coverage(apply(rows, patch), rows)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(1, 6), pick=st.integers(0, 9999), angle=st.floats(0, 3.14), bend=st.floats(-40, 40))
def test_any_line_through_any_polygon_keeps_the_coverage_or_is_refused(seed, pick, angle, bend):
    rows = made(seed)
    free = [row for row in rows.values() if not row.is_locked]
    row = free[pick % len(free)]
    start, end = line_across(shapely.from_wkb(row.wkb), angle)
    middle = ((start[0] + end[0]) / 2 + bend, (start[1] + end[1]) / 2 - bend)
    numbers = iter(range(900, 1000))
    try:
        patch = split_by(row, [start, middle, end], rows.values(), lambda: f"OCSGE{next(numbers)}")
    except ReviewError:
        return
    assert_coverage(apply(rows, patch), rows)
    assert apply(apply(rows, patch), patch.inverse) == rows


def test_long_random_work_keeps_the_coverage_and_undoes_to_the_same_bytes():
    start = make_rows(seed=11)
    rng, rows, patches, numbers = random.Random(5), dict(start), [], iter(range(5000, 9000))
    while len(patches) < 60:
        free = [row for row in rows.values() if not row.is_locked]
        row = rng.choice(free)
        try:
            if len(rows) > 25 and rng.random() < 0.45:
                others = [n for n in neighbours_of(rows, row) if not n.is_locked]
                patch = merge_into(row, rng.choice(others))
            else:
                line = line_across(shapely.from_wkb(row.wkb), rng.uniform(0, math.pi))
                patch = split_by(row, line, rows.values(), lambda: f"OCSGE{next(numbers):010d}")
        except (ReviewError, IndexError):
            continue
        rows = apply(rows, patch)
        patches.append(patch)
    assert_coverage(rows, start)
    for patch in reversed(patches):
        rows = apply(rows, patch.inverse)
    assert rows == start


def test_a_line_through_two_existing_vertices_adds_none(rows):
    row = next(r for r in rows.values() if not r.is_locked and len(r.polygon[0]) > 8)
    patch = None
    for i in range(1, len(row.polygon[0]) - 3):
        a, b = row.polygon[0][0], row.polygon[0][i + 1]
        shape = shapely.from_wkb(row.wkb)
        if shapely.LineString([a, b]).relate_pattern(shape, "1FF*0****"):
            patch = split_by(row, [a, b], rows.values(), lambda: "OCSGE9")
            break
    assert patch is not None
    assert [r.id for r in patch.before] == [row.id]
    assert_coverage(apply(rows, patch), rows)


def test_a_cut_from_shell_to_hole_alone_separates_nothing(rows):
    ring = next(row for row in rows.values() if len(row.polygon) > 1)
    hole = shapely.Polygon(ring.polygon[1]).centroid
    outside = (shapely.from_wkb(ring.wkb).bounds[0] - 50, hole.y)
    with pytest.raises(LineDoesNotCrossError):
        split_by(ring, [outside, (hole.x, hole.y)], rows.values(), lambda: "OCSGE9")


def test_a_cut_through_the_hole_separates_and_opens_the_ring(rows):
    ring = next(row for row in rows.values() if len(row.polygon) > 1)
    hole = shapely.Polygon(ring.polygon[1]).centroid
    xmin, _, xmax, _ = shapely.from_wkb(ring.wkb).bounds
    patch = split_by(ring, [(xmin - 50, hole.y), (xmax + 50, hole.y)], rows.values(), iter("ABCDEF").__next__)
    assert_coverage(apply(rows, patch), rows)
    assert len(patch.after) > len(patch.before)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ([(650_000, 6_859_000), (650_100, 6_859_000)], LineDoesNotCrossError),
        (
            [(649_000, 6_860_010), (652_000, 6_860_010), (652_000, 6_860_100), (650_100, 6_859_900)],
            LineCrossesItselfError,
        ),
    ],
)
def test_lines_that_make_no_sense_are_refused_with_a_reason(rows, line, error):
    row = next(r for r in rows.values() if not r.is_locked)
    with pytest.raises(error) as caught:
        split_by(row, line, rows.values(), lambda: "OCSGE9")
    assert caught.value.text("fr") != caught.value.text("en")


def test_a_border_without_matching_vertices_is_not_cut():
    left = row_of("A", [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)])
    # Its side is twice as long: no vertex of it lies at (10, 10).
    right = row_of("B", [(10, 0), (20, 0), (20, 20), (10, 20), (10, 0)])
    with pytest.raises(BrokenCoverageError):
        split_by(left, [(-5, 5), (15, 5)], [left, right], lambda: "C")
    with pytest.raises(ReviewError):
        merge_into(left, right)


def row_of(known_id: str, ring: list[tuple[float, float]]) -> PolygonRow:
    shell = tuple((float(x), float(y)) for x, y in ring)
    return PolygonRow(known_id, {"code_cs": "CS2.2.1", "code_us": "US1.1", "ossature": 0}, encode((shell,)))


def test_codes_are_checked_and_say_who_decided(rows, profile):
    row = next(r for r in rows.values() if not r.is_locked)
    patch = set_code(row, "cs", "CS1.2.1", profile)
    assert patch.after[0].cs == "CS1.2.1"
    assert patch.after[0].attributes["cs_rule"] == "operator"
    assert patch.after[0].wkb == row.wkb
    for dimension, code in (("cs", "CS1.1"), ("cs", "US5"), ("us", "US99")):
        with pytest.raises(UnknownCodeError):
            set_code(row, dimension, code, profile)
    with pytest.raises(LockedPolygonError):
        set_code(rows[ROAD_ID], "cs", "CS1.2.1", profile)


def test_accepting_changes_nothing_in_the_layer(rows):
    row = next(iter(rows.values()))
    assert not keep(row).changes_layer


def test_wkb_keeps_every_bit(rows):
    for row in rows.values():
        assert encode(decode(row.wkb)) == row.wkb
        assert shapely.to_wkb(shapely.from_wkb(row.wkb), byte_order=1) == row.wkb
