# SPDX-License-Identifier: GPL-2.0-or-later
"""From the scores of a network to the four planes of a prediction, and to probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.model_card import OutputKind
from inference_backend.contracts.prediction import MAX_SCORE, NODATA, UNDECIDED
from inference_backend.predict.blocks.map_kernels import fill_map_planes
from inference_backend.predict.blocks.score_kernels import fill_planes, fill_probabilities
from inference_backend.runtime.score_map import ScoreMap

U8 = NDArray[np.uint8]
Corner = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """The same pixels in three arrays, each by the row and column where they begin.

    Attributes:
        scores: in the network's answer.
        inside: in the mask of the tile.
        target: in what is written.
        shape: (rows, columns).
    """

    scores: Corner
    inside: Corner
    target: Corner
    shape: tuple[int, int]


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
    planes = np.empty((4, *inside.shape), np.uint8)
    window = Window((0, 0), (0, 0), (0, 0), (inside.shape[0], inside.shape[1]))
    put_planes(scores, inside, window, kind, min_confidence, planes)
    return planes


def put_planes(
    scores: NDArray[Any],
    inside: NDArray[np.bool_],
    window: Window,
    kind: OutputKind,
    min_confidence: float,
    planes: U8,
) -> None:
    """Write a window of planes; nothing is copied on the way.

    Scores are `round(255 * p)` of an exact softmax, or the value beside it where `255 * p` is within 0.001 of
    a half.

    Args:
        scores: see `planes_of_scores`.
        inside: (H, W) bool.
        window: where they begin, and where `planes` is written.
        kind: what the scores are.
        min_confidence: 0..1.
        planes: (4, H, W) uint8, contiguous.
    """
    if kind == "argmax":
        seen = _cut(inside, window.inside, window)
        indices = _cut(scores, window.scores, window).reshape(window.shape)
        _cut(planes, window.target, window)[:] = _planes_of_indices(indices, seen)
        return
    places = (window.scores, window.inside, window.target, window.shape)
    fill_planes(
        _floats(scores, kind), np.ascontiguousarray(inside), places, kind == "logits", min_confidence, planes
    )


def put_map_planes(
    scores: ScoreMap, inside: NDArray[np.bool_], window: Window, min_confidence: float, planes: U8
) -> None:
    """Write a window of planes from scores as an engine has them in memory; see `put_planes`."""
    fill_map_planes(
        np.ascontiguousarray(scores.values),
        scores.channels,
        np.ascontiguousarray(inside),
        (window.scores, window.inside, window.target, window.shape),
        (np.float32(scores.gain), scores.is_logits, min_confidence),
        planes,
    )


def put_probabilities(
    scores: NDArray[Any], inside: NDArray[np.bool_], window: Window, kind: OutputKind, probabilities: U8
) -> None:
    """Write a window of (K, H, W) uint8 `round(255 * p)`, at most `MAX_SCORE`; see `put_planes`."""
    if kind == "argmax":
        seen = _cut(inside, window.inside, window)
        indices = _cut(scores, window.scores, window).reshape(window.shape)
        for k, band in enumerate(_cut(probabilities, window.target, window)):
            band[:] = np.where(seen, np.where(indices == k, MAX_SCORE, 0), NODATA)
        return
    places = (window.scores, window.inside, window.target, window.shape)
    fill_probabilities(
        _floats(scores, kind), np.ascontiguousarray(inside), places, kind == "logits", probabilities
    )


def _cut(values: NDArray[Any], corner: Corner, window: Window) -> NDArray[Any]:
    (row, col), (height, width) = corner, window.shape
    return values[..., row : row + height, col : col + width]


def _floats(scores: NDArray[Any], kind: OutputKind) -> NDArray[np.float32]:
    if kind == "sigmoid" and scores.shape[0] == 1:
        scores = np.concatenate((1 - scores, scores))
    return np.ascontiguousarray(scores, np.float32)


def _planes_of_indices(indices: NDArray[Any], inside: NDArray[np.bool_]) -> U8:
    full = np.full(inside.shape, MAX_SCORE)
    planes = np.stack((indices.astype(np.uint8), full, np.full(inside.shape, UNDECIDED), full))
    return np.where(inside, planes, NODATA).astype(np.uint8)
