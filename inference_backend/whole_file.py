# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a TIFF just written holds all of its blocks.

A write that fails while a file is being closed (full disk, quota) raises nothing through GDAL: the blocks
are missing, and read as nodata.
"""

from __future__ import annotations

from pathlib import Path

import rasterio
from rasterio import DatasetReader


def check_whole(path: Path) -> None:
    """Check that each block of each level lies inside the file.

    Raises:
        OSError: a block is missing or cut.
    """
    size = path.stat().st_size
    with rasterio.open(path) as raster:
        levels = len(raster.overviews(1))
        _check_level(raster, raster, None, size)
        for level in range(levels):
            with rasterio.open(path, overview_level=level) as reduced:
                _check_level(raster, reduced, level, size)


def _check_level(raster: DatasetReader, reduced: DatasetReader, level: int | None, size: int) -> None:
    block_height, block_width = reduced.block_shapes[0]
    for row in range(-(-reduced.height // block_height)):
        for col in range(-(-reduced.width // block_width)):
            place = {"dm": "TIFF", "bidx": 1, "ovr": level}
            offset = raster.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", **place)
            length = raster.get_tag_item(f"BLOCK_SIZE_{col}_{row}", **place)
            if offset is None or length is None or int(offset) + int(length) > size:
                raise OSError(f"block {col}, {row} is missing")
