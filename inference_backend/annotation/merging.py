# SPDX-License-Identifier: GPL-2.0-or-later
"""Coarser segments, each a union of finer ones.

Neighbours merge cheapest first. The price is that of the full lambda schedule: what the merge adds to the sum
of squares, divided by the border that it removes. Small and like segments with a long common border go first.

Source: Robinson, Redding, Crisp (2002), Implementation of a fast algorithm for segmenting SAR imagery.
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit

from inference_backend.annotation.graph import Graph
from inference_backend.annotation.types import F64, I32


def merged(graph: Graph, means: F64, counts: tuple[int, ...]) -> I32:
    """To which coarser segment each segment belongs, at each count.

    Args:
        graph: of the segments.
        means: (N, F) float64, of what must not be mixed.
        counts: falling; a scale with as many segments as there are or more is the segments themselves.

    Returns:
        (S, N) int32, numbered from 0 at each scale.
    """
    targets = np.asarray([max(1, count) for count in counts], np.int64)
    roots = _merge(
        graph.first, graph.second, graph.border_px.copy(), graph.size_px.copy(), means.copy(), targets
    )
    return np.stack([np.unique(row, return_inverse=True)[1] for row in roots]).astype(np.int32)


@njit(cache=True)
def _root(parent: I32, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@njit(cache=True)
def _price(a: int, b: int, border: float, size: F64, means: F64) -> float:
    distance = 0.0
    for f in range(means.shape[1]):
        distance += (means[a, f] - means[b, f]) ** 2
    return float(size[a] * size[b] / (size[a] + size[b]) * distance / border)


@njit(cache=True)
def _merge(first: I32, second: I32, border: F64, size: F64, means: F64, targets: I32) -> I32:
    """Roots of every segment when so many are left. Each segment holds its edges in a chain of half-edges."""
    n, e = len(size), len(first)
    parent = np.arange(n).astype(np.int32)
    stamp = np.zeros(n, np.int64)  # how often a segment has changed: tells a stale price
    head, tail = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    follower = np.full(2 * e, -1, np.int64)
    for h in range(2 * e):
        owner = first[h // 2] if h % 2 == 0 else second[h // 2]
        follower[h] = head[owner]
        if head[owner] < 0:
            tail[owner] = h
        head[owner] = h
    alive = np.ones(e, np.bool_)
    seen = np.full(n, -1, np.int64)
    heap = [(_price(first[i], second[i], border[i], size, means), np.int64(i), np.int64(0)) for i in range(e)]
    heapq.heapify(heap)
    rows = np.empty((len(targets), n), np.int32)
    scale, left = 0, n
    while scale < len(targets):
        if left <= targets[scale] or len(heap) == 0:
            for i in range(n):
                rows[scale, i] = _root(parent, i)
            scale += 1
            continue
        _, edge, stamped = heapq.heappop(heap)
        if not alive[edge]:
            continue
        a, b = _root(parent, first[edge]), _root(parent, second[edge])
        if a == b or stamp[a] + stamp[b] != stamped:
            continue
        total = size[a] + size[b]
        for f in range(means.shape[1]):
            means[a, f] = (means[a, f] * size[a] + means[b, f] * size[b]) / total
        size[a] = total
        parent[b] = a
        stamp[a] += stamp[b] + 1
        left -= 1
        if head[b] >= 0:
            follower[tail[b]] = head[a]
            if head[a] < 0:
                tail[a] = tail[b]
            head[a] = head[b]
        # One edge to each neighbour: borders of pairs that are now one pair add up.
        h, before = head[a], np.int64(-1)
        while h >= 0:
            i = h // 2
            following = follower[h]
            other = _root(parent, second[i] if h % 2 == 0 else first[i])
            if not alive[i] or other == a or (seen[other] >= 0 and seen[other] != i):
                if alive[i] and other != a:
                    border[seen[other]] += border[i]
                alive[i] = False
                if before < 0:
                    head[a] = following
                else:
                    follower[before] = following
                if following < 0:
                    tail[a] = before
            else:
                seen[other] = i
                before = h
            h = following
        h = head[a]
        while h >= 0:
            i = h // 2
            other = _root(parent, second[i] if h % 2 == 0 else first[i])
            seen[other] = -1
            heapq.heappush(heap, (_price(a, other, border[i], size, means), i, stamp[a] + stamp[other]))
            h = follower[h]
    return rows
