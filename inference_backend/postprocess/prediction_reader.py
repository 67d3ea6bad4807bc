# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a prediction, or a class raster alone, into planes of cover codes."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio import DatasetReader
from rasterio.crs import CRS
from rasterio.errors import CRSError, NotGeoreferencedWarning, RasterioError
from rasterio.transform import Affine, from_origin

from inference_backend.contracts.prediction import (
    BAND_NAMES,
    NODATA,
    TAG_CLASSES,
    TAG_MODEL,
    UNDECIDED,
    PredictedClass,
    decode_classes,
)
from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.class_tables import (
    cover_lookup,
    known_tables,
    read_class_table,
    use_hint_lookup,
)
from inference_backend.postprocess.prediction_errors import (
    BadClassTable,
    NoClassTable,
    NoGeoreference,
    NothingInside,
    UnknownCrs,
    UnknownIndices,
    UnreadablePrediction,
    WrongBands,
    WrongCrs,
    WrongPixels,
)
from inference_backend.postprocess.types import U8, Codes, PredictionPlanes

_SQUARE_TOLERANCE = 1e-6  # relative; real files write 0.19999999999963


@dataclass(frozen=True)
class ReadOptions:
    """What the caller says where the file does not.

    Attributes:
        class_table: name of a table of the project or path of a JSON file; wins over the file's own.
        crs: for instance `EPSG:2154`; it takes precedence over the file's.
        pixel_m: side of a pixel, m, for a file without georeference; its lower left corner becomes (0, 0).
    """

    class_table: str | None = None
    crs: str | None = None
    pixel_m: float | None = None


def read_prediction(
    path: Path, profile: Profile, codes: Codes, options: ReadOptions | None = None
) -> tuple[PredictionPlanes, str]:
    """Planes of a prediction (four bands) or of a class raster (one band), and the name of its model.

    Raises:
        PredictionError: the file, its classes or its georeference cannot be used; see `prediction_errors`.
    """
    chosen = options or ReadOptions()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # we say it better ourselves
            with rasterio.open(path) as raster:
                _check_bands(raster, path)
                classes = _classes(raster, path, chosen)
                grid = _grid(raster, path, chosen)
                model = str(raster.tags().get(TAG_MODEL, ""))
                bands = raster.read()
                nodata = raster.nodata
    except RasterioError as error:
        reason = str(error.__cause__ or error).strip()
        raise UnreadablePrediction(path=path, reason=reason) from error
    inside = bands[0] != NODATA
    if len(bands) == 1 and nodata is not None and 0 <= nodata < NODATA:
        inside &= bands[0] != np.uint8(nodata)
    if not inside.any():
        raise NothingInside(path=path)
    table = chosen.class_table or TAG_CLASSES
    for band in (bands[0], bands[2][inside]) if len(bands) > 1 else (bands[0],):
        _check_indices(band, classes, path, table, int(nodata) if nodata is not None else NODATA)
    return _planes(bands, inside, grid, classes, (profile, codes, path)), model


def _planes(
    bands: U8,
    inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    grid: Grid,
    classes: tuple[PredictedClass, ...],
    context: tuple[Profile, Codes, Path],
) -> PredictionPlanes:
    profile, codes, path = context
    covers = cover_lookup(classes, profile, codes, path)
    cs = covers[bands[0]]
    cs[~inside] = 0
    hints = use_hint_lookup(classes, profile, codes)
    hint = hints[bands[0]] if hints.any() else None
    if len(bands) == 1:
        return PredictionPlanes(grid, cs, np.zeros_like(cs), None, None, inside, hint)
    runner_up = covers[bands[2]]
    runner_up[(runner_up == cs) | ~inside] = 0
    confidence, margin = bands[1], bands[3]
    confidence[~inside] = 0
    margin[~inside] = 0
    return PredictionPlanes(grid, cs, runner_up, confidence, margin, inside, hint)


def _check_bands(raster: DatasetReader, path: Path) -> None:
    kinds = sorted(set(raster.dtypes))
    if raster.count not in (1, len(BAND_NAMES)) or kinds != ["uint8"]:
        raise WrongBands(path=path, found=f"{raster.count} x {', '.join(kinds)}")


def _classes(raster: DatasetReader, path: Path, options: ReadOptions) -> tuple[PredictedClass, ...]:
    if options.class_table:
        return read_class_table(options.class_table)
    known = ", ".join(known_tables())
    text = raster.tags().get(TAG_CLASSES)
    if not text:
        raise NoClassTable(path=path, tag=TAG_CLASSES, known=known)
    try:
        return decode_classes(text)
    except ValueError as error:
        raise BadClassTable(path=path, reason=error, known=known) from error


def _grid(raster: DatasetReader, path: Path, options: ReadOptions) -> Grid:
    crs = _crs(raster, path, options)
    transform = raster.transform
    if transform == Affine.identity():
        if not options.pixel_m:
            raise NoGeoreference(
                path=path, what_en="pixel size and place", what_fr="taille de pixel ni d'emprise",
                option="--pixel-size 0.2",
            )  # fmt: skip
        transform = from_origin(0.0, raster.height * options.pixel_m, options.pixel_m, options.pixel_m)
    square = transform.a > 0 and abs(transform.a + transform.e) <= _SQUARE_TOLERANCE * transform.a
    if transform.b or transform.d or not square:
        raise WrongPixels(path=path, transform=tuple(transform)[:6])
    return Grid(raster.height, raster.width, transform, crs)


def _crs(raster: DatasetReader, path: Path, options: ReadOptions) -> CRS:
    try:
        crs = CRS.from_user_input(options.crs) if options.crs else raster.crs
    except CRSError as error:
        raise UnknownCrs(path=path, crs=options.crs) from error
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


def _check_indices(
    band: U8, classes: tuple[PredictedClass, ...], path: Path, table: str, nodata: int
) -> None:
    counts = np.bincount(band.ravel(), minlength=256)
    known = [c.index for c in classes] + [UNDECIDED, NODATA, nodata]
    counts[known] = 0
    if counts.any():
        indices = ", ".join(str(i) for i in np.flatnonzero(counts))
        raise UnknownIndices(path=path, indices=indices, share=counts.sum() / band.size, table=table)
