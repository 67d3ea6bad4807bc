# SPDX-License-Identifier: GPL-2.0-or-later
"""Borders between the regions of a block as arcs along pixel sides.

An arc has the smaller of its two labels on its left, so that its pieces run the same way in different blocks.
A pixel side belongs to one block: that of its southern or eastern pixel, or that of its only pixel inside the
image.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.blockwise import BlockBorders, Window
from inference_backend.postprocess.types import BOOL, I32, U8

I64 = NDArray[np.int64]


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
