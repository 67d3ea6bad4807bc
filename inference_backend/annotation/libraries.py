# SPDX-License-Identifier: GPL-2.0-or-later
"""The heavy libraries of questions about a patch: imported when first needed, by one thread at a time.

SciPy's packages import each other. Two threads that begin with different ones each find the other's half
made, and the one that loses fails: the first segments of a session, while the service warms itself up.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from importlib import import_module

_ONE_AT_A_TIME = threading.Lock()


def load_for_segments() -> None:
    """Import what segments need; nothing where it is there."""
    with _ONE_AT_A_TIME:
        # Looked up, not only imported: scikit-image loads a function's module when it is asked for.
        _ = import_module("skimage.segmentation").slic
        import_module("inference_backend.annotation.segments")


def load_for_learner() -> None:
    """Import what the learner needs, and what segments do."""
    load_for_segments()
    with _ONE_AT_A_TIME:
        import_module("inference_backend.annotation.learner")
        # Whoever asks for a proposal is told where it is missing.
        with suppress(ImportError, OSError):
            import_module("lightgbm")
