# SPDX-License-Identifier: GPL-2.0-or-later
"""Minimum areas by merging on the graph of a lot, never across the skeleton, in integers alone.

The smallest region goes first, undecided ones before the others, the earlier of two equal ones before the
later. It joins the cover and use among its neighbours that its border, the nomenclature's tree and the
model's scores speak for most. Neighbours of that cover and use which it separated become one with it. A
region of the skeleton neither absorbs nor is absorbed. One whose outline a reference holds absorbs what lies
in it, but beside it only what is undecided: what has no other neighbour stays.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.merge_rules import SCALE, IntegerRules
from inference_backend.postprocess.types import BOOL, I32, U8
from inference_backend.postprocess.union_find import find_root

I64 = NDArray[np.int64]
_US_SPAN = 64
_FULL_SCORE = 255
_UNDECIDED_FIRST = np.int64(1) << 62


@dataclass
class MergeGraph:
    """n regions, made of pixels or polygons, as merging sees them.

    Attributes:
        cs, us: (n,) uint8 code indices; a region with cover 0 is absorbed whatever its area.
        locked: (n,) bool, skeleton.
        held: (n,) bool, a reference holds its outline, unless it is under its minimum itself.
        area: (n,) int64, in the unit of the rules' minimum.
        zone: (n,) int64, area inside the zone construite, same unit.
        edges: (m, 2) int32 neighbours.
        border: (m,) int64, length of common borders, any unit.
        scores: (n, k) int64, sum of the scores 0..255 of each cover over a region's pixels.
        pixels: (n,) int64 pixels behind `scores`.
    """

    cs: U8
    us: U8
    locked: BOOL
    held: BOOL
    area: I64
    zone: I64
    edges: I32
    border: I64
    scores: I64
    pixels: I64


def merge_to_minimum(regions: MergeGraph, rules: IntegerRules) -> I32:
    """Merge until every region reaches its minimum or has only locked and held neighbours.

    Args:
        regions: in canonical order, which decides between regions of equal area.
        rules: minimum areas and weights.

    Returns:
        (n,) int32, for each region the survivor it is part of, itself for a survivor.
    """
    root: I32 = _merge(
        regions.cs,
        regions.us,
        regions.locked,
        regions.held,
        regions.area.astype(np.int64),
        regions.zone.astype(np.int64),
        np.ascontiguousarray(regions.scores),
        regions.pixels.astype(np.int64),
        _half_edges(regions.edges, regions.border.astype(np.int64), len(regions.cs)),
        rules.minimum,
        rules.inside_share,
        rules.cover_closeness,
        rules.use_closeness,
        rules.weights,
        rules.reluctance,
    )
    return root


def dissolve(cs: U8, us: U8, ossature: BOOL, cell: U8, edges: I32) -> I32:
    """Survivor of each region once neighbours of equal cover, use, skeleton and cell are one."""
    key = cs.astype(np.int64) | us.astype(np.int64) << 8 | cell.astype(np.int64) << 16
    root: I32 = _dissolve(key | ossature.astype(np.int64) << 24, edges)
    return root


@njit(cache=True, nogil=True)
def _dissolve(key: I64, edges: I32) -> I32:
    parent = np.arange(len(key)).astype(np.int32)
    for i in range(len(edges)):
        if key[edges[i, 0]] == key[edges[i, 1]]:
            a, b = find_root(parent, edges[i, 0]), find_root(parent, edges[i, 1])
            parent[max(a, b)] = min(a, b)
    for i in range(len(parent)):
        parent[i] = find_root(parent, i)
    return parent


@njit(cache=True, nogil=True)
def _half_edges(edges, border, size):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Linked list of neighbours per region; two lists are joined in one step."""
    count = len(edges)
    next_half = np.full(2 * count, -1, np.int32)
    target = np.empty(2 * count, np.int32)
    head = np.full(size, -1, np.int32)
    tail = np.full(size, -1, np.int32)
    for half in range(2 * count):
        edge, side = half // 2, half % 2
        owner = edges[edge, side]
        target[half] = edges[edge, 1 - side]
        if head[owner] < 0:
            head[owner] = half
        else:
            next_half[tail[owner]] = half
        tail[owner] = half
    return next_half, target, border, head, tail


@njit(cache=True, nogil=True)
def _merge(  # type: ignore[no-untyped-def]  # noqa: ANN202 - typed by numba
    cs, us, locked, held, area, zone, scores, pixels, lists, minimum, inside_share,  # noqa: ANN001
    cover_closeness, use_closeness, weights, reluctance,  # noqa: ANN001
):  # fmt: skip
    size = len(cs)
    parent = np.arange(size).astype(np.int32)
    shared = np.zeros(size, np.int64)
    by_key = np.zeros(len(cover_closeness) * _US_SPAN, np.int64)
    heap = [(np.int64(0), np.int32(0)) for _ in range(0)]
    for region in range(size):
        if not locked[region] and _is_due(region, cs, area, zone, minimum, inside_share):
            heap.append((_rank(region, cs, area), np.int32(region)))
    heapq.heapify(heap)
    while len(heap) > 0:
        rank, smallest = heapq.heappop(heap)
        region = int(smallest)
        if parent[region] != region or rank != _rank(region, cs, area):
            continue
        if not _is_due(region, cs, area, zone, minimum, inside_share):
            continue
        neighbours = _neighbours(region, parent, lists, shared)
        shut = _shut(region, neighbours, locked, held, cs, area, zone, minimum, inside_share)
        key = _best_key(
            region, neighbours, cs, us, shut, scores, pixels, shared, by_key, cover_closeness,
            use_closeness, weights, reluctance,
        )  # fmt: skip
        if key >= 0:
            survivor = _largest(neighbours, key, cs, us, locked, area)
            neighbours.append(np.int32(region))
            for other in neighbours:
                joins = not locked[other] and cs[other] * _US_SPAN + us[other] == key
                if other != survivor and (joins or other == region):
                    parent[other] = survivor
                    area[survivor] += area[other]
                    zone[survivor] += zone[other]
                    pixels[survivor] += pixels[other]
                    scores[survivor] += scores[other]
                    _append(lists, survivor, other)
            if _is_due(survivor, cs, area, zone, minimum, inside_share):
                heapq.heappush(heap, (_rank(survivor, cs, area), np.int32(survivor)))
        for other in neighbours:
            shared[other] = 0
    for region in range(size):
        parent[region] = find_root(parent, region)
    return parent


