# SPDX-License-Identifier: GPL-2.0-or-later
"""What was refused for a minimum area, and whether a later gesture is the same one made again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inference_backend.contracts.lot import Operation
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.rings import Polygon

Box = tuple[float, float, float, float]
"""Least x and y, greatest x and y, in the lot's CRS."""


@dataclass(frozen=True)
class Refusal:
    """A gesture that was refused.

    Attributes:
        operation: its name in the journal.
        front: polygon in front when it was made, None without one.
        boxes: around each polygon that it would have brought under its minimum area.
    """

    operation: Operation
    front: str | None
    boxes: tuple[Box, ...]

    def is_repeated_by(self, later: Refusal) -> bool:
        """Whether a later one, be its line another, brings the same ground under its minimum and no other."""
        if (later.operation, later.front) != (self.operation, self.front):
            return False
        return all(any(_holds_centre(box, new) for box in self.boxes) for new in later.boxes)


def boxes_of(rows: Iterable[PolygonRow]) -> tuple[Box, ...]:
    """Around each polygon."""
    return tuple(_box(row.polygon) for row in rows)


def _box(polygon: Polygon) -> Box:
    xs, ys = zip(*polygon[0])
    return min(xs), min(ys), max(xs), max(ys)


def _holds_centre(box: Box, other: Box) -> bool:
    x, y = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
