# SPDX-License-Identifier: GPL-2.0-or-later
"""A north-up pixel grid: the one value that aligns rasters, masks and polygons."""

from __future__ import annotations

from dataclasses import dataclass

from rasterio.crs import CRS
from rasterio.transform import Affine, array_bounds


@dataclass(frozen=True)
class Grid:
    """Size and georeference of a raster.

    Attributes:
        height_px: rows.
        width_px: columns.
        transform: pixel (col, row) to CRS (x, y).
        crs: coordinate system, None for a raster without georeference.
    """

    height_px: int
    width_px: int
    transform: Affine
    crs: CRS | None

    @property
    def pixel_m(self) -> float:
        """Side of a pixel, in the CRS's unit (m for every projected CRS in use)."""
        return float(self.transform.a)

    @property
    def pixel_area_m2(self) -> float:
        """Area of a pixel, m2."""
        return float(abs(self.transform.a * self.transform.e))

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return (self.height_px, self.width_px)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(xmin, ymin, xmax, ymax) in the CRS."""
        xmin, ymin, xmax, ymax = array_bounds(self.height_px, self.width_px, self.transform)
        return float(xmin), float(ymin), float(xmax), float(ymax)
