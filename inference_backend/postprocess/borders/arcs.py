# SPDX-License-Identifier: GPL-2.0-or-later
"""Borders between regions as arcs along pixel sides: traced in a block, joined across blocks.

An arc has the smaller of its two labels on its left, so that its pieces run the same way in different blocks.
A pixel side belongs to one block: that of its southern or eastern pixel, or that of its only pixel inside the
image.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import BlockBorders, Window
from inference_backend.postprocess.types import BOOL, I32, U8

I64 = NDArray[np.int64]
_STRIDE = np.int64(1) << 32
"""A corner as one number: row * _STRIDE + column."""


def trace_block(labels_with_ring: I32, core: Window) -> BlockBorders:
    """Arcs along the pixel sides that belong to a block.

    Args:
        labels_with_ring: (h + 2, w + 2) int32 final regions of the core and of one pixel around it; -1
            outside the image, and beyond the raster.
        core: where the block lies in the whole raster.

    Returns:
        Arcs in no particular order; those that leave the block are open where they leave it.
    """
    labels = np.ascontiguousarray(labels_with_ring)
    corners, starts, sides, headings, is_open = _trace(labels)
    corners += np.array((core.row, core.col), np.int32)
    return BlockBorders(
        corners, starts, *sides.T.copy(), *headings.T.copy(), *np.ascontiguousarray(is_open.T)
    )


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


def split_open(borders: BlockBorders) -> tuple[BlockBorders, BlockBorders]:
    """The whole arcs of a block, and the pieces that go on in other blocks."""
    is_open = borders.start_open | borders.end_open
    return take(borders, np.flatnonzero(~is_open)), take(borders, np.flatnonzero(is_open))


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


@njit(cache=True, nogil=True)
def _is_mine(labels: I32, row: int, col: int, heading: int) -> bool:
    """Whether the pixel side that leaves corner (row, col) of the core by `heading` belongs to the block.

    Its first pixel is the northern or western one, (a_row, a_col) in the labels with their ring.
    """
    height, width = labels.shape[0] - 2, labels.shape[1] - 2
    if heading == 0:
        a_row, a_col, b_row, b_col = row, col + 1, row + 1, col + 1
    elif heading == 2:
        a_row, a_col, b_row, b_col = row, col, row + 1, col
    elif heading == 1:
        a_row, a_col, b_row, b_col = row + 1, col, row + 1, col + 1
    else:
        a_row, a_col, b_row, b_col = row, col, row, col + 1
    if min(a_row, a_col) < 0 or b_row >= height + 2 or b_col >= width + 2:
        return False
    a, b = labels[a_row, a_col], labels[b_row, b_col]
    if b >= 0:
        return bool(1 <= b_row <= height and 1 <= b_col <= width)
    return bool(a >= 0 and 1 <= a_row <= height and 1 <= a_col <= width)


@njit(cache=True, nogil=True)
def _sides(labels: I32, row: int, col: int, heading: int) -> tuple[int, int]:
    """Labels on the left and on the right of the pixel side that leaves corner (row, col) by `heading`."""
    nw, ne = labels[row, col], labels[row, col + 1]
    sw, se = labels[row + 1, col], labels[row + 1, col + 1]
    if heading == 0:
        return ne, se
    if heading == 1:
        return se, sw
    if heading == 2:
        return sw, nw
    return nw, ne


@njit(cache=True, nogil=True)
def _starts(labels: I32) -> tuple[I32, I32]:
    """(m, 2) corners where arcs may start, nodes and corners of the block's edge; (q, 2) those of islands.

    An island starts at its first corner in raster order, whose southern and eastern sides are its own.
    """
    height, width = labels.shape[0] - 2, labels.shape[1] - 2
    nodes, islands = np.empty((1024, 2), np.int32), np.empty((1024, 2), np.int32)
    n = m = 0
    for row in range(height + 1):
        edge_row = row == 0 or row == height
        ne, se = labels[row, 0], labels[row + 1, 0]
        for col in range(width + 1):
            nw, sw = ne, se
            ne, se = labels[row, col + 1], labels[row + 1, col + 1]
            edge = edge_row or col == 0 or col == width
            if nw == ne and sw == se and (nw == sw or not edge):
                continue
            count = int(nw != ne) + int(sw != se) + int(nw != sw) + int(ne != se)
            if count > 2 or edge:
                if n == len(nodes):
                    nodes = np.concatenate((nodes, np.empty_like(nodes)))
                nodes[n, 0], nodes[n, 1] = row, col
                n += 1
            if count == 2 and nw == ne and nw == sw:
                if m == len(islands):
                    islands = np.concatenate((islands, np.empty_like(islands)))
                islands[m, 0], islands[m, 1] = row, col
                m += 1
    return nodes[:n].copy(), islands[:m].copy()


@njit(cache=True, nogil=True)
def _goes_on(labels: I32, row: int, col: int, heading: int) -> bool:
    """Whether the arc that leaves a corner by `heading` comes from another block."""
    left, right = _sides(labels, row, col, heading)
    for turn in (2, 3, 1):
        candidate = (heading + turn) % 4
        other_left, other_right = _sides(labels, row, col, candidate)
        if other_left == right and other_right == left:
            return not _is_mine(labels, row, col, candidate)
    return False


@njit(cache=True, nogil=True)
def _trace(labels: I32) -> tuple[I32, I64, I32, U8, BOOL]:
    """Corners (from the core's corner), starts, (left, right), (first, last heading), (start, end open)."""
    seen = np.zeros((labels.shape[0] - 1, labels.shape[1] - 1), np.bool_)
    corners = np.empty((4096, 2), np.int32)
    nodes, islands = _starts(labels)
    starts = np.empty(4 * len(nodes) + len(islands) + 1, np.int64)
    sides = np.empty((len(starts), 2), np.int32)
    headings = np.empty((len(starts), 2), np.uint8)
    is_open = np.empty((len(starts), 2), np.bool_)
    n = p = 0
    for k in range(len(nodes) + len(islands)):
        loop = k >= len(nodes)
        row, col = islands[k - len(nodes)] if loop else nodes[k]
        if loop and (seen[row, col] or not _is_mine(labels, row, col, 0)):
            continue
        borders = 0
        for heading in range(4):
            left, right = _sides(labels, row, col, heading)
            borders += int(left != right)
        for heading in range(4):
            left, right = _sides(labels, row, col, heading)
            if left >= right or not _is_mine(labels, row, col, heading):
                continue
            starts_open = not loop and borders < 3
            if starts_open and not _goes_on(labels, row, col, heading):
                continue
            starts[n], sides[n, 0], sides[n, 1] = p, left, right
            headings[n, 0], is_open[n, 0] = heading, starts_open
            corners, p, last, ends_open = _walk(labels, seen, corners, p, row, col, heading, loop)
            headings[n, 1], is_open[n, 1] = last, ends_open
            n += 1
    starts[n] = p
    return (
        corners[:p].copy(),
        starts[: n + 1].copy(),
        sides[:n].copy(),
        headings[:n].copy(),
        is_open[:n].copy(),
    )


@njit(cache=True, nogil=True)
def _walk(
    labels: I32, seen: BOOL, corners: I32, p: int, row: int, col: int, heading: int, loop: bool
) -> tuple[I32, int, int, bool]:
    """Write one arc from a corner to a node, to the block's edge or back to its start."""
    height, width = labels.shape[0] - 2, labels.shape[1] - 2
    left, right = _sides(labels, row, col, heading)
    first_row, first_col = row, col
    corners[p, 0], corners[p, 1] = row, col
    p += 1
    while True:
        if heading == 0:
            seen[row, col] = True
            col += 1
        elif heading == 2:
            col -= 1
            seen[row, col] = True
        elif heading == 1:
            row += 1
        else:
            row -= 1
        if p + 2 > len(corners):
            corners = np.concatenate((corners, np.empty_like(corners)))
        # The two pixels ahead.
        nw, ne = labels[row, col], labels[row, col + 1]
        sw, se = labels[row + 1, col], labels[row + 1, col + 1]
        if heading == 0:
            ahead_left, ahead_right = ne, se
        elif heading == 1:
            ahead_left, ahead_right = se, sw
        elif heading == 2:
            ahead_left, ahead_right = sw, nw
        else:
            ahead_left, ahead_right = nw, ne
        turn = -1
        if ahead_left == left:
            if ahead_right == right:
                turn = 0
            elif ahead_right == left:
                turn = 1
        elif ahead_left == right and ahead_right == right:
            turn = 3
        ends = turn < 0 or (loop and row == first_row and col == first_col)
        follows = heading if turn < 0 else (heading + turn) % 4
        at_edge = row == 0 or col == 0 or row == height or col == width
        leaves = not ends and at_edge and not _is_mine(labels, row, col, follows)
        if ends or leaves or turn != 0:
            corners[p, 0], corners[p, 1] = row, col
            p += 1
        if ends or leaves:
            return corners, p, heading, leaves
        heading = follows
