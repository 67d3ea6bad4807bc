# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores as an engine has them in memory, before anybody puts them in the network's order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ScoreMap:
    """Logits of one tile, lent by an engine.

    Attributes:
        values: (h, r, w, r, K) float32, any strides: row `h * r + i` and column `w * r + j` of class k are at
            [h, i, w, j, k]. A network that ends in `DepthToSpace` has r > 1.
        gain: what values are to be multiplied by.
        is_logits: whether a softmax is due; else values are scores of 0..1.
    """

    values: NDArray[np.float32]
    gain: float
    is_logits: bool

    @property
    def shape(self) -> tuple[int, int, int]:
        """(K, H, W) that the scores would have in the network's order."""
        rows, down, cols, across, classes = self.values.shape
        return classes, rows * down, cols * across
