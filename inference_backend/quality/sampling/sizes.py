# SPDX-License-Identifier: GPL-2.0-or-later
"""How many units a wanted precision takes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inference_backend.quality.sampling.errors import SamplingError

Z_95 = 1.959963984540054
"""Half-width of a 95 % interval in standard errors."""
_ROUNDING = 1e-9
Floats = NDArray[np.float64]


def cochran_size(expected: float, precision: float, units: float = math.inf) -> int:
    """Size of a simple random sample that estimates a share.

    Args:
        expected: the share that is expected, 0..1.
        precision: half-width of its 95 % interval, 0..1.
        units: of the population; infinite for points.

    Source: Cochran (1977), Sampling Techniques, 3rd ed., formulas 4.1 and 4.2:
        n0 = z^2 p q / d^2, n = n0 / (1 + (n0 - 1) / N).
    """
    _require(precision, expected)
    first = Z_95**2 * expected * (1 - expected) / precision**2
    size = first / (1 + (first - 1) / units) if units < math.inf else first
    return max(1, math.ceil(size - _ROUNDING))


def olofsson_size(weight: Floats, expected: Floats, precision: float, units: float = math.inf) -> int:
    """Size of a stratified sample that estimates the overall accuracy.

    Args:
        weight: (h,) share of each stratum in the population; sums to 1.
        expected: (h,) user's accuracy that is expected of each, 0..1.
        precision: half-width of the 95 % interval of the overall accuracy.
        units: of the population; infinite for points.

    Source: Olofsson et al. (2014), Remote Sensing of Environment 148, equation 13 (Cochran 1977, 5.25):
        n = (sum W S)^2 / (S(O)^2 + sum(W S^2) / N), with S = sqrt(U (1 - U)).
    """
    _require(precision, *expected.tolist())
    spread = np.sqrt(expected * (1 - expected))
    error = precision / Z_95
    within = float((weight * spread**2).sum()) / units
    size = float((weight * spread).sum()) ** 2 / (error**2 + within)
    return max(1, math.ceil(size - _ROUNDING))


def _require(precision: float, *expected: float) -> None:
    if not 0 < precision < 1:
        raise SamplingError(
            f"the precision {precision:g} is not between 0 and 1",
            f"la précision {precision:g} n'est pas entre 0 et 1",
            "Give the half-width of the interval: 0.03 for 3 points.",
            "Donnez la demi-largeur de l'intervalle : 0.03 pour 3 points.",
        )
    wrong = next((share for share in expected if not 0 <= share <= 1), None)
    if wrong is not None:
        raise SamplingError(
            f"the expected accuracy {wrong:g} is not between 0 and 1",
            f"l'exactitude attendue {wrong:g} n'est pas entre 0 et 1",
            "Give a share: 0.9 for 90 %.",
            "Donnez une part : 0.9 pour 90 %.",
        )
