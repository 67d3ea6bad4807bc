# SPDX-License-Identifier: GPL-2.0-or-later
"""One open raster in place on the output grid: its bands of a window, and where it holds an image."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from rasterio import DatasetReader
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError
from rasterio.windows import Window

from inference_backend.predict.inputs.band_sources import BandSource, band_names, standard_name
from inference_backend.predict.inputs.inside_mask import REACH_PX, drop_specks
from inference_backend.predict.inputs.missing_blocks import MissingBlocks
from inference_backend.predict.inputs.read_errors import read_error
from inference_backend.predict.inputs.sources import Source

Values = NDArray[np.uint8 | np.float32]

WITHOUT_IMAGE = "height"
"""Where heights are unknown there may still be an image, so they do not say where it ends."""
_ALL_CHANNELS = ("red", "green", "blue", "nir")


class MaskKind(Enum):
    """How a raster says where it holds no image."""

    NONE = "every pixel is image"
    NODATA = "a value"
    BAND = "an alpha band or a mask"


@dataclass(frozen=True)
class Placement:
    """Where a raster lies on the output grid.

    Attributes:
        row: grid row of the raster's upper edge; negative where it begins above the grid.
        col: grid column of its left edge.
        factor: grid pixels on a side of one pixel of the raster.
    """

    row: int
    col: int
    factor: int = 1


class PlacedRaster:
    """One raster; to be read from one thread at a time.

    Args:
        source: the argument it came from, for messages.
        raster: the open raster.
        bands: the model's bands with the places in the stack that they go to.
        place: where it lies.
    """

    def __init__(
        self,
        source: Source,
        raster: DatasetReader,
        bands: Sequence[tuple[int, BandSource]],
        place: Placement,
    ) -> None:
        self.source, self.place = source, place
        self._raster = raster
        self._slots = [slot for slot, _ in bands]
        self._indexes = [band.index for _, band in bands]
        self._nodata = [_usable_nodata(raster, index) for index in self._indexes]
        self._is_height = [band.name == WITHOUT_IMAGE for _, band in bands]
        self._dtypes = {raster.dtypes[index - 1] for index in self._indexes}
        self._is_float = any(np.issubdtype(dtype, np.floating) for dtype in self._dtypes)
        images = [i for i, height in enumerate(self._is_height) if not height]
        self.has_image = bool(images)
        self._image = images or list(range(len(bands)))
        self._mask = mask_kind(raster, self._indexes)
        if self._mask == MaskKind.NODATA and any(self._nodata[i] is None for i in self._image):
            self._mask = MaskKind.NONE
        self._missing = self._blocks()

    @property
    def is_bytes(self) -> bool:
        """Whether every band of the model in it is of type uint8."""
        return self._dtypes == {"uint8"}

    @property
    def float_slots(self) -> list[int]:
        """Places in the stack of the bands that may hold NaN or infinities."""
        return self._slots if self._is_float else []

    @property
    def mask_reach_px(self) -> int:
        """How far around a pixel it depends on what is read whether it is image."""
        return REACH_PX if self._mask == MaskKind.NODATA else 0

    @property
    def extent(self) -> tuple[int, int, int, int]:
        """First row, first column, last row + 1, last column + 1 on the output grid."""
        place = self.place
        return (
            place.row,
            place.col,
            place.row + self._raster.height * place.factor,
            place.col + self._raster.width * place.factor,
        )

    def cache_bytes(self, rows_px: int, cols_px: int | None = None) -> int | None:
        """What GDAL must keep so that no block is decoded twice for so many rows and columns of the grid.

        Args:
            rows_px: of the grid.
            cols_px: of the grid; None for the whole raster's.

        Returns:
            None where more than one file's blocks are kept for what is read, and for some columns of a
            raster whose blocks are as wide as itself.
        """
        raster = self._raster
        if raster.driver != "GTiff" or type(raster) is not DatasetReader:
            return None
        height_px, width_px = raster.block_shapes[self._indexes[0] - 1]
        if cols_px is not None and width_px >= raster.width:
            return None
        down, across = (rows_px // self.place.factor - 2) // height_px + 2, -(-raster.width // width_px)
        if cols_px is not None:
            across = min(across, (cols_px // self.place.factor - 2) // width_px + 2)
        is_pixelwise = raster.profile.get("interleave") == "pixel"
        kept = range(1, raster.count + 1) if is_pixelwise else sorted(set(self._indexes))
        pixel_bytes = sum(np.dtype(raster.dtypes[index - 1]).itemsize for index in kept)
        return int(down * across * height_px * width_px * pixel_bytes)

    def read(self, rows: slice, cols: slice, values: Values) -> NDArray[np.bool_] | None:
        """Put a window's bands into `values`; None where it is image throughout.

        Args:
            rows: of the output grid, inside `extent`.
            cols: as `rows`.
            values: (C, H, W), receives this raster's bands in their places.

        Returns:
            (H, W) bool, True where there is image.

        Raises:
            UnreadableRasterError: truncated or damaged.
            RemoteRasterError: the server stopped or refused.
        """
        own = self._own_window(rows, cols)
        try:
            self._read_bands(own, rows, cols, values)
            inside = self._inside(own, rows, cols, values)
        except (RasterioError, OSError) as error:
            raise read_error(self.source, error) from error
        self._settle_unknown(values, inside)
        return inside

    def is_empty(self, rows: slice, cols: slice) -> bool:
        """Whether a window certainly holds no image; cheap, and False where in doubt."""
        return self._missing is not None and self._missing.all_missing(*self._own_window(rows, cols))

    def _blocks(self) -> MissingBlocks | None:
        bands = [self._indexes[i] for i in self._image]
        if self._mask != MaskKind.BAND:
            return MissingBlocks.of(self._raster, bands)
        # What a mask of its own says of a missing block is not known; an alpha band says 0.
        alpha = [i for i, kind in enumerate(self._raster.colorinterp, start=1) if kind == ColorInterp.alpha]
        is_plain = alpha and MaskFlags.alpha in self._raster.mask_flag_enums[bands[0] - 1]
        return MissingBlocks.of(self._raster, alpha[:1]) if is_plain else None

    def _own_window(self, rows: slice, cols: slice) -> tuple[slice, slice]:
        """The raster's pixels that a window of the grid touches."""
        factor = self.place.factor
        top, left = rows.start - self.place.row, cols.start - self.place.col
        bottom, right = rows.stop - self.place.row, cols.stop - self.place.col
        return (
            slice(top // factor, -(-bottom // factor)),
            slice(left // factor, -(-right // factor)),
        )

    def _read_bands(self, own: tuple[slice, slice], rows: slice, cols: slice, values: Values) -> None:
        (top, bottom), (left, right) = ((part.start, part.stop) for part in own)
        window = Window(left, top, right - left, bottom - top)
        first, count = self._slots[0], len(self._slots)
        in_order = self._slots == list(range(first, first + count))
        if self.place.factor == 1 and in_order and self._dtypes == {values.dtype.name}:
            self._raster.read(self._indexes, window=window, out=values[first : first + count])
            return
        # As they are: NumPy converts faster than GDAL, forty times so where it reads without its cache.
        read = self._raster.read(self._indexes, window=window)
        for slot, band in zip(self._slots, read, strict=True):
            values[slot] = self._spread(band, own, rows, cols)

    def _spread(
        self, band: NDArray[np.generic], own: tuple[slice, slice], rows: slice, cols: slice
    ) -> NDArray[np.generic]:
        """A band of own pixels on the grid's, each repeated."""
        factor = self.place.factor
        if factor == 1:
            return band
        top = rows.start - self.place.row - own[0].start * factor
        left = cols.start - self.place.col - own[1].start * factor
        large = np.repeat(np.repeat(band, factor, axis=0), factor, axis=1)
        return large[top : top + rows.stop - rows.start, left : left + cols.stop - cols.start]

    def _inside(
        self, own: tuple[slice, slice], rows: slice, cols: slice, values: Values
    ) -> NDArray[np.bool_] | None:
        if self._mask == MaskKind.BAND:
            mask = self._raster.read_masks(self._indexes[self._image[0]], window=Window.from_slices(*own))
            return None if mask.all() else np.asarray(self._spread(mask, own, rows, cols), bool)
        if self._mask == MaskKind.NODATA:
            return self._inside_by_value(values)
        present = self._missing.present(*own) if self._missing else None
        return None if present is None else np.asarray(self._spread(present, own, rows, cols), bool)

    def _inside_by_value(self, values: Values) -> NDArray[np.bool_] | None:
        outside: NDArray[np.bool_] | None = None
        for i in self._image:
            nodata, band = self._nodata[i], values[self._slots[i]]
            equal = np.isnan(band) if nodata is None or math.isnan(nodata) else band == nodata
            outside = equal if outside is None else outside & equal
            if not outside.any():
                return None
        return None if outside is None else drop_specks(~outside)

    def _settle_unknown(self, values: Values, inside: NDArray[np.bool_] | None) -> None:
        """Give pixels without a value the one that models are trained with: 0."""
        for slot, nodata, is_height in zip(self._slots, self._nodata, self._is_height, strict=True):
            band = values[slot]
            # Unknown height is ground: models of ours are trained to do without heights.
            if nodata is not None and not math.isnan(nodata) and (is_height or self._is_float):
                band[band == nodata] = 0
            if is_height and not self.has_image and inside is not None:
                band[~inside] = 0


def mask_kind(raster: DatasetReader, indexes: Sequence[int]) -> MaskKind:
    """How `raster` says where it holds no image, `indexes` being the bands that a model reads."""
    flags = raster.mask_flag_enums[indexes[0] - 1]
    if MaskFlags.all_valid in flags:
        return MaskKind.NONE
    if MaskFlags.alpha in flags:
        return MaskKind.NONE if false_alpha(raster, indexes) else MaskKind.BAND
    return MaskKind.BAND if MaskFlags.per_dataset in flags else MaskKind.NODATA


def false_alpha(raster: DatasetReader, indexes: Sequence[int]) -> int | None:
    """Index of a band called alpha that is none: drivers call the 4th of 4 bytes so, often an infrared."""
    names = band_names(raster)
    for index, (colour, name) in enumerate(zip(raster.colorinterp, names, strict=True), start=1):
        if colour == ColorInterp.alpha and (index in indexes or standard_name(name) in _ALL_CHANNELS):
            return index
    return None


def _usable_nodata(raster: DatasetReader, index: int) -> float | None:
    """The band's no-data value as its pixels are read, None where no pixel can have it."""
    nodata = raster.nodatavals[index - 1]
    kind = np.dtype(raster.dtypes[index - 1])
    if nodata is None:
        return None
    if np.issubdtype(kind, np.floating):
        return float(np.float32(nodata))
    limits = np.iinfo(kind)
    return float(nodata) if limits.min <= nodata <= limits.max and float(nodata).is_integer() else None
