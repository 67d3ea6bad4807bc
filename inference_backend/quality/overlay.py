# SPDX-License-Identifier: GPL-2.0-or-later
"""Exact overlay of two layers: which pairs of polygons share an area, and how large it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.runtime.threads import usable_threads
from inference_backend.shared_areas import shared_areas_m2

Geometries = NDArray[np.object_]
INTS = NDArray[np.int64]


@dataclass(frozen=True)
class Overlay:
    """Pairs that share an area.

    Attributes:
        first: (m,) positions in the first layer.
        second: (m,) positions in the second layer.
        area_m2: (m,) area they share.
    """

    first: INTS
    second: INTS
    area_m2: NDArray[np.float64]


def overlay(first: Geometries, second: Geometries) -> Overlay:
    """Areas shared by the polygons of two layers.

    Args:
        first: (n,) valid polygons.
        second: (k,) valid polygons in the same CRS.
    """
    second_index, first_index = shapely.STRtree(first).query(second, predicate="intersects")
    shapely.prepare(first)
    shapely.prepare(second)
    areas = np.zeros(len(first_index))
    within_first = shapely.contains_properly(first[first_index], second[second_index])
    areas[within_first] = shapely.area(second[second_index[within_first]])
    rest = np.flatnonzero(~within_first)
    within_second = shapely.contains_properly(second[second_index[rest]], first[first_index[rest]])
    areas[rest[within_second]] = shapely.area(first[first_index[rest[within_second]]])
    cut = rest[~within_second]
    areas[cut] = shared_areas_m2(first[first_index[cut]], second[second_index[cut]], usable_threads())
    real = areas > 0
    return Overlay(first_index[real], second_index[real], areas[real])
