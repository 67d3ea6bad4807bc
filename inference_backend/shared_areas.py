# SPDX-License-Identifier: GPL-2.0-or-later
"""Areas that pairs of polygons share, many of them on several threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from numpy.typing import NDArray

PART = 4096
"""Pairs cut together: what they share is there at one time."""


def shared_areas_m2(
    first: NDArray[np.object_], second: NDArray[np.object_], threads: int = 1
) -> NDArray[np.float64]:
    """(n,) float64 area of `first[i]` that `second[i]` covers too.

    Args:
        first: (n,) valid polygons.
        second: (n,) valid polygons in the same CRS, in m.
        threads: to share the pairs among; the areas are the same whatever their number.
    """

    def cut(start: int) -> NDArray[np.float64]:
        part = slice(start, start + PART)
        areas: NDArray[np.float64] = shapely.area(shapely.intersection(first[part], second[part]))
        return areas

    starts = range(0, max(1, len(first)), PART)
    with ThreadPoolExecutor(max(1, min(threads, len(starts)))) as pool:
        return np.concatenate(list(pool.map(cut, starts)))
