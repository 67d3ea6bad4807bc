# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens the rasters of a stack and finds the grid that they are read on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

import rasterio
from rasterio import DatasetReader
from rasterio.crs import CRS
from rasterio.transform import Affine

from inference_backend.area.area_layer import AreaLayer
from inference_backend.contracts.model_card import ModelCard
from inference_backend.grid import Grid
from inference_backend.predict.errors import MissingBandsError
from inference_backend.predict.inputs.band_sources import SERVICE_DRIVERS, BandSource
from inference_backend.predict.inputs.map_grid import MAX_SERVICE_PX, map_grid, other_system, too_large
from inference_backend.predict.inputs.opening import READ_OPTIONS, cache_for_strips, open_raster
from inference_backend.predict.inputs.placement import OpenRaster, fits, resampled_grid, warped
from inference_backend.predict.inputs.raster_checks import (
    RESOLUTION_TOLERANCE,
    check_depth,
    check_georeference,
    ground_step,
    has_resolution,
    same_crs,
    wrong_resolution,
)
from inference_backend.predict.inputs.redirects import check_redirects
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.predict.inputs.sources import Source, parse_source
from inference_backend.predict.inputs.wms import WmsAddress


def open_rasters(
    bands: Sequence[BandSource],
    card: ModelCard,
    stack: ExitStack,
    *,
    resample: bool,
    crs: CRS | None,
    layer: AreaLayer | None,
    policy: SourcePolicy,
) -> tuple[list[OpenRaster], Grid]:
    """The rasters of `bands`, the one that gives the grid first, and that grid.

    Raises:
        RasterError: no CRS, another resolution, forbidden, or unreadable.
        AreaError: an area of interest that is on no place of the grid's system.
    """
    stack.enter_context(rasterio.Env(**READ_OPTIONS))
    given = dict.fromkeys(band.path for band in bands if band.path is not None)
    sources = [parse_source(path, policy) for path in given]
    maps = [WmsAddress.parse(source) for source in sources if source.kind == "wms"]
    opened = [_open(source, bands, card, crs, policy, stack) for source in sources if source.kind != "wms"]
    if not opened and not maps:
        raise MissingBandsError(path="-", missing=", ".join(b.name for b in bands), found="-", example="red")
    stack.enter_context(rasterio.Env(**cache_for_strips([one.raster for one in opened])))
    grid = _grid(opened, maps, card.resolution_m, resample=resample, crs=crs, layer=layer)
    if resample:
        opened = [one if fits(one, grid) else warped(one, grid, stack) for one in opened]
    everything = [*opened, *(_drawn(address, bands, grid, policy, stack) for address in maps)]
    return sorted(everything, key=lambda one: one.grid != grid), grid


def _open(
    source: Source,
    bands: Sequence[BandSource],
    card: ModelCard,
    crs: CRS | None,
    policy: SourcePolicy,
    stack: ExitStack,
) -> OpenRaster:
    raster = stack.enter_context(open_raster(source, policy))
    own = check_georeference(raster, source.shown, crs)
    opened = OpenRaster(source, raster, own, _indexes(bands, source))
    check_depth(raster, bands, card, source.given)
    level = _level(opened, card.resolution_m) if raster.driver in SERVICE_DRIVERS else None
    if level is None:
        return opened
    coarser = stack.enter_context(open_raster(source, policy, OVERVIEW_LEVEL=level))
    return replace(opened, raster=coarser, transform=_exact(raster, coarser, raster.overviews(1)[level]))


def _exact(finest: DatasetReader, level: DatasetReader, factor: int) -> Affine:
    """The transform of a level of a pyramid.

    GDAL stretches a level over the finest one's extent, of which it covers a part of a pixel more or less:
    over a country that is nothing, over a town a pixel at its far end.
    """
    stretched, whole = level.transform.a, finest.transform.a * factor
    if abs(stretched / whole - 1) * level.width > 2:
        return level.transform  # pyramids in other steps than GDAL's rounded factor
    exact: Affine = finest.transform @ Affine.scale(factor)
    return exact


def _indexes(bands: Sequence[BandSource], source: Source) -> tuple[int, ...]:
    return tuple(band.index for band in bands if band.path == source.given)


def _level(opened: OpenRaster, pixel_m: float) -> int | None:
    """The coarsest level of a service's pyramid no coarser than the model's pixel; None for the finest."""
    step = ground_step(opened.crs, opened.grid, pixel_m)
    allowed = step * (1 + RESOLUTION_TOLERANCE) / opened.raster.transform.a
    factors = [factor for factor in opened.raster.overviews(1) if factor <= allowed]
    return len(factors) - 1 if factors else None


def _grid(
    opened: Sequence[OpenRaster],
    maps: Sequence[WmsAddress],
    pixel_m: float,
    *,
    resample: bool,
    crs: CRS | None,
    layer: AreaLayer | None,
) -> Grid:
    """The pixels that the stack is read on, area of interest left aside."""
    if resample and opened:
        return resampled_grid(opened[0], pixel_m)
    for one in opened:
        if has_resolution(one.grid, one.crs, pixel_m):
            is_service = one.raster.driver in SERVICE_DRIVERS
            if is_service and layer is None and max(one.raster.shape) > MAX_SERVICE_PX:
                raise too_large(one.source)
            return one.grid
    if maps:
        return map_grid(maps[0], opened[0].grid if opened else None, pixel_m, crs=crs, layer=layer)
    raise wrong_resolution(opened[0].grid, opened[0].crs, pixel_m, opened[0].source.shown)


def _drawn(
    address: WmsAddress, bands: Sequence[BandSource], grid: Grid, policy: SourcePolicy, stack: ExitStack
) -> OpenRaster:
    """A WMS on the grid, in its system."""
    own = address.crs or grid.crs
    if grid.crs is None or own is None or not same_crs(own, grid.crs):
        raise other_system(address, grid)
    check_redirects(address.source.given, policy)
    raster = stack.enter_context(address.open(grid))
    return OpenRaster(address.source, raster, grid.crs, _indexes(bands, address.source))
