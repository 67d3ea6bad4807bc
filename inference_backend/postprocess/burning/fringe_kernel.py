# SPDX-License-Identifier: GPL-2.0-or-later
"""Gives away the strips beside an imposed object that are its own, predicted a little off.

A reference and the image seldom agree to the pixel. What sticks out of the reference would make buildings
fatter and rivers wider on one side: such a strip takes the cover on its other side. Where the prediction
goes on beyond the strip with the same cover (an extension that no reference knows) it stays what it is.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from inference_backend.postprocess.blockwise import I64
from inference_backend.postprocess.types import I32, U8, PredictionPlanes


def give_fringe_away(cs_object: I32, width_px: U8, widest_px: int, planes: PredictionPlanes, cs: U8) -> None:
    """Write into `cs` the cover that the strips beside objects take.

    Args:
        cs_object: (h, w) position of the imposed object, -1 where none.
        width_px: (n,) width of the strips of each object; 0 for none.
        widest_px: the largest width of any object of the lot.
        planes: the prediction.
        cs: (h, w) imposed cover, 0 where none, changed on the strips.
    """
    if len(width_px) and width_px.any():
        _fringe(cs_object, width_px, widest_px, planes.cs, planes.inside.view(np.uint8), cs)


@njit(cache=True, nogil=True)
def _fringe(cs_object: I32, width_px: U8, widest: int, predicted: U8, inside: U8, cs: U8) -> None:
    height, width = cs.shape
    left = np.zeros((height, width), np.uint8)
    by_left = _first_ring(cs_object, width_px, predicted, inside, cs, left)
    strip = [np.int64(0) for _ in range(0)]
    for reach in range(widest, 0, -1):
        for index in by_left[reach]:
            row, col = index // width, index % width
            if left[row, col] != reach:
                continue
            strip.append(index)
            for r, c in ((row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)):
                if 0 <= r < height and 0 <= c < width and left[r, c] < reach - 1:
                    free = cs_object[r, c] < 0 and inside[r, c] > 0
                    if free and predicted[r, c] == predicted[row, col]:
                        left[r, c] = reach - 1
                        by_left[reach - 1].append(r * width + c)
    _fill_inwards(np.array(strip), left, cs_object, predicted, inside, widest, cs)
    for index in strip:
        row, col = index // width, index % width
        if cs[row, col] == predicted[row, col]:
            cs[row, col] = 0


@njit(cache=True, nogil=True)
def _first_ring(
    cs_object: I32, width_px: U8, predicted: U8, inside: U8, cs: U8, left: U8
) -> list[list[np.int64]]:
    """Free pixels beside an object of their own predicted cover, by how far the strip goes on from them."""
    height, width = cs.shape
    strip = [[np.int64(0) for _ in range(0)] for _ in range(256)]
    for row in range(height):
        above = max(row - 1, 0)
        for col in range(width):
            here = cs_object[row, col]
            beside, over = cs_object[row, max(col - 1, 0)], cs_object[above, col]
            # Where one is free and the other is not, their signs differ.
            if (here ^ beside) < 0:
                if here < 0:
                    _join(strip, left, row, col, beside, row, col - 1, width_px, predicted, inside, cs)
                else:
                    _join(strip, left, row, col - 1, here, row, col, width_px, predicted, inside, cs)
            if (here ^ over) < 0:
                if here < 0:
                    _join(strip, left, row, col, over, above, col, width_px, predicted, inside, cs)
                else:
                    _join(strip, left, above, col, here, row, col, width_px, predicted, inside, cs)
    return strip


@njit(cache=True, nogil=True)
def _join(
    strip: list[list[np.int64]],
    left: U8,
    row: int,
    col: int,
    owner: int,
    owner_row: int,
    owner_col: int,
    width_px: U8,
    predicted: U8,
    inside: U8,
    cs: U8,
) -> None:
    """Let a free pixel begin a strip of the object beside it."""
    reach = width_px[owner]
    if reach > left[row, col] and inside[row, col] > 0 and cs[owner_row, owner_col] == predicted[row, col]:
        left[row, col] = reach
        strip[reach].append(np.int64(row) * cs.shape[1] + col)


@njit(cache=True, nogil=True)
def _fill_inwards(
    todo: I64, left: U8, cs_object: I32, predicted: U8, inside: U8, rounds: int, cs: U8
) -> None:
    """Cover of the nearest pixel outside strips and objects, walking inwards in rounds."""
    height, width = cs.shape
    found = np.zeros(len(todo), np.uint8)
    for _ in range(rounds):
        count = 0
        for k in range(len(todo)):
            row, col = todo[k] // width, todo[k] % width
            found[k] = 0
            for r, c in ((row, col + 1), (row, col - 1), (row + 1, col), (row - 1, col)):
                if 0 <= r < height and 0 <= c < width and cs_object[r, c] < 0 and inside[r, c] > 0:
                    beside = cs[r, c] if left[r, c] > 0 else predicted[r, c]
                    if beside > 0 and found[k] == 0:
                        found[k] = beside
        for k in range(len(todo)):
            if found[k] > 0:
                cs[todo[k] // width, todo[k] % width] = found[k]
            else:
                todo[count] = todo[k]
                count += 1
        if count == len(todo) or count == 0:
            return
        todo = todo[:count]
