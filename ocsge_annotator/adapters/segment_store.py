# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments kept with the campaign, so that a patch has them at once, and without backend.

One GeoTIFF per patch under `cache/segments`: a uint16 band per scale, finest first, and in its metadata the
key of the pixels from which it was made. What is there can be deleted at any time.
"""

from __future__ import annotations

import uuid
from pathlib import Path

import numpy as np
from osgeo import gdal

from ocsge_annotator.adapters.gdal_calls import attempt
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.domain.segments import SegmentStack

CACHE_FOLDER = "cache"
SEGMENT_FOLDER = "segments"
TAG_KEY = "OCSGE_PIXELS"
_OPTIONS = ["COMPRESS=DEFLATE", "PREDICTOR=2", "INTERLEAVE=BAND", "PHOTOMETRIC=MINISBLACK", "ALPHA=NO"]


def segment_file(campaign: Campaign, patch: Patch) -> Path:
    """Where the segments of a patch are kept."""
    return campaign.path.parent / CACHE_FOLDER / SEGMENT_FOLDER / f"{patch.patch_id}.tif"


def write_segments(path: Path, stack: SegmentStack, key: str, image: Image, window: PixelWindow) -> None:
    """Keep the segments of a patch.

    Args:
        path: of `segment_file`.
        stack: (S, H, W) uint16.
        key: of the pixels.
        image: of the campaign.
        window: the patch's pixels in the image.

    Raises:
        WriteError: the system refuses; the previous file is intact.
    """
    memory = f"/vsimem/{uuid.uuid4().hex}.tif"
    count, height, width = stack.shape
    dataset = gdal.GetDriverByName("GTiff").Create(memory, width, height, count, gdal.GDT_UInt16, _OPTIONS)
    dataset.SetGeoTransform(image.grid.geotransform_of(window))
    dataset.SetProjection(image.crs_wkt)
    dataset.SetMetadataItem(TAG_KEY, key)
    dataset.WriteArray(stack)
    dataset = None  # closes the file
    try:
        size = gdal.VSIStatL(memory).size
        file = gdal.VSIFOpenL(memory, "rb")
        content = bytes(gdal.VSIFReadL(1, size, file))
        gdal.VSIFCloseL(file)
        write_whole(path, content)
    finally:
        gdal.Unlink(memory)


def read_segments(path: Path, key: str, window: PixelWindow) -> SegmentStack | None:
    """The segments kept for these very pixels; None where there are none, or the file is of no use.

    Returns:
        (S, H, W) uint16.
    """
    if not path.exists():
        return None
    dataset, _ = attempt(gdal.OpenEx, str(path), gdal.OF_RASTER)
    if dataset is None or dataset.GetMetadataItem(TAG_KEY) != key:
        return None
    stack, _ = attempt(dataset.ReadAsArray)
    if stack is None or stack.dtype != np.uint16:
        return None
    stack = stack[None] if stack.ndim == 2 else stack
    return stack if stack.shape[1:] == (window.height, window.width) else None
