# SPDX-License-Identifier: GPL-2.0-or-later
"""Gestures that draw, on a square of nine fields: who gets which ground, judged by GEOS."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
import shapely

from benchmarks.fuzz_review.judge import applied, judge, judge_patch
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain import gestures
from ocsge_pi_review.domain.effects import effects
from ocsge_pi_review.domain.errors import (
    BelowMinimumError,
    BrokenCoverageError,
    InvalidResultError,
    LineChangesNothingError,
    LineCrossesItselfError,
    LineDoesNotCrossError,
    LockedPolygonError,
    MarginPolygonError,
    NoNeighbourError,
    SliverError,
)
from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.ribbon import MITRE_LIMIT, ribbon
from ocsge_pi_review.domain.thresholds_live import require_thresholds
from ocsge_pi_review.domain.wkb import encode

X, Y, SIDE = 650_000.0, 6_860_000.0, 100.0
FIELD, ROAD, HOUSE, WOOD = (
    Codes("CS2.2.1", "US1.1"),
    Codes("CS1.1.1.2", "US4.1.1"),
    Codes("CS1.1.1.1", "US5"),
    Codes("CS2.1.1.1", "US1.2"),
)
Rows = dict[str, PolygonRow]


def at(x: float, y: float) -> tuple[float, float]:
    return X + x, Y + y


def square(name: str, column: int, line: int, **values: object) -> PolygonRow:
    x, y = column * SIDE, line * SIDE
    shell = (at(x, y), at(x + SIDE, y), at(x + SIDE, y + SIDE), at(x, y + SIDE), at(x, y))
    attributes = {"code_cs": FIELD.cs, "code_us": FIELD.us, "ossature": 0, "margin_of": None}
    attributes |= {"source": "calcul", "confidence": 0.5, "area_m2": SIDE**2, **values}
    return PolygonRow(name, attributes, encode((shell,)))


@pytest.fixture
def rows() -> Rows:
    """Fields `00` to `22`, column then line; the middle one is `11`."""
    return {f"{c}{r}": square(f"{c}{r}", c, r) for c in range(3) for r in range(3)}


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.load()


@pytest.fixture
def new_id():
    numbers = itertools.count(1)
    return lambda: f"N{next(numbers)}"


def after(rows: Rows, patch: Patch) -> Rows:
    """The coverage with the patch, once it is sure that it still is one."""
    made = applied(rows, patch)
    judge(made, rows)
    judge_patch(patch)
    assert applied(made, patch.inverse) == rows
    return made


def ground(row: PolygonRow) -> float:
    return shapely.from_wkb(row.wkb).area


def box(x0: float, y0: float, x1: float, y1: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    return ((at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)),)


def test_an_inserted_polygon_takes_its_ground_from_all_underneath(rows, profile, new_id):
    patch = gestures.insert_polygon(box(50, 50, 250, 250), WOOD, rows.values(), new_id, profile)
    made = after(rows, patch)
    new = patch.after[0]
    assert (new.id, new.cs, new.us) == ("N1", WOOD.cs, WOOD.us)
    assert ground(new) == pytest.approx(200 * 200)
    assert patch.before[0].id == "11"
    assert patch.removed_ids == ("11",)
    assert ground(made["00"]) == pytest.approx(100 * 100 - 50 * 50)
    assert new.attributes["confidence"] is None
    assert new.attributes["source"] == "calcul"
    assert new.attributes["cs_rule"] == gestures.OPERATOR_RULE


def test_an_island_is_inserted_whole_and_leaves_the_neighbours_alone(rows, profile, new_id):
    patch = gestures.insert_polygon(box(120, 120, 140, 140), HOUSE, rows.values(), new_id, profile)
    made = after(rows, patch)
    assert [row.id for row in patch.before] == ["11"]
    assert len(made["11"].polygon) == 2


def test_locked_and_read_only_ground_is_left_out(rows, profile, new_id):
    rows |= {"01": square("01", 0, 1, ossature=1), "11": square("11", 1, 1, margin_of="lot B")}
    patch = gestures.insert_polygon(box(50, 50, 150, 250), WOOD, rows.values(), new_id, profile)
    made = after(rows, patch)
    pieces = [row for row in patch.after if row.id.startswith("N")]
    assert sorted(ground(row) for row in pieces) == pytest.approx([5000, 5000])
    assert ground(made["01"]) == ground(made["11"]) == pytest.approx(SIDE**2)
    assert len(made["01"].polygon[0]) > len(rows["01"].polygon[0]), "its neighbours' vertices"
    with pytest.raises(LockedPolygonError):
        gestures.insert_polygon(box(20, 120, 40, 140), WOOD, rows.values(), new_id, profile)
    with pytest.raises(MarginPolygonError):
        gestures.insert_polygon(box(120, 120, 140, 140), WOOD, rows.values(), new_id, profile)


def test_a_segment_grows_the_neighbour_that_it_continues(rows, profile, new_id):
    rows["21"] = square("21", 2, 1, code_cs=WOOD.cs, code_us=WOOD.us)
    patch = gestures.take_segment(box(150, 120, 200, 180), WOOD, rows.values(), new_id, profile)
    assert {row.id for row in patch.after} == {"21", "11"}
    assert patch.after[0].id == "21"
    assert ground(after(rows, patch)["21"]) == pytest.approx(SIDE**2 + 50 * 60)
    alone = gestures.take_segment(box(150, 120, 200, 180), WOOD, rows.values(), new_id, profile, join=False)
    assert alone.after[0].id == "N1"


def test_what_a_drawing_leaves_under_a_square_metre_goes_along_with_it(rows, profile, new_id):
    patch = gestures.insert_polygon(
        box(100.005, 100.005, 199.995, 199.95), WOOD, rows.values(), new_id, profile
    )
    assert patch.removed_ids == ("11",)
    assert ground(patch.after[0]) == pytest.approx(SIDE**2)
    after(rows, patch)
    with pytest.raises(SliverError):
        gestures.insert_polygon(box(120, 120, 120.5, 120.5), WOOD, rows.values(), new_id, profile)


def test_a_shape_drawn_along_a_border_uses_its_vertices(rows, profile, new_id):
    patch = gestures.insert_polygon(box(100.006, 99.994, 150, 200.004), WOOD, rows.values(), new_id, profile)
    assert at(100, 100) in patch.after[0].polygon[0]
    assert at(100, 200) in patch.after[0].polygon[0]
    assert {row.id for row in patch.before} == {"11", "10", "12"}
    after(rows, patch)


def test_a_shape_that_crosses_itself_is_refused(rows, profile, new_id):
    bow = ((at(10, 10), at(90, 90), at(90, 10), at(10, 90)),)
    with pytest.raises(LineCrossesItselfError):
        gestures.insert_polygon(bow, WOOD, rows.values(), new_id, profile)


def test_a_shape_may_touch_itself_at_a_corner(rows, profile, new_id):
    eight = [at(10, 10), at(50, 10), at(50, 50), at(90, 50), at(90, 90), at(50, 90), at(50, 50), at(10, 50)]
    patch = gestures.insert_polygon((tuple(eight),), WOOD, rows.values(), new_id, profile)
    made = after(rows, patch)
    assert (ground(made["N1"]), ground(made["N2"])) == (pytest.approx(1600), pytest.approx(1600))


@pytest.mark.parametrize("line", [[], [at(150, 150)], [at(150, 150), at(150, 150)]])
def test_a_line_without_length_is_refused(rows, profile, new_id, line):
    with pytest.raises(LineChangesNothingError):
        gestures.reshape(rows["11"], line, rows.values(), new_id, reach_m=1.0)
    with pytest.raises(LineChangesNothingError):
        gestures.align(rows["11"], line, 3.0, rows.values(), new_id)
    with pytest.raises(LineDoesNotCrossError):
        gestures.split_by(rows["11"], line, rows.values(), new_id)
    with pytest.raises(SliverError):
        gestures.road(line, 5.0, ROAD, rows.values(), new_id, profile)


def test_a_place_that_is_no_number_is_refused(rows, new_id):
    with pytest.raises(InvalidResultError):
        gestures.split_by(rows["11"], [at(150, 50), at(150, math.nan)], rows.values(), new_id)


def test_a_road_has_its_width_flat_ends_and_mitred_corners(rows, profile, new_id):
    straight = gestures.road([at(20, 50), at(250, 50)], 6, ROAD, rows.values(), new_id, profile)
    assert ground(straight.after[0]) == pytest.approx(230 * 6)
    after(rows, straight)
    corner = gestures.road([at(50, 50), at(250, 50), at(250, 250)], 10, ROAD, rows.values(), new_id, profile)
    assert ground(corner.after[0]) == pytest.approx(2 * 200 * 10)
    assert len(corner.after[0].polygon[0]) - 1 == 6 + 8, (
        "six corners, two where each of four borders is crossed"
    )
    after(rows, corner)


def test_a_corner_reaches_farther_than_the_width_but_not_past_its_limit():
    tip = max(x for x, _ in ribbon([at(-100, 46), at(0, 0), at(-100, -46)], 10)[0]) - X
    assert 10 < tip < MITRE_LIMIT * 10 / 2


def test_a_road_all_around_leaves_a_hole():
    ring = ribbon([at(0, 0), at(100, 0), at(100, 100), at(0, 100), at(0, 0)], 10)
    assert len(ring) == 2
    assert shapely.Polygon(ring[0], ring[1:]).area == pytest.approx(110**2 - 90**2)


def test_a_border_moves_both_ways_along_one_line(rows, new_id):
    line = [at(200, 110), at(220, 115), at(220, 145), at(180, 155), at(180, 185), at(200, 190)]
    patch = gestures.reshape(rows["11"], line, rows.values(), new_id)
    made = after(rows, patch)
    assert {row.id for row in patch.before} == {"11", "21"}
    assert patch.after[0].id == "11"
    drawn = shapely.LineString(line).buffer(0.001)
    common = shapely.from_wkb(made["11"].wkb).intersection(shapely.from_wkb(made["21"].wkb))
    assert drawn.intersection(common).length == pytest.approx(shapely.LineString(line).length, abs=0.1)


def test_a_border_between_two_neighbours_follows_the_one_it_meets(rows, new_id):
    patch = gestures.reshape(rows["11"], [at(150, 200), at(150, 190), at(200, 190)], rows.values(), new_id)
    after(rows, patch)
    rows["11"] = square("11", 1, 1)
    inwards = [at(130, 100), at(130, 110), at(190, 110), at(190, 170), at(200, 170)]
    made = after(rows, gestures.reshape(rows["11"], inwards, rows.values(), new_id))
    assert ground(made["10"]) > SIDE**2
    assert ground(made["21"]) > SIDE**2
    assert ground(made["20"]) == pytest.approx(SIDE**2)


def test_a_line_may_end_on_a_third_polygons_border(rows, new_id):
    patch = gestures.reshape(rows["11"], [at(210, 90), at(210, 210)], rows.values(), new_id)
    made = after(rows, patch)
    assert ground(made["11"]) == pytest.approx(110 * 100)
    assert ground(made["21"]) == pytest.approx(90 * 100)


def test_ends_drawn_just_short_of_a_border_reach_it(rows, new_id):
    line = [at(201, 120), at(220, 130), at(220, 160), at(201, 170)]
    with pytest.raises(LineChangesNothingError):
        gestures.reshape(rows["11"], line, rows.values(), new_id)
    made = after(rows, gestures.reshape(rows["11"], line, rows.values(), new_id, reach_m=2.0))
    assert ground(made["11"]) > SIDE**2 + 600


def test_a_border_moves_up_to_the_skeleton_and_no_farther(rows, new_id):
    rows["21"] = square("21", 2, 1, ossature=1)
    with pytest.raises(LineChangesNothingError):
        gestures.reshape(rows["11"], [at(200, 120), at(250, 150), at(200, 180)], rows.values(), new_id)
    with pytest.raises(NoNeighbourError):
        gestures.reshape(rows["11"], [at(200, 120), at(150, 150), at(200, 180)], rows.values(), new_id)
    with pytest.raises(LockedPolygonError):
        gestures.reshape(rows["21"], [at(200, 120), at(150, 150), at(200, 180)], rows.values(), new_id)


@pytest.mark.parametrize("offset", [1.5, -1.5])
def test_a_border_aligns_to_a_reference_and_takes_its_ends_along(rows, new_id, offset):
    reference = [at(200 + offset, -50), at(200 + offset, 350)]
    made = after(rows, gestures.align(rows["11"], reference, 3.0, rows.values(), new_id))
    assert ground(made["11"]) == pytest.approx(SIDE**2 + offset * SIDE)
    assert ground(made["21"]) == pytest.approx(SIDE**2 - offset * SIDE)
    assert ground(made["12"]) == pytest.approx(SIDE**2)
    with pytest.raises(LineChangesNothingError):
        gestures.align(made["11"], reference, 3.0, made.values(), new_id)
    with pytest.raises(LineChangesNothingError):
        gestures.align(rows["11"], [at(150, -50), at(150, 350)], 3.0, rows.values(), new_id)


@pytest.mark.parametrize(
    ("reference", "area_m2"),
    [
        ([at(199, 90), at(202, 210)], 10_050),
        ([at(198, 50), at(198, 198), at(50, 198)], 98 * 98),
        ([at(150, 198), at(102, 198), at(102, 102), at(198, 102), at(198, 198), at(150, 198)], 96 * 96),
    ],
    ids=["crossing", "corner", "all around"],
)
def test_a_border_aligns_to_lines_that_cross_bend_or_close(rows, new_id, reference, area_m2):
    made = after(rows, gestures.align(rows["11"], reference, 3.0, rows.values(), new_id))
    assert ground(made["11"]) == pytest.approx(area_m2, abs=0.1)


def test_a_border_does_not_follow_a_reference_that_goes_away_and_comes_back(rows, new_id):
    spike = [at(270, 150), at(270, 155), at(201, 155)]
    reference = [at(201, 50), at(201, 150), *spike, at(201, 350)]
    made = after(rows, gestures.align(rows["11"], reference, 3.0, rows.values(), new_id))
    assert ground(made["11"]) == pytest.approx(SIDE**2 + SIDE, abs=5)
    assert ground(made["21"]) == pytest.approx(SIDE**2 - SIDE, abs=5)
    assert len(made) == len(rows)


def test_a_polygon_is_absorbed_by_the_neighbour_with_border_and_codes_alike(rows, profile):
    rows["21"] = square("21", 2, 1, code_cs=WOOD.cs, code_us=WOOD.us)
    rows["10"] = square("10", 1, 0, ossature=1)
    rows["11"] = square("11", 1, 1, code_cs="CS2.1.1.2", code_us=WOOD.us)
    patch = gestures.absorb(rows["11"], rows.values(), profile)
    assert patch.after[0].id == "21"
    assert patch.removed_ids == ("11",)
    after(rows, patch)
    alone = {key: square(key, int(key[0]), int(key[1]), ossature=int(key != "11")) for key in rows}
    with pytest.raises(NoNeighbourError):
        gestures.absorb(alone["11"], alone.values(), profile)


def test_several_polygons_get_both_codes_at_once(rows, profile):
    patch = gestures.set_codes([rows["00"], rows["01"]], {"cs": WOOD.cs, "us": WOOD.us}, profile)
    assert {(row.cs, row.us) for row in patch.after} == {(WOOD.cs, WOOD.us)}


def test_a_new_vertex_on_a_border_that_does_not_match_is_refused(rows, profile, new_id):
    # Its long side faces two fields: no vertex of it lies between them.
    long = (at(300, 0), at(400, 0), at(400, 200), at(300, 200), at(300, 0))
    rows["30"] = square("30", 3, 0).with_polygon((long,))
    with pytest.raises(BrokenCoverageError):
        gestures.insert_polygon(box(250, 20, 350, 40), WOOD, rows.values(), new_id, profile)


def test_thresholds_depend_on_the_zone(rows, profile, new_id):
    patch = gestures.insert_polygon(box(120, 120, 150, 150), FIELD, rows.values(), new_id, profile)
    assert [small.minimum_m2 for small in effects(patch, rows.values(), lambda row: 0.0, profile).broken] == [
        2500
    ]
    assert not effects(patch, rows.values(), lambda row: 1.0, profile).broken
    made = applied(rows, patch)
    back = gestures.merge_into(made["N1"], made["11"])
    assert [small.polygon_id for small in effects(back, made.values(), lambda row: 0.0, profile).healed] == [
        "N1"
    ]


def test_what_was_delivered_too_small_is_not_excused_when_it_is_made_smaller(rows, profile, new_id):
    rows["11"] = rows["11"].with_values(excuse="as_delivered")
    patch = gestures.split_by(rows["11"], [at(105, 90), at(105, 210)], rows.values(), new_id)
    seen = effects(patch, rows.values(), lambda row: 1.0, profile)
    assert [small.polygon_id for small in seen.broken] == []
    patch = gestures.split_by(rows["11"], [at(104, 90), at(104, 210)], rows.values(), new_id)
    seen = effects(patch, rows.values(), lambda row: 1.0, profile)
    assert [round(small.area_m2) for small in seen.broken] == [400]
    assert {row.attributes["excuse"] for row in patch.after[:2]} == {None}


def test_what_comes_under_its_minimum_is_refused_unless_the_profile_only_warns(rows, profile, new_id):
    patch = gestures.insert_polygon(box(120, 120, 150, 150), FIELD, rows.values(), new_id, profile)
    require_thresholds(patch, lambda row: 1.0, profile)
    with pytest.raises(BelowMinimumError, match="900"):
        require_thresholds(patch, lambda row: 0.0, profile)
    review = {**profile.rules["review"], "gestures": {"below_minimum": "warn"}}
    lenient = replace(profile, rules={**profile.rules, "review": review})
    require_thresholds(patch, lambda row: 0.0, lenient)


def test_artificialisation_follows_the_matrix_then_small_clusters(rows, profile, new_id):
    def seen(side: float, codes: Codes):
        shape = box(110, 110, 110 + side, 110 + side)
        patch = gestures.insert_polygon(shape, codes, rows.values(), new_id, profile)
        return effects(patch, rows.values(), lambda row: 1.0, profile)

    large, small, house = seen(60, ROAD), seen(40, ROAD), seen(10, HOUSE)
    assert large.artificialised_m2 == pytest.approx(3600)
    assert large.flipped == (("N1", True),)
    assert not seen(60, WOOD).flipped, "new, but on ground that was not artificialised either"
    assert (small.matrix_after_m2, small.artificialised_m2) == (pytest.approx(1600), 0)
    assert house.artificialised_m2 == pytest.approx(100), "built ground stays, however small"


def test_a_small_clearing_in_artificialised_ground_counts_with_it(rows, profile):
    rows = {
        key: gestures.set_codes([row], {"cs": ROAD.cs, "us": ROAD.us}, profile).after[0]
        for key, row in rows.items()
    }
    shape = box(110, 110, 140, 140)
    patch = gestures.insert_polygon(shape, WOOD, rows.values(), lambda: "N", profile)
    seen = effects(patch, rows.values(), lambda row: 1.0, profile)
    assert seen.matrix_after_m2 - seen.matrix_before_m2 == pytest.approx(-900)
    assert seen.artificialised_m2 == pytest.approx(0)


def test_a_clearing_in_a_small_place_follows_the_ground_around_both(rows, profile, new_id):
    shape = (*box(110, 110, 140, 140), *box(120, 120, 130, 130))
    patch = gestures.insert_polygon(shape, ROAD, rows.values(), new_id, profile)
    seen = effects(patch, rows.values(), lambda row: 1.0, profile)
    assert seen.matrix_after_m2 == pytest.approx(800)
    assert seen.artificialised_m2 == 0
    assert not seen.flipped


def test_an_unlikely_couple_is_said_once(rows, profile):
    patch = gestures.set_codes([rows["11"]], {"cs": "CS1.1.1.1", "us": "US6.3"}, profile)
    ((polygon_id, pair),) = effects(patch, rows.values(), lambda row: 1.0, profile).unlikely
    assert polygon_id == "11"
    assert pair.text("fr") != pair.text("en")
    again = gestures.set_codes([patch.after[0]], {"cs": "CS1.1.1.1"}, profile)
    assert not effects(again, rows.values(), lambda row: 1.0, profile).unlikely


def test_a_mitre_that_would_be_too_long_is_cut_off():
    sharp = shapely.Polygon(ribbon([at(0, 0), at(100, 0), at(0, 10)], 4)[0])
    assert sharp.bounds[2] < X + 100 + 2.5 * 2 + 0.01
    assert math.isclose(sharp.area, sharp.buffer(0).area)
