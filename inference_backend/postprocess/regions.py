# SPDX-License-Identifier: GPL-2.0-or-later
"""4-connected regions of a code raster, their borders, and what planes say about each of them.

A block of a larger raster can be processed alone: nothing here looks beyond the arrays given.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.types import BOOL, I32, U8, RegionGraph
from inference_backend.postprocess.union_find import find_root

I64 = NDArray[np.int64]
U16 = NDArray[np.uint16]
_OUTSIDE = np.uint16(0xFFFF)


def label_regions(
    cs: U8,
    us: U8,
    ossature: BOOL,
    inside: BOOL,
    zone_construite: BOOL | None = None,
    apart: BOOL | None = None,
) -> RegionGraph:
    """Regions of equal (cs, us, ossature), numbered in the order of their first pixel.

    Args:
        cs: (H, W) uint8 cover index, 0 where undecided.
        us: (H, W) uint8 use index, 0 where undecided.
        ossature: (H, W) bool, pixel of the skeleton.
        inside: (H, W) bool, False outside the image.
        zone_construite: (H, W) bool, None where there is none.
        apart: (H, W) bool, pixels that make regions of their own beside equal ones; None for none.

    Returns:
        The graph; its regions cover exactly the True pixels of `inside`.
    """
    key = composite_key(cs, us, ossature, inside)
    if apart is not None:
        key[apart & inside] |= np.uint16(1 << 14)
    labels, first = _label(key)
    graph = RegionGraph(
        labels=labels,
        cs=cs.ravel()[first],
        us=us.ravel()[first],
        ossature=ossature.ravel()[first],
        area_px=np.zeros(0, np.int64),
        zone_share=np.zeros(0, np.float32),
        at_edge=np.zeros(0, np.bool_),
        edges=np.zeros((0, 2), np.int32),
        border_px=np.zeros(0, np.int32),
    )
    _measure(graph, len(first), zone_construite)
    return graph


def composite_key(cs: U8, us: U8, ossature: BOOL, inside: BOOL) -> U16:
    """One uint16 per pixel that is equal where cover, use and skeleton are; 0xFFFF outside."""
    key = cs.astype(np.uint16)
    key |= us.astype(np.uint16) << np.uint16(8)
    key |= ossature.astype(np.uint16) << np.uint16(15)
    key[~inside] = _OUTSIDE
    return key


def sum_by_region(graph: RegionGraph, plane: NDArray[Any], where: BOOL | None = None) -> NDArray[np.float64]:
    """Sum of a plane over the pixels of each region.

    Args:
        graph: n regions.
        plane: (H, W) of any numeric type or bool.
        where: (H, W) bool, pixels that count; all of them where None.

    Returns:
        (n,) float64.
    """
    total: NDArray[np.float64] = _sum(graph.labels, plane, _mask(graph, where), len(graph.area_px))
    return total


def histogram_by_region(graph: RegionGraph, plane: U8, size: int, where: BOOL | None = None) -> I64:
    """How often each value occurs in each region.

    Args:
        graph: n regions.
        plane: (H, W) uint8, values under `size`.
        size: number of columns of the result.
        where: (H, W) bool, pixels that count; all of them where None.

    Returns:
        (n, size) int64 pixel counts.
    """
    counts: I64 = _histogram(graph.labels, plane, _mask(graph, where), len(graph.area_px), size)
    return counts


def paint(graph: RegionGraph, values: NDArray[Any]) -> NDArray[Any]:
    """Plane (H, W) that gives each pixel the value of its region, 0 outside; `values` has n entries."""
    padded = np.append(values, np.zeros(1, values.dtype))
    plane: NDArray[Any] = padded[graph.labels]  # -1 reads the last entry
    return plane


def contract(graph: RegionGraph, root: I32) -> tuple[RegionGraph, I32]:
    """Merge regions.

    Args:
        graph: n regions.
        root: (n,) int32, for each region the one it becomes part of (itself for a survivor); a survivor gives
            its codes to the whole.

    Returns:
        The graph of the m survivors, renumbered in order, and (n,) int32, the new number of every old region.
    """
    survivors = np.flatnonzero(root == np.arange(len(root), dtype=root.dtype))
    number = np.full(len(root), -1, np.int32)
    number[survivors] = np.arange(len(survivors), dtype=np.int32)
    renamed = number[root]
    labels = np.append(renamed, np.int32(-1))[graph.labels]  # -1 reads the last entry
    size = len(survivors)
    area = np.bincount(renamed, weights=graph.area_px, minlength=size)
    zone = np.bincount(renamed, weights=graph.area_px * graph.zone_share.astype(np.float64), minlength=size)
    edges, border = _merge_edges(renamed[graph.edges], graph.border_px)
    merged = RegionGraph(
        labels=labels,
        cs=graph.cs[survivors],
        us=graph.us[survivors],
        ossature=graph.ossature[survivors],
        area_px=area.astype(np.int64),
        zone_share=(zone / np.maximum(area, 1)).astype(np.float32),
        at_edge=np.bincount(renamed, weights=graph.at_edge, minlength=size) > 0,
        edges=edges,
        border_px=border,
    )
    return merged, renamed


def _measure(graph: RegionGraph, size: int, zone_construite: BOOL | None) -> None:
    """Fill the measures of a graph whose labels and codes are set."""
    inside = graph.labels >= 0
    graph.area_px = np.bincount(graph.labels[inside], minlength=size).astype(np.int64)
    graph.zone_share = np.zeros(size, np.float32)
    if zone_construite is not None and size:
        zone = _sum(graph.labels, zone_construite, inside, size)
        graph.zone_share = (zone / graph.area_px).astype(np.float32)
    graph.at_edge = _at_edge(graph.labels, size)
    codes = _border_codes(graph.labels, max(size, 1))
    codes.sort()
    pairs, counts = np.unique(codes, return_counts=True)
    edges = np.empty((len(pairs), 2), np.int32)
    edges[:, 0], edges[:, 1] = pairs // max(size, 1), pairs % max(size, 1)
    graph.edges, graph.border_px = edges, counts.astype(np.int32)


def _merge_edges(edges: I32, border_px: I32) -> tuple[I32, I32]:
    """Edges between renamed regions: no loop, no double, first < second."""
    low, high = edges.min(axis=1), edges.max(axis=1)
    kept = low != high
    if not kept.any():
        return np.zeros((0, 2), np.int32), np.zeros(0, np.int32)
    span = np.int64(high.max()) + 1
    codes, inverse = np.unique(low[kept].astype(np.int64) * span + high[kept], return_inverse=True)
    merged = np.stack([codes // span, codes % span], axis=1).astype(np.int32)
    return merged, np.bincount(inverse, weights=border_px[kept]).astype(np.int32)


def _mask(graph: RegionGraph, where: BOOL | None) -> BOOL:
    inside: BOOL = graph.labels >= 0
    return inside if where is None else inside & where


@njit(cache=True)
def _label(key: U16) -> tuple[I32, I64]:
    """Union-find labelling in two passes; also the flat index of each region's first pixel."""
    height, width = key.shape
    labels = np.empty((height, width), np.int32)
    parent = np.empty(1024, np.int32)
    first = np.empty(1024, np.int64)
    count = 0
    for row in range(height):
        for col in range(width):
            value = key[row, col]
            if value == 0xFFFF:
                labels[row, col] = -1
                continue
            up = labels[row - 1, col] if row > 0 and key[row - 1, col] == value else -1
            left = labels[row, col - 1] if col > 0 and key[row, col - 1] == value else -1
            if up < 0 and left < 0:
                if count == len(parent):
                    parent = np.concatenate((parent, np.empty(count, np.int32)))
                    first = np.concatenate((first, np.empty(count, np.int64)))
                parent[count] = count
                first[count] = row * width + col
                labels[row, col] = count
                count += 1
            elif up < 0:
                labels[row, col] = left
            elif left < 0 or left == up:
                labels[row, col] = up
            else:
                a, b = find_root(parent, up), find_root(parent, left)
                low, high = min(a, b), max(a, b)
                parent[high] = low
                labels[row, col] = low
    final = np.empty(count, np.int32)
    regions = 0
    for i in range(count):
        # A parent is always smaller than its child, so that it has its number already.
        if parent[i] == i:
            final[i] = regions
            first[regions] = first[i]
            regions += 1
        else:
            final[i] = final[parent[i]]
    for row in range(height):
        for col in range(width):
            if labels[row, col] >= 0:
                labels[row, col] = final[labels[row, col]]
    return labels, first[:regions].copy()


