# SPDX-License-Identifier: GPL-2.0-or-later
"""How a sample is shared out among strata: small ones whole, the others within bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.control import Allocation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_HALVINGS = 200


@dataclass(frozen=True)
class Strata:
    """What is known of each stratum before the draw.

    Attributes:
        units: (h,) polygons that can be drawn; infinite for points.
        weight: (h,) share of the population, by count, or by area for points and draws by area; sums to 1.
        expected: (h,) accuracy that is expected, 0..1.
        oversampled: (h,) how many times its part is drawn; 1 for most.
    """

    units: Floats
    weight: Floats
    expected: Floats
    oversampled: Floats


@dataclass(frozen=True)
class Bounds:
    """Limits of a stratum's sample; see `contracts.control.ControlDesign`."""

    full_below: int = 0
    least: int = 0
    most: int | None = None

    def of(self, units: Floats) -> tuple[Floats, Floats]:
        """(h,) smallest and largest size of each; equal where the stratum is taken whole."""
        most = np.inf if self.most is None else float(self.most)
        high = np.minimum(units, most)
        low = np.minimum(float(self.least), high)
        whole = units < self.full_below
        return np.where(whole, units, low), np.where(whole, units, high)


def shared_out(total: int, strata: Strata, how: Allocation, bounds: Bounds) -> Ints:
    """(h,) units of each stratum; they sum to `total` unless the bounds do not allow it.

    Args:
        total: units of the sample.
        strata: the population.
        how: proportional to the weight; equal; or Neyman: to weight times spread.
        bounds: they win over the total.

    Source: Olofsson et al. (2014), section 5.1.2; Cochran (1977), 5.26.
    """
    low, high = bounds.of(strata.units)
    part = _parts(strata, how)
    rest = float(np.clip(total, low.sum(), high.sum()))
    sizes = _levelled(part, low, high, rest)
    if sizes.sum() < rest - 0.5:  # strata that nothing is expected to vary in take what capped ones leave
        sizes = _levelled(strata.weight, sizes, high, rest)
    return _rounded(sizes, low, high, round(rest))


def by_share(share: float, strata: Strata, bounds: Bounds) -> Ints:
    """(h,) the same share of every stratum, rounded up, over-sampled ones more.

    Args:
        share: 0..1.
        strata: a population of polygons.
        bounds: they win.
    """
    low, high = bounds.of(strata.units)
    # 0.1 of 30 is 3, though binary fractions make it 3.0000000000000004.
    wanted = np.ceil(strata.units * share * strata.oversampled - 1e-9)
    return np.clip(wanted, low, high).astype(np.int64)


def _parts(strata: Strata, how: Allocation) -> Floats:
    if how is Allocation.EQUAL:
        part = np.ones(len(strata.weight))
    elif how is Allocation.NEYMAN:
        part = strata.weight * np.sqrt(strata.expected * (1 - strata.expected))
    else:
        part = strata.weight
    if not part.sum() > 0:  # nothing varies: nothing tells strata apart but their weight
        part = strata.weight
    scaled: Floats = part * strata.oversampled
    return scaled


def _levelled(part: Floats, low: Floats, high: Floats, rest: float) -> Floats:
    """Sizes in proportion to the parts, held between bounds, that sum to `rest`."""
    lower, upper = 0.0, float(rest) / max(float(part[part > 0].min(initial=1.0)), 1e-300)
    for _ in range(_HALVINGS):
        middle = (lower + upper) / 2
        if float(np.clip(part * middle, low, high).sum()) < rest:
            lower = middle
        else:
            upper = middle
    sizes: Floats = np.clip(part * upper, low, high)
    return sizes


def _rounded(sizes: Floats, low: Floats, high: Floats, total: int) -> Ints:
    """Whole numbers by largest remainder, still within bounds; the first stratum wins a tie."""
    whole = np.maximum(np.floor(sizes + 1e-9), low)
    remainder = sizes - whole
    missing = total - int(whole.sum())
    for stratum in np.argsort(-remainder, kind="stable"):
        if missing > 0 and whole[stratum] < high[stratum]:
            whole[stratum] += 1
            missing -= 1
    return whole.astype(np.int64)
