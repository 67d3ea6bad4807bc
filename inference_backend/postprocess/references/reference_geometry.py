# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the geometries of a reference usable: reprojected, repaired, single, clipped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import rasterio.crs
import shapely
from numpy.typing import NDArray

OBJECTS = NDArray[np.object_]
INDEX = NDArray[np.int64]
_KINDS = {"polygon": int(shapely.GeometryType.POLYGON), "line": int(shapely.GeometryType.LINESTRING)}


def reproject(geometry: OBJECTS, source: pyproj.CRS, target: rasterio.crs.CRS) -> OBJECTS:
    """Geometries in the raster's CRS; the same array where both CRS are one."""
    wanted = pyproj.CRS.from_user_input(target.to_wkt())
    if source == wanted:
        return geometry
    transformer = pyproj.Transformer.from_crs(source, wanted, always_xy=True)

    def move(points: NDArray[np.float64]) -> Any:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    moved: OBJECTS = shapely.transform(geometry, move)
    return moved


def without_unusable(geometry: OBJECTS) -> tuple[OBJECTS, int]:
    """Geometries, None instead of those with a coordinate that is no number, and how many these are."""
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    wrong = np.unique(owner[~np.isfinite(points).all(axis=1)])
    if not len(wrong):
        return geometry, 0
    usable = geometry.copy()
    usable[wrong] = None
    return usable, len(wrong)


def polygons_or_lines(geometry: OBJECTS, kind: str) -> tuple[OBJECTS, INDEX, int]:
    """Single valid parts of one kind.

    Args:
        geometry: (n,) anything, None allowed.
        kind: `polygon` or `line`; parts of another kind are dropped.

    Returns:
        (m,) parts; (m,) position of the object each comes from; number of objects that were repaired.
    """
    present = np.flatnonzero(~shapely.is_missing(geometry) & ~shapely.is_empty(geometry))
    kept = geometry[present].copy()
    broken = ~shapely.is_valid(kept)
    if broken.any():
        kept[broken] = shapely.make_valid(kept[broken], method="structure", keep_collapsed=False)
    parts, owner = _explode(kept)
    right = (shapely.get_type_id(parts) == _KINDS[kind]) & ~shapely.is_empty(parts)
    return parts[right], present[owner[right]], int(broken.sum())


def clip(geometry: OBJECTS, box: tuple[float, float, float, float]) -> tuple[OBJECTS, INDEX]:
    """Parts of single geometries inside `box`, and the position each comes from."""
    if not len(geometry):
        return geometry, np.zeros(0, dtype=np.int64)
    xmin, ymin, xmax, ymax = shapely.bounds(geometry).T
    inside = (xmin >= box[0]) & (ymin >= box[1]) & (xmax <= box[2]) & (ymax <= box[3])
    clipped = geometry.copy()
    clipped[~inside] = shapely.intersection(geometry[~inside], shapely.box(*box))
    parts, owner = _explode(clipped)
    same = shapely.get_type_id(parts) == shapely.get_type_id(geometry)[owner]
    kept = same & ~shapely.is_empty(parts)
    return parts[kept], owner[kept]


def _explode(geometry: OBJECTS) -> tuple[OBJECTS, INDEX]:
    parts, owner = shapely.get_parts(geometry, return_index=True)
    while np.any(shapely.get_type_id(parts) >= int(shapely.GeometryType.MULTIPOINT)):
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    return parts, owner
