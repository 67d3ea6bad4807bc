# SPDX-License-Identifier: GPL-2.0-or-later
"""The area of interest: polygons of any vector file, brought onto the rasters' grid.

A pixel belongs to the area when its centre does, so that areas side by side share no pixel and miss none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.features import rasterize
from rasterio.transform import Affine
from rasterio.windows import Window
from rasterio.windows import transform as window_transform

from inference_backend.area.area_layer import AreaLayer
from inference_backend.area.errors import AreaError
from inference_backend.grid import Grid

Box = tuple[float, float, float, float]

_EDGE_PARTS = 256
"""Pieces that the longest side is cut into before it changes system, where straight lines bend: at most a
fifth of a 0.2 m pixel on the 10 km side of a commune, from degrees to Lambert-93."""
_NUDGE_PX = (1e-4, 3e-4)
"""A centre that lies on a border exactly would fall to either side as each window's coordinates round; moved
by that much, it falls to the same side in all of them, and to one of two neighbours."""


@dataclass(frozen=True)
class Area:
    """Polygons in the rasters' system.

    Attributes:
        path: the file, for messages.
        polygons: valid polygons, none empty.
    """

    path: str
    polygons: NDArray[np.object_]

    @classmethod
    def of(cls, layer: AreaLayer, crs: CRS) -> Area:
        """The polygons of `layer` in `crs`; bow ties and touching rings are put right.

        Raises:
            AreaError: not a place of this system.
        """
        target = pyproj.CRS.from_user_input(crs.to_wkt())
        polygons = layer.polygons
        if layer.crs != target:
            bounds = shapely.total_bounds(polygons)
            step = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / _EDGE_PARTS
            transformer = pyproj.Transformer.from_crs(layer.crs, target, always_xy=True)
            polygons = shapely.transform(
                shapely.segmentize(polygons, step), transformer.transform, interleaved=False
            )
            if not np.isfinite(shapely.get_coordinates(polygons)).all():
                raise _outside(layer.path, tuple(bounds), "?", "?")
        return cls(layer.path, _valid_parts(polygons))

    @property
    def bounds(self) -> Box:
        """(xmin, ymin, xmax, ymax) in the rasters' system."""
        xmin, ymin, xmax, ymax = shapely.total_bounds(self.polygons)
        return float(xmin), float(ymin), float(xmax), float(ymax)

    def cut(self, grid: Grid, raster: str) -> Grid:
        """The part of `grid` that holds the area: its box, snapped outwards to whole pixels.

        Raises:
            AreaError: the area lies outside the grid; `raster` names it.
        """
        xmin, ymin, xmax, ymax = self.bounds
        step_x, step_y = grid.transform.a, -grid.transform.e
        # A thousandth of a pixel: a box drawn on the pixels' edges stays on them.
        first_col = max(0, math.floor((xmin - grid.transform.c) / step_x + 1e-3))
        last_col = min(grid.width_px, math.ceil((xmax - grid.transform.c) / step_x - 1e-3))
        first_row = max(0, math.floor((grid.transform.f - ymax) / step_y + 1e-3))
        last_row = min(grid.height_px, math.ceil((grid.transform.f - ymin) / step_y - 1e-3))
        if first_col >= last_col or first_row >= last_row or not self.touches(grid.bounds):
            raise _outside(self.path, self.bounds, raster, grid.bounds)
        moved: Affine = window_transform(Window(first_col, first_row, 1, 1), grid.transform)
        return Grid(last_row - first_row, last_col - first_col, moved, grid.crs)

    def touches(self, box: Box) -> bool:
        """Whether any polygon has a part in `box`."""
        return len(self._near(box)) > 0

    def inside(self, transform: Affine, shape: tuple[int, int]) -> NDArray[np.bool_]:
        """(H, W) bool of the pixels whose centre lies in the area."""
        height, width = shape
        box = (
            transform.c,
            transform.f + height * transform.e,
            transform.c + width * transform.a,
            transform.f,
        )
        near = self.polygons[self._near(box)]
        if len(near) == 0:
            return np.zeros(shape, bool)
        if shapely.contains_properly(near, shapely.box(*box)).any():
            return np.ones(shape, bool)
        # Cut first: burning costs by the number of vertices, and a commune's outline has thousands.
        parts = shapely.clip_by_rect(near, *_wider(box, transform.a))
        parts = parts[~shapely.is_empty(parts)]
        if len(parts) == 0:
            return np.zeros(shape, bool)
        nudged = transform @ Affine.translation(*_NUDGE_PX)
        burnt: NDArray[np.uint8] = rasterize(parts, out_shape=shape, transform=nudged, dtype=np.uint8)
        return burnt.view(np.bool_)

    def _near(self, box: Box) -> NDArray[np.intp]:
        boxes = shapely.bounds(self.polygons)
        hit = (
            (boxes[:, 0] < box[2]) & (boxes[:, 2] > box[0]) & (boxes[:, 1] < box[3]) & (boxes[:, 3] > box[1])
        )
        places = np.flatnonzero(hit)
        kept: NDArray[np.intp] = places[shapely.intersects(self.polygons[places], shapely.box(*box))]
        return kept


def _wider(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _valid_parts(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Valid single polygons of valid or invalid ones; lines and points left by a repair are dropped."""
    repaired = shapely.make_valid(polygons)
    parts = shapely.get_parts(shapely.get_parts(repaired))
    kept: NDArray[np.object_] = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]
    shapely.prepare(kept)
    return kept


def _outside(path: str, bounds: Box, raster: str, extent: object) -> AreaError:
    def text(box: object) -> str:
        return ", ".join(f"{value:.6g}" for value in box) if isinstance(box, tuple) else str(box)

    return AreaError(
        path=path,
        problem_en=f"the area ({text(bounds)}) lies outside the raster {raster} ({text(extent)})",
        problem_fr=f"la zone ({text(bounds)}) est hors du raster {raster} ({text(extent)})",
        remedy_en="Give the raster of that place, or check the coordinate system of both.",
        remedy_fr="Donnez le raster de cet endroit, ou vérifiez le système de coordonnées des deux.",
    )
