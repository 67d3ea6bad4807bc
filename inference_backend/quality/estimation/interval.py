# SPDX-License-Identifier: GPL-2.0-or-later
"""Intervals of shares that hold near 0 and 1, where estimate ± 1.96 standard errors does not.

Wilson's score interval with the effective sample size of the design (Korn & Graubard 1998, Survey Methodology
24:193-201; Franco, Little, Louis & Slud 2019, J. Survey Statistics and Methodology 7:334-364) and Student's
quantile in place of the normal one.
"""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from inference_backend.quality.estimation.types import FLOATS

_UPPER = 0.975


def wilson(share: FLOATS, size: FLOATS, freedom: FLOATS) -> tuple[FLOATS, FLOATS]:
    """Score interval of shares at 95 %.

    Args:
        share: (T,) estimates, 0..1.
        size: (T,) effective sample sizes; infinite where the share is exact.
        freedom: (T,) degrees of freedom of the variance.
    """
    quantile = stdtrit(np.maximum(freedom, 1.0), _UPPER) ** 2
    part = quantile / np.maximum(size, 1e-9)
    centre = (share + part / 2) / (1 + part)
    half = np.sqrt(part * share * (1 - share) + part**2 / 4) / (1 + part)
    low, high = np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
    return np.where(share <= 0, 0.0, low), np.where(share >= 1, 1.0, high)
