# SPDX-License-Identifier: GPL-2.0-or-later
"""The inner loop over scores that lie pixel by pixel in memory, as convolutions write them.

A piece of a row is brought into the order of `score_kernels` first, small enough to stay in the processor's
nearest cache. It is read in the order of memory, each byte once, whatever the order it is written in: twice
as fast as class by class.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.predict.blocks.score_kernels import F32, U8, Places, fill_planes_row, spare_rows
from inference_backend.predict.blocks.turned_scores import SIDE, turn_line

_PIECE_SCORES = 4096
"""With what is worked out from them, as many as the nearest cache holds."""
_LEAST_PX, _MOST_PX = 128, 512
_PADDING_PX = 16
"""Rows a power of two apart share the few lines of the cache that may hold them."""


@njit(nogil=True, cache=True)
def fill_map_planes(
    values: F32,
    channels: NDArray[np.int64],
    inside: NDArray[np.bool_],
    places: Places,
    how: tuple[np.float32, bool, float],
    planes: U8,
) -> None:
    """Class, confidence, runner-up and margin of a window.

    Args:
        values: (h, w, C) float32, contiguous, see `ScoreMap`.
        channels: (r, K, r) int64, see `ScoreMap`.
        inside: (H, W) bool, contiguous.
        places: see `score_kernels.fill_planes`.
        how: factor of the values, whether a softmax is due, and the score below which no class wins.
        planes: (4, H, W) uint8, contiguous; the window is overwritten.
    """
    (row, col), (seen_row, seen_col), (to_row, to_col), (height, width) = places
    gain, is_logits, min_confidence = how
    side, classes = channels.shape[0], channels.shape[1]
    # A piece is whole places: up to side - 1 pixels more before it, and after it.
    wanted = min(max(_PIECE_SCORES // (side * classes), _LEAST_PX), _MOST_PX)
    piece = max(1, wanted // (SIDE * side)) * SIDE * side
    room = max(classes, SIDE) if side == 1 else classes
    lines = np.empty((side * room, piece + _PADDING_PX), np.float32)
    rows, numbers = lines.reshape((side, room, 1, lines.shape[1])), lines.reshape(lines.size)
    targets = _targets(channels, lines.shape[1])
    spare = spare_rows(piece)
    for line in range(row // side, (row + height - 1) // side + 1):
        for start in range(col // side * side, col + width, piece):
            first, end = max(start, col), min(start + piece, col + width)
            if side == 1:
                turn_line(values[line], start, end, gain, lines)
            else:
                _bring(values[line], start // side, -(-end // side), gain, side, targets, numbers)
            for i in range(side):
                y = line * side + i - row
                if 0 <= y < height:
                    begin = seen_col + first - col
                    fill_planes_row(
                        rows[i, :classes],
                        (0, first - start),
                        inside[seen_row + y, begin : begin + end - first],
                        (is_logits, min_confidence),
                        spare,
                        (to_row + y, to_col + first - col),
                        planes,
                    )


@njit(nogil=True, cache=True)
def _targets(channels: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """(C,) where the first place's value of each channel goes in rows of `width`, flattened."""
    side, classes = channels.shape[0], channels.shape[1]
    targets = np.empty(channels.size, np.int64)
    for i in range(side):
        for k in range(classes):
            for j in range(side):
                targets[channels[i, k, j]] = (i * classes + k) * width + j
    return targets


@njit(nogil=True, cache=True)
def _bring(
    line: F32,
    first: int,
    end: int,
    gain: np.float32,
    side: int,
    targets: NDArray[np.int64],
    rows: F32,
) -> None:
    """Scores of the places `first` to `end` of a line (w, C), row by row and class by class."""
    for x in range(first, end):
        source, at = line[x], (x - first) * side
        for c in range(source.shape[0]):
            rows[targets[c] + at] = source[c] * gain
