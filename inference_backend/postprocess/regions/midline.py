# SPDX-License-Identifier: GPL-2.0-or-later
"""Narrow pixels go to the nearest wide part, so that two neighbours meet at the middle line.

Wide parts grow into narrow pixels ring by ring, all at once: over the sides of pixels, then over their
corners too, in turn, which makes octagons. A pixel belongs to the first that reaches it, the smaller key
between equals. Rings run through narrow pixels alone, so that nothing passes through the skeleton, a
building or a pond whose outline a reference holds; none of these grows either. What no ring reaches stays as
it is.

A ring depends on the one before it and on neighbours, so that an unknown pixel changes nothing sooner than
rings that start from it would arrive. Such rings grow with the others and win between equals; what they reach
is unknown.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.regions.narrow_parts import NARROW, UNCERTAIN, NarrowParts
from inference_backend.postprocess.regions.pixel_keys import UNKNOWN
from inference_backend.postprocess.types import BOOL, I32

U16 = NDArray[np.uint16]
I64 = NDArray[np.int64]
_DOUBT = 0
"""Key of what an unknown pixel gives: the smallest, so that it wins between equals."""


def share_out(
    key: U16, narrow: NarrowParts, takes: BOOL, reach_px: int, edges: tuple[bool, bool, bool, bool]
) -> None:
    """Give narrow pixels their new key, in place.

    Args:
        key: (h, w) uint16; becomes UNKNOWN where it depends on what lies beyond the window.
        narrow: what is narrow; its marks are used up.
        takes: (KEYS,) bool, may grow.
        reach_px: how far.
        edges: whether the raster goes on beyond the window's upper, lower, left and right edge.
    """
    owner = np.empty(key.shape, np.uint16)
    front = _first_ring(key, narrow.mark, owner, narrow.boxes, takes, np.array(edges, np.bool_))
    _grow(key, narrow.mark, owner, takes, front, min(reach_px, UNCERTAIN - 1))
    _write(key, narrow.mark, owner, narrow.boxes)


@njit(cache=True, nogil=True)
def _first_ring(key: U16, mark: U16, owner: U16, boxes: I32, takes: BOOL, edges: BOOL) -> I64:
    """Narrow pixels beside one that would take them or may: marked 1; returns their places."""
    front = np.empty(4096, np.int64)
    count = 0
    for b in range(len(boxes)):
        size = (boxes[b, 1] - boxes[b, 0]) * (boxes[b, 3] - boxes[b, 2])
        if count + size > len(front):
            front = np.concatenate((front, np.empty(max(size, len(front)), np.int64)))
        count = _first_of_box(boxes[b], key, mark, owner, takes, edges, front, count)
    return front[:count]


@njit(cache=True, nogil=True)
def _first_of_box(box, key, mark, owner, takes, edges, front, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    height, width = key.shape
    for row in range(box[0], box[1]):
        for col in range(box[2], box[3]):
            if mark[row, col] != NARROW:
                continue
            best = UNKNOWN
            for side in range(4):
                r, c = row + (side == 3) - (side == 0), col + (side == 2) - (side == 1)
                if r < 0 or c < 0 or r >= height or c >= width:
                    beyond = (r < 0 and edges[0]) or (r >= height and edges[1])
                    if beyond or (c < 0 and edges[2]) or (c >= width and edges[3]):
                        best = _DOUBT
                elif mark[r, c] == UNCERTAIN:
                    best = _DOUBT
                elif mark[r, c] == 0 and key[r, c] < UNKNOWN and takes[key[r, c]]:
                    best = min(best, int(key[r, c]))
            if best != UNKNOWN:
                mark[row, col], owner[row, col] = 1, best
                front[count] = row * width + col
                count += 1
    return count


@njit(cache=True, nogil=True)
def _grow(key: U16, mark: U16, owner: U16, takes: BOOL, front: I64, rings: int) -> None:
    """Ring after ring, each marked with its number."""
    for ring in range(2, rings + 1):
        if len(front) == 0:
            break
        # A pixel has eight neighbours; what is not used of the array is never touched.
        reached = np.empty(8 * len(front), np.int64)
        front = reached[: _next_ring(key, mark, owner, takes, front, ring, reached)]


@njit(cache=True, nogil=True)
def _next_ring(key, mark, owner, takes, front, ring, reached):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    height, width = key.shape
    count = 0
    for k in range(len(front)):
        row, col = front[k] // width, front[k] % width
        taker = owner[row, col]
        for side in range(8 if ring % 2 == 0 else 4):
            if side < 4:
                r, c = row + (side == 3) - (side == 0), col + (side == 2) - (side == 1)
            else:
                r, c = row + 2 * (side // 6) - 1, col + 2 * (side % 2) - 1
            if r < 0 or c < 0 or r >= height or c >= width:
                continue
            state = mark[r, c]
            if state != NARROW and state != ring:
                continue
            if side >= 4 and _is_wall(row, c, key, mark, takes) and _is_wall(r, col, key, mark, takes):
                continue
            if state == ring:
                owner[r, c] = min(owner[r, c], taker)
                continue
            mark[r, c], owner[r, c] = ring, taker
            reached[count] = r * width + c
            count += 1
    return count


@njit(cache=True, nogil=True)
def _is_wall(row: int, col: int, key: U16, mark: U16, takes: BOOL) -> bool:
    """Whether nothing passes that pixel: it is wide and never takes."""
    return mark[row, col] == 0 and not (key[row, col] < UNKNOWN and takes[key[row, col]])


@njit(cache=True, nogil=True)
def _write(key: U16, mark: U16, owner: U16, boxes: I32) -> None:
    for b in range(len(boxes)):
        for row in range(boxes[b, 0], boxes[b, 1]):
            for col in range(boxes[b, 2], boxes[b, 3]):
                state = mark[row, col]
                if state == UNCERTAIN:
                    key[row, col] = UNKNOWN
                elif 0 < state < UNCERTAIN:
                    key[row, col] = UNKNOWN if owner[row, col] == _DOUBT else owner[row, col]
