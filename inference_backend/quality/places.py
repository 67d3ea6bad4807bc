# SPDX-License-Identifier: GPL-2.0-or-later
"""Many polygons in parts that lie together, for what is done place by place."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

PART = 16_384
"""Polygons looked at together: their neighbours, looked at as well, are a tenth of them."""


def places_apart(polygons: NDArray[np.object_]) -> list[NDArray[np.int64]]:
    """Positions of polygons in parts of `PART` or less, each from a place of its own.

    Args:
        polygons: (n,) non-empty.
    """
    west, south, east, north = shapely.bounds(polygons).T
    columns = max(1, round((len(polygons) / PART) ** 0.5))
    x = np.argsort(west + east, kind="stable")
    y = south + north
    strips = [strip[np.argsort(y[strip], kind="stable")] for strip in np.array_split(x, columns)]
    return [part for strip in strips for part in np.array_split(strip, -(-len(strip) // PART))]
