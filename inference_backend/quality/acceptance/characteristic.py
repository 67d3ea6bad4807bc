# SPDX-License-Identifier: GPL-2.0-or-later
"""Operating characteristic of a plan: how likely a lot of some quality is accepted; risks of both parties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import binom, hypergeom

CURVE_POINTS = 61
_CURVE_END_CHANCE = 0.001


@dataclass(frozen=True)
class CountPlan:
    """Judge `size` units, accept with `accept` wrong ones or fewer.

    Attributes:
        size: units judged, 1 or more.
        accept: acceptance number; -1 where no sample of this size is accepted.
        lot_size: units of the lot; None for a process (binomial).
    """

    size: int
    accept: int
    lot_size: int | None = None


def acceptance_chance(plan: CountPlan, wrong_share: ArrayLike) -> NDArray[np.float64]:
    """Chance of acceptance where this share of the lot is wrong, 0..1.

    Args:
        plan: the plan.
        wrong_share: (n,) shares, 0..1; in a lot, rounded to whole units.

    Returns:
        (n,) hypergeometric for a lot, binomial for a process (ISO 2859-1:1999, 12.1; Hald, Statistical Theory
        of Sampling Inspection by Attributes, 1981, chapter 2).
    """
    share = np.asarray(wrong_share, dtype=np.float64)
    if plan.lot_size is None:
        return np.asarray(binom.cdf(plan.accept, plan.size, share), dtype=np.float64)
    wrong = np.round(share * plan.lot_size).astype(np.int64)
    chance = hypergeom.cdf(plan.accept, plan.lot_size, wrong, plan.size)
    return np.asarray(chance, dtype=np.float64)


def quality_at(plan: CountPlan, chance: float) -> float | None:
    """Share of wrong units of a process that is accepted with this chance, None where none is.

    At 0.10 this is the standard's consumer's risk quality (table 6), at 0.95 the producer's.
    """
    if not 0 <= plan.accept < plan.size:
        return None
    process = CountPlan(plan.size, plan.accept)
    return float(brentq(lambda share: float(acceptance_chance(process, share)) - chance, 0.0, 1.0))


def curve(plan: CountPlan, points: int = CURVE_POINTS) -> tuple[tuple[float, float], ...]:
    """Points (share of wrong units, chance of acceptance), from 0 to where acceptance is all but excluded."""
    end = quality_at(plan, _CURVE_END_CHANCE)
    shares = np.linspace(0.0, 1.0 if end is None else min(1.0, end * 1.05), points)
    chances = acceptance_chance(plan, shares)
    return tuple(zip(shares.tolist(), chances.tolist(), strict=True))
