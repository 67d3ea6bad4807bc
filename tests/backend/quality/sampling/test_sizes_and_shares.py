# SPDX-License-Identifier: GPL-2.0-or-later
"""How many units, and how many of each stratum."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inference_backend.contracts.control import Allocation
from inference_backend.quality.sampling.allocation import Bounds, Strata, by_share, shared_out
from inference_backend.quality.sampling.errors import SamplingError
from inference_backend.quality.sampling.sizes import Z_95, cochran_size, olofsson_size

DEFORESTATION = np.array([0.020, 0.015, 0.320, 0.645])
"""Mapped shares of the example of Olofsson et al. (2014), section 5.1.1."""
CONJECTURED = np.array([0.70, 0.60, 0.90, 0.95])


def strata(units, weight=None, expected=0.9, oversampled=None):
    units = np.asarray(units, dtype=float)
    share = units / units.sum() if weight is None else np.asarray(weight)
    times = np.ones(len(units)) if oversampled is None else np.asarray(oversampled, dtype=float)
    return Strata(units, share, np.full(len(units), expected) if np.isscalar(expected) else expected, times)


def test_the_size_of_the_published_example():
    """Olofsson et al. (2014): a standard error of 0.01 asks for 641 units."""
    assert olofsson_size(DEFORESTATION, CONJECTURED, 0.01 * Z_95) == 641


@pytest.mark.parametrize(
    ("expected", "precision", "units", "size"),
    [(0.5, 0.05, math.inf, 385), (0.5, 0.05, 4000, 351), (0.9, 0.03, math.inf, 385), (0.9, 0.03, 500, 218)],
)
def test_the_size_of_a_simple_random_sample(expected, precision, units, size):
    """n0 = 1.96^2 p q / d^2, and its correction for a finite population, reckoned by hand."""
    assert cochran_size(expected, precision, units) == size


def test_one_stratum_needs_what_a_simple_random_sample_needs():
    for units in (300, 5_000, math.inf):
        assert olofsson_size(np.ones(1), np.array([0.9]), 0.03, units) == pytest.approx(
            cochran_size(0.9, 0.03, units), abs=1
        )


@pytest.mark.parametrize(("precision", "expected"), [(0.0, 0.9), (1.0, 0.9), (0.03, 1.2)])
def test_nonsense_is_refused(precision, expected):
    with pytest.raises(SamplingError):
        cochran_size(expected, precision)


def test_proportional_shares_of_the_published_example():
    """640 units over the mapped shares: 12.8, 9.6, 204.8 and 412.8 before rounding."""
    sizes = shared_out(640, strata([2e6, 1.5e6, 32e6, 64.5e6]), Allocation.PROPORTIONAL, Bounds())
    assert sizes.tolist() == [13, 9, 205, 413]


def test_equal_shares():
    assert (
        shared_out(640, strata([2e6, 1.5e6, 32e6, 64.5e6]), Allocation.EQUAL, Bounds()).tolist() == [160] * 4
    )


def test_neyman_shares_follow_weight_times_spread():
    sizes = shared_out(1000, strata([1e6] * 2, expected=np.array([0.5, 0.9])), Allocation.NEYMAN, Bounds())
    assert sizes.tolist() == [625, 375]  # 0.5 : 0.3


def test_small_strata_are_whole_and_the_rest_within_bounds():
    sizes = shared_out(100, strata([5, 11, 12, 5000]), Allocation.PROPORTIONAL, Bounds(12, 6, 60))
    assert sizes.tolist() == [5, 11, 12, 60]  # the third is filled up once the last one is capped
    assert shared_out(30, strata([5, 11, 40, 900]), Allocation.PROPORTIONAL, Bounds(12, 6)).tolist() == [
        5,
        11,
        6,
        8,
    ]


def test_a_stratum_is_never_drawn_beyond_its_units():
    sizes = shared_out(90, strata([20, 80]), Allocation.EQUAL, Bounds())
    assert sizes.tolist() == [20, 70]


def test_difficult_strata_get_more():
    plain = shared_out(100, strata([500, 500]), Allocation.PROPORTIONAL, Bounds())
    more = shared_out(100, strata([500, 500], oversampled=[3, 1]), Allocation.PROPORTIONAL, Bounds())
    assert plain.tolist() == [50, 50]
    assert more.tolist() == [75, 25]


def test_ten_per_cent_of_each_class_small_ones_in_full():
    sizes = by_share(0.1, strata([4, 11, 30, 31, 1000]), Bounds(12, 5))
    assert sizes.tolist() == [4, 11, 5, 5, 100]
    assert by_share(0.1, strata([1000]), Bounds(12, 5, 40)).tolist() == [40]


def test_nothing_that_varies_is_shared_by_weight():
    sizes = shared_out(10, strata([300, 700], expected=1.0), Allocation.NEYMAN, Bounds())
    assert sizes.tolist() == [3, 7]


def test_points_know_no_whole_stratum():
    endless = Strata(np.full(2, np.inf), np.array([0.001, 0.999]), np.full(2, 0.9), np.ones(2))
    assert shared_out(100, endless, Allocation.PROPORTIONAL, Bounds(12, 5)).tolist() == [5, 95]


def test_what_a_cap_leaves_goes_to_strata_where_no_error_is_expected():
    two = strata([1000, 1000], expected=np.array([1.0, 0.9]))
    assert shared_out(190, two, Allocation.NEYMAN, Bounds(0, 5, 100)).tolist() == [90, 100]
