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
        values: (h, w, channels) float32, contiguous; each place holds the scores of `side` by `side` pixels.
        gain: what values are to be multiplied by.
        is_logits: whether a softmax is due; else values are scores of 0..1.
        side: pixels on a side that one place stands for; above 1 where the network ends in `DepthToSpace`.
        is_class_first: whether a place holds all pixels of the first class, then all of the second (CRD), or
            all classes of its first pixel, then all of the second (DCR).
    """

    values: NDArray[np.float32]
    gain: float
    is_logits: bool
    side: int = 1
    is_class_first: bool = False

    @property
    def shape(self) -> tuple[int, int, int]:
        """(K, H, W) that the scores would have in the network's order."""
        rows, cols, channels = self.values.shape
        return channels // self.side**2, rows * self.side, cols * self.side

    @property
    def channels(self) -> NDArray[np.int64]:
        """(side, K, side) int64: in which channel a place holds row i, class k, column j of its pixels."""
        classes, side = self.shape[0], self.side
        order = np.arange(self.values.shape[2])
        if self.is_class_first:
            return order.reshape(classes, side, side).transpose(1, 0, 2)
        return order.reshape(side, side, classes).transpose(0, 2, 1)
