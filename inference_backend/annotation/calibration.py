# SPDX-License-Identifier: GPL-2.0-or-later
"""Confidence that means something: measured on strokes that the learner was not shown.

Strokes are held out whole: a held-out pixel of a stroke that the learner knows says only that it knows it.
They say too little all the same: a person paints where the proposal is wrong. So they only correct what was
measured where the whole truth is known. What looks like nothing painted is doubted besides.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from inference_backend.annotation.strokes import Strokes
from inference_backend.annotation.types import F64, I64, Mask

TEMPERATURES = np.exp(np.linspace(np.log(0.5), np.log(8.0), 25))
USUAL = 0.9
"""Temperature where nothing could be held out: measured on synthetic communes, docs/live.md."""
TRUST = 25.0
"""How many held-out strokes outweigh it."""
FOLDS = 2
DOUBT_REACH = 0.9
"""Distance of colours, of bands in [0, 1], at which confidence has fallen to a third."""
MOST_CONFIDENCE = 0.98
"""Segments follow the truth no better than that."""

Predict = Callable[[Mask], F64]
"""From which of the strokes' segments are shown to (N, K) probabilities."""


def folds_of(strokes: Strokes) -> I64:
    """Which fold each painted segment is held out in; -1 for the only stroke of a class, never held out."""
    fold = np.full(len(strokes.number), -1, np.int64)
    for kind in np.unique(strokes.classes):
        mine = strokes.classes == kind
        names, place = np.unique(strokes.stroke[mine], return_inverse=True)
        if len(names) >= FOLDS:
            fold[mine] = place % FOLDS
    return fold


def temperature_of(strokes: Strokes, predict: Predict) -> float:
    """By how much the probabilities are too sharp: 1 where they are right, more where they promise too much.

    Args:
        strokes: all that is painted.
        predict: trains on the segments shown and gives the probabilities of all.
    """
    fold = folds_of(strokes)
    loss = TRUST * np.log(TEMPERATURES / USUAL) ** 2
    for number in range(FOLDS):
        held = fold == number
        if held.any():
            probabilities = predict(~held)[strokes.number[held]]
            loss = loss + _losses(probabilities, strokes.classes[held], strokes.stroke[held])
    return float(TEMPERATURES[np.argmin(loss)])


def softened(probabilities: F64, temperature: float) -> F64:
    """The same in the same order, less or more sure; sums to 1 over the last axis."""
    powered = np.clip(probabilities, 1e-6, 1) ** (1 / temperature)
    return np.asarray(powered / powered.sum(axis=-1, keepdims=True))


def familiarity(colours: F64, painted: F64) -> F64:
    """1 where a segment looks like one that is painted, less the less it does.

    Args:
        colours: (N, C), means of the scaled bands.
        painted: (P, C), of the segments that teach.
    """
    if not len(painted):
        return np.ones(len(colours))
    distance = cKDTree(painted).query(colours)[0] / np.sqrt(colours.shape[1])
    return np.asarray(np.exp(-distance / DOUBT_REACH))


def _losses(probabilities: F64, classes: I64, stroke: I64) -> F64:
    """Negative log-likelihood at each temperature; each stroke counts once, however long it is."""
    place = np.unique(stroke, return_inverse=True)[1]
    weight = 1 / np.bincount(place)[place]
    return np.array(
        [
            -(weight * np.log(softened(probabilities, t)[np.arange(len(classes)), classes])).sum()
            for t in TEMPERATURES
        ]
    )
