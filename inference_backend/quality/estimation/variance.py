# SPDX-License-Identifier: GPL-2.0-or-later
"""Sampling variance of weighted sums, stratum by stratum.

Without replacement it is Hájek's estimator as Deville gives it (Deville 1999; Matei & Tillé 2005, Journal of
Official Statistics 21:543-570, with c_k = (1 - p_k) n / (n - 1)). It knows first-order probabilities alone,
and with equal ones it is exactly the textbook's N²(1 - n/N)s²/n (Cochran 1977, 5.24). With replacement, 1 - p
is 1 and it is Hansen & Hurwitz's (Cochran 1977, 9A.3). For a systematic draw, squared differences of
neighbours along the line stand for squared deviations (Wolter 2007, 8.2, his v2), which sees errors that
stand together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference_backend.quality.estimation.groups import distinct, over, sums
from inference_backend.quality.estimation.types import FLOATS, WHOLE


@dataclass(frozen=True)
class Neighbours:
    """Neighbours along a systematic line, the last one followed by the first.

    Attributes:
        first: (P,) cells.
        second: (P,) cells of the same stratum.
        product: (P,) sums of the products of their c w, each times the root of 1 - p.
    """

    first: WHOLE
    second: WHOLE
    product: FLOATS


@dataclass(frozen=True)
class Sums:
    """Units, or cells of units alike: what the variance needs of their weights w and probabilities p.

    Attributes:
        group: (K,) stratum of the variance.
        weight: (K,) sums of w.
        plain: (K,) sums of (1 - p) w².
        square: (K,) sums of (1 - p) (c w)², where c is the unit's leverage.
        loose: (K,) sums of (1 - p).
        product: (K,) sums of (1 - p) c w.
        uncertain: (G,) units with p < 1.
        neighbours: of a systematic draw, or None.
    """

    group: WHOLE
    weight: FLOATS
    plain: FLOATS
    square: FLOATS
    loose: FLOATS
    product: FLOATS
    uncertain: FLOATS
    neighbours: Neighbours | None = None


@dataclass(frozen=True)
class Parts:
    """Variances of targets by stratum, where a target has cells.

    Attributes:
        target: (M,) target.
        variance: (M,)
        freedom: (M,) uncertain units of the stratum, less one, at least 1.
    """

    target: WHOLE
    variance: FLOATS
    freedom: FLOATS


def variances(target: WHOLE, values: FLOATS, cells: Sums) -> Parts:
    """Variance of the sum of w times `values` over the cells of each target.

    Strata with fewer than two uncertain units give 0.

    Args:
        target: (K,) target that each cell belongs to; its value is 0 in the sums of all others.
        values: (K,) what is summed: for a ratio, its linear form.
        cells: the sample.
    """
    groups = len(cells.uncertain)
    keys, part = distinct(target * groups + cells.group, (int(target.max(initial=0)) + 1) * groups)
    group = keys % groups

    def by_part(amounts: FLOATS) -> FLOATS:
        return sums(part, amounts, len(keys))

    def by_group(amounts: FLOATS) -> FLOATS:
        return sums(cells.group, amounts, groups)[group]

    mean = over(by_part(cells.weight * values), by_group(cells.weight), 0.0)
    squares = by_part(cells.square * values**2) - 2 * mean * by_part(cells.square * values)
    squares += mean**2 * by_group(cells.square)
    if cells.neighbours is None:
        rest = by_part(cells.product * values) - mean * by_group(cells.product)
        between = over(rest**2, by_group(cells.loose), 0.0)
    else:
        between = _products(cells, cells.neighbours, target, values, part, mean, group)
    size = cells.uncertain[group]
    factor = np.where(size > 1, size / np.maximum(size - 1, 1), 0.0)
    return Parts(keys // groups, factor * np.maximum(squares - between, 0.0), np.maximum(size - 1, 1))


def _products(
    cells: Sums,
    near: Neighbours,
    target: WHOLE,
    values: FLOATS,
    part: WHOLE,
    mean: FLOATS,
    group: WHOLE,
) -> FLOATS:
    """Sums of the products of neighbours' deviations from their stratum's mean, by part."""
    same = target[near.first] == target[near.second]
    crossed = near.product * values[near.first] * values[near.second] * same
    product = sums(part[near.first], crossed, len(mean))
    count = len(cells.group)
    beside = sums(near.first, near.product, count) + sums(near.second, near.product, count)
    linear = sums(part, beside * values, len(mean))
    whole = sums(cells.group[near.first], near.product, len(cells.uncertain))[group]
    return np.asarray(product - mean * linear + mean**2 * whole)
