# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of equal values in a plane of labels, where they are long."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

I32 = NDArray[np.int32]


@njit(cache=True, nogil=True)
def split_runs(values: I32) -> I32:
    """(r, 2) int32 value and length of each run of a flat plane."""
    count = 0
    for i in range(len(values)):
        if i == 0 or values[i] != values[i - 1]:
            count += 1
    runs = np.empty((count, 2), np.int32)
    run = -1
    for i in range(len(values)):
        if i == 0 or values[i] != values[i - 1]:
            run += 1
            runs[run, 0], runs[run, 1] = values[i], 0
        runs[run, 1] += 1
    return runs


@njit(cache=True, nogil=True)
def join_runs(runs: I32, size: int) -> I32:
    """(size,) int32, inverse of `split_runs`."""
    values = np.empty(size, np.int32)
    at = 0
    for run in range(len(runs)):
        end = at + runs[run, 1]
        values[at:end] = runs[run, 0]
        at = end
    return values
