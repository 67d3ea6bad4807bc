# SPDX-License-Identifier: GPL-2.0-or-later
"""What the model's scores say about each region."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.postprocess.types import I32, U8, PredictionPlanes, RegionGraph

_FULL = 255.0


def evidence_by_region(graph: RegionGraph, planes: PredictionPlanes, covers: int) -> NDArray[np.float32]:
    """Sum of scores of each cover over the pixels of each region.

    A pixel speaks for its first class with its score and for the runner-up with score minus margin; in a
    class raster alone, for its class with 1. An undecided pixel speaks for the class that came first.

    Args:
        graph: n regions.
        planes: on the grid of the graph's labels.
        covers: k, number of cover indices, 0 ("undecided") included.

    Returns:
        (n, k) float32; column 0 is 0.
    """
    nothing = np.zeros((0, 0), np.uint8)
    evidence: NDArray[np.float32] = _evidence(
        graph.labels,
        planes.cs,
        planes.runner_up,
        nothing if planes.confidence is None else planes.confidence,
        nothing if planes.margin is None else planes.margin,
        np.zeros((len(graph.area_px), covers), np.float32),
    )
    return evidence


def majority_object(graph: RegionGraph, objects: I32) -> tuple[I32, NDArray[np.float64]]:
    """Most frequent object of each region and the share of the region that it covers.

    Args:
        graph: n regions.
        objects: (H, W) int32 object index, -1 where none.

    Returns:
        (n,) int32 object index, -1 where none; (n,) float64 share of the area with any object.
    """
    size = len(graph.area_px)
    best = np.full(size, -1, np.int32)
    where = (graph.labels >= 0) & (objects >= 0)
    if not where.any():
        return best, np.zeros(size)
    labels, found = graph.labels[where].astype(np.int64), objects[where].astype(np.int64)
    span = int(found.max()) + 1
    pairs, counts = np.unique(labels * span + found, return_counts=True)
    # Ascending counts, descending object: the last one written for a region is the winner.
    order = np.lexsort((-pairs, counts))
    best[pairs[order] // span] = (pairs[order] % span).astype(np.int32)
    return best, np.bincount(labels, minlength=size) / np.maximum(graph.area_px, 1)


@njit(cache=True)
def _evidence(
    labels: I32, cs: U8, runner_up: U8, confidence: U8, margin: U8, total: NDArray[Any]
) -> NDArray[Any]:
    scored = confidence.size > 0
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            region = labels[row, col]
            if region < 0:
                continue
            first, second = cs[row, col], runner_up[row, col]
            top = confidence[row, col] / _FULL if scored else 1.0
            if first > 0:
                total[region, first] += top
                if second > 0 and scored:
                    total[region, second] += max(top - margin[row, col] / _FULL, 0.0)
            elif second > 0:
                total[region, second] += top
    return total
