# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens a raster wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import rasterio
from rasterio import DatasetReader
from rasterio._path import _parse_path
from rasterio.errors import RasterioError

from inference_backend.predict.read_errors import read_error
from inference_backend.predict.source_inspection import LIMITED_DRIVERS, check_references
from inference_backend.predict.source_policy import EVERYTHING, SourcePolicy
from inference_backend.predict.sources import (
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
}


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
    with rasterio.Env(**READ_OPTIONS):
        try:
            # The class itself: `rasterio.open` takes no list of drivers.
            drivers = list(LIMITED_DRIVERS) if policy.is_limited else None
            raster = DatasetReader(_parse_path(source.gdal_name), driver=drivers, **options)
        except (RasterioError, OSError) as error:
            raise read_error(source, error) from error
        with raster:
            yield raster
