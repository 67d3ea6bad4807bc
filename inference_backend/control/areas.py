# SPDX-License-Identifier: GPL-2.0-or-later
"""What areas of a lot are measured on: the plane of its projection where that is faithful, or the ellipsoid.

On the ellipsoid: in an equal-area projection of it, centred on the lot, which is the same to a millionth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from inference_backend.control.errors import ControlDesignError
from inference_backend.control.lot_source import LotTables
from inference_backend.progress import Progress

PROJECTED, ELLIPSOID = "projected", "ellipsoid"
DISTORTION_LIMIT = 0.01
"""Legal projections of France stay below 0.7 %; Mercator is at 100 % there."""
_AT_ONCE = 20_000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """What areas are measured on.

    Attributes:
        name: `projected` or `ellipsoid`.
        crs: of the lot.
        distortion: largest relative error of a planar area over the lot; NaN where a plane means nothing.
    """

    name: str
    crs: pyproj.CRS
    distortion: float

    @property
    def is_planar(self) -> bool:
        """Whether areas are those of the lot's own plane."""
        return self.name == PROJECTED

    @property
    def is_faithful(self) -> bool:
        """Whether lengths and areas of the lot's own plane are those of the ground."""
        return self.distortion <= DISTORTION_LIMIT

    def measured(self, shapes: NDArray[np.object_]) -> Floats:
        """(n,) areas of polygons, m2."""
        if self.is_planar:
            planar: Floats = shapely.area(shapes)
            return planar
        west, south, east, north = shapely.total_bounds(shapes)
        return _equal_area(self.crs, shapes, (west + east) / 2, (south + north) / 2)


def surface_of(tables: LotTables, wanted: str, box: tuple[float, float, float, float]) -> Surface:
    """What areas of a lot are to be measured on.

    Args:
        tables: the lot.
        wanted: `projected`, `ellipsoid`, or empty to choose the plane where it is faithful.
        box: of its polygons.

    Raises:
        ControlDesignError: a plane is asked for on which areas mean nothing.
    """
    crs = pyproj.CRS.from_user_input(tables.crs)
    distortion = _distortion(crs, box)
    is_faithful = distortion <= DISTORTION_LIMIT
    if wanted == PROJECTED and not is_faithful:
        raise ControlDesignError(
            path=tables.label,
            problem_en=f"areas are wrong in its coordinate system ({crs.name}: by {_percent(distortion)})",
            problem_fr=f"les surfaces sont fausses dans son système de coordonnées ({crs.name} : de "
            f"{_percent(distortion)})",
            remedy_en="Measure on the ellipsoid (--surface ellipsoid).",
            remedy_fr="Mesurez sur l'ellipsoïde (--surface ellipsoid).",
        )
    return Surface(wanted or (PROJECTED if is_faithful else ELLIPSOID), crs, distortion)


def known_areas(tables: LotTables, fid: NDArray[np.int64], area: Floats, surface: Surface) -> Floats:
    """(n,) areas of the column, those that it lacks measured."""
    unknown = np.flatnonzero(~(area > 0))
    if len(unknown):
        area = area.copy()
        area[unknown] = surface.measured(tables.polygons(fid[unknown]))
    return area


def geometry_areas(tables: LotTables, fid: NDArray[np.int64], surface: Surface, progress: Progress) -> Floats:
    """(n,) areas of all rows, measured."""
    area = np.zeros(len(fid))
    for start in range(0, len(fid), _AT_ONCE):
        progress.update(start / len(fid))
        rows = slice(start, start + _AT_ONCE)
        area[rows] = surface.measured(tables.polygons(fid[rows]))
    return area


def _equal_area(crs: pyproj.CRS, shapes: NDArray[np.object_], x: float, y: float) -> Floats:
    to_degrees = pyproj.Transformer.from_crs(crs, _geographic(crs), always_xy=True)
    east, north = to_degrees.transform(x, y)
    ellipsoid = crs.ellipsoid.to_json_dict() if crs.ellipsoid else {}
    axis = crs.ellipsoid.semi_major_metre if ellipsoid else 6378137.0
    flattening = crs.ellipsoid.inverse_flattening if ellipsoid else 298.257222101
    plane = pyproj.CRS.from_proj4(
        f"+proj=laea +lat_0={north} +lon_0={east} +a={axis} +rf={flattening} +units=m +no_defs"
    )
    change = pyproj.Transformer.from_crs(crs, plane, always_xy=True)

    def moved(points: Floats) -> Floats:
        return np.column_stack(change.transform(points[:, 0], points[:, 1]))

    area: Floats = shapely.area(shapely.transform(shapes, moved))
    return area


def _distortion(crs: pyproj.CRS, box: tuple[float, float, float, float]) -> float:
    """Largest relative error of planar areas at the corners and the centre of a box."""
    if not crs.is_projected or any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        return np.nan
    xmin, ymin, xmax, ymax = box
    x = np.array([xmin, xmin, xmax, xmax, (xmin + xmax) / 2])
    y = np.array([ymin, ymax, ymin, ymax, (ymin + ymax) / 2])
    lon, lat = pyproj.Transformer.from_crs(crs, _geographic(crs), always_xy=True).transform(x, y)
    scale = np.asarray(pyproj.Proj(crs).get_factors(lon, lat).areal_scale)
    return float(np.abs(scale - 1).max())


def _geographic(crs: pyproj.CRS) -> pyproj.CRS:
    return crs.geodetic_crs or pyproj.CRS.from_epsg(4326)


def _percent(share: float) -> str:
    return "?" if np.isnan(share) else f"{share * 100:.0f} %"
