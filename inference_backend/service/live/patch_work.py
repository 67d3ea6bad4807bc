# SPDX-License-Identifier: GPL-2.0-or-later
"""What the service knows of one patch: its pixels, then what was computed of them, each once.

What computes is imported by the first question: a service that nobody annotates with starts in half the time.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from inference_backend.annotation.libraries import load_for_learner, load_for_segments
from inference_backend.annotation.types import U16, Patch

if TYPE_CHECKING:
    from inference_backend.annotation.features import PatchFeatures
    from inference_backend.annotation.learner import PatchLearner


class PatchWork:
    """One patch.

    Args:
        patch: as it was sent.
    """

    def __init__(self, patch: Patch) -> None:
        self.patch = patch
        self._features: PatchFeatures | None = None
        self._learner: PatchLearner | None = None
        self._segments: dict[tuple[int, ...], U16] = {}
        # Two questions about a new patch: the second waits for what the first computes.
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Bytes in memory, now."""
        features = self._features.nbytes if self._features is not None else 0
        return self.patch.nbytes + features + sum(s.nbytes for s in list(self._segments.values()))

    def segments(self, counts: tuple[int, ...]) -> U16:
        """(S, H, W) uint16 of so many segments each."""
        load_for_segments()
        from inference_backend.annotation.segments import segment_patch

        with self._lock:
            if counts not in self._segments:
                self._segments = {counts: segment_patch(self.patch, counts)}
            return self._segments[counts]

    def learner(self) -> PatchLearner:
        """The learner of the patch."""
        load_for_learner()
        from inference_backend.annotation.features import features_of
        from inference_backend.annotation.learner import PatchLearner
        from inference_backend.annotation.segments import counts_for

        with self._lock:
            if self._learner is None:
                made = self._segments.get(counts_for(self.patch.shape))
                self._features = features_of(self.patch, made)
                self._learner = PatchLearner(self._features)
            return self._learner
