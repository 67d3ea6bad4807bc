# SPDX-License-Identifier: GPL-2.0-or-later
"""Which segments touch, along how many pixel sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference_backend.annotation.types import F32, F64, I32, I64, U16


@dataclass(frozen=True)
class Graph:
    """Neighbouring segments.

    Attributes:
        first: (E,) int32, the smaller number of each pair.
        second: (E,) int32, the larger one.
        border_px: (E,) float64, length of their shared border, pixel sides.
        size_px: (N,) float64, pixels of each segment.
    """

    first: I32
    second: I32
    border_px: F64
    size_px: F64

    @property
    def count(self) -> int:
        """Number of segments."""
        return len(self.size_px)


def graph_of(segments: U16, count: int) -> Graph:
    """The graph of a plane of segments numbered from 0 to `count` - 1."""
    numbers = segments.astype(np.int64)
    pairs = np.concatenate(
        [
            _pairs(numbers[:, :-1].ravel(), numbers[:, 1:].ravel(), count),
            _pairs(numbers[:-1].ravel(), numbers[1:].ravel(), count),
        ]
    )
    unique, border = np.unique(pairs, return_counts=True)
    return Graph(
        (unique // count).astype(np.int32),
        (unique % count).astype(np.int32),
        border.astype(np.float64),
        np.bincount(numbers.ravel(), minlength=count).astype(np.float64),
    )


def _pairs(one: I64, other: I64, count: int) -> I64:
    differ = one != other
    one, other = one[differ], other[differ]
    return np.minimum(one, other) * count + np.maximum(one, other)


def means_of(planes: F32, segments: U16, count: int) -> F64:
    """Mean of each plane over each segment.

    Args:
        planes: (F, H, W).
        segments: (H, W).
        count: of segments.

    Returns:
        (N, F) float64.
    """
    flat = segments.ravel()
    size = np.maximum(np.bincount(flat, minlength=count), 1)
    sums = [np.bincount(flat, weights=plane.ravel(), minlength=count) for plane in planes]
    return np.stack(sums, axis=1) / size[:, None]
