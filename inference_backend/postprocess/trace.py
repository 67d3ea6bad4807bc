# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons of a label raster that share every vertex with their neighbours.

A ring has a vertex where it turns and wherever three or four borders meet, so that the polygons form a valid
coverage. At a pixel corner where a region touches itself, rings part: no ring touches itself.
"""

from __future__ import annotations

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from inference_backend.grid import Grid
from inference_backend.postprocess.regions import label_regions
from inference_backend.postprocess.types import BOOL, I32

I64 = NDArray[np.int64]


def trace_polygons(labels: I32, size: int, grid: Grid) -> NDArray[np.object_]:
    """Outline of each region.

    Args:
        labels: (H, W) int32, 4-connected regions 0..size-1, each present; -1 outside.
        size: number of regions.
        grid: georeference; its pixels are square and north is up.

    Returns:
        (size,) single Polygons, a valid coverage of exactly the labelled pixels.
    """
    if size == 0:
        return np.empty(0, dtype=object)
    corners, starts, owners = _trace(labels)
    order = np.argsort(owners, kind="stable")
    lengths = np.diff(starts)[order]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    # Rings of one region become neighbours; its outer ring was met first and stays first.
    index = np.repeat(starts[:-1][order] - offsets[:-1], lengths) + np.arange(offsets[-1])
    rows, cols = np.divmod(corners[index], labels.shape[1] + 1)
    coordinates = np.empty((len(index), 2), np.float64)
    coordinates[:, 0] = grid.transform.c + cols * grid.transform.a
    coordinates[:, 1] = grid.transform.f + rows * grid.transform.e
    rings = np.concatenate(([0], np.cumsum(np.bincount(owners, minlength=size))))
    polygons: NDArray[np.object_] = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, coordinates, (offsets.astype(np.int64), rings.astype(np.int64))
    )
    return polygons


def trace_mask(mask: BOOL, grid: Grid) -> shapely.Geometry:
    """Outline of the True pixels of a (H, W) mask: a Polygon, or a MultiPolygon of 4-connected parts."""
    nothing = np.zeros(mask.shape, np.uint8)
    graph = label_regions(nothing, nothing, np.zeros(mask.shape, np.bool_), mask)
    parts = trace_polygons(graph.labels, len(graph.area_px), grid)
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


@njit(cache=True)
def _at(labels: I32, row: int, col: int) -> int:
    height, width = labels.shape
    if row < 0 or col < 0 or row >= height or col >= width:
        return -1
    return int(labels[row, col])


@njit(cache=True)
def _is_junction(labels: I32, row: int, col: int) -> bool:
    """Whether three or four borders meet at the upper left corner of pixel (row, col)."""
    nw, ne = _at(labels, row - 1, col - 1), _at(labels, row - 1, col)
    sw, se = _at(labels, row, col - 1), _at(labels, row, col)
    return bool(int(nw != ne) + int(sw != se) + int(nw != sw) + int(ne != se) > 2)


@njit(cache=True)
def _trace(labels: I32) -> tuple[I64, I64, I64]:
    """Closed rings with the region on the right: pixel corners, start of each ring, region of each ring.

    A corner (row, col) is the number row * (W + 1) + col. Every ring runs along the top of some pixel, so
    that the tops alone are looked through. Directions: 0 east, 1 south, 2 west, 3 north.
    """
    height, width = labels.shape
    d_row, d_col = np.array([0, 1, 0, -1]), np.array([1, 0, -1, 0])
    seen = np.zeros((height, width), np.bool_)
    corners = np.empty(4096, np.int64)
    starts = np.empty(256, np.int64)
    owners = np.empty(256, np.int64)
    n_corners, n_rings = 0, 0
    for top in range(height):
        for left in range(width):
            me = labels[top, left]
            if me < 0 or seen[top, left] or _at(labels, top - 1, left) == me:
                continue
            if n_rings + 2 > len(starts):
                starts = np.concatenate((starts, np.empty(len(starts), np.int64)))
                owners = np.concatenate((owners, np.empty(len(owners), np.int64)))
            starts[n_rings], owners[n_rings] = n_corners, me
            row, col, heading = top, left, 0
            while True:
                if heading == 0:
                    if seen[row, col]:
                        break
                    seen[row, col] = True
                row += d_row[heading]
                col += d_col[heading]
                # The two pixels ahead, left and right of the heading.
                right_row = row - (heading == 2) - (heading == 3)
                right_col = col - (heading == 1) - (heading == 2)
                left_row = row - (heading == 0) - (heading == 3)
                left_col = col - (heading == 2) - (heading == 3)
                if _at(labels, left_row, left_col) == me:
                    turn = 3
                elif _at(labels, right_row, right_col) == me:
                    turn = 0
                else:
                    turn = 1
                if turn != 0 or _is_junction(labels, row, col):
                    if n_corners + 2 > len(corners):
                        corners = np.concatenate((corners, np.empty(len(corners), np.int64)))
                    corners[n_corners] = row * (width + 1) + col
                    n_corners += 1
                heading = (heading + turn) % 4
            corners[n_corners] = corners[starts[n_rings]]
            n_corners += 1
            n_rings += 1
    starts[n_rings] = n_corners
    return corners[:n_corners].copy(), starts[: n_rings + 1].copy(), owners[:n_rings].copy()
