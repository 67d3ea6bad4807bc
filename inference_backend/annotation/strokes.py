# SPDX-License-Identifier: GPL-2.0-or-later
"""What an annotator has painted, as the learner takes it: segments, classes, weights, separate strokes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from inference_backend.annotation.features import PatchFeatures
from inference_backend.annotation.graph import Graph
from inference_backend.annotation.types import F64, I64, U8
from inference_backend.contracts.campaign import UNLABELLED

LEAST_PURITY = 0.6
"""A segment in which no class has this share of what is painted teaches nothing."""


@dataclass(frozen=True)
class Strokes:
    """What is painted, segment by segment.

    Attributes:
        values: (K,) uint8, the class values, rising.
        share: (N, K) float64, share of each segment's pixels that is painted with each class.
        number: (P,) int64, the segments that teach.
        classes: (P,) int64, their class, an index of `values`.
        weights: (P,) float64, 0..1.
        stroke: (P,) int64, number of the connected stroke of one class that each belongs to.
    """

    values: U8
    share: F64
    number: I64
    classes: I64
    weights: F64
    stroke: I64


def strokes_of(labels: U8, features: PatchFeatures) -> Strokes:
    """Read the labels of a patch, (H, W), UNLABELLED where nobody has decided."""
    painted = labels != UNLABELLED
    values = np.unique(labels[painted])
    count, kinds = features.graph.count, len(values)
    place = np.searchsorted(values, labels[painted])
    flat = features.finest[painted].astype(np.int64) * max(kinds, 1) + place
    pixels = np.bincount(flat, minlength=count * kinds).reshape(count, kinds).astype(np.float64)
    total = pixels.sum(axis=1)
    best = pixels.max(axis=1) if kinds else total
    number = np.flatnonzero((total > 0) & (best >= LEAST_PURITY * total))
    classes = pixels[number].argmax(axis=1) if kinds else number
    size = features.graph.size_px
    weights = best[number] / total[number] * np.sqrt(total[number] / size[number])
    stroke = _components(features.graph, number, classes)
    return Strokes(values, pixels / size[:, None], number, classes, weights, stroke)


def _components(graph: Graph, number: I64, classes: I64) -> I64:
    """Number of the connected group of one class that each segment belongs to."""
    kind = np.full(graph.count, -1, np.int64)
    kind[number] = classes
    joined = (kind[graph.first] >= 0) & (kind[graph.first] == kind[graph.second])
    first, second = graph.first[joined], graph.second[joined]
    links = coo_matrix((np.ones(len(first)), (first, second)), shape=(graph.count, graph.count))
    return np.asarray(connected_components(links, directed=False)[1][number], np.int64)
