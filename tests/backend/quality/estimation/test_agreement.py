# SPDX-License-Identifier: GPL-2.0-or-later
"""Agreement of two controllers."""

from __future__ import annotations

import numpy as np
import pytest

from inference_backend.quality.estimation.agreement import agreement
from inference_backend.quality.estimation.types import UNSAID


def _agreement(first: list[str], second: list[str], level: int = 0) -> object:
    return agreement(np.array(first), np.array(second), "cs", level)


def test_units_that_one_could_not_say_are_left_out() -> None:
    found = _agreement(["a", "a", "b", UNSAID, "b"], ["a", "b", "b", "a", UNSAID])
    assert (found.units, found.agreed.value) == (3, pytest.approx(2 / 3))


def test_coarse_answers_agree_at_their_level() -> None:
    first, second = ["CS1.1", "CS2.1", "CS2.2"], ["CS1.1.1", "CS2.1", "CS2.2"]
    assert _agreement(first, second).units == 2
    assert _agreement(first, second, level=2).agreed.value == 1


def test_perfect_agreement_has_no_interval_of_kappa() -> None:
    found = _agreement(list("aabb"), list("aabb"))
    assert (found.kappa, found.kappa_low) == (1, None)
    assert found.agreed.low == pytest.approx(0.51, abs=0.01)


def test_kappa_is_not_defined_where_chance_explains_all() -> None:
    assert _agreement(list("aaa"), list("aaa")).kappa is None


def test_nothing_answered_by_both() -> None:
    found = _agreement([UNSAID], ["a"])
    assert (found.units, found.agreed.value, found.kappa) == (0, None, None)
