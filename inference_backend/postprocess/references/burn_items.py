# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference objects that are ready to be burned: which rule each falls under, and its outline in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.postprocess.references.origins import Origins
from inference_backend.postprocess.references.ragged import OBJECTS, Outlines, Ragged
from inference_backend.postprocess.types import F32, I32, U8


@dataclass(frozen=True)
class CoverItems:
    """Objects that may impose a cover, in the order of their priority: the first one keeps a pixel.

    Attributes:
        number: (n,) int32, ascending; an object's number in the whole lot.
        rule: (n,) uint8 row of the cover tables.
        share: (n,) float32, share of its decided pixels that the prediction must agree on; 0 for no gate.
        use_rule: (n,) uint8 row of the use tables that a building's own attributes choose, else 0.
        outlines: of the n polygons.
        origin: where each comes from.
    """

    number: I32
    rule: U8
    share: F32
    use_rule: U8
    outlines: Outlines
    origin: Origins

    def __len__(self) -> int:
        return len(self.number)

    @property
    def geometry(self) -> OBJECTS:
        """(n,) single polygons, made now."""
        return self.outlines.polygons()

    @property
    def shapes(self) -> Ragged:
        """The same in pixels, made now."""
        return self.outlines.in_pixels()

    def take(self, index: NDArray[Any]) -> CoverItems:
        """Items at positions `index`."""
        return CoverItems(
            self.number[index],
            self.rule[index],
            self.share[index],
            self.use_rule[index],
            self.outlines.take(index),
            self.origin.take(index),
        )

    def joined(self, other: CoverItems) -> CoverItems:
        """These items, then the other ones."""
        return CoverItems(
            np.concatenate([self.number, other.number]),
            np.concatenate([self.rule, other.rule]),
            np.concatenate([self.share, other.share]),
            np.concatenate([self.use_rule, other.use_rule]),
            self.outlines.joined(other.outlines),
            Origins.joined([self.origin, other.origin]),
        )


@dataclass(frozen=True)
class UseItems:
    """Areas that say a use.

    Attributes:
        rule: (m,) uint8 row of the use tables.
        outlines: of the m polygons.
    """

    rule: U8
    outlines: Outlines

    def __len__(self) -> int:
        return len(self.rule)

    @property
    def geometry(self) -> OBJECTS:
        """(m,) single polygons, made now."""
        return self.outlines.polygons()

    @property
    def shapes(self) -> Ragged:
        """The same in pixels, made now."""
        return self.outlines.in_pixels()

    def take(self, index: NDArray[Any]) -> UseItems:
        """Areas at positions `index`."""
        return UseItems(self.rule[index], self.outlines.take(index))
