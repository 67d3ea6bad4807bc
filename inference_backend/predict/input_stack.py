# SPDX-License-Identifier: GPL-2.0-or-later
"""Several co-registered rasters read as one stack of bands, window by window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio import DatasetReader
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import RasterioError
from rasterio.transform import from_origin
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from inference_backend.contracts.model_card import ModelCard
from inference_backend.grid import Grid
from inference_backend.predict.band_sources import BandSource
from inference_backend.predict.inside_mask import drop_specks
from inference_backend.predict.opening import open_raster
from inference_backend.predict.raster_checks import (
    RESOLUTION_TOLERANCE,
    check_depth,
    check_georeference,
    check_one_grid,
    check_resolution,
)
from inference_backend.predict.read_errors import read_error
from inference_backend.predict.source_policy import EVERYTHING, SourcePolicy
from inference_backend.predict.sources import parse_source
from inference_backend.predict.tile_plan import Tile

_WITHOUT_IMAGE = "height"


@dataclass(frozen=True)
class TileValues:
    """What was read for one tile.

    Attributes:
        values: (C, H, W) float32, raster values in the card's band order; mirrored beyond the raster's edge.
        inside: (H, W) bool, False where no image was taken; False beyond the raster's edge.
    """

    values: NDArray[np.float32]
    inside: NDArray[np.bool_]


class InputStack:
    """Open rasters, checked to share one grid; to be read from one thread at a time."""

    def __init__(self, sources: tuple[BandSource, ...], rasters: dict[str, DatasetReader], crs: CRS) -> None:
        self._sources, self._rasters = sources, rasters
        first = next(iter(rasters.values()))
        self.grid = Grid(first.height, first.width, first.transform, crs)
        with_image = {s.path for s in sources if s.path and s.name != _WITHOUT_IMAGE}
        self._masked = {
            path: raster
            for path, raster in rasters.items()
            if (path in with_image or not with_image) and not self._mask_is_empty(path)
        }
        self._has_full_image = len(self._masked) < len(with_image or rasters)

    def read(self, tile: Tile) -> TileValues:
        """Values and mask of a tile's input window.

        Raises:
            UnreadableRasterError: truncated or damaged.
        """
        rows, cols = tile.clipped(self.grid.shape)
        window = Window.from_slices(rows, cols)
        before, after = tile.padding(self.grid.shape)
        values = np.empty((len(self._sources), rows.stop - rows.start, cols.stop - cols.start), np.float32)
        inside = np.full(values.shape[1:], self._has_full_image or not self._masked)
        for path, raster in self._rasters.items():
            try:
                self._read_bands(path, raster, window, values)
                if path in self._masked and not self._has_full_image:
                    # Outside is where every image says so: one saturated raster does not make a hole.
                    inside |= raster.dataset_mask(window=window) > 0
            except (RasterioError, OSError) as error:
                raise read_error(parse_source(path), error) from error
        for i, source in enumerate(self._sources):
            if source.path is None:
                values[i] = source.fill
            elif source.name != _WITHOUT_IMAGE:
                inside &= np.isfinite(values[i])
        np.nan_to_num(values, copy=False, nan=0.0)
        pads = tuple(zip(before, after, strict=True))
        return TileValues(
            np.pad(values, ((0, 0), *pads), mode="symmetric"), np.pad(drop_specks(inside), pads)
        )

    def _read_bands(
        self, path: str, raster: DatasetReader, window: Window, values: NDArray[np.float32]
    ) -> None:
        places = [i for i, source in enumerate(self._sources) if source.path == path]
        read = raster.read([self._sources[i].index for i in places], window=window, out_dtype=np.float32)
        for i, band in zip(places, read, strict=True):
            nodata = raster.nodatavals[self._sources[i].index - 1]
            if self._sources[i].name == _WITHOUT_IMAGE and nodata is not None:
                # Unknown height is ground: models of ours are trained to do without heights.
                band[band == np.float32(nodata)] = 0
            values[i] = band

    def _mask_is_empty(self, path: str) -> bool:
        raster = self._rasters[path]
        flags = raster.mask_flag_enums[0]
        used = [s.index for s in self._sources if s.path == path]
        alpha = [i for i in used if raster.colorinterp[i - 1] == ColorInterp.alpha]
        # Drivers call the 4th band of 4 bytes alpha; where the model reads it, it is an infrared.
        return MaskFlags.all_valid in flags or bool(alpha)


@contextmanager
def open_stack(
    sources: tuple[BandSource, ...],
    card: ModelCard,
    *,
    resample: bool = False,
    crs: CRS | None = None,
    policy: SourcePolicy = EVERYTHING,
) -> Iterator[InputStack]:
    """Open and check the rasters that hold `sources`.

    Args:
        sources: one per band of the card, see `find_bands`.
        card: gives the resolution, m.
        resample: bring every raster onto the first one's extent at the model's resolution.
        crs: CRS to use instead of the rasters' own.
        policy: which files and servers the rasters may refer to.

    Raises:
        RasterError: no CRS, another resolution, not one grid, or unreadable.
    """
    with ExitStack() as stack:
        opened = []
        for path in dict.fromkeys(source.path for source in sources if source.path is not None):
            raster = stack.enter_context(open_raster(parse_source(path, policy), policy))
            own = check_georeference(raster, path, crs)
            check_depth(raster, sources, card, path)
            if not resample:
                check_resolution(raster, path, own, card.resolution_m)
            opened.append((path, raster, own))
        if resample:
            opened = _resampled(opened, card.resolution_m, stack)
        check_one_grid(opened)
        yield InputStack(sources, {path: raster for path, raster, _ in opened}, opened[0][2])


def _resampled(
    opened: Sequence[tuple[str, DatasetReader, CRS]], pixel_m: float, stack: ExitStack
) -> list[tuple[str, DatasetReader, CRS]]:
    """Views of the rasters on the first one's extent at `pixel_m`, in its CRS."""
    _, first, crs = opened[0]
    left, bottom, right, top = first.bounds
    step = pixel_m / float(crs.linear_units_factor[1])
    size = {"width": max(1, round((right - left) / step)), "height": max(1, round((top - bottom) / step))}
    views = []
    for path, raster, own in opened:
        finer = raster.transform.a < step * (1 - RESOLUTION_TOLERANCE)
        has_mask = MaskFlags.all_valid not in raster.mask_flag_enums[0]
        view = WarpedVRT(
            raster,
            src_crs=own,
            crs=crs,
            transform=from_origin(left, top, step, step),
            resampling=Resampling.average if finer else Resampling.bilinear,
            add_alpha=not has_mask,
            **size,
        )
        views.append((path, stack.enter_context(view), crs))
    return views
