# SPDX-License-Identifier: GPL-2.0-or-later
"""What the machine proposes for a patch, and which of its pixels a person's gesture takes over.

A person's own labels are never touched: a proposal is for the pixels that nobody has labelled, and for those
that an earlier proposal filled and nobody has changed since (`MachineShare` remembers them).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.pixels import Labels, Mask, PixelWindow, Region


class ProposalSource(str, Enum):
    """Who proposes."""

    PRELABEL = "prelabel"
    LEARNER = "learner"
    HINT = "hint"


@dataclass(frozen=True, eq=False)
class Proposal:
    """Classes proposed for a patch.

    Attributes:
        source: who proposes.
        value: (H, W) uint8, class values; `UNLABELLED` where nothing is proposed.
        confidence: (H, W) uint8, 0..255 for 0..1.
    """

    source: ProposalSource
    value: Labels
    confidence: Labels

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        if self.value.shape != self.confidence.shape or self.value.ndim != 2:
            raise ValueError(f"value {self.value.shape} and confidence {self.confidence.shape} differ")

    def offered(self, free: Mask) -> Mask:
        """Pixels for which something is proposed and nobody has decided."""
        offered: Mask = free & (self.value != UNLABELLED)
        return offered

    def is_sure(self, floor: float) -> Mask:
        """Pixels whose confidence reaches `floor`, 0..1."""
        return self.confidence >= np.uint8(round(255 * floor))

    def taken_over(
        self, labels: Labels, free: Mask, floor: float = 0.0, within: Region | None = None
    ) -> Labels:
        """The labels after accepting.

        Args:
            labels: (H, W) uint8, as they are; not changed.
            free: pixels that nobody has decided.
            floor: least confidence, 0..1; 0 accepts everything.
            within: accept there alone; None for the whole patch.

        Returns:
            (H, W) uint8.
        """
        takes = self.offered(free)
        if floor > 0:
            takes &= self.is_sure(floor)
        if within is not None:
            there = np.zeros_like(takes)
            there[within.window.slices] = within.mask
            takes &= there
        return np.where(takes, self.value, labels).astype(np.uint8)

    def shares(self, free: Mask, floor: float) -> tuple[float, float]:
        """Share of the undecided pixels that are proposed, and proposed surely; 0..1 both."""
        count = int(np.count_nonzero(free))
        if not count:
            return 0.0, 0.0
        offered = self.offered(free)
        sure = int(np.count_nonzero(offered & self.is_sure(floor)))
        return int(np.count_nonzero(offered)) / count, sure / count


class MachineShare:
    """Which labels of a patch come from accepted proposals and were not changed by a person since.

    It follows undo and redo by itself: a label counts as the machine's while it is what the machine gave,
    unless a person painted there since, be it the same class.

    Attributes:
        given: (H, W) uint8, what the machine gave and no person painted over; `UNLABELLED` elsewhere.

    Args:
        shape: of the patch, (H, W).
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.given = np.full(shape, UNLABELLED, dtype=np.uint8)

    @property
    def is_empty(self) -> bool:
        """Whether nothing came from the machine."""
        return bool((self.given == UNLABELLED).all())

    def note(self, before: Labels, after: Labels) -> None:
        """A proposal was accepted: what it changed is the machine's."""
        changed = before != after
        self.given[changed] = after[changed]

    def take_back(self, painted: Mask) -> None:
        """A person painted some pixels, (H, W) bool: they are a person's from now on."""
        self.given[painted] = UNLABELLED

    def free(self, labels: Labels, window: PixelWindow | None = None) -> Mask:
        """Pixels that nobody has decided: without label, or with one that the machine gave.

        Args:
            labels: (H, W) uint8 of the whole patch.
            window: answer for this part alone, in its shape.
        """
        part = window.slices if window is not None else ...
        free: Mask = (labels[part] == UNLABELLED) | (labels[part] == self.given[part])
        return free

    def by_people(self, labels: Labels) -> Labels:
        """The labels that people gave, `UNLABELLED` elsewhere: what a learner may learn from."""
        return np.where(self.free(labels), np.uint8(UNLABELLED), labels)
