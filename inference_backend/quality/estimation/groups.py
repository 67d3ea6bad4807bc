# SPDX-License-Identifier: GPL-2.0-or-later
"""Sums over groups of rows, and weights that add up to known totals."""

from __future__ import annotations

import numpy as np

from inference_backend.quality.estimation.types import FLAGS, FLOATS, WHOLE

_FEW = 1 << 22
"""Keys that are counted in a table rather than sorted: 32 MiB."""


def sums(group: WHOLE, values: FLOATS | FLAGS | WHOLE, groups: int) -> FLOATS:
    """(groups,) sums of `values` by `group`, which is 0..groups - 1."""
    return np.bincount(group, values, minlength=groups).astype(np.float64)


def counts(group: WHOLE, groups: int) -> WHOLE:
    """(groups,) rows by group."""
    return np.bincount(group, minlength=groups).astype(np.int64)


def distinct(keys: WHOLE, bound: int) -> tuple[WHOLE, WHOLE]:
    """Distinct keys, sorted, and the place of each row's key among them.

    Args:
        keys: (n,) 0..bound - 1.
        bound: their number if all occurred.
    """
    if bound > _FEW:
        found, place = np.unique(keys, return_inverse=True)
        return found.astype(np.int64), place.ravel().astype(np.int64)
    present = np.zeros(bound, dtype=bool)
    present[keys] = True
    return np.flatnonzero(present).astype(np.int64), (np.cumsum(present) - 1)[keys].astype(np.int64)


def over(above: FLOATS, below: FLOATS, otherwise: float) -> FLOATS:
    """Quotient; `otherwise` where the divisor is 0."""
    shape = np.broadcast(above, below).shape
    return np.asarray(np.divide(above, below, out=np.full(shape, otherwise), where=below > 0))


def calibrated(expansion: FLOATS, group: WHOLE, totals: FLOATS) -> FLOATS:
    """(n,) weights that add up to the known total of each group.

    Within a group this is the ratio estimator (Särndal, Swensson & Wretman 1992, 7.3); with equal expansions
    it is the stratified mean (Cochran 1977, 5.3).

    Args:
        expansion: (n,) measure over inclusion probability.
        group: (n,).
        totals: (G,) measure of the population by group.
    """
    found = sums(group, expansion, len(totals))
    return np.asarray(expansion * over(totals, found, 0.0)[group])


def leverage(weight: FLOATS, group: WHOLE, groups: int) -> FLOATS:
    """(n,) how much a unit draws its group's ratio to itself: 1 with equal weights, more for a heavy one.

    The linear form of a ratio understates the variance where few units bear most of the weight; deviations
    times this are those that a jackknife finds (Särndal, Swensson & Wretman 1992, 11.5).
    """
    part = over(weight, sums(group, weight, groups)[group], 0.0)
    even = over(np.ones(groups), sums(group, weight > 0, groups), 0.0)[group]
    return np.where(part < 1, (1 - even) / np.where(part < 1, 1 - part, 1.0), 1.0)
