# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores turned by squares of eight: the same numbers as a transposition, and nothing beyond the rows."""

from __future__ import annotations

import numpy as np
import pytest

from inference_backend.predict.blocks.turned_scores import SIDE, turn_line

_UNTOUCHED = np.float32(-77)


@pytest.mark.parametrize("classes", [1, 2, 5, 7, 8, 9, 15, 16, 19, 24])
@pytest.mark.parametrize(
    ("first", "end"), [(0, 1), (0, 7), (3, 10), (0, 8), (2, 11), (0, 24), (5, 24), (23, 24)]
)
def test_a_line_is_turned_wherever_it_begins_and_ends(classes, first, end):
    line = np.random.default_rng(classes).normal(size=(24, classes)).astype(np.float32)
    rows = np.full((max(classes, SIDE), 30), _UNTOUCHED)

    turn_line(line, first, end, np.float32(1.5), rows)

    places = end - first
    np.testing.assert_array_equal(rows[:classes, :places], (line[first:end] * np.float32(1.5)).T)
    assert (rows[:, places:] == _UNTOUCHED).all()


def test_a_line_that_ends_with_its_memory_is_not_read_beyond():
    """What lies behind the line is no number of it: a square that reaches there would spread it."""
    memory = np.full(40 * 3 + SIDE, np.nan, np.float32)
    memory[: 40 * 3] = np.arange(40 * 3)
    line, rows = memory[: 40 * 3].reshape(40, 3), np.zeros((SIDE, 40), np.float32)

    turn_line(line, 0, 40, np.float32(1), rows)

    np.testing.assert_array_equal(rows[:3], line.T)
    assert np.isfinite(rows).all()
