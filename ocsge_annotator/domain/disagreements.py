# SPDX-License-Identifier: GPL-2.0-or-later
"""Where two people who labelled the same patch differ: areas to arbitrate, the largest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ocsge_annotator.domain.pixels import Labels, Mask, Region
from ocsge_annotator.domain.runs import connected_regions


@dataclass(frozen=True)
class Disagreement:
    """One connected area to which each person gave one class.

    Attributes:
        region: its pixels.
        first: class value of the first person, `UNLABELLED` where he or she left it out.
        second: class value of the second person.
        is_border: no pixel of it is farther than the tolerance from its own edge: two drawings of one border.
    """

    region: Region
    first: int
    second: int
    is_border: bool

    @property
    def area_px(self) -> int:
        """Number of its pixels."""
        return int(np.count_nonzero(self.region.mask))


def find_disagreements(first: Labels, second: Labels, border_px: int = 2) -> list[Disagreement]:
    """Areas on which two people differ, the largest first, those along a common border last.

    Args:
        first: (H, W) uint8.
        second: (H, W) uint8.
        border_px: half the width up to which an area counts as a border drawn twice.
    """
    found = []
    for one, other in _pairs(first, second):
        here = (first == one) & (second == other)
        inner = erode(here, border_px)
        for region in connected_regions(here):
            is_border = not bool((inner[region.window.slices] & region.mask).any())
            found.append(Disagreement(region, one, other, is_border))
    return sorted(found, key=lambda d: (d.is_border, -d.area_px, d.region.window.row, d.region.window.col))


def erode(mask: Mask, times: int) -> Mask:
    """Pixels of `mask` more than `times` px from its edge; the patch's edge is none."""
    inner = mask.copy()
    for _ in range(times):
        padded = np.pad(inner, 1, constant_values=True)
        inner = inner & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return inner


def _pairs(first: Labels, second: Labels) -> list[tuple[int, int]]:
    differs = first != second
    both = np.unique(first[differs].astype(np.int64) * 256 + second[differs])
    return [(int(code) // 256, int(code) % 256) for code in both]
