# SPDX-License-Identifier: GPL-2.0-or-later
"""Minimum areas of many polygons at once, for post-processing and for the control of its result.

Both call these functions on the same geometries, so that a lot that leaves the one passes the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.contracts.thresholds import minimum_area_m2
from inference_backend.shared_areas import shared_areas_m2

Geometries = NDArray[np.object_]
F64 = NDArray[np.float64]


AREA_TOLERANCE = 1e-9
"""Relative; the area of a polygon of exactly 2,500 m2 may come out one rounding below."""


def is_under_threshold(areas_m2: F64, minima_m2: F64) -> NDArray[np.bool_]:
    """Whether each area is under its minimum, rounding errors aside."""
    under: NDArray[np.bool_] = areas_m2 < minima_m2 * (1.0 - AREA_TOLERANCE)
    return under


def zone_shares(geometries: Geometries, zones: Geometries, threads: int = 1) -> F64:
    """Share of each polygon's area inside the zone construite.

    Args:
        geometries: (n,) valid polygons.
        zones: (k,) valid polygons in the same CRS, without overlap among themselves; may be empty.
        threads: for many polygons; the shares are the same whatever their number.

    Returns:
        (n,) float64, 0..1.
    """
    shares = np.zeros(len(geometries), dtype=np.float64)
    if len(zones) == 0 or len(geometries) == 0:
        return shares
    zone_index, geometry_index = shapely.STRtree(geometries).query(zones, predicate="intersects")
    shapely.prepare(zones)
    covered = shapely.contains_properly(zones[zone_index], geometries[geometry_index])
    areas = shapely.area(geometries)
    np.add.at(shares, geometry_index[covered], areas[geometry_index[covered]])
    cut = ~covered
    parts = shared_areas_m2(zones[zone_index[cut]], geometries[geometry_index[cut]], threads)
    np.add.at(shares, geometry_index[cut], parts)
    result: F64 = np.divide(shares, areas, out=np.zeros_like(shares), where=areas > 0).clip(0.0, 1.0)
    return result


def minimum_areas_m2(codes_cs: Sequence[str], shares: F64, profile: Profile) -> F64:
    """`minimum_area_m2` of each polygon.

    Args:
        codes_cs: (n,) cover leaves.
        shares: (n,) what `zone_shares` gives.
        profile: gives the areas.

    Returns:
        (n,) float64, m2.
    """
    return np.array(
        [minimum_area_m2(str(cs), float(share), profile) for cs, share in zip(codes_cs, shares, strict=True)],
        dtype=np.float64,
    )
