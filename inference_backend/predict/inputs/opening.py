# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens a raster wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import rasterio
import rasterio.env
from rasterio import DatasetReader
from rasterio._path import _parse_path
from rasterio.errors import RasterioError

from inference_backend.predict.inputs.read_errors import read_error
from inference_backend.predict.inputs.redirects import check_redirects
from inference_backend.predict.inputs.source_inspection import LIMITED_DRIVERS, check_references
from inference_backend.predict.inputs.source_policy import EVERYTHING, SourcePolicy
from inference_backend.predict.inputs.sources import (
    CONNECT_TIMEOUT_S,
    MAX_RETRIES,
    RETRY_DELAY_S,
    STALL_TIMEOUT_S,
    Source,
)

READ_OPTIONS = {
    # For what a VRT or the description of a service refers to; a URL given as such carries its own.
    "GDAL_HTTP_MAX_RETRY": MAX_RETRIES,
    "GDAL_HTTP_RETRY_DELAY": RETRY_DELAY_S,
    "GDAL_HTTP_CONNECTTIMEOUT": CONNECT_TIMEOUT_S,
    "GDAL_HTTP_LOW_SPEED_TIME": STALL_TIMEOUT_S,
    "GDAL_HTTP_LOW_SPEED_LIMIT": 1,
    "GDAL_INGESTED_BYTES_AT_OPEN": 32768,  # the whole header of a COG in the first request
    "GDAL_ENABLE_WMS_CACHE": "NO",  # else GDAL fills a folder beside the caller's, and shows old images
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    # Forget a URL once it is closed: else a process that lives long takes a file that was once absent for
    # absent, and one that was replaced for the old one.
    "CPL_VSIL_CURL_NON_CACHED": "/vsicurl",
}
ROWS_OF_A_BLOCK_PX = 2304
"""Rows that a row of prediction blocks reads, margins included."""
MAX_CACHE_BYTES = 512 * 2**20


@contextmanager
def open_raster(
    source: Source, policy: SourcePolicy = EVERYTHING, **options: object
) -> Iterator[DatasetReader]:
    """`source`, open; not for `WMS:` addresses, which have no grid of their own.

    Raises:
        RefusedSourceError: `policy` forbids what the file refers to.
        UnreadableRasterError: missing, damaged or no raster.
        RemoteRasterError: the server is absent or refuses.
    """
    if policy.is_limited:
        check_references(source, policy)
        if source.file is None:
            check_redirects(source.given, policy)
    # Uncompressed files without GDAL's cache: half the time where strips run over a wide raster. Not over
    # HTTP, where each line would be a range of its own.
    direct = {"GTIFF_DIRECT_IO": "YES" if source.kind == "file" else "NO"}
    with rasterio.Env(**READ_OPTIONS, **direct):
        try:
            # The class itself: `rasterio.open` takes no list of drivers.
            drivers = list(LIMITED_DRIVERS) if policy.is_limited else None
            raster = DatasetReader(_parse_path(source.gdal_name), driver=drivers, **options)
        except (RasterioError, OSError) as error:
            raise read_error(source, error) from error
        with raster:
            yield raster


def cache_for_strips(rasters: Sequence[DatasetReader]) -> dict[str, int]:
    """GDAL's cache option for compressed rasters stored by rows, nothing where the caller's will do.

    Each strip is as wide as the raster: unless those of a whole row of blocks stay in memory, they are
    decompressed again for every tile.
    """
    needed = 0
    for raster in rasters:
        if raster.compression is not None and raster.block_shapes[0][1] == raster.width:
            pixel_bytes = sum(np.dtype(kind).itemsize for kind in raster.dtypes)
            needed += raster.width * min(raster.height, ROWS_OF_A_BLOCK_PX) * pixel_bytes
    usual = rasterio.env.getenv().get("GDAL_CACHEMAX", 0)
    return {"GDAL_CACHEMAX": min(needed, MAX_CACHE_BYTES)} if usual and needed > usual else {}
