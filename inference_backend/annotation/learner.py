# SPDX-License-Identifier: GPL-2.0-or-later
"""Learns from the strokes of a patch, and of patches done before, and proposes the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inference_backend.annotation.boosting import ROUNDS, Booster
from inference_backend.annotation.calibration import MOST_CONFIDENCE, familiarity, softened, temperature_of
from inference_backend.annotation.errors import BadLabelsError
from inference_backend.annotation.features import PatchFeatures, score_rows
from inference_backend.annotation.spreading import Spreader
from inference_backend.annotation.strokes import Strokes, strokes_of
from inference_backend.annotation.types import F32, F64, I64, U8, Mask
from inference_backend.contracts.campaign import UNLABELLED

BALANCE = 0.5
"""Exponent of how often a class is painted: 0 weighs every segment alike, 1 every class."""
MEMORY_WEIGHT = 0.5
"""What other patches weigh together against the strokes of this one, class by class."""
ALONE = 0.5
"""Confidence at most where only one class is known."""
HELD_OUT_ROUNDS = ROUNDS // 2
"""Enough to see whether held-out strokes are found, in half the time."""
MOST_MEMORY = 1200
ROWS_PER_CLASS = 80

Stop = Callable[[], None]
"""Raises where the answer is not wanted any more."""


@dataclass(frozen=True)
class Proposal:
    """What the learner proposes.

    Attributes:
        value: (H, W) uint8, class values; UNLABELLED where nothing can be proposed.
        confidence: (H, W) uint8, 0..255 for 0..1; 255 where it is painted.
    """

    value: U8
    confidence: U8


@dataclass(frozen=True)
class Memory:
    """What patches done before teach.

    Attributes:
        rows: (M, F) float32.
        values: (M,) uint8.
    """

    rows: F32
    values: U8


class PatchLearner:
    """The learner of one patch.

    Args:
        features: of the patch.
    """

    def __init__(self, features: PatchFeatures) -> None:
        self._features = features
        self._spreader = Spreader(features.graph, features.colours)

    def propose(
        self,
        labels: U8,
        scores: U8 | None = None,
        memory: Memory | None = None,
        stop: Stop = lambda: None,
    ) -> Proposal:
        """Propose a class for every pixel.

        Of one class alone the learner cannot know where it ends: it proposes it everywhere, never sure.

        Args:
            labels: (H, W), UNLABELLED where nobody has decided.
            scores: (K, H, W), of a model that predicted.
            memory: of the campaign.
            stop: asked between the steps.

        Raises:
            BadLabelsError: an array that does not fit the patch.
            LearnerMissingError: the library cannot be loaded.
        """
        self._check(labels, scores)
        rows = self._rows(scores)
        strokes = strokes_of(labels, self._features)
        lesson = _Lesson(rows, strokes, _fitting(memory, rows.shape[1], self._features.rows.shape[1]))
        if len(lesson.values) == 0:
            return Proposal(labels.copy(), np.zeros(labels.shape, np.uint8))
        if len(lesson.values) == 1:
            return self._painted(labels, self._likeness(strokes)[:, None], lesson.values)

        def held_out(shown: Mask) -> F64:
            stop()
            return self._predict(lesson, shown, HELD_OUT_ROUNDS)

        temperature = temperature_of(lesson.strokes, held_out)
        stop()
        every = np.ones(len(strokes.number), np.bool_)
        probabilities = softened(self._predict(lesson, every, ROUNDS), temperature)
        known = familiarity(self._features.colours, self._known_colours(lesson))
        return self._painted(labels, probabilities * known[:, None], lesson.values)

    def teach(self, labels: U8, scores: U8 | None = None) -> Memory:
        """What a finished patch teaches: rows of segments that are all of one class, as many of each.

        Raises:
            BadLabelsError: an array that does not fit the patch.
        """
        self._check(labels, scores)
        strokes = strokes_of(labels, self._features)
        random, chosen = np.random.default_rng(1), [np.empty(0, np.int64)]
        for kind in range(len(strokes.values)):
            pure = np.flatnonzero((strokes.classes == kind) & (strokes.weights > 0.95))
            chosen.append(np.sort(random.permutation(pure)[:ROWS_PER_CLASS]))
        place = np.concatenate(chosen)
        rows = self._rows(scores)[strokes.number[place]]
        return Memory(rows, strokes.values[strokes.classes[place]].astype(np.uint8))

    def _predict(self, lesson: _Lesson, shown: Mask, rounds: int) -> F64:
        booster = Booster(*lesson.rows_of(shown), len(lesson.values), rounds)
        seeds = np.zeros((len(lesson.rows), len(lesson.values)))
        number = lesson.strokes.number[shown]
        seeds[number] = lesson.strokes.share[number]
        return self._spreader.spread(booster.probabilities(lesson.rows), seeds)

    def _known_colours(self, lesson: _Lesson) -> F64:
        """(P, C), colours of everything that teaches; they are the first columns of a row."""
        rows = lesson.rows_of(np.ones(len(lesson.strokes.number), np.bool_))[0]
        return rows[:, : self._features.colours.shape[1]].astype(np.float64)

    def _likeness(self, strokes: Strokes) -> F64:
        """How much each segment looks like what is painted, 0 to ALONE."""
        colours = self._features.colours
        painted = colours[strokes.number] if len(strokes.number) else colours
        nearest = ((colours - np.median(painted, axis=0)) ** 2).sum(axis=1)
        return np.asarray(ALONE * np.exp(-nearest))

    def _painted(self, labels: U8, probabilities: F64, values: U8) -> Proposal:
        sure = np.minimum(probabilities.max(axis=1), MOST_CONFIDENCE)
        value = values[probabilities.argmax(axis=1)][self._features.finest]
        confidence = np.round(255 * sure).astype(np.uint8)[self._features.finest]
        painted = labels != UNLABELLED
        return Proposal(
            np.where(painted, labels, value).astype(np.uint8),
            np.where(painted, 255, confidence).astype(np.uint8),
        )

    def _rows(self, scores: U8 | None) -> F32:
        rows = self._features.rows
        if scores is None or not len(scores):
            return rows
        return np.concatenate([rows, score_rows(scores, self._features)], axis=1)

    def _check(self, labels: U8, scores: U8 | None) -> None:
        shape = self._features.finest.shape
        if labels.shape != shape or labels.dtype != np.uint8:
            raise BadLabelsError(
                name="labels", found=f"{labels.dtype} {labels.shape}", expected=f"uint8 {shape}"
            )
        if scores is not None and (scores.ndim != 3 or scores.shape[1:] != shape or scores.dtype != np.uint8):
            raise BadLabelsError(
                name="scores", found=f"{scores.dtype} {scores.shape}", expected=f"uint8 (K, {shape})"
            )


class _Lesson:
    """Everything that can be learnt from, with one list of classes."""

    def __init__(self, rows: F32, strokes: Strokes, memory: Memory) -> None:
        self.rows = rows
        self.values = np.union1d(strokes.values, memory.values).astype(np.uint8)
        place = np.searchsorted(self.values, strokes.values)
        share = np.zeros((len(rows), len(self.values)))
        share[:, place] = strokes.share
        classes = place[strokes.classes] if len(place) else strokes.classes
        self.strokes = Strokes(self.values, share, strokes.number, classes, strokes.weights, strokes.stroke)
        self._memory = memory
        self._memory_classes = np.searchsorted(self.values, memory.values)

    def rows_of(self, shown: Mask) -> tuple[F32, I64, F64]:
        """Rows, classes and weights of what is shown, and of the memory."""
        own = self.strokes.classes[shown]
        weights = _balanced(own, self.strokes.weights[shown], len(self.values))
        total = np.bincount(own, weights=weights, minlength=len(self.values))
        usual = total[total > 0].mean() if total.any() else float(ROWS_PER_CLASS)
        many = np.maximum(np.bincount(self._memory_classes, minlength=len(self.values)), 1)
        remembered = (MEMORY_WEIGHT * usual / many)[self._memory_classes]
        rows = np.concatenate([self.rows[self.strokes.number[shown]], self._memory.rows])
        return rows, np.concatenate([own, self._memory_classes]), np.concatenate([weights, remembered])


def _balanced(classes: I64, weights: F64, count: int) -> F64:
    total = np.bincount(classes, weights=weights, minlength=count)
    factor = np.where(total > 0, total, 1) ** -BALANCE
    balanced = weights * factor[classes]
    return np.asarray(balanced * (weights.sum() / max(balanced.sum(), 1e-9)))


def _fitting(memory: Memory | None, width: int, plain_width: int) -> Memory:
    """The memory with as many columns as the rows have; what it does not know is NaN.

    Raises:
        BadLabelsError: made from other bands.
    """
    if memory is None:
        return Memory(np.empty((0, width), np.float32), np.empty(0, np.uint8))
    rows, values = memory.rows, memory.values
    if rows.ndim != 2 or rows.shape[1] < plain_width or len(rows) != len(values) or values.dtype != np.uint8:
        raise BadLabelsError(name="rows", found=str(rows.shape), expected=f"(N, {width})")
    finite = np.isfinite(rows[:, :plain_width]).all(axis=1)
    rows, values = rows[finite], values[finite]
    if len(rows) > MOST_MEMORY:
        chosen = np.random.default_rng(1).permutation(len(rows))[:MOST_MEMORY]
        rows, values = rows[chosen], values[chosen]
    if rows.shape[1] != width:
        fitted = np.full((len(rows), width), np.nan, np.float32)
        fitted[:, :plain_width] = rows[:, :plain_width]
        rows = fitted
    return Memory(rows.astype(np.float32), values)
