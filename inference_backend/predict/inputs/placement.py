# SPDX-License-Identifier: GPL-2.0-or-later
"""Which grid a prediction has, and how each raster lies on it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from xml.etree import ElementTree

import rasterio
from rasterio import DatasetReader
from rasterio.crs import CRS
from rasterio.dtypes import dtype_rev, typename_fwd
from rasterio.enums import MaskFlags, Resampling
from rasterio.transform import Affine, from_origin
from rasterio.vrt import WarpedVRT

from inference_backend.grid import Grid
from inference_backend.predict.errors import GridMismatchError
from inference_backend.predict.inputs.placed_raster import Placement, false_alpha
from inference_backend.predict.inputs.raster_checks import (
    ORIGIN_TOLERANCE_PX,
    RESOLUTION_TOLERANCE,
    crs_name,
    ground_step,
    same_crs,
)
from inference_backend.predict.inputs.sources import Source

MAX_FACTOR = 100
"""Pixels of the grid on a side of a coarser raster's pixel: 20 m beside 0.2 m. Above, it is a mistake."""


@dataclass(frozen=True)
class OpenRaster:
    """A raster of the stack.

    Attributes:
        source: the argument.
        raster: open.
        crs: its system, or the one that the user gave instead.
        indexes: 1-based bands that the model reads.
        transform: in place of the raster's own, None for that.
    """

    source: Source
    raster: DatasetReader
    crs: CRS
    indexes: tuple[int, ...]
    transform: Affine | None = None

    @property
    def grid(self) -> Grid:
        """Its own pixels."""
        transform = self.transform or self.raster.transform
        return Grid(self.raster.height, self.raster.width, transform, self.crs)


def resampled_grid(first: OpenRaster, pixel_m: float) -> Grid:
    """The first raster's extent at the model's resolution; its own pixels where they have it."""
    grid = first.grid
    left, bottom, right, top = grid.bounds
    step = ground_step(first.crs, grid, pixel_m)
    width, height = max(1, round((right - left) / step)), max(1, round((top - bottom) / step))
    if (height, width) == grid.shape:
        return grid
    return Grid(height, width, from_origin(left, top, step, step), first.crs)


def place(opened: OpenRaster, grid: Grid, reference: str) -> Placement:
    """Where a raster lies on `grid`, whose pixels are a whole fraction of its own.

    Raises:
        GridMismatchError: other system, pixels that do not fall on the grid's, or too small; `reference`
            names the raster that the grid comes from.
    """
    found = placement_on(opened, grid)
    own = opened.grid
    if found is not None and _covers(own, found, grid):
        return found
    one, two = grid.transform, own.transform
    shifted = two.c > one.c + one.a / 2 or two.f < one.f + one.e / 2
    texts = (
        (same_crs(opened.crs, grid.crs), "CRS", "le SCR", crs_name(opened.crs), crs_name(grid.crs)),
        (_factor(own, grid) is not None, "pixel", "le pixel", two.a, one.a),
        (
            found is not None and not shifted,
            "origin",
            "l'origine",
            (two.c, two.f),
            (one.c, one.f),
        ),
        (False, "size (rows, columns)", "la taille (lignes, colonnes)", own.shape, grid.shape),
    )
    _, what_en, what_fr, found_value, expected = next(text for text in texts if not text[0])
    raise GridMismatchError(
        path=opened.source.shown,
        other=reference,
        what_en=what_en,
        what_fr=what_fr,
        found=found_value,
        expected=expected,
    )


def placement_on(opened: OpenRaster, grid: Grid) -> Placement | None:
    """Where a raster lies on `grid`, None where its pixels are not made of whole pixels of the grid."""
    own = opened.grid
    factor = _factor(own, grid)
    if factor is None or not same_crs(opened.crs, grid.crs):
        return None
    col = (own.transform.c - grid.transform.c) / grid.transform.a
    row = (own.transform.f - grid.transform.f) / grid.transform.e
    if max(abs(col - round(col)), abs(row - round(row))) > ORIGIN_TOLERANCE_PX:
        return None
    return Placement(round(row), round(col), factor)


def fits(opened: OpenRaster, grid: Grid) -> bool:
    """Whether a raster's pixels are the grid's, and cover it."""
    found = placement_on(opened, grid)
    return found is not None and found.factor == 1 and _covers(opened.grid, found, grid)


def _factor(own: Grid, grid: Grid) -> int | None:
    """How many grid pixels make one own pixel, None where that is no whole number."""
    ratios = own.transform.a / grid.transform.a, own.transform.e / grid.transform.e
    factor = round(ratios[0])
    # Tolerated over the whole width: a drift of a tenth of a pixel at the far corner is no other grid.
    reach = max(grid.width_px, grid.height_px) / max(1, factor)
    drift = max(abs(ratio - factor) for ratio in ratios) * reach
    return factor if 1 <= factor <= MAX_FACTOR and drift <= 2 * ORIGIN_TOLERANCE_PX else None


def _covers(own: Grid, found: Placement, grid: Grid) -> bool:
    return (
        found.row <= 0
        and found.col <= 0
        and found.row + own.height_px * found.factor >= grid.height_px
        and found.col + own.width_px * found.factor >= grid.width_px
    )


def warped(opened: OpenRaster, grid: Grid, stack: ExitStack) -> OpenRaster:
    """A view of a raster on `grid`: averaged where its pixels are finer, else bilinear."""
    raster = opened.raster
    if false_alpha(raster, opened.indexes):
        # A band taken for alpha would make holes wherever an infrared is 0.
        raster = stack.enter_context(rasterio.open(_without_alpha(opened)))
    flags = raster.mask_flag_enums[0]
    finer = opened.grid.transform.a < grid.transform.a * (1 - RESOLUTION_TOLERANCE)
    view = WarpedVRT(
        raster,
        src_crs=opened.crs,
        src_transform=opened.transform,
        crs=grid.crs,
        transform=grid.transform,
        width=grid.width_px,
        height=grid.height_px,
        resampling=Resampling.average if finer else Resampling.bilinear,
        add_alpha=MaskFlags.alpha not in flags and MaskFlags.nodata not in flags,
    )
    return OpenRaster(opened.source, stack.enter_context(view), grid.crs, opened.indexes)


def _without_alpha(opened: OpenRaster) -> str:
    """A VRT of the same bands, none of which is called alpha."""
    raster = opened.raster
    shape = {"rasterXSize": str(raster.width), "rasterYSize": str(raster.height)}
    root = ElementTree.Element("VRTDataset", shape)
    ElementTree.SubElement(root, "SRS").text = opened.crs.to_wkt()
    ElementTree.SubElement(root, "GeoTransform").text = ", ".join(map(repr, raster.transform.to_gdal()))
    for index, (dtype, nodata) in enumerate(zip(raster.dtypes, raster.nodatavals, strict=True), start=1):
        kind = {"dataType": typename_fwd[dtype_rev[dtype]], "band": str(index)}
        band = ElementTree.SubElement(root, "VRTRasterBand", kind)
        if nodata is not None:
            ElementTree.SubElement(band, "NoDataValue").text = repr(nodata)
        simple = ElementTree.SubElement(band, "SimpleSource")
        ElementTree.SubElement(simple, "SourceFilename", {"relativeToVRT": "0"}).text = raster.name
        ElementTree.SubElement(simple, "SourceBand").text = str(index)
    return ElementTree.tostring(root, encoding="unicode")
