# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a prediction, or a class raster alone, window by window, into planes of cover codes."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import rasterio
from rasterio import DatasetReader
from rasterio import windows as rasterio_windows
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from inference_backend.area.area import Area
from inference_backend.area.area_layer import read_area
from inference_backend.contracts.prediction import (
    BAND_NAMES,
    NODATA,
    TAG_CLASSES,
    TAG_MODEL,
    PredictedClass,
    decode_classes,
)
from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import I64, Window
from inference_backend.postprocess.prediction.class_tables import (
    cover_lookup,
    known_tables,
    read_class_table,
    use_hint_lookup,
)
from inference_backend.postprocess.prediction.prediction_decoding import Decoding, count_values
from inference_backend.postprocess.prediction.prediction_errors import (
    BadClassTable,
    NoClassTable,
    NothingInArea,
    NothingInside,
    UnknownIndices,
    UnreadablePrediction,
    WrongBands,
)
from inference_backend.postprocess.prediction.prediction_georeference import prediction_grid
from inference_backend.postprocess.types import U8, Codes, PredictionPlanes

_SCORED, _ALONE = (1, 2, 3, 4), (1,)
_CLASSES_ONLY = (1, 3)
"""Class and runner-up, without scores."""


@dataclass(frozen=True)
class ReadOptions:
    """What the caller says where the file does not.

    Attributes:
        class_table: name of a table of the project or path of a JSON file; wins over the file's own.
        crs: for instance `EPSG:2154`; it takes precedence over the file's.
        pixel_m: side of a pixel, m, for a file without georeference; its lower left corner becomes (0, 0).
        aoi: vector file of the area of interest, `file|layername=NAME`; None for the whole raster.
    """

    class_table: str | None = None
    crs: str | None = None
    pixel_m: float | None = None
    aoi: Path | None = None


@dataclass(frozen=True)
class Prediction:
    """An open prediction: any thread reads any window; picklable, for other processes that see the file.

    Attributes:
        path: of the file.
        grid: of the whole raster.
        model: name of the model that made it, empty where unknown.
        has_scores: whether it has confidence, runner-up and margin.
        decoding: what its values mean.
        table: name of the class table.
        files: that it is read from: the file, and what a VRT refers to.
        area: of interest; pixels beyond it are outside the image. None for all of them.
    """

    path: Path
    grid: Grid
    model: str
    has_scores: bool
    decoding: Decoding
    table: str
    files: tuple[str, ...]
    area: Area | None
    _handles: _Handles = field(repr=False, compare=False)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of the whole raster."""
        return self.grid.shape

    def read(self, window: Window) -> PredictionPlanes:
        """Planes of a window.

        Raises:
            UnreadablePrediction: truncated or damaged.
        """
        bands = self._bands(window, _SCORED if self.has_scores else _ALONE)
        return self.decoding.planes(bands, window.grid(self.grid))

    def read_classes(self, window: Window) -> tuple[PredictionPlanes, I64]:
        """Planes of a window without scores and runner-up, and pixels of each value: a first look.

        Raises:
            UnreadablePrediction: truncated or damaged.
        """
        bands = self._bands(window, _CLASSES_ONLY if self.has_scores else _ALONE)
        second = bands[1] if self.has_scores else None
        counts = count_values(bands[0], second, self.decoding.outside)
        return self.decoding.planes(bands[:1], window.grid(self.grid)), counts

    def check_values(self, counts: I64) -> None:
        """Refuse a raster of which `counts`, the sum over all windows, shows that it cannot be used.

        Raises:
            NothingInside: no pixel of the image, or of the area on it.
            UnknownIndices: values that the class table lacks.
        """
        if not counts[~self.decoding.outside].any():
            if self.area is not None:
                raise NothingInArea(path=self.path, area=self.area.path)
            raise NothingInside(path=self.path)
        unknown = self.decoding.unknown(counts)
        if unknown:
            raise UnknownIndices(
                path=self.path,
                indices=", ".join(map(str, unknown)),
                share=float(counts[unknown].sum() / (self.grid.height_px * self.grid.width_px)),
                table=self.table,
            )

    def close(self) -> None:
        """Close the file; a later read opens it again."""
        self._handles.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _bands(self, window: Window, bands: Sequence[int]) -> U8:
        part = rasterio_windows.Window(window.col, window.row, window.width, window.height)
        with _read_errors(self.path), self._handles.one(self.path) as raster:
            values: U8 = raster.read(list(bands), window=part)
        if self.area is not None:
            transform = window.grid(self.grid).transform
            values[0][~self.area.inside(transform, (window.height, window.width))] = NODATA
        return values


class _Handles:
    """Open files of one path, each lent to one thread at a time; a copy in another process opens its own."""

    def __init__(self) -> None:
        self._free: list[DatasetReader] = []
        self._lock = threading.Lock()

    @contextmanager
    def one(self, path: Path) -> Iterator[DatasetReader]:
        with self._lock:
            raster = self._free.pop() if self._free else None
        if raster is None:
            raster = _open(path)
        yield raster  # one that failed is not used again
        with self._lock:
            self._free.append(raster)

    def close(self) -> None:
        with self._lock:
            rasters, self._free = self._free, []
        for raster in rasters:
            raster.close()

    def __reduce__(self) -> tuple[type[_Handles], tuple[()]]:
        return _Handles, ()


def open_prediction(
    path: Path, profile: Profile, codes: Codes, options: ReadOptions | None = None
) -> Prediction:
    """A prediction (four bands) or a class raster (one band), whose values are not yet looked at.

    Raises:
        PredictionError: the file, its classes or its georeference cannot be used; see `prediction_errors`.
        VectorError: the area of interest cannot be read, or lies elsewhere.
    """
    chosen = options or ReadOptions()
    with _read_errors(path), _open(path) as raster:
        _check_bands(raster, path)
        classes = _classes(raster, path, chosen)
        grid = prediction_grid(raster, path, chosen.crs, chosen.pixel_m)
        model = str(raster.tags().get(TAG_MODEL, ""))
        nodata = NODATA if raster.nodata is None else int(raster.nodata)
        alone = raster.count == 1
        files = tuple(sorted({str(path), *raster.files}))
    area = None if chosen.aoi is None else _area(chosen.aoi, grid, path)
    nodata = nodata if 0 <= nodata <= NODATA else NODATA
    covers = cover_lookup(classes, profile, codes, path)
    decoding = Decoding.of(classes, covers, use_hint_lookup(classes, profile, codes), nodata, alone=alone)
    table = chosen.class_table or TAG_CLASSES
    return Prediction(path, grid, model, not alone, decoding, table, files, area, _Handles())


def _area(given: Path, grid: Grid, raster: Path) -> Area:
    if grid.crs is None:
        raise ValueError("a grid without coordinate system")
    area = Area.of(read_area(given), grid.crs)
    area.cut(grid, str(raster))  # refuses one that lies elsewhere
    return area


def _open(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # we say it better ourselves
        return rasterio.open(path)


@contextmanager
def _read_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except RasterioError as error:
        reason = str(error.__cause__ or error).strip()
        raise UnreadablePrediction(path=path, reason=reason) from error


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
