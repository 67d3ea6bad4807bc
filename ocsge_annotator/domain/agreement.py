# SPDX-License-Identifier: GPL-2.0-or-later
"""How far two people who labelled the same patches agree, class by class, and what chance would have given.

Cohen's kappa is that of Cohen (1960), "A coefficient of agreement for nominal scales". Its interval comes
from resampling whole patches: pixels of one patch are not independent, so that the formula of the same paper
would promise far too much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.pixels import Labels, Mask

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ClassAgreement:
    """Agreement on one class.

    Attributes:
        value: of the class.
        first_px: pixels to which the first person gave it.
        second_px: pixels to which the second person gave it.
        both_px: pixels to which both gave it.
    """

    value: int
    first_px: int
    second_px: int
    both_px: int

    @property
    def iou(self) -> float | None:
        """Intersection over union, 0..1; None where neither person used the class."""
        union = self.first_px + self.second_px - self.both_px
        return self.both_px / union if union else None


@dataclass(frozen=True)
class Agreement:
    """Agreement of two people on the pixels that both labelled.

    Attributes:
        values: class values, in the order of `confusion`.
        confusion: (K, K) pixels; the first person's class by row, the second one's by column.
        one_sided_px: pixels that only one of them labelled: counted nowhere else.
    """

    values: tuple[int, ...]
    confusion: Counts
    one_sided_px: int = 0

    @property
    def compared_px(self) -> int:
        """Pixels that both labelled."""
        return int(self.confusion.sum())

    @property
    def overall(self) -> float | None:
        """Share of the compared pixels on which both say the same, 0..1; None without such a pixel."""
        return float(np.trace(self.confusion)) / self.compared_px if self.compared_px else None

    @property
    def by_chance(self) -> float | None:
        """Share on which they would agree by chance with the class shares that each of them gave."""
        if not self.compared_px:
            return None
        shares = self.confusion.sum(axis=1) / self.compared_px, self.confusion.sum(axis=0) / self.compared_px
        return float(shares[0] @ shares[1])

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None without compared pixel, or where both gave one class alone."""
        if self.overall is None or self.by_chance is None or self.by_chance >= 1.0:
            return None
        return (self.overall - self.by_chance) / (1.0 - self.by_chance)

    @property
    def classes(self) -> tuple[ClassAgreement, ...]:
        """Agreement on each class that one of them used."""
        first, second = self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        return tuple(
            ClassAgreement(value, int(first[i]), int(second[i]), int(self.confusion[i, i]))
            for i, value in enumerate(self.values)
            if first[i] or second[i]
        )

    def __add__(self, other: Agreement) -> Agreement:
        """Agreement on both sets of pixels together."""
        if self.values != other.values:
            raise ValueError(f"classes {self.values} and {other.values} differ")
        return Agreement(
            self.values, self.confusion + other.confusion, self.one_sided_px + other.one_sided_px
        )


def compare(first: Labels, second: Labels, values: Sequence[int], ignored: Mask | None = None) -> Agreement:
    """Count how two people labelled one patch.

    Args:
        first: (H, W) uint8.
        second: (H, W) uint8, of the same shape.
        values: all class values of the campaign.
        ignored: (H, W) bool, pixels left out, such as those along borders; None for none.

    Raises:
        ValueError: the shapes differ, or a label is no class of the campaign.
    """
    if first.shape != second.shape:
        raise ValueError(f"labels of {first.shape} and {second.shape} px cannot be compared")
    place = np.full(256, -1, dtype=np.int64)
    place[list(values)] = np.arange(len(values))
    counted = np.ones(first.shape, dtype=bool) if ignored is None else ~ignored
    labelled = (first != UNLABELLED) & counted, (second != UNLABELLED) & counted
    both = labelled[0] & labelled[1]
    rows, cols = place[first[both]], place[second[both]]
    if rows.size and min(rows.min(), cols.min()) < 0:
        raise ValueError("a label is no class of the campaign")
    counts = np.bincount(rows * len(values) + cols, minlength=len(values) ** 2)
    one_sided = int(np.count_nonzero(labelled[0] ^ labelled[1]))
    return Agreement(tuple(values), counts.reshape(len(values), -1), one_sided)


def kappa_interval(patches: Sequence[Agreement]) -> tuple[float, float] | None:
    """95 % interval of Cohen's kappa, with one patch as one observation; None below two patches.

    Resampling patches (percentile bootstrap, 2,000 draws, fixed seed) respects that pixels of a patch go
    together, which the formula for independent observations does not.
    """
    counted = [patch for patch in patches if patch.compared_px]
    if len(counted) < 2:
        return None
    stack = np.stack([patch.confusion for patch in counted])
    draws = np.random.default_rng(0).multinomial(len(counted), [1 / len(counted)] * len(counted), 2000)
    kappas = [
        kappa
        for weights in draws
        if (kappa := Agreement(counted[0].values, np.tensordot(weights, stack, axes=1)).kappa) is not None
    ]
    if not kappas:
        return None
    low, high = np.percentile(kappas, [2.5, 97.5])
    return float(low), float(high)
