# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments of a patch at several scales, and the quick way from a position to the segment under it.

Each scale is a partition of the patch; each coarser one is a union of segments of the finer one before it.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ocsge_annotator.domain.pixels import Mask, PixelPoint, PixelWindow, Region, Shape

SegmentStack = npt.NDArray[np.uint16]
Pixels = npt.NDArray[np.signedinteger]


class Segments:
    """The segments of one patch, seen at one scale at a time.

    A scale is sorted by segment when it is first asked for (some milliseconds); from then on a segment costs
    as much as it has pixels.

    Args:
        stack: (S, H, W) uint16, ids by scale, finest first.
    """

    def __init__(self, stack: SegmentStack) -> None:
        if stack.ndim != 3 or not stack.size:
            raise ValueError(f"segments are (S, H, W), not {stack.shape}")
        self.stack = stack
        self._scale = len(stack) // 2
        self._sorted: dict[int, tuple[Pixels, Pixels]] = {}

    @property
    def shape(self) -> Shape:
        """Size of the patch."""
        return Shape(*self.stack.shape[1:])

    @property
    def scale_count(self) -> int:
        """Number of scales."""
        return len(self.stack)

    @property
    def scale(self) -> int:
        """The scale in force, 0 for the finest."""
        return self._scale

    def use_scale(self, scale: int) -> bool:
        """Put a scale in force, the nearest there is; whether it is another than before."""
        before, self._scale = self._scale, min(max(scale, 0), self.scale_count - 1)
        return self._scale != before

    @property
    def ids(self) -> npt.NDArray[np.uint16]:
        """(H, W) uint16 of the scale in force."""
        ids: npt.NDArray[np.uint16] = self.stack[self._scale]
        return ids

    def count(self) -> int:
        """Number of segments of the scale in force."""
        return int(np.count_nonzero(np.diff(self._index()[1])))

    def prepare(self) -> None:
        """Sort every scale now, so that no first question is slow."""
        for scale in range(self.scale_count):
            self._index(scale)

    def id_at(self, point: PixelPoint) -> int | None:
        """Segment under a position, None outside the patch."""
        row, col = math.floor(point.y), math.floor(point.x)
        height, width = self.shape
        return int(self.ids[row, col]) if 0 <= row < height and 0 <= col < width else None

    def region_at(self, point: PixelPoint) -> Region | None:
        """The segment under a position, None outside the patch."""
        segment = self.id_at(point)
        return None if segment is None else self.region_of(segment)

    def region_of(self, segment: int) -> Region:
        """The pixels of a segment.

        Raises:
            KeyError: no pixel has this id at the scale in force.
        """
        order, starts = self._index()
        if not 0 <= segment < len(starts) - 1 or starts[segment] == starts[segment + 1]:
            raise KeyError(segment)
        pixels = order[starts[segment] : starts[segment + 1]]
        width = self.shape.width
        rows, cols = pixels // width, pixels % width
        top, left = int(rows[0]), int(cols.min())  # the sort is stable: rows stay in reading order
        window = PixelWindow(top, left, int(rows[-1]) - top + 1, int(cols.max()) - left + 1)
        mask = np.zeros((window.height, window.width), dtype=bool)
        mask[rows - top, cols - left] = True
        return Region(window, mask)

    def ids_along(self, start: PixelPoint, end: PixelPoint) -> list[int]:
        """Segments that a straight way crosses, in the order in which it meets them."""
        steps = max(1, math.ceil(2 * max(abs(end.x - start.x), abs(end.y - start.y))))
        share = np.linspace(0.0, 1.0, steps + 1)
        cols = np.floor(start.x + share * (end.x - start.x)).astype(np.int64)
        rows = np.floor(start.y + share * (end.y - start.y)).astype(np.int64)
        height, width = self.shape
        inside = (rows >= 0) & (rows < height) & (cols >= 0) & (cols < width)
        return list(dict.fromkeys(self.ids[rows[inside], cols[inside]].tolist()))

    def _index(self, scale: int | None = None) -> tuple[Pixels, Pixels]:
        """Pixels of a scale sorted by segment, and where each segment begins among them."""
        scale = self._scale if scale is None else scale
        if scale not in self._sorted:
            ids = self.stack[scale].ravel()
            order = np.argsort(ids, kind="stable").astype(np.int32)
            counts = np.bincount(ids)
            self._sorted[scale] = (order, np.concatenate(([0], np.cumsum(counts))))
        return self._sorted[scale]


def outline_of(mask: Mask) -> Mask:
    """The pixels of a mask that touch what is outside it, the border of the array included."""
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inner
