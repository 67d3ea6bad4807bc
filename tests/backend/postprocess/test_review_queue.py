# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
import shapely
from rasterio.crs import CRS
from rasterio.transform import from_origin

from inference_backend.contracts.lot import Reason
from inference_backend.grid import Grid
from inference_backend.postprocess.review.expected_error import expected_error, lacks_source
from inference_backend.postprocess.review.review_queue import build_queue
from inference_backend.postprocess.types import LandCover


@pytest.fixture
def cover():
    """A row of squares; a column not given is that of a polygon nobody needs to see."""

    def make(count, side_m=50.0, **columns):
        boxes = [shapely.box(side_m * i, 0, side_m * (i + 1), side_m) for i in range(count)]
        defaults = {
            "id": [f"OCSGE{i:010d}" for i in range(count)], "code_cs": "CS2.2.1", "code_us": "US1.1",
            "ossature": 0, "id_origine": "NC", "confidence": 0.99, "margin": 0.98, "runner_up_cs": None,
            "undecided_share": 0.0, "us_confidence": 0.97,
        }  # fmt: skip
        table = {}
        for name, value in {**defaults, **columns}.items():
            values = value if isinstance(value, list) else [value] * count
            table[name] = np.array(values, dtype=object if name in ("id", "code_cs", "code_us",
                "runner_up_cs", "id_origine", "us_rule") else None)  # fmt: skip
        grid = Grid(10, 10, from_origin(0, 10, 1, 1), CRS.from_epsg(2154))
        return LandCover(np.array(boxes, dtype=object), table, grid)

    return make


def test_sure_polygons_are_not_sent_to_review(cover, profile):
    assert build_queue(cover(20), profile) == []


def test_least_sure_comes_first_with_its_reasons_and_a_point_inside(cover, profile):
    confidence = [0.99] * 20
    confidence[7], confidence[3] = 0.2, 0.4
    sample = cover(20, confidence=confidence, margin=[0.98] * 7 + [0.1] + [0.98] * 12)

    queue = build_queue(sample, profile)

    assert [row["polygon_id"][-2:] for row in queue] == ["07", "03"]
    assert [row["rank"] for row in queue] == [1, 2]
    assert set(queue[0]["reasons"].split(",")) == {Reason.LOW_CONFIDENCE, Reason.SMALL_MARGIN}
    assert shapely.contains(sample.geometry[7], queue[0]["geom"])
    assert queue[0]["priority"] > queue[1]["priority"]


def test_flip_of_artificialisation_raises_an_otherwise_equal_polygon(cover, profile):
    sample = cover(
        20,
        confidence=[0.4, 0.4] + [0.99] * 18,
        code_cs=["CS2.2.1"] * 20,
        runner_up_cs=["CS2.1.2", "CS1.1.1.2"] + [None] * 18,
    )

    queue = build_queue(sample, profile)

    assert queue[0]["polygon_id"].endswith("1")
    assert Reason.ARTIFICIALISATION_AT_STAKE in queue[0]["reasons"]
    assert Reason.ARTIFICIALISATION_AT_STAKE not in queue[1]["reasons"]


def test_contradicted_reference_and_default_use_are_named(cover, profile):
    sample = cover(20, disagree_share=[0.9] + [0.0] * 19, us_confidence=[0.97] + [0.3] + [0.97] * 18)

    reasons = {row["polygon_id"][-1]: row["reasons"] for row in build_queue(sample, profile)}

    assert reasons == {"0": Reason.REFERENCE_DISAGREES, "1": Reason.USE_BY_DEFAULT}


def test_share_sent_to_review_is_limited_and_keeps_the_most_useful(cover, profile):
    sample = cover(100, confidence=[0.1 + 0.004 * i for i in range(100)])

    queue = build_queue(sample, profile)

    assert len(queue) == round(100 * profile.number("review", "maximum_share_of_polygons"))
    assert [row["polygon_id"] for row in queue] == [f"OCSGE{i:010d}" for i in range(len(queue))]


def test_order_does_not_depend_on_the_order_of_the_rows(cover, profile):
    sample = cover(30, confidence=0.3)
    shuffled = np.random.default_rng(0).permutation(30)
    other = LandCover(
        sample.geometry[shuffled], {k: v[shuffled] for k, v in sample.columns.items()}, sample.grid
    )

    def ids(rows):
        return [row["polygon_id"] for row in rows]

    # Squares further east are translated copies: rounding of areas may differ, identifiers decide ties.
    assert ids(build_queue(sample, profile)) == ids(build_queue(other, profile))


def test_class_raster_alone_uses_the_known_weakness_of_classes(cover, profile):
    sample = cover(2, confidence=np.nan, margin=np.nan, code_cs=["CS1.1.1.2", "CS1.2.2"], us_confidence=0.3)

    hard_ground, water = expected_error(sample, profile)

    assert 1 > hard_ground > water > 0


def test_what_makes_an_error_likelier_never_makes_it_less_likely(cover, profile):
    worse = {
        "confidence": [0.9, 0.6, 0.3], "margin": [0.8, 0.4, 0.0], "undecided_share": [0.0, 0.4, 1.0],
        "merged_share": [0.0, 0.4, 1.0], "disagree_share": [0.0, 0.4, 1.0], "us_confidence": [0.9, 0.6, 0.3],
    }  # fmt: skip
    for column, values in worse.items():
        for origin in ("NC", "BATIMENT1"):
            error = expected_error(cover(3, **{column: values}, id_origine=origin), profile)
            assert (np.diff(error) >= 0).all(), column


def test_an_object_that_references_should_know_is_said_to_lack_its_source(cover, profile):
    sample = cover(
        4,
        confidence=0.3,
        code_cs=["CS1.1.1.1", "CS1.1.1.1", "CS2.1.1.1", "CS2.2.1"],
        id_origine=["NC", "BATIMENT1", "NC", "NC"],
        us_rule=["grounds of a building", None, None, None],
    )

    missing = lacks_source(sample, profile)

    # The wood is smaller than what BD Forêt maps; no reference knows every meadow.
    assert missing.tolist() == [True, False, False, False]
    queue = {row["polygon_id"][-1]: row["reasons"] for row in build_queue(sample, profile)}
    assert Reason.MISSING_SOURCE in queue["0"]


def test_the_chance_of_an_error_is_kept_with_the_polygons(cover, profile):
    sample = cover(20, confidence=0.3)

    build_queue(sample, profile)

    assert sample.columns["expected_error"] == pytest.approx(expected_error(sample, profile))


def test_nothing_gives_an_empty_queue(cover, profile):
    assert build_queue(cover(0), profile) == []
