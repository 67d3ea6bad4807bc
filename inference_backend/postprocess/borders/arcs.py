# SPDX-License-Identifier: GPL-2.0-or-later
"""Arcs along pixel sides, joined across blocks; `tracing` makes their pieces."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import BlockBorders
from inference_backend.postprocess.types import BOOL, I32, U8

I64 = NDArray[np.int64]
_STRIDE = np.int64(1) << 32
"""A corner as one number: row * _STRIDE + column."""


def stitch(parts: Iterable[BlockBorders]) -> BlockBorders:
    """Whole arcs out of the pieces of all blocks, in the order of their first corner and heading.

    Args:
        parts: arcs of every block of the raster, each once.
    """
    joined = concatenate(list(parts))
    if not len(joined.left):
        return joined
    heads = _keys(joined.corners[joined.starts[:-1]])
    tails = _keys(joined.corners[joined.starts[1:] - 1])
    order, chains = _chains(joined, heads, tails)
    closed = _is_closed(joined, order, chains, heads, tails)
    merged = _merge(joined, order, chains, closed)
    return take(merged, canonical_order(merged))


def concatenate(parts: list[BlockBorders]) -> BlockBorders:
    """Arcs of several parts, one after the other."""
    if not parts:
        empty = np.empty(0, np.int32)
        flat, yes = np.empty(0, np.uint8), np.empty(0, np.bool_)
        return BlockBorders(
            np.empty((0, 2), np.int32), np.zeros(1, np.int64), empty, empty, flat, flat, yes, yes
        )
    if len(parts) == 1:
        return parts[0]
    offsets = np.cumsum([0, *(len(part.corners) for part in parts)])
    starts = [part.starts[:-1] + offset for part, offset in zip(parts, offsets, strict=False)]
    return BlockBorders(
        np.concatenate([part.corners for part in parts]),
        np.concatenate([*starts, offsets[-1:]]).astype(np.int64),
        np.concatenate([part.left for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.start_heading for part in parts]),
        np.concatenate([part.end_heading for part in parts]),
        np.concatenate([part.start_open for part in parts]),
        np.concatenate([part.end_open for part in parts]),
    )


def take(borders: BlockBorders, index: NDArray[np.integer]) -> BlockBorders:
    """Some of the arcs, in the order of `index`."""
    corners, starts = _take_ragged(borders.corners, borders.starts, index.astype(np.int64))
    return BlockBorders(
        corners,
        starts,
        borders.left[index],
        borders.right[index],
        borders.start_heading[index],
        borders.end_heading[index],
        borders.start_open[index],
        borders.end_open[index],
    )


def canonical_order(borders: BlockBorders) -> I64:
    """Positions of the arcs by first corner in raster order, then by first heading."""
    first = borders.corners[borders.starts[:-1]]
    order: I64 = np.lexsort((borders.start_heading, first[:, 1], first[:, 0]))
    return order


def _keys(corners: I32) -> I64:
    keys: I64 = corners[:, 0] * _STRIDE + corners[:, 1]
    return keys


def _chains(borders: BlockBorders, heads: I64, tails: I64) -> tuple[I64, I64]:
    """Positions of the pieces, chain after chain, and the start of each chain among them."""
    starts_open = np.flatnonzero(borders.start_open)
    starts_open = starts_open[np.argsort(heads[starts_open])]
    following = np.full(len(heads), -1, np.int64)
    ends_open = np.flatnonzero(borders.end_open)
    if not np.array_equal(heads[starts_open], np.sort(tails[ends_open])):
        raise ValueError("pieces of a block are missing: an arc ends where none goes on")
    # Only one border passes a corner that is no node, so that corners alone pair the pieces.
    following[ends_open] = starts_open[np.searchsorted(heads[starts_open], tails[ends_open])]
    order, chains = _follow(following)
    return order, chains


@njit(cache=True, nogil=True)
def _follow(following: I64) -> tuple[I64, I64]:
    n = len(following)
    has_previous = np.zeros(n, np.bool_)
    for i in range(n):
        if following[i] >= 0:
            has_previous[following[i]] = True
    order, chains = np.empty(n, np.int64), np.empty(n + 1, np.int64)
    used = np.zeros(n, np.bool_)
    n_order, n_chains = 0, 0
    for closed in range(2):
        for i in range(n):
            if used[i] or (closed == 0 and has_previous[i]):
                continue
            chains[n_chains] = n_order
            n_chains += 1
            piece = i
            while piece >= 0 and not used[piece]:
                used[piece] = True
                order[n_order] = piece
                n_order += 1
                piece = following[piece]
    chains[n_chains] = n_order
    return order, chains[: n_chains + 1].copy()


def _is_closed(borders: BlockBorders, order: I64, chains: I64, heads: I64, tails: I64) -> BOOL:
    """Which chains are loops of open pieces, cut at the seams alone."""
    first, last = order[chains[:-1]], order[chains[1:] - 1]
    closed: BOOL = borders.start_open[first] & borders.end_open[last] & (heads[first] == tails[last])
    return closed


def _merge(borders: BlockBorders, order: I64, chains: I64, closed: BOOL) -> BlockBorders:
    headings = np.column_stack((borders.start_heading, borders.end_heading))
    corners, starts, heading = _merged(borders.corners, borders.starts, headings, order, chains, closed)
    first = order[chains[:-1]]
    no = np.zeros(len(first), np.bool_)
    return BlockBorders(
        corners,
        starts,
        borders.left[first],
        borders.right[first],
        heading[:, 0].copy(),
        heading[:, 1].copy(),
        no,
        no.copy(),
    )


@njit(cache=True, nogil=True)
def _merged(
    corners: I32, starts: I64, headings: U8, order: I64, chains: I64, closed: BOOL
) -> tuple[I32, I64, U8]:
    """Pieces joined; a joint is kept where the line turns; loops start at their first corner."""
    n = len(chains) - 1
    out = np.empty_like(corners)
    out_starts = np.empty(n + 1, np.int64)
    out_headings = np.empty((n, 2), np.uint8)
    p = 0
    for chain in range(n):
        out_starts[chain] = p
        first, last = order[chains[chain]], order[chains[chain + 1] - 1]
        for k in range(chains[chain], chains[chain + 1]):
            piece = order[k]
            begin = starts[piece]
            if k > chains[chain]:
                before = order[k - 1]
                p -= 1
                if headings[before, 1] == headings[piece, 0]:
                    begin += 1
            for i in range(begin, starts[piece + 1]):
                out[p, 0], out[p, 1] = corners[i, 0], corners[i, 1]
                p += 1
        out_headings[chain, 0], out_headings[chain, 1] = headings[first, 0], headings[last, 1]
        if closed[chain]:
            if headings[first, 0] == headings[last, 1]:
                # The seam is no corner: the loop starts one corner later.
                out[out_starts[chain], 0] = out[p - 2, 0]
                out[out_starts[chain], 1] = out[p - 2, 1]
                p -= 1
            _rotate(out[out_starts[chain] : p], out_headings[chain])
    out_starts[n] = p
    return out[:p].copy(), out_starts, out_headings


@njit(cache=True, nogil=True)
def _rotate(ring: I32, headings: U8) -> None:
    """Turn a closed line of corners, in place, so that it starts at its first corner in raster order."""
    n = len(ring) - 1
    best = 0
    for i in range(1, n):
        if ring[i, 0] < ring[best, 0] or (ring[i, 0] == ring[best, 0] and ring[i, 1] < ring[best, 1]):
            best = i
    turned = np.empty_like(ring)
    for i in range(n + 1):
        turned[i] = ring[(best + i) % n]
    ring[:] = turned
    headings[0] = _heading_of(ring[0], ring[1])
    headings[1] = _heading_of(ring[n - 1], ring[n])


@njit(cache=True, nogil=True)
def _heading_of(a: I32, b: I32) -> int:
    if a[0] == b[0]:
        return 0 if b[1] > a[1] else 2
    return 1 if b[0] > a[0] else 3


@njit(cache=True, nogil=True)
def _take_ragged(corners: I32, starts: I64, index: I64) -> tuple[I32, I64]:
    out_starts = np.empty(len(index) + 1, np.int64)
    out_starts[0] = 0
    for k in range(len(index)):
        out_starts[k + 1] = out_starts[k] + starts[index[k] + 1] - starts[index[k]]
    out = np.empty((out_starts[-1], 2), np.int32)
    for k in range(len(index)):
        out[out_starts[k] : out_starts[k + 1]] = corners[starts[index[k]] : starts[index[k] + 1]]
    return out, out_starts
