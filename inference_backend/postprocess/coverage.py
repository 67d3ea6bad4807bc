# SPDX-License-Identifier: GPL-2.0-or-later
"""From traced to finished polygons: simplified borders, then the areas that this took below their minimum."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.postprocess.merge import NORMAL, MergeInput, merge_small
from inference_backend.postprocess.merge_rules import MergeRules
from inference_backend.postprocess.regions import contract
from inference_backend.postprocess.types import RegionGraph
from inference_backend.thresholds import zone_shares

Geometries = NDArray[np.object_]
_MINIMUM_TOLERANCE_M = 0.01


def simplify_coverage(polygons: Geometries, tolerance_m: float) -> Geometries:
    """Simplify common borders once for both sides; the outline of the whole stays as it is.

    Args:
        polygons: (n,) single polygons, a valid coverage.
        tolerance_m: square root of the area of the triangles removed, m.

    Returns:
        (n,) single valid polygons, a valid coverage with the same outline.
    """
    while tolerance_m >= _MINIMUM_TOLERANCE_M:
        simple: Geometries = shapely.coverage_simplify(polygons, tolerance_m, simplify_boundary=False)
        if shapely.is_valid(simple).all() and shapely.coverage_is_valid(simple):
            return simple
        tolerance_m /= 2.0
    return polygons


def cure_areas(
    polygons: Geometries,
    graph: RegionGraph,
    evidence: NDArray[np.float32],
    zones: Geometries,
    rules: MergeRules,
) -> tuple[Geometries, RegionGraph, NDArray[np.float32], NDArray[np.int32]]:
    """Merge the polygons that are under their minimum, measured as the control measures them.

    Args:
        polygons: (n,) a valid coverage.
        graph: the n regions that they outline.
        evidence: (n, k) scores.
        zones: polygons of the zone construite as they will be written.
        rules: minimum areas and weights.

    Returns:
        (m,) polygons, a valid coverage; their graph and scores; (n,) int32 new number of each old region.
    """
    number = np.arange(len(polygons), dtype=np.int32)
    shares = zone_shares(polygons, zones)
    while True:
        root = merge_small(_merge_input(polygons, graph, evidence, shares), rules)
        if (root == np.arange(len(root))).all():
            return polygons, graph, evidence, number
        graph, renamed = contract(graph, root)
        count = len(graph.area_px)
        polygons, changed = _union(polygons, renamed, count)
        shares = _first_of(shares, renamed, count)
        shares[changed] = zone_shares(polygons[changed], zones)
        summed = np.zeros((count, evidence.shape[1]), np.float32)
        np.add.at(summed, renamed, evidence)
        evidence, number = summed, renamed[number]


def _merge_input(
    polygons: Geometries, graph: RegionGraph, evidence: NDArray[np.float32], shares: NDArray[np.float64]
) -> MergeInput:
    return MergeInput(
        cs=graph.cs,
        us=graph.us,
        locked=graph.ossature,
        kind=np.full(len(polygons), NORMAL, np.uint8),
        area_m2=shapely.area(polygons),
        zone_share=shares,
        edges=graph.edges,
        border=graph.border_px,
        evidence=evidence,
        pixels=graph.area_px,
    )


def _union(
    polygons: Geometries, renamed: NDArray[np.int32], count: int
) -> tuple[Geometries, NDArray[np.intp]]:
    """Union of the polygons of each new number, and the numbers that have several."""
    order = np.argsort(renamed, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(renamed, minlength=count))[:-1])
    merged = np.empty(count, dtype=object)
    merged[renamed] = polygons
    changed = np.flatnonzero(np.bincount(renamed, minlength=count) > 1)
    for new in changed:
        merged[new] = shapely.get_parts(shapely.coverage_union_all(polygons[members[new]]))[0]
    return merged, changed


def _first_of(values: NDArray[np.float64], renamed: NDArray[np.int32], count: int) -> NDArray[np.float64]:
    result = np.zeros(count)
    result[renamed] = values
    return result
