# SPDX-License-Identifier: GPL-2.0-or-later
"""Which pixels a gesture may change: the operator's limits, applied in this one place for every tool."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.pixels import Labels, Mask, PixelPoint

SegmentMap = npt.NDArray[np.unsignedinteger]
"""(H, W) number of the segment of each pixel, at one scale."""


@dataclass(frozen=True)
class Limits:
    """What the operator wants left alone.

    Attributes:
        keep_labelled: paint only where there is no label; erasing ignores it.
        only_over: paint only over this class value, `UNLABELLED` included; None for all.
        within_segment: stay in the segment in which the gesture began.
        same_class: paint only over the class that lay under the mouse when the gesture began.
    """

    keep_labelled: bool = False
    only_over: int | None = None
    within_segment: bool = False
    same_class: bool = False

    @property
    def is_open(self) -> bool:
        """Whether there is no limit at all."""
        return self == Limits()


class Fence:
    """The pixels that one gesture may change, from the labels as they were when it began.

    Args:
        limits: in force when the gesture began.
        before: (H, W) uint8 labels at that moment; not changed while the gesture lasts.
        seed: where the gesture began, None for one without place: limits to a place then do not apply.
        segments: (H, W) segments of the scale shown, None where there are none.
    """

    def __init__(
        self,
        limits: Limits,
        before: Labels,
        seed: PixelPoint | None = None,
        segments: SegmentMap | None = None,
    ) -> None:
        self._limits, self._before, self._segments = limits, before, segments
        self._seed = _pixel_under(seed, before)
        self._masks: dict[bool, Mask | None] = {}

    def mask(self, *, erases: bool = False) -> Mask | None:
        """(H, W) bool of the pixels that may change, None where all may; made once per gesture."""
        if erases not in self._masks:
            self._masks[erases] = self._make(erases)
        return self._masks[erases]

    def _make(self, erases: bool) -> Mask | None:
        limits, parts = self._limits, []
        if limits.keep_labelled and not erases:
            parts.append(self._before == UNLABELLED)
        if limits.only_over is not None:
            parts.append(self._before == limits.only_over)
        if self._seed is not None:
            if limits.within_segment and self._segments is not None:
                parts.append(self._segments == self._segments[self._seed])
            if limits.same_class:
                parts.append(self._before == self._before[self._seed])
        return np.logical_and.reduce(parts) if parts else None


def _pixel_under(point: PixelPoint | None, labels: Labels) -> tuple[int, int] | None:
    """Row and column of a position, None outside the patch."""
    if point is None:
        return None
    row, col = int(np.floor(point.y)), int(np.floor(point.x))
    return (row, col) if 0 <= row < labels.shape[0] and 0 <= col < labels.shape[1] else None
