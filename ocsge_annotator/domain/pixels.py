# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels of a patch: points, windows, regions. Pixel (row, col) covers [col, col+1) x [row, row+1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class PixelPoint(NamedTuple):
    """A position on the patch, fractional px: `x` along columns, `y` along rows, origin at the top left."""

    x: float
    y: float


class Shape(NamedTuple):
    """Size of a patch, px."""

    height: int
    width: int


@dataclass(frozen=True)
class PixelWindow:
    """A rectangle of whole pixels.

    Attributes:
        row: first row.
        col: first column.
        height: number of rows, at least 1.
        width: number of columns, at least 1.
    """

    row: int
    col: int
    height: int
    width: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of the window in an (H, W) array."""
        return slice(self.row, self.row + self.height), slice(self.col, self.col + self.width)

    def union(self, other: PixelWindow) -> PixelWindow:
        """The smallest window that holds both."""
        row, col = min(self.row, other.row), min(self.col, other.col)
        bottom = max(self.row + self.height, other.row + other.height)
        right = max(self.col + self.width, other.col + other.width)
        return PixelWindow(row, col, bottom - row, right - col)

    def grown(self, margin_px: int, shape: tuple[int, int]) -> PixelWindow:
        """The window with a margin on each side, inside a patch of `shape`."""
        row, col = max(0, self.row - margin_px), max(0, self.col - margin_px)
        bottom = min(shape[0], self.row + self.height + margin_px)
        right = min(shape[1], self.col + self.width + margin_px)
        return PixelWindow(row, col, bottom - row, right - col)


@dataclass(frozen=True)
class Region:
    """A set of pixels.

    Attributes:
        window: rectangle that holds them, inside the patch.
        mask: (window.height, window.width) bool, True on the pixels of the set.
    """

    window: PixelWindow
    mask: Mask


def clip_window(shape: Shape, top: float, left: float, bottom: float, right: float) -> PixelWindow | None:
    """Whole pixels of the patch touched by a rectangle in fractional pixels, None outside the patch."""
    first_row, first_col = max(0, int(np.floor(top))), max(0, int(np.floor(left)))
    last_row = min(shape.height - 1, int(np.floor(bottom)))
    last_col = min(shape.width - 1, int(np.floor(right)))
    if last_row < first_row or last_col < first_col:
        return None
    return PixelWindow(first_row, first_col, last_row - first_row + 1, last_col - first_col + 1)


def changed_window(before: Labels, after: Labels) -> PixelWindow | None:
    """Bounding window of the pixels that differ between two arrays of one shape, None where none does."""
    differs = before != after
    rows, cols = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not rows.size:
        return None
    row, col = int(rows[0]), int(cols[0])
    return PixelWindow(row, col, int(rows[-1]) - row + 1, int(cols[-1]) - col + 1)
