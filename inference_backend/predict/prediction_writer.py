# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a prediction window by window, then as a Cloud Optimized GeoTIFF: whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError  # what rasterio.shutil.copy lets through; no public name
from rasterio.errors import RasterioError
from rasterio.io import DatasetWriter
from rasterio.windows import Window

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.prediction import (
    BAND_NAMES,
    NODATA,
    SCHEMA_VERSION,
    TAG_CLASSES,
    TAG_MODEL,
    TAG_SCHEMA,
    PredictedClass,
    encode_classes,
)
from inference_backend.errors import OutputError
from inference_backend.grid import Grid
from inference_backend.models.reader import ModelFile
from inference_backend.whole_file import check_whole

_BLOCK_MULTIPLE_PX = 16  # a rule of TIFF
_DEFAULT_BLOCK_PX = 512
COG_OPTIONS = {
    "COMPRESS": "DEFLATE",  # read by every GIS; classes compress well with anything
    "BLOCKSIZE": "512",
    "OVERVIEW_RESAMPLING": "NEAREST",
    "RESAMPLING": "NEAREST",
    "BIGTIFF": "IF_SAFER",
    "NUM_THREADS": "ALL_CPUS",
}


@dataclass
class PredictionWriter:
    """Takes cores in any order; see `write_prediction`."""

    target: Path
    _blocks: DatasetWriter

    def write(self, planes: NDArray[np.uint8], rows: slice, cols: slice) -> None:
        """Write (4, h, w) uint8 planes at their place.

        Raises:
            OutputError: the disk is full or gone.
        """
        with output_errors(self.target):
            self._blocks.write(planes, window=Window.from_slices(rows, cols))


@contextmanager
def write_prediction(target: Path, grid: Grid, model: ModelFile, core_px: int) -> Iterator[PredictionWriter]:
    """Open a writer; on leaving without error, the COG is made and moved to `target`.

    Args:
        target: `.tif` to write.
        grid: of the input rasters.
        model: its classes and name go into the file's metadata.
        core_px: side of the windows that will be written; they become the temporary file's blocks, so that
            none is written twice.

    Raises:
        OutputError: cannot be written; nothing is left behind.
    """
    with output_errors(target), replace_when_done(target) as cog:
        blocks = cog.with_name(f"{cog.name}.blocks.tif")
        with rasterio.open(blocks, "w", **_profile(grid, core_px)) as dataset:
            _describe(dataset, model)
            yield PredictionWriter(target, dataset)
        check_whole(blocks)
        rasterio.shutil.copy(blocks, cog, driver="COG", **COG_OPTIONS)
        check_whole(cog)


@contextmanager
def output_errors(target: Path) -> Iterator[None]:
    """Turn what GDAL and the system raise while writing into `OutputError`."""
    try:
        yield
    except (RasterioError, CPLE_BaseError, OSError) as error:
        reason = str(error.__cause__ or error).strip() or type(error).__name__
        raise OutputError(path=target, reason=reason) from error


def _profile(grid: Grid, core_px: int) -> dict[str, object]:
    side = core_px if core_px % _BLOCK_MULTIPLE_PX == 0 else _DEFAULT_BLOCK_PX
    return {
        "driver": "GTiff",
        "dtype": "uint8",
        "count": len(BAND_NAMES),
        "height": grid.height_px,
        "width": grid.width_px,
        "transform": grid.transform,
        "crs": grid.crs,
        "nodata": NODATA,
        "tiled": True,
        "blockxsize": side,
        "blockysize": side,
        "interleave": "pixel",
        "photometric": "MINISBLACK",
        "ALPHA": "NO",
        "compress": "zstd",
        "zstd_level": 1,
        "bigtiff": "if_safer",
    }


def _describe(dataset: DatasetWriter, model: ModelFile) -> None:
    classes = tuple(PredictedClass(i, name) for i, name in enumerate(model.card.classes))
    dataset.update_tags(
        **{TAG_CLASSES: encode_classes(classes), TAG_MODEL: model.label, TAG_SCHEMA: SCHEMA_VERSION}
    )
    for index, name in enumerate(BAND_NAMES, start=1):
        dataset.set_band_description(index, name)


__all__ = ["PredictionWriter", "output_errors", "write_prediction"]
