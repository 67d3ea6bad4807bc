# SPDX-License-Identifier: GPL-2.0-or-later
"""The pixel grid of a north-up image, and where a patch lies on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ocsge_annotator.domain.pixels import PixelPoint, PixelWindow

ALIGNMENT_TOLERANCE_PX = 0.01
"""How far from a pixel corner a patch's corner may be, px: coordinates stored as doubles lose far less."""


class Bounds(NamedTuple):
    """A rectangle in the image's CRS."""

    xmin: float
    ymin: float
    xmax: float
    ymax: float


@dataclass(frozen=True)
class ImageGrid:
    """Size and georeference of a north-up image.

    Attributes:
        width_px: columns.
        height_px: rows.
        left: x of the left edge, CRS unit.
        top: y of the top edge, CRS unit.
        pixel_x: width of a pixel, CRS unit.
        pixel_y: height of a pixel, CRS unit, positive.
    """

    width_px: int
    height_px: int
    left: float
    top: float
    pixel_x: float
    pixel_y: float

    def bounds_of(self, window: PixelWindow) -> Bounds:
        """Rectangle covered by a window, CRS unit."""
        left = self.left + window.col * self.pixel_x
        top = self.top - window.row * self.pixel_y
        return Bounds(left, top - window.height * self.pixel_y, left + window.width * self.pixel_x, top)

    def window_of(self, bounds: Bounds) -> PixelWindow | None:
        """The window that covers exactly `bounds`, None where it is not on the grid or leaves the image."""
        edges = np.array(
            [
                (self.top - bounds.ymax) / self.pixel_y,
                (bounds.xmin - self.left) / self.pixel_x,
                (self.top - bounds.ymin) / self.pixel_y,
                (bounds.xmax - self.left) / self.pixel_x,
            ]
        )
        whole = np.round(edges)
        if np.abs(edges - whole).max() > ALIGNMENT_TOLERANCE_PX:
            return None
        row, col, bottom, right = (int(edge) for edge in whole)
        if (
            row < 0
            or col < 0
            or bottom > self.height_px
            or right > self.width_px
            or bottom <= row
            or right <= col
        ):
            return None
        return PixelWindow(row, col, bottom - row, right - col)

    def geotransform_of(self, window: PixelWindow) -> tuple[float, float, float, float, float, float]:
        """GDAL geotransform of a raster that covers `window`."""
        bounds = self.bounds_of(window)
        return (bounds.xmin, self.pixel_x, 0.0, bounds.ymax, 0.0, -self.pixel_y)

    def to_pixel(self, window: PixelWindow, x: float, y: float) -> PixelPoint:
        """Position in the patch `window` of a point in the CRS, fractional px."""
        return PixelPoint(
            (x - self.left) / self.pixel_x - window.col, (self.top - y) / self.pixel_y - window.row
        )

    def to_map(self, window: PixelWindow, point: PixelPoint) -> tuple[float, float]:
        """Inverse of `to_pixel`: (x, y) in the CRS."""
        return (
            self.left + (window.col + point.x) * self.pixel_x,
            self.top - (window.row + point.y) * self.pixel_y,
        )
