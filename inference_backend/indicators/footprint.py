# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a lot lies and how large it is: a simple outline in longitude and latitude, and an area to trust."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyproj
import shapely

WORLD = "EPSG:4326"
_SIMPLE = 60.0
"""Outlines are simplified by this part of their width: a map of a country shows no more."""
_DIGITS_DEG = 1e-5


@dataclass(frozen=True)
class Footprint:
    """A lot on the map.

    Attributes:
        wkb_hex: outline in EPSG:4326, simplified; empty where unknown.
        area_m2: of the lot.
        is_ellipsoid: whether that is reckoned on the ellipsoid.
    """

    wkb_hex: str
    area_m2: float
    is_ellipsoid: bool


def measured(
    footprint_wkt: str,
    box: tuple[float, float, float, float] | None,
    crs: str,
    area_m2: float | None,
    area_distortion: float,
) -> Footprint:
    """Outline and area of a lot.

    The area is that of the polygons in their own projection, which French law fixes. Where that projection
    distorts areas by more than `area_distortion` (Web Mercator does), the ellipsoid's is taken.

    Args:
        footprint_wkt: what the polygons cover, in the layer's CRS; empty where the lot does not say.
        box: extent of the polygons, which stands in for it.
        crs: authority code or WKT.
        area_m2: sum of the polygons' areas, None where one is missing.
        area_distortion: share that a projection may be wrong by.

    Raises:
        ValueError: no coordinate system, or neither an area nor a footprint.
    """
    shape = shapely.from_wkt(footprint_wkt) if footprint_wkt else None
    outline = shape if shape is not None else (None if box is None else shapely.box(*box))
    if outline is None or outline.is_empty:
        if area_m2 is None:
            raise ValueError("neither areas nor a footprint")
        return Footprint("", area_m2, False)
    system, to_world = _system(crs)
    around = shapely.transform(outline, lambda xy: _moved(to_world, xy))
    simple = shapely.set_precision(shapely.simplify(around, _width(around) / _SIMPLE), _DIGITS_DEG)
    wkb_hex = str(shapely.to_wkb(simple if not simple.is_empty else around, hex=True, output_dimension=2))
    if shape is None:
        if area_m2 is None:
            raise ValueError("no areas")
        return Footprint(wkb_hex, area_m2, False)
    true_m2 = _on_ellipsoid(around)
    plane_m2 = area_m2 if area_m2 is not None else float(shape.area)
    if system.is_projected and abs(plane_m2 - true_m2) <= area_distortion * true_m2:
        return Footprint(wkb_hex, plane_m2, False)
    return Footprint(wkb_hex, true_m2, True)


@lru_cache(maxsize=32)
def _system(crs: str) -> tuple[Any, Any]:
    try:
        system = pyproj.CRS.from_user_input(crs)
        return system, pyproj.Transformer.from_crs(system, WORLD, always_xy=True)
    except pyproj.exceptions.ProjError as error:
        raise ValueError(str(error)) from error


def _moved(transformer: Any, xy: Any) -> Any:
    moved = xy.copy()
    moved[:, 0], moved[:, 1] = transformer.transform(xy[:, 0], xy[:, 1])
    return moved


def _width(shape: Any) -> float:
    xmin, ymin, xmax, ymax = shape.bounds
    return math.hypot(xmax - xmin, ymax - ymin)


def _on_ellipsoid(shape: Any) -> float:
    """Area of a shape in EPSG:4326, m2; what says nothing of its rings' direction is turned first."""
    area_m2, _ = _geod().geometry_area_perimeter(shapely.orient_polygons(shape))
    return float(abs(area_m2))


@lru_cache(maxsize=1)
def _geod() -> Any:
    return pyproj.Geod(ellps="GRS80")
