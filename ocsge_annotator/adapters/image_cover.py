# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of each patch has image: orthophotographs end in areas without data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from osgeo import gdal

from ocsge_annotator.adapters.gdal_calls import attempt
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.patch_grid import GridCell

SAMPLES = 32
"""Points per side of a patch at which the image is looked at."""


def covered_cells(
    image: Image, cells: Sequence[GridCell], least_share: float, report: Callable[[float], None]
) -> list[GridCell]:
    """The cells of which at least a share has image, by the no-data value, mask or alpha of its first band.

    Args:
        image: its file must be there.
        cells: to choose from.
        least_share: 0..1; with 0 a cell wholly without image still goes.
        report: takes the share done; may raise to stop.
    """
    dataset, _ = attempt(gdal.OpenEx, str(image.path), gdal.OF_RASTER)
    if dataset is None or dataset.GetRasterBand(1).GetMaskFlags() & gdal.GMF_ALL_VALID:
        return list(cells)
    mask, kept = dataset.GetRasterBand(1).GetMaskBand(), []
    for number, cell in enumerate(cells):
        window = cell.window
        size = {"buf_xsize": min(SAMPLES, window.width), "buf_ysize": min(SAMPLES, window.height)}
        inside, _ = attempt(mask.ReadAsArray, window.col, window.row, window.width, window.height, **size)
        share = 0.0 if inside is None else np.count_nonzero(inside) / inside.size
        if share > 0 and share >= least_share:
            kept.append(cell)
        report((number + 1) / len(cells))
    return kept
