# SPDX-License-Identifier: GPL-2.0-or-later
"""Edges that do not match are found, and where GEOS alone would see some that do."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from inference_backend.progress import Cancelled
from inference_backend.quality import edge_match, partition, places
from inference_backend.quality.edge_match import unmatched
from inference_backend.quality.partition import PartitionMeasure, measure_partition

HOLED = Polygon([(-12, 2), (0, 0), (4, 0), (4, 6), (-12, 6)], [[(0, 0), (0, 2), (-1, 2.3)]])
ISLAND = Polygon([(0, 0), (0, 2), (-1, 2.3)])
BESIDE = Polygon([(0, 0), (4, 0), (6, -4), (3.6, -0.6)])


def found(*polygons):
    return unmatched(np.array(polygons, dtype=object)).tolist()


def test_an_edge_where_a_hole_touches_its_shell_is_no_fault():
    assert not shapely.coverage_is_valid([HOLED, ISLAND, BESIDE]), "GEOS has learnt it: drop the module"
    assert found(HOLED, ISLAND, BESIDE) == [False] * 3
    measured = measure_partition(np.array([HOLED, ISLAND, BESIDE], dtype=object))
    assert measured.edge_matched
    assert measured.overlap_m2 == measured.gap_m2 == 0


@pytest.mark.parametrize(
    ("polygons", "flagged"),
    [
        ((box(0, 0, 2, 2), box(2, 0, 4, 2)), [False, False]),
        ((box(0, 0, 2.5, 2), box(2, 0, 4, 2)), [True, True]),
        ((box(0, 0, 9, 9), box(2, 2, 4, 4)), [False, True]),
        ((box(0, 0, 2, 2), box(0, 0, 2, 2)), [True, True]),
        ((box(0, 0, 2, 2), box(2, 0, 4, 1), box(2, 1, 4, 2)), [True, True, True]),
        ((box(0, 0, 2, 2), box(5, 5, 6, 6)), [False, False]),
    ],
)
def test_what_geos_finds_rightly_stays_found(polygons, flagged):
    assert found(*polygons) == flagged


def test_a_fault_beside_a_false_alarm_is_found():
    assert found(HOLED, ISLAND, BESIDE, box(3, -3, 5, -1)) == [False, False, True, True]


def test_nothing_has_no_faults():
    assert found(box(0, 0, 1, 1)) == [False]


def test_a_large_layer_is_judged_place_by_place_as_it_is_at_once(monkeypatch):
    side = 40
    cells = np.array([box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)], dtype=object)
    cells[333] = box(13, 8, 14.2, 9)  # over its neighbour
    cells[1000] = box(0, 25, 1, 25.5)  # less than its place
    cells = np.random.default_rng(1).permutation(cells)
    at_once = measure_partition(cells)
    flagged = unmatched(cells)
    for module in (edge_match, partition, places):
        monkeypatch.setattr(module, "PART", 64)
    assert 20 < len(places.places_apart(cells)) <= 40
    assert sorted(np.concatenate(places.places_apart(cells))) == list(range(side * side))
    assert (unmatched(cells) == flagged).all()
    assert flagged.sum() > 3
    assert measure_partition(cells) == at_once


def test_a_clean_layer_joined_place_by_place_has_no_gap_but_the_one_cut_into_it(monkeypatch):
    cells = np.array([box(x, y, x + 1, y + 1) for y in range(20) for x in range(20)], dtype=object)
    for module in (edge_match, partition, places):
        monkeypatch.setattr(module, "PART", 16)
    assert measure_partition(cells) == PartitionMeasure(0.0, 0, 0.0, 0, edge_matched=True)
    assert measure_partition(np.delete(cells, 190)) == PartitionMeasure(1.0, 1, 0.0, 0, edge_matched=True)


def test_a_measure_ends_where_it_is_cancelled(monkeypatch):
    class Stops:
        def update(self, share, message=""):
            raise Cancelled

    for module in (edge_match, places):
        monkeypatch.setattr(module, "PART", 16)
    cells = np.array([box(x, 0, x + 1, 1) for x in range(64)], dtype=object)
    with pytest.raises(Cancelled):
        unmatched(cells, Stops())
