# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments under the mouse: pixels of one value, read from a prediction or given by the backend."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from osgeo import gdal, ogr, osr
from qgis.core import QgsGeometry, QgsRectangle

from ocsge_pi_review.domain.rings import Point, Polygon, Ring, area
from ocsge_pi_review.domain.segment_mask import Ids, Mask, fitted, polygon_mask, region_at
from ocsge_pi_review.domain.segment_outline import drawn_like
from ocsge_pi_review.domain.wkb import decode, encode

AROUND_PX = 6
"""What is looked at beyond a polygon, px, so that a segment can reach past its border."""
SMALLEST_HOLE_PX = 25.0
"""Holes below this are noise of the pixels, px."""


@dataclass(frozen=True)
class Segment:
    """What a click takes.

    Attributes:
        shape: rings in the lot's CRS; past the polygon's border where it reaches it.
        value: of its pixels.
        is_whole: whether it is the polygon itself, slivers apart.
    """

    shape: Polygon
    value: int
    is_whole: bool


@dataclass(frozen=True)
class SegmentGrid:
    """Values of pixels on a north-up grid in the lot's CRS.

    Attributes:
        ids: (H, W) integers.
        left: x of the left side.
        top: y of the upper side.
        pixel_m: side of a pixel.
        tolerance_px: how far a smoothed outline may be from the pixels'.
        cover_of: cover code of a value, empty where it has none.
    """

    ids: Ids
    left: float
    top: float
    pixel_m: float
    tolerance_px: float
    cover_of: Callable[[int], str]

    def pixel(self, point: Point) -> tuple[int, int] | None:
        """Row and column that hold a point, None outside."""
        col, row = (math.floor(value) for value in self._to_px(point))
        height, width = self.ids.shape
        return (row, col) if 0 <= row < height and 0 <= col < width else None

    def segment_at(
        self, point: Point, within: Polygon | None, smallest_m2: float = 0.0
    ) -> tuple[Segment, Mask] | None:
        """The segment under a point and its pixels, None outside the grid.

        Args:
            point: in the lot's CRS.
            within: polygon that the segment must not leave; None for all the grid.
            smallest_m2: what would be left of the polygon in pieces below this goes with the segment, m2.
        """
        at = self.pixel(point)
        if at is None:
            return None
        if within is not None:
            window = self._window(within, at)
            if window.ids.shape != self.ids.shape:
                return self._from_window(window, point, within, smallest_m2)
        row, col = at
        inside = self._inside(within, row, col)
        region = region_at(self.ids, row, col, inside)
        region = _without_pieces(region, inside, round(smallest_m2 / self.pixel_m**2))
        mask = region if within is None else fitted(region, inside, row, col)
        is_whole = within is not None and not bool((inside & ~mask).any())
        return Segment(self._outline(mask, row, col), int(self.ids[row, col]), is_whole), mask

    def _window(self, within: Polygon, at: tuple[int, int]) -> SegmentGrid:
        """The part of the grid that holds a polygon and a pixel: the rest costs time alone."""
        shell = np.array([self._to_px(point) for point in within[0]])
        low, high = np.floor(shell.min(axis=0)), np.ceil(shell.max(axis=0))
        height, width = self.ids.shape
        left, top = (max(0, int(min(low[i], at[1 - i])) - AROUND_PX) for i in (0, 1))
        right = min(width, int(max(high[0], at[1] + 1)) + AROUND_PX)
        bottom = min(height, int(max(high[1], at[0] + 1)) + AROUND_PX)
        x, y = self.left + left * self.pixel_m, self.top - top * self.pixel_m
        return replace(self, ids=self.ids[top:bottom, left:right], left=x, top=y)

    def _from_window(
        self, window: SegmentGrid, point: Point, within: Polygon, smallest_m2: float
    ) -> tuple[Segment, Mask] | None:
        found = window.segment_at(point, within, smallest_m2)
        if found is None:
            return None
        left = round((window.left - self.left) / self.pixel_m)
        top = round((self.top - window.top) / self.pixel_m)
        mask = np.zeros(self.ids.shape, dtype=bool)
        height, width = window.ids.shape
        mask[top : top + height, left : left + width] = found[1]
        return found[0], mask

    def _inside(self, within: Polygon | None, row: int, col: int) -> Mask:
        if within is None:
            return np.ones(self.ids.shape, dtype=bool)
        shape = tuple(tuple(self._to_px(point) for point in ring) for ring in within)
        inside = polygon_mask(shape, (self.ids.shape[0], self.ids.shape[1]))
        inside[row, col] = True  # its centre may lie beyond the border that the point is on
        return inside

    def _outline(self, mask: Mask, row: int, col: int) -> Polygon:
        rings = _rings_around(mask, row, col)
        rings = (rings[0], *(hole for hole in rings[1:] if area((hole,)) >= SMALLEST_HOLE_PX))
        # Two smoothed borders that come too near could cross: then the pixels' own outline serves.
        for tolerance_px in (self.tolerance_px, self.tolerance_px / 2):
            shape = tuple(self._placed(drawn_like(ring, tolerance_px)) for ring in rings)
            geometry = QgsGeometry()
            geometry.fromWkb(encode(shape))
            if geometry.isGeosValid():
                return shape
        return tuple(self._placed(ring) for ring in rings)

    def _to_px(self, point: Point) -> Point:
        return (point[0] - self.left) / self.pixel_m, (self.top - point[1]) / self.pixel_m

    def _placed(self, ring: Ring) -> Ring:
        return tuple((self.left + x * self.pixel_m, self.top - y * self.pixel_m) for x, y in ring)


