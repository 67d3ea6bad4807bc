# SPDX-License-Identifier: GPL-2.0-or-later
"""Several co-registered rasters read as one stack of bands, window by window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.transform import Affine

from inference_backend.area.area import Area
from inference_backend.contracts.model_card import ModelCard
from inference_backend.grid import Grid
from inference_backend.predict.blocks.tile_plan import Tile
from inference_backend.predict.inputs.area_source import read_allowed_area
from inference_backend.predict.inputs.band_sources import BandSource
from inference_backend.predict.inputs.file_stamp import FileStamp
from inference_backend.predict.inputs.placed_raster import WITHOUT_IMAGE, PlacedRaster, Values
from inference_backend.predict.inputs.placement import place
from inference_backend.predict.inputs.source_policy import EVERYTHING, SourcePolicy
from inference_backend.predict.inputs.stack_rasters import open_rasters

_KEPT_TILES = 4


@dataclass(frozen=True)
class TileValues:
    """What was read for one tile.

    Attributes:
        values: (C, H, W) raster values in the card's band order, mirrored beyond what the rasters cover;
            uint8 where every band is made of bytes, else float32.
        inside: (H, W) bool, False where no image was taken, outside the area of interest, and beyond what the
            rasters cover.
        is_whole: whether `inside` is known to be True throughout.
    """

    values: NDArray[np.uint8 | np.float32]
    inside: NDArray[np.bool_]
    is_whole: bool = False


class InputStack:
    """Open rasters on one grid; to be read from one thread at a time. Made by `open_stack`.

    Attributes:
        grid: what a prediction covers: the area of interest's box where one is given, else the first raster.
        dtype: of what is read, uint8 or float32.
    """

    def __init__(
        self,
        bands: Sequence[BandSource],
        rasters: Sequence[PlacedRaster],
        grid: Grid,
        area: Area | None = None,
    ) -> None:
        self.grid = grid
        self._rasters, self._area = rasters, area
        self._stamps = [FileStamp.of(raster.source) for raster in rasters]
        self._bands = len(bands)
        self._fills = [(slot, band.fill) for slot, band in enumerate(bands) if band.path is None]
        self._heights = {slot for slot, band in enumerate(bands) if band.name == WITHOUT_IMAGE}
        whole = all(0 <= fill <= 255 and float(fill).is_integer() for _, fill in self._fills)
        is_bytes = whole and all(raster.is_bytes for raster in rasters)
        self.dtype = np.dtype(np.uint8 if is_bytes else np.float32)
        self._first, self._end = _common_extent(rasters, grid)
        self._say_where = [raster for raster in rasters if raster.has_image] or list(rasters)
        self._whole = np.ones((0, 0), bool)
        self._idle: list[Values] = []

    def read(self, tile: Tile) -> TileValues:
        """Values and mask of a tile's window; around an area of interest real pixels, not mirrored ones.

        Raises:
            UnreadableRasterError: truncated or damaged.
            RemoteRasterError: a server stopped or refused.
            RasterChangedError: replaced since the stack was opened.
        """
        (rows, cols), pads = self._readable(tile)
        shape = rows.stop - rows.start, cols.stop - cols.start
        values = self._room((self._bands, *shape))
        for slot, fill in self._fills:
            values[slot] = fill
        inside = self._read_rasters(rows, cols, values)
        if self._area is not None:
            inside = inside & self._area.inside(self._moved(rows, cols), shape)
        for stamp in self._stamps:
            stamp.check()
        if any(pads[0]) or any(pads[1]):
            return TileValues(np.pad(values, ((0, 0), *pads), mode="symmetric"), np.pad(inside, pads))
        return TileValues(values, inside, inside is self._whole)

    @property
    def mask_reach_px(self) -> int:
        """How far around a pixel it depends on what is read whether it is image."""
        return max((raster.mask_reach_px for raster in self._rasters), default=0)

    def cache_bytes(self, rows_px: int, cols_px: int | None = None) -> int | None:
        """What GDAL must keep so that nothing is decoded twice; see `PlacedRaster.cache_bytes`."""
        needed = [raster.cache_bytes(rows_px, cols_px) for raster in self._rasters]
        known = [size for size in needed if size is not None]
        return sum(known) if len(known) == len(needed) else None

    def give_back(self, read: TileValues) -> None:
        """Nobody looks at `read` any more: its memory serves the next tiles. From any thread."""
        if len(self._idle) < _KEPT_TILES:
            self._idle.append(read.values)

    def _room(self, shape: tuple[int, ...]) -> Values:
        try:
            values = self._idle.pop()
        except IndexError:
            return np.empty(shape, self.dtype)
        return values if values.shape == shape else np.empty(shape, self.dtype)

    def is_empty(self, rows: slice, cols: slice) -> bool:
        """Whether a window of the grid certainly holds nothing to predict; cheap, and False where in doubt.

        Certain are windows outside the area of interest, and blocks that a sparse TIFF does not have.
        """
        if self._area is not None:
            corner = self._moved(rows, cols)
            height, width = rows.stop - rows.start, cols.stop - cols.start
            box = (corner.c, corner.f + height * corner.e, corner.c + width * corner.a, corner.f)
            if not self._area.touches(box):
                return True
        return bool(self._say_where) and all(raster.is_empty(rows, cols) for raster in self._say_where)

    def _readable(self, tile: Tile) -> tuple[tuple[slice, slice], tuple[tuple[int, int], tuple[int, int]]]:
        """The part of a tile's window that the rasters cover, and what is missing before and after it."""
        spans, pads = [], []
        for start, first, end in zip((tile.row, tile.col), self._first, self._end, strict=True):
            begin, stop = start - tile.margin_px, start + tile.core_px + tile.margin_px
            spans.append(slice(max(begin, first), min(stop, end)))
            pads.append((max(0, first - begin), max(0, stop - end)))
        return (spans[0], spans[1]), (pads[0], pads[1])

    def _read_rasters(self, rows: slice, cols: slice, values: Values) -> NDArray[np.bool_]:
        """Fill `values`; True where any image says that it is there.

        Outside is where every image says so: one saturated raster does not make a hole.
        """
        inside: NDArray[np.bool_] | None = None
        is_whole = not self._say_where
        for raster in self._rasters:
            found = raster.read(rows, cols, values)
            if raster in self._say_where:
                is_whole = is_whole or found is None
                if found is not None:
                    inside = found if inside is None else inside | found
        if is_whole or inside is None:
            inside = self._all_inside(values.shape[1:])
        for raster in self._rasters:
            for slot in raster.float_slots:
                inside = _without_gaps(values[slot], inside, slot in self._heights)
        return inside

    def _all_inside(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        """True throughout: the same array for tile after tile, which nobody writes to."""
        if self._whole.shape != shape:
            self._whole = np.ones(shape, bool)
        return self._whole

    def _moved(self, rows: slice, cols: slice) -> Affine:
        moved: Affine = self.grid.transform @ Affine.translation(cols.start, rows.start)
        return moved


def _without_gaps(band: NDArray[np.generic], inside: NDArray[np.bool_], is_height: bool) -> NDArray[np.bool_]:
    """`inside` without the band's NaN and infinities, which become 0; a height's say nothing of the image."""
    finite = np.isfinite(band.astype(np.float32, copy=False))
    if finite.all():
        return inside
    band[~finite] = 0
    return inside if is_height else inside & finite


def _common_extent(rasters: Sequence[PlacedRaster], grid: Grid) -> tuple[tuple[int, int], tuple[int, int]]:
    """First row and column, and last + 1, that every raster covers; the grid's own without rasters."""
    extents = [raster.extent for raster in rasters]
    if not extents:
        return (0, 0), grid.shape
    return (
        (max(e[0] for e in extents), max(e[1] for e in extents)),
        (min(e[2] for e in extents), min(e[3] for e in extents)),
    )


@contextmanager
def open_stack(
    bands: tuple[BandSource, ...],
    card: ModelCard,
    *,
    resample: bool = False,
    crs: CRS | None = None,
    aoi: Path | None = None,
    policy: SourcePolicy = EVERYTHING,
) -> Iterator[InputStack]:
    """Open and check the rasters that hold `bands`.

    Without `resample`, the first raster at the model's resolution gives the grid. The others may be coarser
    by a whole factor, aligned with it, and reach further: each of their pixels is repeated. With `resample`,
    the first raster's extent at the model's resolution is the grid, and the others are brought onto it.

    Args:
        bands: one per band of the card, see `find_bands`.
        card: gives the resolution, m.
        resample: see above.
        crs: CRS to use instead of the rasters' own.
        aoi: polygons to keep to, `file` or `file|layername=NAME`, in any CRS.
        policy: which files and servers the rasters may refer to.

    Raises:
        RasterError: no CRS, another resolution, not one grid, forbidden, or unreadable.
        VectorError: an area of interest that cannot be used, or that lies outside.
    """
    layer = read_allowed_area(aoi, policy) if aoi is not None else None
    with ExitStack() as stack:
        rasters, grid = open_rasters(
            bands, card, stack, resample=resample, crs=crs, layer=layer, policy=policy
        )
        reference = rasters[0].source.shown if rasters else "-"
        area = Area.of(layer, grid.crs) if layer is not None and grid.crs is not None else None
        if area is not None:
            grid = area.cut(grid, reference)
        placed = [
            PlacedRaster(
                opened.source,
                opened.raster,
                [(slot, band) for slot, band in enumerate(bands) if band.path == opened.source.given],
                place(opened, grid, reference),
            )
            for opened in rasters
        ]
        yield InputStack(bands, placed, grid, area)
