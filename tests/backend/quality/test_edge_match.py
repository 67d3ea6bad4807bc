# SPDX-License-Identifier: GPL-2.0-or-later
"""Edges that do not match are found, and where GEOS alone would see some that do."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from inference_backend.quality.edge_match import unmatched
from inference_backend.quality.partition import measure_partition

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
