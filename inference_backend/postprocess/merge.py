# SPDX-License-Identifier: GPL-2.0-or-later
"""Minimum areas by merging on the region graph, never across the skeleton.

The smallest region goes first, into the cover and use among its neighbours that its border, the
nomenclature's tree and the model's scores speak for most. Neighbours of that cover and use which it
separated become one region with it. A region of the skeleton neither absorbs nor is absorbed.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.merge_rules import MergeRules
from inference_backend.postprocess.types import BOOL, I32, U8
from inference_backend.postprocess.union_find import find_root

F64 = NDArray[np.float64]
NORMAL, UNDECIDED, THIN = 0, 1, 2
"""Kinds of regions: kept if large enough; to be absorbed whatever their area; the same, by border alone."""
_US_SPAN = 64


@dataclass
class MergeInput:
    """Regions, pixel-made or polygons, as merging sees them.

    Attributes:
        cs, us: (n,) uint8 code indices.
        locked: (n,) bool, skeleton.
        kind: (n,) uint8, `NORMAL`, `UNDECIDED` or `THIN`.
        area_m2: (n,) float.
        zone_share: (n,) float, 0..1.
        edges: (m, 2) int32 neighbours.
        border: (m,) float64, length of common borders, any unit.
        evidence: (n, k) float32, sum over a region's pixels of the score of each cover.
        pixels: (n,) number of pixels behind `evidence`.
    """

    cs: U8
    us: U8
    locked: BOOL
    kind: U8
    area_m2: NDArray[Any]
    zone_share: NDArray[Any]
    edges: I32
    border: NDArray[Any]
    evidence: NDArray[np.float32]
    pixels: NDArray[np.int64]


def merge_small(regions: MergeInput, rules: MergeRules) -> I32:
    """Merge until every region reaches its minimum or has only locked neighbours.

    Args:
        regions: no two neighbours have the same cover, use and lock, unless one of them is `THIN`.
        rules: minimum areas and weights.

    Returns:
        (n,) int32, for each region the survivor it is part of, itself for a survivor.
    """
    next_half, target, weight, head, tail = _half_edges(
        regions.edges, regions.border.astype(np.float64), len(regions.cs)
    )
    root: I32 = _merge(
        regions.cs,
        regions.us,
        regions.locked,
        regions.kind,
        regions.area_m2.astype(np.float64),
        regions.area_m2 * regions.zone_share.astype(np.float64),
        regions.evidence.astype(np.float32),
        regions.pixels.astype(np.float64),
        (next_half, target, weight, head, tail),
        rules.minimum_m2,
        rules.inside_share,
        rules.cover_closeness,
        rules.use_closeness,
        rules.weights,
        rules.reluctance,
    )
    return root


def dissolve(cs: U8, us: U8, locked: BOOL, edges: I32) -> I32:
    """Survivor of each region once neighbours of the same cover, use and lock are one."""
    root: I32 = _dissolve(cs, us, locked, edges)
    return root


@njit(cache=True)
def _dissolve(cs: U8, us: U8, locked: BOOL, edges: I32) -> I32:
    parent = np.arange(len(cs)).astype(np.int32)
    for i in range(len(edges)):
        first, second = edges[i, 0], edges[i, 1]
        same = cs[first] == cs[second] and us[first] == us[second] and locked[first] == locked[second]
        if same:
            a, b = find_root(parent, first), find_root(parent, second)
            parent[max(a, b)] = min(a, b)
    for i in range(len(parent)):
        parent[i] = find_root(parent, i)
    return parent


@njit(cache=True)
def _half_edges(edges, border, size):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Linked list of neighbours per region; two lists are joined in one step."""
    count = len(edges)
    next_half = np.full(2 * count, -1, np.int64)
    target = np.empty(2 * count, np.int32)
    weight = np.empty(2 * count, np.float64)
    head = np.full(size, -1, np.int64)
    tail = np.full(size, -1, np.int64)
    for half in range(2 * count):
        edge, side = half // 2, half % 2
        owner = edges[edge, side]
        target[half] = edges[edge, 1 - side]
        weight[half] = border[edge]
        if head[owner] < 0:
            head[owner] = half
        else:
            next_half[tail[owner]] = half
        tail[owner] = half
    return next_half, target, weight, head, tail


