# SPDX-License-Identifier: GPL-2.0-or-later
"""Many segments at once: which come near each other, where they cross, how far points are from them.

Segments are rows (x0, y0, x1, y1) of an array, relative to a place nearby: at Lambert-93 magnitudes products
lose seven digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


def boxes(edges: Floats) -> Floats:
    """(n, 4) smallest and largest coordinates of edges."""
    low, high = np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])
    return np.hstack([low, high])


def boxes_meet(first: Floats, second: Floats, reach: float) -> tuple[Indices, Indices]:
    """Pairs of boxes that come within `reach` of each other along both axes."""
    hit = first[:, None, 0] - reach <= second[None, :, 2]
    hit &= first[:, None, 2] + reach >= second[None, :, 0]
    hit &= first[:, None, 1] - reach <= second[None, :, 3]
    hit &= first[:, None, 3] + reach >= second[None, :, 1]
    i, j = np.nonzero(hit)
    return i, j


def project(points: Floats, edges: Floats) -> tuple[Floats, Floats]:
    """Position 0..1 of the closest place on each edge, and the distance to it."""
    start, along = edges[:, :2], edges[:, 2:] - edges[:, :2]
    length2 = np.maximum(np.einsum("ij,ij->i", along, along), np.finfo(np.float64).tiny)
    t = np.clip(np.einsum("ij,ij->i", points - start, along) / length2, 0.0, 1.0)
    away = points - start - t[:, None] * along
    return t, np.hypot(away[:, 0], away[:, 1])


def cross(first: Floats, second: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Where pairs of edges cross, and whether they do between their ends."""
    u, v = first[:, 2:] - first[:, :2], second[:, 2:] - second[:, :2]
    w = second[:, :2] - first[:, :2]
    denominator: Any = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / denominator
        s = (w[:, 0] * u[:, 1] - w[:, 1] * u[:, 0]) / denominator
        hit = (denominator != 0) & (t > 0) & (t < 1) & (s > 0) & (s < 1)
        # Along the border: the new vertex must not move it.
        at = second[:, :2] + s[:, None] * v
    return at, hit
