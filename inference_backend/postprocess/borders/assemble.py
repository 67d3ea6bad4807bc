# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons out of arcs: each arc is written once and used by both of its sides."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import BlockBorders
from inference_backend.postprocess.borders.arcs import take
from inference_backend.postprocess.borders.rings import Rings, nodes_of, rings_of
from inference_backend.postprocess.types import I32

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class SmoothArcs:
    """The final course of whole arcs.

    Attributes:
        borders: the arcs as traced: sides, nodes, and the course that is always valid.
        points: (p, 2) float64 row and column in the whole raster, px, arc after arc, both ends included.
        starts: (a + 1,) int64 positions in `points`.
    """

    borders: BlockBorders
    points: F64
    starts: I64


def traced_arcs(borders: BlockBorders) -> SmoothArcs:
    """Arcs that follow the pixel sides."""
    return SmoothArcs(borders, borders.corners.astype(np.float64), borders.starts)


def assemble(arcs: SmoothArcs, n: int, grid: Grid) -> tuple[Geometries, shapely.Geometry]:
    """Polygons of the regions and the outline of them all.

    Args:
        arcs: whole arcs between regions 0..n-1, and -1 outside; each region is 4-connected.
        n: number of regions.
        grid: georeference of the whole raster.

    Returns:
        (n,) single Polygons that share every vertex with their neighbours; a Polygon, or a MultiPolygon of
        the 4-connected parts of the image.

    Raises:
        ValueError: a region has no border or several parts.
    """
    if n == 0:
        return np.empty(0, dtype=object), shapely.MultiPolygon()
    polygons = _polygons(arcs, n, grid)
    parts = _outline_parts(arcs, n, grid)
    return polygons, parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _polygons(arcs: SmoothArcs, n: int, grid: Grid) -> Geometries:
    rings = rings_of(arcs.borders, nodes_of(arcs.borders))
    turn = ring_areas(arc_areas(arcs.borders.corners.astype(np.float64), arcs.borders.starts), rings)
    if not (np.bincount(rings.region[(turn > 0) & (rings.region >= 0)], minlength=n) == 1).all():
        raise ValueError("a region is in several parts or has no outer ring")
    order = np.lexsort((turn < 0, rings.region))
    order = order[rings.region[order] >= 0]
    points, starts = lines_of(arcs.points, arcs.starts, rings.halves, rings.starts, order)
    coordinates = np.empty_like(points)
    coordinates[:, 0] = grid.transform.c + points[:, 1] * grid.transform.a
    coordinates[:, 1] = grid.transform.f + points[:, 0] * grid.transform.e
    bounds = np.concatenate(([0], np.cumsum(np.bincount(rings.region[order], minlength=n))))
    polygons: Geometries = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, coordinates, (starts, bounds.astype(np.int64))
    )
    return polygons


def _outline_parts(arcs: SmoothArcs, n: int, grid: Grid) -> Geometries:
    borders = arcs.borders
    inner = borders.left >= 0
    links = coo_matrix(
        (np.ones(int(inner.sum()), np.int8), (borders.left[inner], borders.right[inner])), shape=(n, n)
    )
    count, part = connected_components(links, directed=False)
    outer = np.flatnonzero(~inner)
    edge = take(borders, outer)
    edge = replace(edge, right=part[edge.right].astype(np.int32))
    points = np.concatenate([arcs.points[arcs.starts[i] : arcs.starts[i + 1]] for i in outer])
    lengths = np.diff(arcs.starts)[outer]
    return _polygons(SmoothArcs(edge, points, np.concatenate(([0], np.cumsum(lengths)))), count, grid)


def ring_areas(of_arcs: F64, rings: Rings) -> F64:
    """(r,) signed areas of rings, px2: positive for an outer ring, negative for a hole."""
    signed = of_arcs[rings.halves // 2] * (1 - 2 * (rings.halves % 2))
    areas: F64 = np.add.reduceat(signed, rings.starts[:-1])
    return areas


@njit(cache=True, nogil=True)
def arc_areas(points: F64 | I32, starts: I64) -> F64:
    """(a,) what each arc adds to the signed area of a ring that it is part of, px2."""
    areas = np.zeros(len(starts) - 1)
    # Near its first point, lest large coordinates eat the area.
    origin_row = float(points[0, 0]) if len(points) else 0.0
    origin_col = float(points[0, 1]) if len(points) else 0.0
    for arc in range(len(areas)):
        for i in range(starts[arc], starts[arc + 1] - 1):
            areas[arc] += (points[i, 1] - origin_col) * (points[i + 1, 0] - origin_row)
            areas[arc] -= (points[i + 1, 1] - origin_col) * (points[i, 0] - origin_row)
    return areas / 2.0


@njit(cache=True, nogil=True)
def lines_of(points: F64, starts: I64, halves: I64, ring_starts: I64, order: I64) -> tuple[F64, I64]:
    """Closed lines of the rings in `order`, and their starts."""
    out_starts = np.zeros(len(order) + 1, np.int64)
    for k in range(len(order)):
        length = 1
        for i in range(ring_starts[order[k]], ring_starts[order[k] + 1]):
            arc = halves[i] // 2
            length += starts[arc + 1] - starts[arc] - 1
        out_starts[k + 1] = out_starts[k] + length
    out = np.empty((out_starts[-1], 2))
    for k in range(len(order)):
        p = out_starts[k]
        for i in range(ring_starts[order[k]], ring_starts[order[k] + 1]):
            arc = halves[i] // 2
            first, last = starts[arc], starts[arc + 1] - 1
            for j in range(last - first):
                out[p] = points[first + j] if halves[i] % 2 == 0 else points[last - j]
                p += 1
        out[p] = out[out_starts[k]]
    return out, out_starts
