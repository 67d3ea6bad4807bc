# SPDX-License-Identifier: GPL-2.0-or-later
"""The interval of many lots together holds what it promises."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from inference_backend.indicators.combined_accuracy import combined
from inference_backend.indicators.lot_summary import Share

DRAWS = 2_000


def test_one_lot_keeps_its_own_interval():
    found = combined([(5.0, Share(0.9, 0.83, 0.94, 100))])
    assert (found.value, found.low, found.high) == pytest.approx((0.9, 0.83, 0.94))


def test_distances_to_the_limits_add_up_in_squares():
    # Two lots of equal weight: half of sqrt(0.06² + 0.08²) below, half of sqrt(0.03² + 0.04²) above.
    found = combined([(1.0, Share(0.9, 0.84, 0.93, 50)), (1.0, Share(0.8, 0.72, 0.84, 50))])
    assert (found.value, found.low, found.high) == pytest.approx((0.85, 0.80, 0.875))
    assert found.units == 100


def test_a_lot_whose_interval_is_not_known_leaves_the_whole_without_one():
    found = combined([(1.0, Share(0.9, 0.8, 0.95, 50)), (1.0, Share(1.0, None, None, 1))])
    assert (found.value, found.low, found.high) == (pytest.approx(0.95), None, None)


def test_a_lot_without_an_estimate_counts_in_the_weight_alone():
    found = combined([(3.0, Share(0.9, 0.8, 0.95, 50)), (1.0, None)])
    assert (found.value, found.weight_share, found.lots) == (pytest.approx(0.9), pytest.approx(0.75), 1)


def test_nothing_is_nothing():
    assert combined([]).weight_share is None
    assert combined([(1.0, None)]).value is None


@pytest.mark.parametrize("truths", [(0.95, 0.9, 0.97, 0.93), (0.995, 0.99, 0.999, 0.98)])
def test_the_interval_covers_the_truth_as_often_as_it_says(truths):
    random, units = np.random.default_rng(7), 120
    weights = np.array([1.0, 3.0, 2.0, 5.0])
    truth = float(np.average(truths, weights=weights))
    hits = 0
    for counts in random.binomial(units, truths, (DRAWS, len(truths))):
        shares = [_wilson(int(right), units) for right in counts]
        found = combined(list(zip(weights.tolist(), shares, strict=True)))
        hits += found.low <= truth <= found.high
    assert 0.93 <= hits / DRAWS <= 0.975


_CACHE: dict[int, Share] = {}


def _wilson(right: int, units: int) -> Share:
    if right not in _CACHE:
        limits = stats.binomtest(right, units).proportion_ci(0.95, method="wilson")
        _CACHE[right] = Share(right / units, limits.low, limits.high, units)
    return _CACHE[right]
