# SPDX-License-Identifier: GPL-2.0-or-later
"""Which polygons are drawn of one stratum, and with which probability."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def simple_random(numbers: Floats, size: int) -> Ints:
    """(size,) rows drawn without replacement, every set as likely as another: those of the smallest numbers.

    Args:
        numbers: (n,) random numbers, one a row.
        size: 0 <= size <= n.

    Source: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, section 3.3.1.
    """
    rows: Ints = np.sort(np.argsort(numbers, kind="stable")[:size])
    return rows


def systematic(place: Ints, size: int, start: float) -> Ints:
    """(size,) rows at equal steps along a line, from a random start; each with probability size / n.

    Args:
        place: (n,) place of each row along the line.
        size: 0 <= size <= n.
        start: random number, 0 <= start < 1.

    Returns:
        Rows in the order of the line.

    Source: Särndal et al. (1992), section 3.4, with a fractional interval.
    """
    line = np.argsort(place, kind="stable")
    steps = np.floor((start + np.arange(size)) * len(place) / max(size, 1)).astype(np.int64)
    rows: Ints = line[np.minimum(steps, len(place) - 1)]
    return rows


def proportional_probabilities(size_m2: Floats, size: int) -> Floats:
    """(n,) inclusion probabilities in proportion to size, 1 for those that would exceed it; sum to `size`.

    Args:
        size_m2: (n,) above 0.
        size: 0 <= size <= n.

    Source: Särndal et al. (1992), section 3.6.2.
    """
    if size >= len(size_m2):
        return np.ones(len(size_m2))
    certain = np.zeros(len(size_m2), dtype=bool)
    while True:
        left = size - int(certain.sum())
        scaled = np.where(certain, 1.0, left * size_m2 / size_m2[~certain].sum())
        above = (scaled >= 1.0) & ~certain
        if not above.any():
            return scaled
        certain |= above


def by_probability(probability: Floats, numbers: Floats, start: float) -> Ints:
    """Rows drawn with given probabilities: systematic on a line in random order; as many as they sum to.

    Args:
        probability: (n,) 0 < p <= 1; sums to a whole number.
        numbers: (n,) random numbers that give the order.
        start: random number, 0 <= start < 1.

    Source: Madow (1949); in random order: Hartley and Rao (1962), Annals of Mathematical Statistics 33.
    """
    certain = np.flatnonzero(probability >= 1.0)
    others = np.flatnonzero(probability < 1.0)
    line = others[np.argsort(numbers[others], kind="stable")]
    count = round(float(probability[line].sum()))
    if count == 0:
        return certain
    ends = np.cumsum(probability[line])
    ends *= count / ends[-1]  # so that rounding loses no unit
    drawn = line[np.searchsorted(ends, start + np.arange(count), side="right").clip(max=len(line) - 1)]
    rows: Ints = np.sort(np.concatenate((certain, drawn)))
    return rows