@njit(cache=True, nogil=True)
def _append(lists, survivor, other):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Give the neighbours of `other` to `survivor`."""
    next_half, _, _, head, tail = lists
    if head[other] >= 0:
        if head[survivor] < 0:
            head[survivor] = head[other]
        else:
            next_half[tail[survivor]] = head[other]
        tail[survivor] = tail[other]


@njit(cache=True, nogil=True)
def _is_due(region, cs, area, zone, minimum, inside_share):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    if cs[region] == 0:
        return True
    inside = 1 if zone[region] >= inside_share * area[region] else 0
    return area[region] < minimum[cs[region], inside]


@njit(cache=True, nogil=True)
def _rank(region, cs, area):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    return area[region] - _UNDECIDED_FIRST if cs[region] == 0 else area[region]


@njit(cache=True, nogil=True)
def _neighbours(region, parent, lists, shared):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Distinct neighbours; their common border is left in `shared`."""
    next_half, target, border, head, _ = lists
    found = [np.int32(0) for _ in range(0)]
    half = head[region]
    while half >= 0:
        other = find_root(parent, target[half])
        if other != region:
            if shared[other] == 0:
                found.append(np.int32(other))
            shared[other] += border[half // 2]
        half = next_half[half]
    return found


@njit(cache=True, nogil=True)
def _shut(region, neighbours, locked, held, cs, area, zone, minimum, inside_share):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """For each neighbour, whether the region may not join it."""
    shut = np.empty(len(neighbours), np.bool_)
    open_ones = 0
    for k in range(len(neighbours)):
        other = neighbours[k]
        holds = held[other] and not _is_due(other, cs, area, zone, minimum, inside_share)
        shut[k] = locked[other] or holds
        open_ones += not shut[k]
    lies_inside = len(neighbours) == 1 or cs[region] == 0
    if open_ones == 0 and lies_inside:
        for k in range(len(neighbours)):
            shut[k] = locked[neighbours[k]]
    return shut


@njit(cache=True, nogil=True)
def _best_key(  # type: ignore[no-untyped-def]  # noqa: ANN202 - typed by numba
    region, neighbours, cs, us, shut, scores, pixels, shared, by_key, cover_closeness,  # noqa: ANN001
    use_closeness, weights, reluctance,  # noqa: ANN001
):  # fmt: skip
    """`cs * span + us` of the couple to join, -1 where every neighbour is shut."""
    decided = False
    for k in range(len(neighbours)):
        decided = decided or (not shut[k] and cs[neighbours[k]] > 0)
    total = np.int64(0)
    for k in range(len(neighbours)):
        other = neighbours[k]
        if not shut[k] and (cs[other] > 0 or not decided):
            by_key[cs[other] * _US_SPAN + us[other]] += shared[other]
            total += shared[other]
    best, best_score = np.int64(-1), np.int64(0)
    for k in range(len(neighbours)):
        other = neighbours[k]
        key = np.int64(cs[other]) * _US_SPAN + us[other]
        if shut[k] or by_key[key] == 0:
            continue
        score = weights[0] * (by_key[key] * SCALE // total) - reluctance[cs[other]] * SCALE
        score += weights[2] * _share(scores[region, cs[other]], pixels[region] * _FULL_SCORE)
        if cs[region] > 0:
            score += weights[1] * cover_closeness[cs[region], cs[other]]
            score += weights[3] * use_closeness[us[region], us[other]]
        if best < 0 or score > best_score or (score == best_score and key < best):
            best, best_score = key, score
    for other in neighbours:
        by_key[np.int64(cs[other]) * _US_SPAN + us[other]] = 0
    return best


@njit(cache=True, nogil=True)
def _share(part, whole):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """`part / whole` in units of 1 / SCALE, without overflow for a département of undecided pixels."""
    while whole > (np.int64(1) << 42):
        part, whole = part >> 1, whole >> 1
    return part * SCALE // max(whole, np.int64(1))


@njit(cache=True, nogil=True)
def _largest(neighbours, key, cs, us, locked, area):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """The neighbour of that couple that survives: the largest, the earlier of two equal ones."""
    best = np.int32(-1)
    for other in neighbours:
        if locked[other] or cs[other] * _US_SPAN + us[other] != key:
            continue
        larger = best >= 0 and (area[other] > area[best] or (area[other] == area[best] and other < best))
        if best < 0 or larger:
            best = other
    return best
