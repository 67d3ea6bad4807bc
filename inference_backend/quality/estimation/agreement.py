# SPDX-License-Identifier: GPL-2.0-or-later
"""How two controllers agree on the units that both answered, each without the other.

Kappa is reported beside the share of equal answers and decides nothing: it mixes agreement with how rare
classes are (Pontius & Millones 2011, Int. J. Remote Sensing 32:4407-4429).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.control_report import Agreement, Estimate
from inference_backend.quality.estimation.coding import coded
from inference_backend.quality.estimation.levels import coarse, cut
from inference_backend.quality.estimation.types import CODES, UNSAID


def agreement(
    first: CODES, second: CODES, dimension: str, level: int = 0, leaves: tuple[str, ...] = ()
) -> Agreement:
    """Share of equal answers, with Wilson's interval, and Cohen's kappa.

    Args:
        first: (n,) codes of one controller; `UNSAID` where it could not be said.
        second: (n,) codes of the other, for the same units. Units that one of them could not say, or said
            more coarsely than the level, are left out.
        dimension: `cs` or `us`.
        level: components that are kept of a code; 0 for the leaves.
        leaves: leaves of the nomenclature.

    Source: Cohen (1960), Educational and Psychological Measurement 20:37-46; standard error of Fleiss, Cohen
        & Everitt (1969), Psychological Bulletin 72:323-327, as statsmodels has it.
    """
    table = _table(np.asarray(first, np.str_), np.asarray(second, np.str_), level, leaves)
    units, equal = int(table.sum()), int(np.trace(table))
    if units == 0:
        nothing = Estimate(None, None, None, None, 0)
        return Agreement(dimension, 0, nothing, None, None, None)
    # Half a second to import: only where two controllers answered the same units.
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(equal, units, method="wilson")
    share = equal / units
    error = math.sqrt(share * (1 - share) / (units - 1)) if units > 1 else None
    return Agreement(
        dimension, units, Estimate(share, error, float(low), float(high), units), *_kappa(table, units)
    )


def _table(first: CODES, second: CODES, level: int, leaves: tuple[str, ...]) -> NDArray[np.int64]:
    """Units by both answers, at the level."""
    columns = coded(first), coded(second)
    labels = {*columns[0].labels, *columns[1].labels}
    vague = coarse(labels, level, leaves or labels) | {UNSAID}
    classes = sorted({cut(label, level, leaves) for label in labels - vague})
    number = {label: classes.index(cut(label, level, leaves)) for label in labels - vague}
    row, col = (np.array([number.get(x, -1) for x in c.labels], np.int64)[c.index] for c in columns)
    kept = (row >= 0) & (col >= 0)
    size = len(classes)
    return np.bincount(row[kept] * size + col[kept], minlength=size**2).reshape(size, size)


def _kappa(table: NDArray[np.int64], units: int) -> tuple[float | None, float | None, float | None]:
    """Kappa and its interval; None where chance explains all, and no interval where nothing differs."""
    from statsmodels.stats.inter_rater import cohens_kappa

    chance = float(table.sum(axis=0) @ table.sum(axis=1)) / units**2
    if chance >= 1:
        return None, None, None
    found = cohens_kappa(table)
    if not found.std_kappa > 0:
        return float(found.kappa), None, None
    return float(found.kappa), max(float(found.kappa_low), -1.0), min(float(found.kappa_upp), 1.0)
