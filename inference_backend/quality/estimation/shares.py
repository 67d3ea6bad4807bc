# SPDX-License-Identifier: GPL-2.0-or-later
"""Shares of a population from cells: ratios of weighted sums, with standard error and interval.

Overall, user's and producer's accuracy and the share of a class are ratios of two sums of indicators. Their
variance is that of the linear form (y - R x) / X (Cochran 1977, 6.13; Särndal, Swensson & Wretman 1992, 5.6).
Where strata are the delivered classes it gives equations 5-7, 10 and 11 of Olofsson et al. (2014), where they
are not those of Stehman (2014).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference_backend.contracts.control_report import Estimate
from inference_backend.quality.estimation.groups import distinct, over, sums
from inference_backend.quality.estimation.interval import wilson
from inference_backend.quality.estimation.types import FLAGS, FLOATS, WHOLE
from inference_backend.quality.estimation.variance import Parts, Sums, variances

_ROUNDING = 1e-14
"""A variance below this is 0 that was rounded."""
_BY_WEIGHTS = 1 / 3
"""Part of the variance that the weights alone give: of 1/5, 1/3 and 1/2, its intervals cover best."""


@dataclass(frozen=True)
class Shares:
    """Estimates of T shares; NaN where there is nothing to tell them from.

    Attributes:
        value: (T,) 0..1.
        error: (T,) standard error.
        low: (T,) of the 95 % interval.
        high: (T,) of it.
        units: (T,) units that they rest on.
    """

    value: FLOATS
    error: FLOATS
    low: FLOATS
    high: FLOATS
    units: WHOLE

    def estimates(self, scale: float = 1.0) -> list[Estimate]:
        """As records, times `scale`: a share of a surface as an area."""
        columns = [_plain(values * scale) for values in (self.value, self.error, self.low, self.high)]
        return [
            Estimate(value, error, low, high, int(units))
            for value, error, low, high, units in zip(*columns, self.units, strict=True)
        ]


def shares_right(domain: WHOLE, right: FLAGS, domains: int, units: WHOLE, cells: Sums) -> Shares:
    """Share of each domain that is right.

    Args:
        domain: (K,) domain of each cell: one and the same for overall accuracy, delivered classes for
            user's, classes of the control for producer's accuracy.
        right: (K,) whether the cell is right.
        domains: their number.
        units: (K,) units of the cells.
        cells: the sample.
    """
    whole = sums(domain, cells.weight, domains)
    value = over(sums(domain, cells.weight * right, domains), whole, np.nan)
    form = (right - value[domain]) / whole[domain]
    square, freedom = _pooled(variances(domain, form, cells), cells, domains)
    nominal = over(whole**2, sums(domain, cells.plain, domains), np.inf)
    size = effective_size(value, square, nominal)
    low, high = wilson(value, size, freedom)
    return _told(Shares(value, np.sqrt(square), low, high, _units(domain, units, domains)), cells)


def shares_of(found: WHOLE, classes: int, units: WHOLE, cells: Sums) -> Shares:
    """Share of the population that is of each class.

    Args:
        found: (K,) class of each cell.
        classes: their number.
        units: (K,) units of the cells.
        cells: the sample.
    """
    whole = float(cells.weight.sum()) or np.nan
    value = sums(found, cells.weight, classes) / whole
    # The linear form less its constant: a constant has no variance in strata of known size.
    form = np.full(len(found), 1 / whole)
    square, freedom = _pooled(variances(found, form, cells), cells, classes)
    mixed = (1 - _BY_WEIGHTS) * square + _BY_WEIGHTS * _by_weights(found, classes, cells)
    careful = np.where(square > 0, np.maximum(square, mixed), 0.0)
    low, high = wilson(value, over(value * (1 - value), careful, np.inf), freedom)
    return _told(Shares(value, np.sqrt(square), low, high, _units(found, units, classes)), cells)


def _by_weights(found: WHOLE, classes: int, cells: Sums) -> FLOATS:
    """Variances of the shares of classes, were class and weight independent within a stratum."""
    groups = len(cells.uncertain)
    keys, part = distinct(found * groups + cells.group, classes * groups)
    group = keys % groups
    share = over(sums(part, cells.weight, len(keys)), sums(cells.group, cells.weight, groups)[group], 0.0)
    square = share * (1 - share) * sums(cells.group, cells.plain, groups)[group]
    return sums(keys // groups, square / float(cells.weight.sum()) ** 2, classes)


def effective_size(value: FLOATS, square: FLOATS, nominal: FLOATS) -> FLOATS:
    """Observations of equal weight that would tell the shares as well: share (1 - share) / variance.

    Where weights are uneven and few errors were met, the measured variance is often far too small; a third of
    it is then the one that the weights alone give (Kish 1965, 11.7).

    Args:
        value: (T,) shares.
        square: (T,) their variances.
        nominal: (T,) effective size by the weights alone, infinite where nothing is left to chance.
    """
    measured = over(value * (1 - value), square, np.inf)
    with np.errstate(divide="ignore"):
        mixed = 1 / ((1 - _BY_WEIGHTS) / measured + _BY_WEIGHTS / nominal)
    return np.where(square > 0, np.minimum(measured, mixed), nominal)


def _pooled(parts: Parts, cells: Sums, targets: int) -> tuple[FLOATS, FLOATS]:
    """Variance of each target and its degrees of freedom (Satterthwaite; Cochran 1977, 5.16)."""
    square = sums(parts.target, parts.variance, targets)
    square[square < _ROUNDING] = 0.0
    below = sums(parts.target, parts.variance**2 / parts.freedom, targets)
    every = float(np.maximum(cells.uncertain - 1, 0).sum())
    return square, np.where(square > 0, over(square**2, below, every), every)


def _told(found: Shares, cells: Sums) -> Shares:
    """Without errors and intervals where a single unit is all that chance drew."""
    if cells.uncertain.max(initial=0) == 1 or len(cells.group) == 0:
        nothing = np.full(len(found.value), np.nan)
        return Shares(found.value, nothing, nothing, nothing, found.units)
    blank = np.where(np.isnan(found.value), np.nan, 0.0)
    return Shares(found.value, found.error + blank, found.low + blank, found.high + blank, found.units)


def _units(domain: WHOLE, units: WHOLE, domains: int) -> WHOLE:
    return sums(domain, units, domains).astype(np.int64)


def _plain(values: FLOATS) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
