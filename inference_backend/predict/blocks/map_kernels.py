# SPDX-License-Identifier: GPL-2.0-or-later
"""The inner loop over scores that lie pixel by pixel in memory, as convolutions write them.

A piece of a row is brought into the order of `score_kernels` first, small enough to stay in the processor's
nearest cache: that costs less than half of what a pass over the whole tile does.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.predict.blocks.score_kernels import F32, U8, Places, fill_planes_row, spare_rows

_PIECE_PX = 128
_PADDING_PX = 16
"""Rows a power of two apart share the few lines of the cache that may hold them."""


@njit(nogil=True, cache=True)
def fill_map_planes(
    values: F32,
    inside: NDArray[np.bool_],
    places: Places,
    how: tuple[np.float32, bool, float],
    planes: U8,
) -> None:
    """Class, confidence, runner-up and margin of a window.

    Args:
        values: (h, r, w, r, K) float32, see `ScoreMap`.
        inside: (H, W) bool, contiguous.
        places: see `score_kernels.fill_planes`.
        how: factor of the values, whether a softmax is due, and the score below which no class wins.
        planes: (4, H, W) uint8, contiguous; the window is overwritten.
    """
    (row, col), (seen_row, seen_col), (to_row, to_col), (height, width) = places
    gain, is_logits, min_confidence = how
    side = values.shape[1]
    # A piece is brought in whole columns of `values`: up to side - 1 pixels more before it, and after it.
    padded = _PIECE_PX + max(_PADDING_PX, 2 * (side - 1))
    rows = np.empty((values.shape[4], 1, padded), np.float32)
    spare = spare_rows(_PIECE_PX)
    for y in range(height):
        line = values[(row + y) // side, (row + y) % side]
        for start in range(0, width, _PIECE_PX):
            count = min(_PIECE_PX, width - start)
            offset = (col + start) % side
            _bring(line, (col + start) // side, offset + count, gain, rows)
            begin = seen_col + start
            fill_planes_row(
                rows,
                (0, offset),
                inside[seen_row + y, begin : begin + count],
                (is_logits, min_confidence),
                spare,
                (to_row + y, to_col + start),
                planes,
            )


@njit(nogil=True, cache=True)
def _bring(line: F32, first: int, count: int, gain: np.float32, rows: F32) -> None:
    """Scores of `count` pixels of a line (w, r, K), from [first, 0] on, class by class."""
    side = line.shape[1]
    whole = line[first : first + -(-count // side)]
    for j in range(side):
        for k in range(line.shape[2]):
            target, source = rows[k, 0], whole[:, j, k]
            for x in range(source.shape[0]):
                target[x * side + j] = source[x] * gain
