# SPDX-License-Identifier: GPL-2.0-or-later
"""Coefficients of a logistic regression: how much of a polygon is wrong, from what is known of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

FLOATS = NDArray[np.float64]
_ROUNDS, _CONVERGED = 100, 1e-8
_FLATTEST = 1e-6


def fit_risk(
    terms: Mapping[str, FLOATS],
    wrong_share: FLOATS,
    weight: FLOATS,
    *,
    penalty: float,
    given: Mapping[str, float],
    never_negative: Collection[str] = (),
) -> dict[str, float]:
    """Coefficient of each term and of `intercept`, by Newton's method.

    Args:
        terms: (n,) values by name.
        wrong_share: (n,) what to explain, 0..1.
        weight: (n,) what each polygon counts, its area for chances that hold by area.
        penalty: of large coefficients (ridge), in polygons of mean weight; keeps rare rules near nothing.
        given: coefficients that are known or chosen, and not fitted.
        never_negative: terms that can only make an error likelier; left out where the fit says otherwise.
    """
    offset = np.sum([given[name] * terms[name] for name in given if name in terms], axis=0, initial=0.0)
    names = sorted(set(terms) - set(given))
    while True:
        matrix = np.column_stack([np.ones_like(wrong_share), *(terms[name] for name in names)])
        found = dict(
            zip(
                ("intercept", *names),
                _newton(matrix, offset, wrong_share, weight / weight.mean(), penalty),
                strict=True,
            )
        )
        against = {name for name in names if name in never_negative and found[name] < 0}
        if not against:
            return found | dict(given)
        names = [name for name in names if name not in against]


def _newton(
    matrix: FLOATS, offset: FLOATS | float, wrong_share: FLOATS, share: FLOATS, penalty: float
) -> list[float]:
    ridge = np.full(matrix.shape[1], penalty)
    ridge[0] = 0.0
    found = np.zeros(matrix.shape[1])
    for _ in range(_ROUNDS):
        expected = 1 / (1 + np.exp(-(matrix @ found + offset)))
        slope = matrix.T @ (share * (expected - wrong_share)) + ridge * found
        bend = share * np.maximum(expected * (1 - expected), _FLATTEST)
        step = np.linalg.solve((matrix * bend[:, None]).T @ matrix + np.diag(ridge), slope)
        found -= step
        if np.abs(step).max() < _CONVERGED:
            break
    return [float(value) for value in found]