@njit(cache=True)
def _at_edge(labels: I32, size: int) -> BOOL:
    height, width = labels.shape
    touched = np.zeros(size, np.bool_)
    for row in range(height):
        for col in range(width):
            label = labels[row, col]
            if label < 0:
                continue
            if (
                row == 0
                or col == 0
                or row == height - 1
                or col == width - 1
                or labels[row - 1, col] < 0
                or labels[row + 1, col] < 0
                or labels[row, col - 1] < 0
                or labels[row, col + 1] < 0
            ):
                touched[label] = True
    return touched


@njit(cache=True)
def _border_codes(labels: I32, size: int) -> I64:
    """One number `low * size + high` for each pixel side between two regions."""
    height, width = labels.shape
    codes = np.empty(1024, np.int64)
    count = 0
    for row in range(height):
        for col in range(width):
            here = labels[row, col]
            if here < 0:
                continue
            if count + 2 > len(codes):
                codes = np.concatenate((codes, np.empty(len(codes), np.int64)))
            if col + 1 < width:
                there = labels[row, col + 1]
                if there >= 0 and there != here:
                    codes[count] = np.int64(min(here, there)) * size + max(here, there)
                    count += 1
            if row + 1 < height:
                there = labels[row + 1, col]
                if there >= 0 and there != here:
                    codes[count] = np.int64(min(here, there)) * size + max(here, there)
                    count += 1
    return codes[:count].copy()


@njit(cache=True)
def _sum(labels: I32, plane: NDArray[Any], where: BOOL, size: int) -> NDArray[np.float64]:
    total = np.zeros(size, np.float64)
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            if where[row, col]:
                total[labels[row, col]] += plane[row, col]
    return total


@njit(cache=True)
def _histogram(labels: I32, plane: U8, where: BOOL, size: int, columns: int) -> I64:
    counts = np.zeros((size, columns), np.int64)
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            if where[row, col]:
                counts[labels[row, col], plane[row, col]] += 1
    return counts
