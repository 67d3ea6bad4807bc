# SPDX-License-Identifier: GPL-2.0-or-later
"""Points and a box by which an annotator shows an interactive model what is meant."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocsge_annotator.domain.pixels import Mask, PixelPoint, PixelWindow, Region

INSIDE, OUTSIDE, TOP_LEFT, BOTTOM_RIGHT = 1, 0, 2, 3


@dataclass(frozen=True)
class Prompts:
    """What was shown so far; each change gives new prompts.

    Attributes:
        points: positions and whether each is inside of what is meant, in the order in which they were set.
        box: top left and bottom right corner, None without box.
    """

    points: tuple[tuple[PixelPoint, bool], ...] = ()
    box: tuple[PixelPoint, PixelPoint] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was shown."""
        return not self.points and self.box is None

    def with_point(self, point: PixelPoint, *, inside: bool) -> Prompts:
        """One point more."""
        return replace(self, points=(*self.points, (point, inside)))

    def with_box(self, start: PixelPoint, end: PixelPoint) -> Prompts:
        """Another box, from any corner to the opposite one; what was shown before is forgotten."""
        top_left = PixelPoint(min(start.x, end.x), min(start.y, end.y))
        return Prompts(box=(top_left, PixelPoint(max(start.x, end.x), max(start.y, end.y))))

    def without_last(self) -> Prompts:
        """The last point taken back, or, where there is none, the box."""
        return replace(self, points=self.points[:-1]) if self.points else Prompts()

    def arrays(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int8]]:
        """As the live service takes them: (N, 2) float32 x and y, px, and (N,) int8."""
        corners = () if self.box is None else ((self.box[0], TOP_LEFT), (self.box[1], BOTTOM_RIGHT))
        marks = ((point, INSIDE if inside else OUTSIDE) for point, inside in self.points)
        rows = [*corners, *marks]
        places = np.array([point for point, _ in rows], dtype=np.float32).reshape(-1, 2)
        return places, np.array([mark for _, mark in rows], dtype=np.int8)


def region_of(mask: Mask) -> Region | None:
    """The True pixels of an (H, W) mask, None where there is none."""
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return None
    window = PixelWindow(int(rows[0]), int(cols[0]), int(rows[-1] - rows[0]) + 1, int(cols[-1] - cols[0]) + 1)
    return Region(window, np.ascontiguousarray(mask[window.slices]))
