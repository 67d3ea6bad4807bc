# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether rasters can be read together, pixel by pixel, and by this model."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyproj
from rasterio import DatasetReader
from rasterio.crs import CRS
from rasterio.errors import CRSError

from inference_backend.contracts.model_card import ModelCard
from inference_backend.grid import Grid
from inference_backend.predict.errors import (
    BadBandOptionError,
    NoCrsError,
    NotNorthUpError,
    WrongDepthError,
    WrongResolutionError,
)
from inference_backend.predict.inputs.band_sources import BandSource

RESOLUTION_TOLERANCE = 0.05
"""Share by which a raster's pixel may differ from the model's: no visible change of object size, while the
common pairs 0.20/0.25 m and 0.15/0.20 m stay apart."""
ORIGIN_TOLERANCE_PX = 0.05
"""Offset between two grids, in pixels, that is rounding of coordinates and no other grid."""
_SCALE_IGNORED = 0.02
_WIDE_TYPES = ("uint16", "int16", "uint32", "int32")
_IGNORED_TERMS = ("datum", "ellps", "towgs84", "no_defs", "type", "nadgrids", "units", "axis")


def parse_crs(text: str | None) -> CRS | None:
    """The CRS called `text`, for instance `EPSG:2154`.

    Raises:
        BadBandOptionError: unknown.
    """
    if not text:
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise BadBandOptionError(
            option="--crs",
            value=text,
            expected_en="for instance EPSG:2154",
            expected_fr="par exemple EPSG:2154",
        ) from error


def same_crs(first: CRS, second: CRS) -> bool:
    """Whether two CRS place a point at the same spot, names left aside.

    A CRS whose datum has no name, as in files that went through a point-cloud tool, is the same as the
    official one when projection and parameters are: GRS80 and WGS84 differ by a tenth of a millimetre.
    """
    if first == second:
        return True
    one, two = _projection_terms(first), _projection_terms(second)
    return bool(one) and one == two


def _projection_terms(crs: CRS) -> dict[str, object]:
    official = crs.to_epsg()
    terms = (CRS.from_epsg(official) if official else crs).to_dict(projjson=False)
    if set(terms) == {"init"} or set(terms) == {"init", "no_defs"}:
        terms = CRS.from_string(CRS.from_epsg(official).to_proj4()).to_dict() if official else {}
    kept = {key: value for key, value in terms.items() if key not in _IGNORED_TERMS}
    # Two standard parallels may come in either order.
    parallels = sorted(float(kept.pop(key)) for key in ("lat_1", "lat_2") if key in kept)
    return {**kept, "parallels": tuple(parallels)} if kept else {}


def check_georeference(raster: DatasetReader, path: str, crs: CRS | None) -> CRS:
    """The CRS to use: `crs` where it was given, else the raster's own.

    Raises:
        NoCrsError: neither.
        NotNorthUpError: rotated, sheared or upside down.
    """
    transform = raster.transform
    if raster.crs is None and crs is None:
        raise NoCrsError(path=path)
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise NotNorthUpError(path=path, transform=tuple(transform)[:6])
    return crs or raster.crs


def ground_step(crs: CRS, grid: Grid, pixel_m: float) -> float:
    """Side of a pixel, in the unit of `crs`, that covers `pixel_m` metres of ground at the middle of `grid`.

    Web Mercator, the system of many services, draws France 1.4 times as large as it is.
    """
    return pixel_m * _scale(crs, grid) / float(crs.linear_units_factor[1])


def _scale(crs: CRS, grid: Grid) -> float:
    """Length on the map over length on the ground, 1 where they differ little: Lambert-93 keeps to 0.3 %."""
    system = pyproj.CRS.from_user_input(crs.to_wkt())
    xmin, ymin, xmax, ymax = grid.bounds
    if system.geodetic_crs is None:
        return 1.0
    to_degrees = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
    longitude, latitude = to_degrees.transform((xmin + xmax) / 2, (ymin + ymax) / 2)
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        return 1.0
    scale = math.sqrt(pyproj.Proj(system).get_factors(longitude, latitude).areal_scale)
    return scale if abs(scale - 1) > _SCALE_IGNORED else 1.0


def has_resolution(grid: Grid, crs: CRS, expected_m: float) -> bool:
    """Whether a raster's pixel is the model's."""
    if crs.is_geographic:
        return False
    step = ground_step(crs, grid, expected_m)
    return all(abs(size / step - 1) <= RESOLUTION_TOLERANCE for size in (grid.transform.a, -grid.transform.e))


def wrong_resolution(grid: Grid, crs: CRS, expected_m: float, path: str) -> WrongResolutionError:
    """The error for a raster whose pixel is not the model's."""
    if crs.is_geographic:
        found, unit = grid.transform.a, "°"
    else:
        found, unit = expected_m * grid.transform.a / ground_step(crs, grid, expected_m), "m"
    return WrongResolutionError(path=path, found=f"{found:.6g}", unit=unit, expected_m=f"{expected_m:g}")


def check_depth(raster: DatasetReader, sources: Sequence[BandSource], card: ModelCard, path: str) -> None:
    """Refuse 16-bit images for a model whose card divides by 255.

    Raises:
        WrongDepthError: names the band.
    """
    wants_bytes = {band.name for band in card.bands if abs(band.scale * 255 - 1) < 1e-6}
    for source in sources:
        if source.path == path and source.name in wants_bytes:
            found = raster.dtypes[source.index - 1]
            if found in _WIDE_TYPES:
                raise WrongDepthError(path=path, index=source.index, found=found)


def crs_name(crs: CRS) -> str:
    """Short name of a system for messages."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt()[:60])
