# SPDX-License-Identifier: GPL-2.0-or-later
"""Narrow pixels go to the nearest wide part, so that two neighbours meet at the middle line.

Distances run through narrow pixels alone, in steps of 5 along rows and columns and 7 along diagonals, so that
nothing passes through the skeleton or a building; of equal distances the smaller key wins. What has no wide
part within reach stays as it is. A pixel is what the raster makes it where every unknown pixel is farther
than the part that takes it; otherwise it is unknown.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.narrow_parts import NARROW, UNCERTAIN, NarrowParts
from inference_backend.postprocess.pixel_keys import UNKNOWN
from inference_backend.postprocess.types import BOOL, I32

U16 = NDArray[np.uint16]
I64 = NDArray[np.int64]
_STRAIGHT, _SLANTED = 5, 7
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
    _spread(key, narrow.mark, owner, narrow.boxes, takes, _STRAIGHT * reach_px, np.array(edges, np.bool_))
    _write(key, narrow.mark, owner, narrow.boxes)


@njit(cache=True, nogil=True)
def _spread(key: U16, mark: U16, owner: U16, boxes: I32, takes: BOOL, limit: int, edges: BOOL) -> None:
    """Distances from wide pixels, in `mark`, and whose they are, in `owner`."""
    pixels, following = np.empty(4096, np.int64), np.empty(4096, np.int64)
    head = np.full(limit + 1, -1, np.int64)
    count = 0
    for b in range(len(boxes)):
        for row in range(boxes[b, 0], boxes[b, 1]):
            for col in range(boxes[b, 2], boxes[b, 3]):
                if mark[row, col] != NARROW:
                    continue
                cost, taker = _nearest_wide(row, col, key, mark, takes, edges)
                if cost > limit:
                    continue
                mark[row, col], owner[row, col] = cost, taker
                if count == len(pixels):
                    pixels = np.concatenate((pixels, np.empty(count, np.int64)))
                    following = np.concatenate((following, np.empty(count, np.int64)))
                pixels[count], following[count] = row * key.shape[1] + col, head[cost]
                head[cost] = count
                count += 1
    _relax(key, mark, owner, takes, limit, pixels, following, head, count)


@njit(cache=True, nogil=True)
def _nearest_wide(row, col, key, mark, takes, edges):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Distance and key of the nearest pixel beside a narrow one that would take it or may."""
    height, width = key.shape
    best, best_key = NARROW, 0
    for d_row in range(-1, 2):
        for d_col in range(-1, 2):
            if d_row == 0 and d_col == 0:
                continue
            r, c = row + d_row, col + d_col
            taker = -1
            if r < 0 or c < 0 or r >= height or c >= width:
                beyond = (r < 0 and edges[0]) or (r >= height and edges[1])
                if beyond or (c < 0 and edges[2]) or (c >= width and edges[3]):
                    taker = _DOUBT
            elif mark[r, c] == UNCERTAIN:
                taker = _DOUBT
            elif mark[r, c] == 0 and key[r, c] < UNKNOWN and takes[key[r, c]]:
                taker = int(key[r, c])
            if taker < 0 or (d_row and d_col and _is_shut(row, col, d_row, d_col, key, mark, takes)):
                continue
            cost = _SLANTED if d_row and d_col else _STRAIGHT
            if cost < best or (cost == best and taker < best_key):
                best, best_key = cost, taker
    return best, best_key


@njit(cache=True, nogil=True)
def _is_shut(row, col, d_row, d_col, key, mark, takes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Whether the step along a diagonal passes between two pixels that never take: a wall."""
    height, width = key.shape
    for along in range(2):
        r, c = (row + d_row, col) if along == 0 else (row, col + d_col)
        if r < 0 or c < 0 or r >= height or c >= width or mark[r, c] != 0:
            return False
        if key[r, c] < UNKNOWN and takes[key[r, c]]:
            return False
    return True


@njit(cache=True, nogil=True)
def _relax(key, mark, owner, takes, limit, pixels, following, head, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - typed by numba
    """Carry the distances on, the nearest pixels first; `head` chains the pixels of one distance."""
    height, width = key.shape
    for distance in range(len(head)):
        while head[distance] >= 0:
            entry = head[distance]
            head[distance] = following[entry]
            row, col = pixels[entry] // width, pixels[entry] % width
            if mark[row, col] != distance:
                continue
            taker = owner[row, col]
            for d_row in range(-1, 2):
                for d_col in range(-1, 2):
                    cost = distance + (_SLANTED if d_row and d_col else _STRAIGHT)
                    r, c = row + d_row, col + d_col
                    if cost > limit or r < 0 or c < 0 or r >= height or c >= width:
                        continue
                    known = mark[r, c]
                    if known < cost or known == UNCERTAIN:
                        continue
                    if known == cost:
                        if taker < owner[r, c] and not (
                            d_row and d_col and _is_shut(row, col, d_row, d_col, key, mark, takes)
                        ):
                            owner[r, c] = taker
                        continue
                    if d_row and d_col and _is_shut(row, col, d_row, d_col, key, mark, takes):
                        continue
                    mark[r, c], owner[r, c] = cost, taker
                    if count == len(pixels):
                        pixels = np.concatenate((pixels, np.empty(count, np.int64)))
                        following = np.concatenate((following, np.empty(count, np.int64)))
                    pixels[count], following[count] = r * width + c, head[cost]
                    head[cost] = count
                    count += 1


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
