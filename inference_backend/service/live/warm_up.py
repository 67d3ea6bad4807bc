# SPDX-License-Identifier: GPL-2.0-or-later
"""What the first question of an annotator would wait for: libraries to import, a loop to compile."""

from __future__ import annotations

import numpy as np

from inference_backend.annotation.errors import LearnerMissingError
from inference_backend.annotation.types import make_patch
from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.service.live.patch_work import PatchWork

_SIDE_PX = 64


def warm_up() -> None:
    """Ask every question once about a tiny patch: seconds once on a machine, then one."""
    image = np.random.default_rng(1).integers(0, 255, (5, _SIDE_PX, _SIDE_PX)).astype(np.uint8)
    labels = np.full((_SIDE_PX, _SIDE_PX), UNLABELLED, np.uint8)
    labels[:8], labels[-8:] = 0, 1
    try:
        PatchWork(make_patch(image)).learner().propose(labels)
    except LearnerMissingError:
        return  # said to whoever asks
