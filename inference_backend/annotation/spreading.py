# SPDX-License-Identifier: GPL-2.0-or-later
"""Probabilities made to agree with the neighbours that look alike.

What a segment is depends on itself (the learner) and on the segments it continues: this solves for both at
once, as a random walk over the segments with the learner's probabilities as prior.

Source: Grady (2005), Multilabel random walker image segmentation using prior models.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import cg

from inference_backend.annotation.graph import Graph
from inference_backend.annotation.types import F64

LIKENESS = 40.0
"""How fast a link fades with the squared distance of colours."""
PRIOR = 0.15
"""How much the learner weighs against all neighbours together."""
SEED = 50.0
"""How much a stroke does."""
TOLERANCE = 1e-3
MOST_STEPS = 60


class Spreader:
    """Spreads over the segments of one patch.

    Args:
        graph: of the segments.
        colours: (N, C) float64, which decide what looks alike.
    """

    def __init__(self, graph: Graph, colours: F64) -> None:
        distance = ((colours[graph.first] - colours[graph.second]) ** 2).sum(axis=1)
        weight = graph.border_px * np.exp(-LIKENESS * distance) + 1e-6
        pairs = (
            np.concatenate([weight, weight]),
            (np.concatenate([graph.first, graph.second]), np.concatenate([graph.second, graph.first])),
        )
        self._links = csr_matrix(pairs, shape=(graph.count, graph.count))
        self._total = np.asarray(self._links.sum(axis=1)).ravel() + 1e-6

    def spread(self, prior: F64, seeds: F64) -> F64:
        """Probabilities that agree.

        Args:
            prior: (N, K), sums to 1 over K.
            seeds: (N, K), 0..1, the share of a segment that strokes give to each class.

        Returns:
            (N, K), sums to 1 over K.
        """
        pull = self._total * (PRIOR + SEED * seeds.sum(axis=1))
        system = (diags(self._total + pull) - self._links).tocsr()
        wanted = self._total[:, None] * (PRIOR * prior + SEED * seeds)
        inverse = diags(1 / (self._total + pull))
        found = [
            cg(system, wanted[:, k], x0=prior[:, k], rtol=TOLERANCE, maxiter=MOST_STEPS, M=inverse)[0]
            for k in range(prior.shape[1])
        ]
        values = np.clip(np.stack(found, axis=1), 1e-6, None)
        return np.asarray(values / values.sum(axis=1, keepdims=True))
