# SPDX-License-Identifier: GPL-2.0-or-later
"""What the first request for planes would wait for: loops that are compiled once on a machine."""

from __future__ import annotations

import numpy as np

from inference_backend.predict.blocks.scores import planes_of_scores

_SIDE_PX = 8


def compile_kernels() -> None:
    """Compile the loops over scores, or load them from disk: seconds once, then a third of one.

    Done before a server says that it is there, so that no client's time limit runs meanwhile.
    """
    scores = np.zeros((2, _SIDE_PX, _SIDE_PX), np.float32)
    planes_of_scores(scores, np.ones(scores.shape[1:], np.bool_), "logits", 0.0)
