# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import shapely

from inference_backend.errors import VectorError
from inference_backend.quality.accuracy import compare
from inference_backend.quality.overlay import overlay
from inference_backend.quality.queue_value import queue_value
from tests.backend.quality.layers import X0, Y0, board, square, write_ocsge


def test_overlay_gives_every_shared_area_once():
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 100, (60, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    frame = shapely.box(0, 0, 100, 100)
    first = np.array([shapely.intersection(c, frame) for c in cells], dtype=object)
    second = np.array([shapely.box(i * 10, j * 10, i * 10 + 10, j * 10 + 10)
        for i in range(10) for j in range(10)], dtype=object)  # fmt: skip

    pairs = overlay(first, second)

    by_first = np.bincount(pairs.first, pairs.area_m2, len(first))
    by_second = np.bincount(pairs.second, pairs.area_m2, len(second))
    assert by_first == pytest.approx(shapely.area(first))
    assert by_second == pytest.approx(shapely.area(second))


def test_accuracy_by_area_of_cover_and_use_apart(tmp_path):
    truth = write_ocsge(
        tmp_path / "t.gpkg",
        [square(0, 0), square(1, 0)],
        ["CS2.2.1", "CS1.1.1.1"],
        ["US1.1", "US5"],
        layer="t",
    )
    # A quarter of the left cell is given to the right one, whose use is wrong.
    left = shapely.box(X0, Y0, X0 + 75, Y0 + 100)
    right = shapely.box(X0 + 75, Y0, X0 + 200, Y0 + 100)
    lot = write_ocsge(tmp_path / "l.gpkg", [left, right], ["CS2.2.1", "CS1.1.1.1"], ["US1.1", "US3"])

    report = compare(lot, truth, "t")

    assert report.area_m2 == pytest.approx(20_000)
    assert report.cs.accuracy == pytest.approx(17_500 / 20_000)
    assert report.us.accuracy == pytest.approx(7_500 / 20_000)
    assert report.both == pytest.approx(7_500 / 20_000)
    assert report.cs.producer_accuracy() == pytest.approx({"CS2.2.1": 0.75, "CS1.1.1.1": 1.0})
    assert report.cs.user_accuracy() == pytest.approx({"CS2.2.1": 1.0, "CS1.1.1.1": 0.8})
    assert report.us.user_accuracy() == pytest.approx({"US1.1": 1.0, "US3": 0.0})
    assert report.queue is None


def test_queue_is_read_by_rank_and_valued(tmp_path):
    cells = board(10, 2)
    truth = write_ocsge(tmp_path / "t.gpkg", cells, "CS2.2.1", layer="t")
    cs = ["CS2.2.1"] * 20
    cs[13] = cs[4] = "CS1.2.2"
    lot = write_ocsge(tmp_path / "l.gpkg", cells, cs)
    ids = [f"OCSGE{i:010d}" for i in (13, 7, 4)]
    pyogrio.raw.write(
        lot,
        shapely.to_wkb(shapely.points([[X0, Y0]] * 3)),
        [np.array([3, 2, 1]), np.array(ids[::-1], dtype=object)],
        ["rank", "polygon_id"],
        layer="review_item",
        geometry_type="Point",
        crs="EPSG:2154",
        append=True,
    )

    value = compare(lot, truth, "t").queue

    assert (value.items, value.head_items) == (3, 1)
    assert value.share_of_polygons == pytest.approx(0.15)
    assert value.errors_in_queue == pytest.approx(1.0)
    assert value.head_errors == pytest.approx(0.5)
    assert value.head_area == pytest.approx(0.05)
    assert value.tenth_of_area_errors == pytest.approx(0.5)


def test_a_random_queue_is_worth_its_area():
    rng = np.random.default_rng(1)
    area = rng.uniform(1, 2, 20_000)
    wrong = area * (rng.random(20_000) < 0.2)

    value = queue_value(rng.permutation(20_000).tolist(), wrong, area)

    assert value.tenth_of_area_errors == pytest.approx(0.1, abs=0.01)
    assert value.head_errors == pytest.approx(value.head_area, abs=0.01)


def test_a_perfect_queue_finds_all_errors_first():
    area = np.ones(100)
    wrong = np.r_[np.ones(5), np.zeros(95)]

    value = queue_value(list(range(100)), wrong, area)

    assert value.tenth_of_area_errors == pytest.approx(1.0)
    assert value.head_errors == pytest.approx(1.0)
    assert value.random_by_count == pytest.approx(0.1)


def test_truth_in_another_crs_is_refused(tmp_path):
    truth = tmp_path / "t.gpkg"
    write_ocsge(tmp_path / "l.gpkg", [square(0, 0)])
    pyogrio.raw.write(
        truth, shapely.to_wkb(np.array([square(0, 0)], dtype=object)), [np.array(["CS2.2.1"], dtype=object)],
        ["code_cs"], layer="t", geometry_type="Polygon", crs="EPSG:32631",
    )  # fmt: skip

    with pytest.raises(VectorError, match="Reproject"):
        compare(tmp_path / "l.gpkg", truth, "t")
