# SPDX-License-Identifier: GPL-2.0-or-later
"""Regions of blocks joined across their seams: the graph of the lot as if it had been labelled at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import BlockRegions, Tiling
from inference_backend.postprocess.decision.lot_graph import SCORES, LotGraph, merge_edges, merge_rows
from inference_backend.postprocess.types import I32
from inference_backend.postprocess.union_find import find_root

I64 = NDArray[np.int64]
Block = tuple[int, int]


def join(parts: Mapping[Block, BlockRegions], tiling: Tiling) -> tuple[LotGraph, dict[Block, I32]]:
    """The graph of a lot from the regions of its blocks.

    Args:
        parts: one entry per block of `tiling`; read twice, one block at a time, so that it may load them as
            they are asked for.
        tiling: the blocks.

    Returns:
        The graph, the same whatever the tiling; for each block (n_b,) int32 its regions' numbers in the lot.
    """
    seams = _Seams(tiling)
    for block in tiling:
        seams.add(block, parts[block])
    return seams.graph(parts)


class _Seams:
    """Keys, first pixels and rims of the blocks seen so far."""

    def __init__(self, tiling: Tiling) -> None:
        self.tiling = tiling
        self.start: dict[Block, int] = {}
        self.count = 0
        self.keys: list[I64] = []
        self.first_px: list[I64] = []
        self.rims: dict[Block, tuple[I64, I64, I64, I64]] = {}

    def add(self, block: Block, part: BlockRegions) -> None:
        self.start[block] = self.count
        self.keys.append(_key(part))
        self.first_px.append(part.first_px)
        rims = (part.north, part.south, part.west, part.east)
        self.rims[block] = tuple(np.where(r >= 0, r.astype(np.int64) + self.count, -1) for r in rims)  # type: ignore[assignment]  # four of them
        self.count += len(part.cs)

    def graph(self, parts: Mapping[Block, BlockRegions]) -> tuple[LotGraph, dict[Block, I32]]:
        key, first = _joined(self.keys, np.int64), _joined(self.first_px, np.int64)
        pairs, at_seam = self._pairs()
        parent = np.arange(self.count, dtype=np.int32)
        same = key[pairs[:, 0]] == key[pairs[:, 1]]
        _unite(parent, pairs[same], first)
        roots = np.flatnonzero(parent == np.arange(self.count))
        roots = roots[np.argsort(first[roots], kind="stable")]
        number = np.empty(self.count, np.int32)
        number[roots] = np.arange(len(roots), dtype=np.int32)
        number = number[parent]
        numbers = {b: number[s : s + len(k)] for (b, s), k in zip(self.start.items(), self.keys, strict=True)}
        rims = number[pairs[~same]]
        lot = _summed(parts, numbers, key[roots], first[roots], rims)
        lot.at_edge[number[at_seam]] = True
        return lot, numbers

    def _pairs(self) -> tuple[I64, I64]:
        """(p, 2) regions on both sides of each pixel side that lies on a seam; those with the outside there.

        A block knows what is outside the image in its own core alone.
        """
        found = [np.zeros((0, 2), np.int64)]
        for row, col in self.tiling:
            _, south, _, east = self.rims[row, col]
            below, right = self.rims.get((row + 1, col)), self.rims.get((row, col + 1))
            if below is not None:
                found.append(np.stack([south, below[0]], axis=1))
            if right is not None:
                found.append(np.stack([east, right[2]], axis=1))
        pairs = np.concatenate(found)
        inside = pairs >= 0
        return pairs[inside.all(axis=1)], pairs[inside & ~inside[:, ::-1]]


def _key(part: BlockRegions) -> I64:
    """One number per region, equal for pixels of one region."""
    key = part.cs.astype(np.int64) | part.us.astype(np.int64) << 8 | part.cell.astype(np.int64) << 16
    return key | part.ossature.astype(np.int64) << 24


def _summed(
    parts: Mapping[Block, BlockRegions], numbers: Mapping[Block, I32], key: I64, first_px: I64, rims: I32
) -> LotGraph:
    """Add up the blocks' sums; `rims` are pairs of different regions along seams, one per pixel side."""
    size = len(key)
    covers = next((parts[block].scores.shape[1] for block in numbers), 1)
    sums = np.zeros((size, SCORES + 2 * covers), np.int64)
    at_edge = np.zeros(size, np.bool_)
    edges, border = [rims.astype(np.int32)], [np.ones(len(rims), np.int64)]
    objects, uses = [np.zeros((0, 3), np.int64)], [np.zeros((0, 3), np.int64)]
    for block, number in numbers.items():
        part = parts[block]
        at_edge[number[part.at_edge]] = True
        for column, values in enumerate(_columns(part)):
            _scatter(sums, column, number, values)
        edges.append(number[part.edges])
        border.append(part.border_px.astype(np.int64))
        for table, rows in ((objects, part.objects), (uses, part.uses)):
            table.append(np.column_stack([number[rows[:, 0]], rows[:, 1:]]).astype(np.int64))
    pairs, lengths = merge_edges(np.concatenate(edges), np.concatenate(border))
    return LotGraph(
        first_px=first_px,
        cs=(key & 0xFF).astype(np.uint8),
        us=(key >> 8 & 0xFF).astype(np.uint8),
        ossature=(key >> 24).astype(np.bool_),
        cell=(key >> 16 & 0xFF).astype(np.uint8),
        at_edge=at_edge,
        sums=sums,
        edges=pairs,
        border_px=lengths,
        objects=merge_rows(np.concatenate(objects)),
        uses=merge_rows(np.concatenate(uses)),
    )


def _columns(part: BlockRegions) -> list[I64]:
    """The values of one block in the order of the columns of `LotGraph.sums`."""
    single = [part.area_px, part.zone_px, part.confidence_sum, part.margin_sum, part.undecided_px]
    single += [part.disagree_px, part.imposed_px]
    return [*single, *part.scores.T, *part.covers.T]


def _joined(pieces: list[I64], dtype: type[np.int64]) -> I64:
    return np.concatenate([np.zeros(0, dtype), *pieces])


@njit(cache=True, nogil=True)
def _unite(parent: I32, pairs: I64, first_px: I64) -> None:
    """Join the pairs; the root of a region is the part with the first pixel."""
    for i in range(len(pairs)):
        a, b = find_root(parent, pairs[i, 0]), find_root(parent, pairs[i, 1])
        if a != b:
            if first_px[b] < first_px[a]:
                a, b = b, a
            parent[b] = a
    for i in range(len(parent)):
        parent[i] = find_root(parent, i)


@njit(cache=True, nogil=True)
def _scatter(sums: I64, column: int, number: I32, values: I64) -> None:
    for i in range(len(number)):
        sums[number[i], column] += values[i]
