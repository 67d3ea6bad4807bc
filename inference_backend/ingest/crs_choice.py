# SPDX-License-Identifier: GPL-2.0-or-later
"""In which coordinate system a lot is made, and how coordinates get there."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.ingest.errors import BadCrsError, CrsChoiceError, OutOfCrsError
from inference_backend.ingest.types import Geometries

_CONFORMAL_WORLD = ("Mercator", "Popular Visualisation Pseudo Mercator")
Bounds = tuple[float, float, float, float]


def working_crs(
    given: str | None, path: Path, own: pyproj.CRS, bounds: Bounds, profile: Profile
) -> pyproj.CRS:
    """The system of the result: the one asked for, the layer's own, or that of its territory.

    A projected system in metres is kept, so that nothing moves. Degrees, other units and Mercator, whose
    areas mean nothing, give way to the delivery system of the territory in which the layer lies.

    Args:
        given: what the caller asks for.
        path: named in errors.
        own: system of the layer.
        bounds: of the layer, in `own`.
        profile: names the systems of delivery.

    Raises:
        BadCrsError: `given` is no projected system in metres.
        CrsChoiceError: nothing fits.
    """
    if given is not None:
        return _asked(given)
    delivered = [_system(str(name)) for name in profile.section("import", "delivery_crs", "value")]
    for system in delivered:
        if own.equals(system, ignore_axis_order=True):
            return system
    if _is_metric(own):
        return own
    west, south, east, north = _geographic(own, bounds)
    for system in delivered:
        area = system.area_of_use
        if area and area.west <= west and area.south <= south and east <= area.east and north <= area.north:
            return system
    raise CrsChoiceError(path=path, crs=own.name)


def transformed(
    geometry: Geometries, own: pyproj.CRS, target: pyproj.CRS, path: Path
) -> tuple[Geometries, bool]:
    """Coordinates in `target`, and whether they changed; axes are x, y in both.

    Raises:
        OutOfCrsError: some have no coordinates there.
    """
    if own.equals(target, ignore_axis_order=True):
        return geometry, False
    change = pyproj.Transformer.from_crs(own, target, always_xy=True)

    def apply(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(change.transform(points[:, 0], points[:, 1]))

    result: Geometries = shapely.transform(geometry, apply)
    lost = int((~np.isfinite(shapely.bounds(result)).all(axis=1) & ~_is_empty(geometry)).sum())
    if lost:
        raise OutOfCrsError(path=path, crs=target.name, rows=lost)
    return result, True


def crs_text(crs: pyproj.CRS) -> str:
    """Authority code where there is one, else WKT."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def bounds_of(geometry: Geometries) -> Bounds:
    """Bounds of all; zeros where there is nothing."""
    each = shapely.bounds(geometry)
    each = each[np.isfinite(each).all(axis=1)]
    if not len(each):
        return 0.0, 0.0, 0.0, 0.0
    low, high = each[:, :2].min(axis=0), each[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _is_empty(geometry: Geometries) -> NDArray[np.bool_]:
    nothing: NDArray[np.bool_] = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    return nothing


@functools.lru_cache
def _system(name: str) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(name)


def _asked(given: str) -> pyproj.CRS:
    try:
        crs = pyproj.CRS.from_user_input(given)
    except pyproj.exceptions.CRSError as error:
        raise BadCrsError(path=given, reason_en="unknown", reason_fr="inconnu") from error
    if not _is_metric(crs):
        raise BadCrsError(path=given, reason_en=crs.name, reason_fr=crs.name)
    return crs


def _is_metric(crs: pyproj.CRS) -> bool:
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        return False
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    return not any(method.startswith(name) for name in _CONFORMAL_WORLD)


def _geographic(own: pyproj.CRS, bounds: Sequence[float]) -> Bounds:
    change = pyproj.Transformer.from_crs(own, "OGC:CRS84", always_xy=True)
    west, south, east, north = change.transform_bounds(*bounds, densify_pts=21)
    return float(west), float(south), float(east), float(north)
