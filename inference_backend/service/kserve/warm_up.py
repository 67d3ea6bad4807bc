# SPDX-License-Identifier: GPL-2.0-or-later
"""What the first request for planes would wait for: loops that are compiled once on a machine."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

import inference_backend

_SIDE_PX = 8
_COMPILED = Path(inference_backend.__file__).parent / "predict" / "blocks" / "__pycache__"


def compile_kernels() -> None:
    """Compile the loops over scores, or load them from disk: seconds once, then a third of one."""
    from inference_backend.predict.blocks.scores import planes_of_scores

    scores = np.zeros((2, _SIDE_PX, _SIDE_PX), np.float32)
    planes_of_scores(scores, np.ones(scores.shape[1:], np.bool_), "logits", 0.0)


def begin_to_compile() -> threading.Thread:
    """Load the loops beside the start of a server; where they were never compiled here, do it first.

    A client's time limit must not run while a compiler works; what takes less than a second may.

    Returns:
        The thread, to be joined before the process ends: it must not end within the compiler.
    """
    thread = threading.Thread(target=compile_kernels, name="compile", daemon=True)
    thread.start()
    if not any(_COMPILED.glob("score_kernels.fill_planes-*.nbi")):
        thread.join()
    return thread
