# SPDX-License-Identifier: GPL-2.0-or-later
"""Chances of acceptance against printed figures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import hypergeom

from inference_backend.quality.acceptance.characteristic import (
    CountPlan,
    acceptance_chance,
    curve,
    quality_at,
)

MONTGOMERY_89_2 = {
    0.005: 0.9897,
    0.010: 0.9397,
    0.020: 0.7366,
    0.030: 0.4985,
    0.040: 0.3042,
    0.050: 0.1721,
    0.060: 0.0919,
    0.070: 0.0468,
    0.080: 0.0230,
    0.090: 0.0109,
}
"""D. C. Montgomery, Introduction to Statistical Quality Control, 6th ed. 2009, table 15.2: n = 89, c = 2."""
LIMITING_QUALITY_10_PERCENT = [(80, 0, 2.8), (80, 1, 4.8), (80, 2, 6.5), (80, 3, 8.2), (80, 5, 11.0)]
"""MIL-STD-105E, table VI-A, letter J: percent defective accepted once in ten."""


def test_binomial_chances_are_the_printed_ones() -> None:
    found = acceptance_chance(CountPlan(89, 2), list(MONTGOMERY_89_2))
    assert np.round(found, 4).tolist() == list(MONTGOMERY_89_2.values())


@pytest.mark.parametrize(("size", "accept", "percent"), LIMITING_QUALITY_10_PERCENT)
def test_quality_accepted_once_in_ten_is_the_printed_one(size: int, accept: int, percent: float) -> None:
    found = quality_at(CountPlan(size, accept), 0.1)
    assert found is not None
    assert 100 * found == pytest.approx(percent, abs=0.051 if percent < 10 else 0.51)


def test_in_a_lot_the_units_that_were_judged_are_known() -> None:
    whole = CountPlan(50, 2, 50)
    assert acceptance_chance(whole, [0.04, 0.06]).tolist() == [1.0, 0.0]
    part = acceptance_chance(CountPlan(20, 1, 100), [0.1])[0]
    assert part == pytest.approx(hypergeom.pmf([0, 1], 100, 10, 20).sum())


def test_curve_falls_from_one_to_nearly_nothing() -> None:
    points = np.array(curve(CountPlan(80, 2)))
    assert points[0].tolist() == [0.0, 1.0]
    assert np.all(np.diff(points[:, 1]) <= 0)
    assert points[-1, 1] < 0.01


def test_a_sample_that_no_count_accepts_has_no_quality() -> None:
    assert quality_at(CountPlan(5, -1), 0.1) is None
    assert all(chance == 0 for _, chance in curve(CountPlan(5, -1)))
