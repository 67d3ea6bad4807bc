# SPDX-License-Identifier: GPL-2.0-or-later
"""Places along a curve that passes everywhere and stays near where it is: Hilbert's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LEVELS = 16


def along_curve(x: Floats, y: Floats) -> NDArray[np.int64]:
    """(n,) place of each point along a Hilbert curve over the box of all of them.

    Args:
        x: (n,) eastings, any unit.
        y: (n,) northings.

    Source: Hilbert (1891); Lam and Shapiro (1994), a class of fast algorithms for the Peano-Hilbert curve.
    """
    column, row = _cells(x), _cells(y)
    place = np.zeros(len(x), dtype=np.int64)
    for level in range(_LEVELS - 1, -1, -1):
        right, up = (column >> level) & 1, (row >> level) & 1
        place += ((3 * right) ^ up) << (2 * level)
        turned = up == 0
        mirrored = turned & (right == 1)
        side = (1 << level) - 1
        column, row = column & side, row & side
        column, row = np.where(mirrored, side - column, column), np.where(mirrored, side - row, row)
        column, row = np.where(turned, row, column), np.where(turned, column, row)
    return place


def _cells(values: Floats) -> NDArray[np.int64]:
    if len(values) == 0:
        return np.zeros(0, dtype=np.int64)
    span = max(float(values.max() - values.min()), 1e-9)
    scaled = (values - values.min()) / span * ((1 << _LEVELS) - 1)
    cells: NDArray[np.int64] = scaled.astype(np.int64)
    return cells
