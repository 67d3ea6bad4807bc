# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from inference_backend.quality.calibration import reliability
from inference_backend.quality.queue_value import errors_in_head


def test_chances_that_come_true_have_no_error():
    chance, area = np.array([0.05, 0.05, 0.55]), np.array([100.0, 300.0, 50.0])

    table = reliability(chance, chance * area, area)

    assert table.error == pytest.approx(0.0)
    assert table.share == pytest.approx((400 / 450, 50 / 450))


def test_calibration_error_is_the_distance_by_area():
    table = reliability(np.array([0.1, 0.9]), np.array([30.0, 60.0]), np.array([100.0, 300.0]))

    assert table.found == pytest.approx((0.3, 0.2))
    assert table.error == pytest.approx(0.25 * 0.2 + 0.75 * 0.7)


def test_a_chance_of_one_belongs_to_the_last_group():
    assert reliability(np.ones(1), np.ones(1), np.ones(1)).stated == (1.0,)


def test_head_is_a_share_of_all_polygons_whatever_the_length_of_the_order():
    wrong = np.array([0.0, 5.0, 3.0, 2.0] + [0.0] * 16)

    assert errors_in_head([1, 2, 3], wrong, 0.1) == pytest.approx(0.8)
    assert errors_in_head([1], wrong, 0.5) == pytest.approx(0.5)
    assert errors_in_head([1], np.zeros(20), 0.5) == 0.0
