# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a prediction lies: its grid, by its own word or by the caller's."""

from __future__ import annotations

from pathlib import Path

from rasterio import DatasetReader
from rasterio.crs import CRS
from rasterio.errors import CRSError
from rasterio.transform import Affine, from_origin

from inference_backend.grid import Grid
from inference_backend.postprocess.prediction.prediction_errors import (
    NoGeoreference,
    UnknownCrs,
    WrongCrs,
    WrongPixels,
)

_SQUARE_TOLERANCE = 1e-6  # relative; real files write 0.19999999999963


def prediction_grid(raster: DatasetReader, path: Path, crs: str | None, pixel_m: float | None) -> Grid:
    """Grid of square pixels, north up, in a projected system in metres.

    Args:
        raster: open.
        path: named in errors.
        crs: takes precedence over the file's.
        pixel_m: side of a pixel, m, for a file without place; its lower left corner becomes (0, 0).

    Raises:
        NoGeoreference, UnknownCrs, WrongCrs, WrongPixels: there is no such grid.
    """
    system = _crs(raster, path, crs)
    transform = raster.transform
    if transform == Affine.identity():
        if not pixel_m:
            raise NoGeoreference(
                path=path, what_en="pixel size and place", what_fr="taille de pixel ni d'emprise",
                option="--pixel-size 0.2",
            )  # fmt: skip
        transform = from_origin(0.0, raster.height * pixel_m, pixel_m, pixel_m)
    square = transform.a > 0 and abs(transform.a + transform.e) <= _SQUARE_TOLERANCE * transform.a
    if transform.b or transform.d or not square:
        raise WrongPixels(path=path, transform=tuple(transform)[:6])
    return Grid(raster.height, raster.width, transform, system)


def _crs(raster: DatasetReader, path: Path, given: str | None) -> CRS:
    try:
        crs = CRS.from_user_input(given) if given else raster.crs
    except CRSError as error:
        raise UnknownCrs(path=path, crs=given) from error
    if crs is None:
        raise NoGeoreference(
            path=path, what_en="coordinate system", what_fr="système de coordonnées", option="--crs EPSG:2154"
        )
    name = f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.to_wkt()[:60]
    if not crs.is_projected:
        raise WrongCrs(path=path, crs=name, unit="°")
    unit, metres = crs.linear_units_factor
    if abs(metres - 1.0) > _SQUARE_TOLERANCE:
        raise WrongCrs(path=path, crs=name, unit=unit)
    return crs
