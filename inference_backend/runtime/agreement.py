# SPDX-License-Identifier: GPL-2.0-or-later
"""How far the results of one engine lie from those of another, on the same tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.model_card import ModelCard
from inference_backend.progress import Progress, Silent
from inference_backend.runtime.engine import Engine

Sample = tuple[NDArray[Any], NDArray[np.bool_]]
"""(1, C, H, W) raster values, and (H, W) bool that is False where there is no image."""


@dataclass(frozen=True)
class Agreement:
    """What changed between a reference and another engine.

    Attributes:
        pixels: compared.
        confusion: (K, K) pixels by class of the reference and class of the other.
        moved: (K,) mean of the absolute change of each class's score, 0..1; zeros for an argmax network.
    """

    pixels: int
    confusion: NDArray[np.int64]
    moved: NDArray[np.float64]

    @property
    def argmax(self) -> float:
        """Share of pixels with the same winning class, 0..1."""
        return float(np.trace(self.confusion)) / max(self.pixels, 1)

    def to_dict(self, classes: Sequence[str]) -> dict[str, Any]:
        """For a card: per class the intersection over union, the share of pixels, the change of score."""
        same = np.diag(self.confusion)
        either = self.confusion.sum(0) + self.confusion.sum(1) - same
        told = {
            name: {
                "iou": round(float(same[k] / either[k]), 4),
                "share": round(float(self.confusion[k].sum()) / max(self.pixels, 1), 4),
                "score_change": round(float(self.moved[k]), 4),
            }
            for k, name in enumerate(classes)
            if either[k]
        }
        ious = [one["iou"] for one in told.values()]
        return {
            "argmax_agreement": round(self.argmax, 4),
            "mean_iou": round(float(np.mean(ious)), 4) if ious else None,
            "pixels": self.pixels,
            "classes": told,
        }


def compare(
    reference: Engine,
    other: Engine,
    samples: Sequence[Sample],
    card: ModelCard,
    progress: Progress | None = None,
) -> Agreement:
    """Run both engines on every sample.

    Raises:
        EngineError: one of them cannot run a tile.
        Cancelled: the user stopped.
    """
    progress = progress or Silent()
    count = len(card.classes)
    confusion = np.zeros((count, count), np.int64)
    moved, pixels = np.zeros(count), 0
    for done, (values, inside) in enumerate(samples, start=1):
        one, two = (probabilities(engine.infer(values)[0], card) for engine in (reference, other))
        lost = (inside.shape[0] - one.shape[-1]) // 2
        kept = inside[lost : inside.shape[0] - lost, lost : inside.shape[1] - lost]
        winners = [np.argmax(scores, axis=0)[kept] for scores in (one, two)]
        pairs = np.bincount(winners[0] * count + winners[1], minlength=count * count)
        confusion += pairs.reshape(count, count)
        if card.output != "argmax":
            moved += np.abs(one - two)[:, kept].sum(axis=1)
        pixels += int(kept.sum())
        progress.update(done / len(samples))
    return Agreement(pixels, confusion, moved / max(pixels, 1))


def probabilities(scores: NDArray[Any], card: ModelCard) -> NDArray[np.float32]:
    """(K, H, W) float32 in [0, 1] for K classes, from the scores (K, H, W) or (H, W) of one tile."""
    count = len(card.classes)
    if card.output == "argmax":
        indices = scores.reshape(scores.shape[-2:])
        certain: NDArray[np.float32] = (np.arange(count)[:, None, None] == indices).astype(np.float32)
        return certain
    if card.output == "logits":
        powers = np.exp(scores - scores.max(axis=0))
        shares: NDArray[np.float32] = powers / powers.sum(axis=0)
        return shares
    # One sigmoid channel stands for two classes, of which it is the second.
    two_from_one = len(scores) == 1 and count == 2
    told: NDArray[np.float32] = np.concatenate((1 - scores, scores)) if two_from_one else scores
    return told
