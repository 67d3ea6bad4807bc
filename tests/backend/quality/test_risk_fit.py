# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from inference_backend.quality.risk_fit import fit_risk


@pytest.fixture
def sample():
    """Shares that follow known coefficients, without noise."""
    rng = np.random.default_rng(4)
    terms = {"score": rng.normal(size=400), "edge": rng.normal(size=400)}
    share = 1 / (1 + np.exp(-(-1.0 + 0.8 * terms["score"] - 0.5 * terms["edge"])))
    return terms, share, rng.uniform(1, 100, 400)


def test_known_coefficients_are_found(sample):
    found = fit_risk(*sample, penalty=0.0, given={})

    assert found == pytest.approx({"intercept": -1.0, "score": 0.8, "edge": -0.5})


def test_a_penalty_keeps_a_rare_term_near_nothing(sample):
    _, share, weight = sample
    rare = np.zeros(400)
    rare[0] = 1.0

    free = fit_risk({"rare": rare}, share, weight, penalty=1e-6, given={})["rare"]
    held = fit_risk({"rare": rare}, share, weight, penalty=10.0, given={})["rare"]

    assert abs(held) < 0.2 * abs(free)


def test_a_given_coefficient_stays_and_the_others_fit_around_it(sample):
    found = fit_risk(*sample, penalty=0.0, given={"edge": -0.5, "absent": 2.0})

    assert found == pytest.approx({"intercept": -1.0, "score": 0.8, "edge": -0.5, "absent": 2.0})


def test_a_term_that_cannot_help_is_left_out_where_it_seems_to(sample):
    found = fit_risk(*sample, penalty=0.0, given={}, never_negative=("edge",))

    assert "edge" not in found
    assert found["score"] > 0