@njit(cache=True)
def _merge(  # type: ignore[no-untyped-def]  # noqa: ANN202 - typed by numba
    cs, us, locked, kind, area, zone_area, evidence, pixels, lists, minimum, inside_share,  # noqa: ANN001
    cover_closeness, use_closeness, weights, reluctance,  # noqa: ANN001
):  # fmt: skip
    next_half, target, weight, head, tail = lists
    size = len(cs)
    parent = np.arange(size).astype(np.int32)
    shared = np.zeros(size, np.float64)
    by_key = np.zeros(len(cover_closeness) * _US_SPAN, np.float64)
    heap = [(0.0, np.int32(0)) for _ in range(0)]
    for region in range(size):
        if not locked[region]:
            rank = _rank(region, cs, kind, area, zone_area, minimum, inside_share)
            if rank < np.inf:
                heapq.heappush(heap, (rank, np.int32(region)))
    while len(heap) > 0:
        rank, smallest = heapq.heappop(heap)
        region = int(smallest)
        if parent[region] != region:
            continue
        if rank != _rank(region, cs, kind, area, zone_area, minimum, inside_share):
            continue
        neighbours = _neighbours(region, parent, next_half, target, weight, head, shared)
        key = _best_key(
            region, neighbours, cs, us, locked, kind, evidence, pixels, shared, by_key, cover_closeness,
            use_closeness, weights, reluctance,
        )  # fmt: skip
        if key >= 0:
            survivor = _largest(neighbours, key, cs, us, locked, kind, area)
            neighbours.append(np.int32(region))
            for other in neighbours:
                same = not locked[other] and cs[other] * _US_SPAN + us[other] == key
                if other == survivor or not (other == region or (same and kind[other] == kind[survivor])):
                    continue
                parent[other] = survivor
                area[survivor] += area[other]
                zone_area[survivor] += zone_area[other]
                pixels[survivor] += pixels[other]
                evidence[survivor] += evidence[other]
                if head[other] >= 0:
                    if head[survivor] < 0:
                        head[survivor] = head[other]
                    else:
                        next_half[tail[survivor]] = head[other]
                    tail[survivor] = tail[other]
            rank = _rank(survivor, cs, kind, area, zone_area, minimum, inside_share)
            if rank < np.inf:
                heapq.heappush(heap, (rank, np.int32(survivor)))
        for other in neighbours:
            shared[other] = 0.0
    for region in range(size):
        parent[region] = find_root(parent, region)
    return parent


@njit(cache=True)
def _rank(region, cs, kind, area, zone_area, minimum, inside_share):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Order of treatment: undecided and thin regions first, then by area; infinite for one that may stay."""
    if kind[region] != NORMAL:
        return area[region] - 1e15
    inside = 1 if zone_area[region] >= inside_share * area[region] else 0
    return area[region] if area[region] < minimum[cs[region], inside] * (1.0 - 1e-9) else np.inf


@njit(cache=True)
def _neighbours(region, parent, next_half, target, weight, head, shared):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Distinct neighbours; their common border is left in `shared`."""
    found = [np.int32(0) for _ in range(0)]
    half = head[region]
    while half >= 0:
        other = find_root(parent, target[half])
        if other != region:
            if shared[other] == 0.0:
                found.append(np.int32(other))
            shared[other] += weight[half]
        half = next_half[half]
    return found


@njit(cache=True)
def _best_key(  # type: ignore[no-untyped-def]  # noqa: ANN202 - typed by numba
    region, neighbours, cs, us, locked, kind, evidence, pixels, shared, by_key, cover_closeness,  # noqa: ANN001
    use_closeness, weights, reluctance,  # noqa: ANN001
):  # fmt: skip
    """`cs * span + us` of the couple to join, -1 where every neighbour is locked."""
    settled = False
    for other in neighbours:
        settled = settled or (not locked[other] and kind[other] == NORMAL)
    total = 0.0
    for other in neighbours:
        if not locked[other] and (kind[other] == NORMAL or not settled):
            by_key[cs[other] * _US_SPAN + us[other]] += shared[other]
            total += shared[other]
    best, best_score = -1, -np.inf
    for other in neighbours:
        key = cs[other] * _US_SPAN + us[other]
        if by_key[key] == 0.0 or locked[other]:
            continue
        score = weights[0] * by_key[key] / total - reluctance[cs[other]]
        score += weights[2] * evidence[region, cs[other]] / max(pixels[region], 1.0)
        if kind[region] == NORMAL:
            score += weights[1] * cover_closeness[cs[region], cs[other]]
            score += weights[3] * use_closeness[us[region], us[other]]
        if score > best_score or (score == best_score and key < best):
            best, best_score = key, score
    for other in neighbours:
        by_key[cs[other] * _US_SPAN + us[other]] = 0.0
    return best


@njit(cache=True)
def _largest(neighbours, key, cs, us, locked, kind, area):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """The neighbour of that couple that survives: decided before undecided, then the largest."""
    best = np.int32(-1)
    for other in neighbours:
        if locked[other] or cs[other] * _US_SPAN + us[other] != key:
            continue
        if best < 0 or kind[other] < kind[best] or (kind[other] == kind[best] and area[other] > area[best]):
            best = other
    return best
