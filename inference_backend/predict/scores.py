# SPDX-License-Identifier: GPL-2.0-or-later
"""From the scores of a network to the four planes of a prediction."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.contracts.model_card import OutputKind
from inference_backend.contracts.prediction import MAX_SCORE, NODATA, UNDECIDED

U8 = NDArray[np.uint8]


def planes_of_scores(
    scores: NDArray[Any], inside: NDArray[np.bool_], kind: OutputKind, min_confidence: float
) -> U8:
    """Class, confidence, runner-up and margin of each pixel.

    Args:
        scores: (K, H, W); for `argmax` (H, W) or (1, H, W) class indices; one sigmoid channel stands for two
            classes, of which it is the second.
        inside: (H, W) bool.
        kind: what the scores are.
        min_confidence: top-1 score below which no class wins, 0..1.

    Returns:
        (4, H, W) uint8, as `contracts.prediction` lays it down.
    """
    if kind == "argmax":
        return _planes_of_indices(scores.reshape(inside.shape), inside)
    if kind == "sigmoid" and scores.shape[0] == 1:
        scores = np.concatenate((1 - scores, scores))
    planes = np.empty((4, *inside.shape), np.uint8)
    _top_two(np.ascontiguousarray(scores, np.float32), inside, kind == "logits", min_confidence, planes)
    return planes


def _planes_of_indices(indices: NDArray[Any], inside: NDArray[np.bool_]) -> U8:
    full = np.full(inside.shape, MAX_SCORE)
    planes = np.stack((indices.astype(np.uint8), full, np.full(inside.shape, UNDECIDED), full))
    return np.where(inside, planes, NODATA).astype(np.uint8)


@njit(nogil=True, cache=True)
def _top_two(
    scores: NDArray[np.float32],
    inside: NDArray[np.bool_],
    is_logits: bool,
    min_confidence: float,
    planes: U8,
) -> None:
    """Fill `planes`; row by row, because a row of every class fits the processor's cache."""
    classes, height, width = scores.shape
    for y in range(height):
        for x in range(width):
            if not inside[y, x]:
                planes[0, y, x] = planes[1, y, x] = planes[2, y, x] = planes[3, y, x] = NODATA
                continue
            first, second = np.float32(-np.inf), np.float32(-np.inf)
            winner, follower = UNDECIDED, UNDECIDED
            for k in range(classes):
                score = scores[k, y, x]
                if score > first:
                    second, follower = first, winner
                    first, winner = score, k
                elif score > second:
                    second, follower = score, k
            if winner == UNDECIDED:  # every score is NaN
                planes[0, y, x] = planes[2, y, x] = UNDECIDED
                planes[1, y, x] = planes[3, y, x] = 0
                continue
            p_first, p_second = first, max(second, np.float32(0))
            if is_logits:
                total = np.float32(0)
                for k in range(classes):
                    total += np.exp(scores[k, y, x] - first)
                p_first = np.float32(1) / total
                p_second = np.exp(second - first) / total
            won = p_first >= min_confidence
            planes[0, y, x] = winner if won else UNDECIDED
            planes[1, y, x] = min(MAX_SCORE, int(np.float32(255) * p_first + np.float32(0.5)))
            planes[2, y, x] = follower if won else winner
            planes[3, y, x] = min(MAX_SCORE, int(np.float32(255) * (p_first - p_second) + np.float32(0.5)))
