# SPDX-License-Identifier: GPL-2.0-or-later
"""Gradient boosting on a few hundred rows, as fast as a person paints.

LightGBM with small trees, few bins and one thread: more threads wait for each other at this size.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from inference_backend.annotation.errors import LearnerMissingError
from inference_backend.annotation.types import F32, F64, I64

ROUNDS = 30
SETTINGS: dict[str, Any] = {
    "num_threads": 1,
    "verbose": -1,
    "num_leaves": 6,
    "min_data_in_leaf": 2,
    "min_sum_hessian_in_leaf": 1e-3,
    "learning_rate": 0.15,
    "max_bin": 31,
    "min_data_in_bin": 1,
    "feature_fraction": 0.4,
    "lambda_l2": 1.0,
    "force_col_wise": True,
    "deterministic": True,
    "seed": 1,
}


class Booster:
    """Class probabilities of rows, learnt from others.

    Args:
        rows: (N, F) float32, NaN where a feature is not known; without any, every class is as likely.
        classes: (N,) int, from 0 to K - 1.
        weights: (N,) float.
        count: K.
        rounds: trees for each class, `ROUNDS` for what is shown.
    """

    def __init__(self, rows: F32, classes: I64, weights: F64, count: int, rounds: int) -> None:
        self._count = count
        self._model: Any = None
        if count > 1 and len(rows):
            lightgbm = _library()
            data = lightgbm.Dataset(rows, label=classes, weight=weights, params=dict(SETTINGS))
            goal = {"objective": "multiclass", "num_class": count}
            self._model = lightgbm.train({**SETTINGS, **goal}, data, num_boost_round=rounds)

    def probabilities(self, rows: F32) -> F64:
        """(N, K) float64, sums to 1 over K."""
        if self._model is None:
            return np.full((len(rows), self._count), 1 / self._count)
        return np.asarray(self._model.predict(rows, num_threads=1), np.float64).reshape(
            len(rows), self._count
        )


def _library() -> Any:
    """LightGBM, whose wheel counts on the system's OpenMP.

    Raises:
        LearnerMissingError: it cannot be loaded.
    """
    try:
        import lightgbm
    except (ImportError, OSError) as error:
        raise LearnerMissingError(reason=error) from error
    return lightgbm