def open_in(path: str, crs_wkt: str) -> gdal.Dataset | None:
    """A raster in the lot's CRS, warped as it is read where it has another; None where it does not open."""
    dataset = gdal.OpenEx(path, gdal.OF_RASTER)
    if dataset is None:
        return None
    here, there = osr.SpatialReference(dataset.GetProjection() or crs_wkt), osr.SpatialReference(crs_wkt)
    if here.IsSame(there):
        return dataset
    return gdal.AutoCreateWarpedVRT(dataset, None, crs_wkt, gdal.GRA_NearestNeighbour)


def read_grid(raster: gdal.Dataset, box: QgsRectangle) -> tuple[np.ndarray, float, float, float] | None:
    """Values of the first band that meet a box, their left and upper side and the side of a pixel.

    None where the raster does not reach there.
    """
    left, pixel_m, _, top, _, down_m = raster.GetGeoTransform()
    first_col = max(0, math.floor((box.xMinimum() - left) / pixel_m))
    last_col = min(raster.RasterXSize, math.ceil((box.xMaximum() - left) / pixel_m))
    first_row = max(0, math.floor((box.yMaximum() - top) / down_m))
    last_row = min(raster.RasterYSize, math.ceil((box.yMinimum() - top) / down_m))
    if first_col >= last_col or first_row >= last_row:
        return None
    band = raster.GetRasterBand(1)
    ids = band.ReadAsArray(first_col, first_row, last_col - first_col, last_row - first_row)
    return ids, left + first_col * pixel_m, top + first_row * down_m, pixel_m


def _without_pieces(region: Mask, inside: Mask, smallest_px: int) -> Mask:
    """A region with those pieces beside it, and holes in it, that are smaller than a number of pixels."""
    if smallest_px < 2:
        return region
    kinds = region.astype(np.uint8) + 2 * (inside & ~region).astype(np.uint8)
    raster = _in_memory(kinds)
    inner = _in_memory(inside.astype(np.uint8))
    gdal.SieveFilter(raster.GetRasterBand(1), inner.GetRasterBand(1), raster.GetRasterBand(1), smallest_px, 4)
    # A small region must not vanish into what is around it.
    return region | (raster.GetRasterBand(1).ReadAsArray() == 1)


def _in_memory(values: np.ndarray) -> gdal.Dataset:
    """An array as a raster whose unit is the pixel."""
    height, width = values.shape
    raster = gdal.GetDriverByName("MEM").Create("", width, height, 1, gdal.GDT_Byte)
    # Without this GDAL turns the rows over.
    raster.SetGeoTransform((0.0, 1.0, 0.0, 0.0, 0.0, 1.0))
    raster.GetRasterBand(1).WriteArray(values)
    return raster


def _rings_around(mask: Mask, row: int, col: int) -> Polygon:
    """Rings, in pixels, of the part of a mask that holds a pixel."""
    raster = _in_memory(mask.astype(np.uint8))
    band = raster.GetRasterBand(1)
    # The layer dies with its source: it must have a name.
    memory = ogr.GetDriverByName("Memory").CreateDataSource("")
    shapes = memory.CreateLayer("shapes")
    gdal.Polygonize(band, band, shapes, -1)
    centre = ogr.Geometry(ogr.wkbPoint)
    centre.AddPoint_2D(col + 0.5, row + 0.5)
    for feature in shapes:
        if feature.geometry().Contains(centre):
            return decode(bytes(feature.geometry().ExportToWkb(ogr.wkbNDR)))
    raise ValueError(f"no pixel of the mask at {row}, {col}")
