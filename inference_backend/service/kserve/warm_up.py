# SPDX-License-Identifier: GPL-2.0-or-later
"""What the first request for planes would wait for: loops that are compiled once on a machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import inference_backend

_SIDE_PX = 8
_COMPILED = Path(inference_backend.__file__).parent / "predict" / "blocks" / "__pycache__"


def compile_once() -> None:
    """Compile the loops where that was never done on this machine.

    Done before a server says that it is there, so that no client's time limit runs while a compiler works;
    to load what was compiled takes the first request less than a second, and most servers get none.
    """
    if not any(_COMPILED.glob("score_kernels.fill_planes-*.nbi")):
        compile_kernels()


def compile_kernels() -> None:
    """Compile the loops over scores, or load them from disk."""
    from inference_backend.predict.blocks.scores import planes_of_scores

    scores = np.zeros((2, _SIDE_PX, _SIDE_PX), np.float32)
    planes_of_scores(scores, np.ones(scores.shape[1:], np.bool_), "logits", 0.0)
