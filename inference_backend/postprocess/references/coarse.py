# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts of pixels on one coarse grid of the whole lot: predicted buildings and hints of the model.

Cells start at the raster's upper left corner. Counts are integers, so that parts of a cell counted in
several blocks add up to the same whatever the blocks are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import Window
from inference_backend.postprocess.types import BOOL, U8, PredictionPlanes
from inference_backend.work.spooled_array import spool

U16 = NDArray[np.uint16]


@dataclass(frozen=True)
class CoarsePlanes:
    """Counts in cells of `px` by `px` pixels.

    Attributes:
        px: side of a cell, pixels of the raster.
        row, col: cell of the whole grid at which the arrays start.
        inside: (h, w) uint16 pixels of the image.
        built: (h, w) uint16 pixels predicted as built.
        hints: use index to (h, w) uint16 pixels whose class suggests that use; only uses that occur.
    """

    px: int
    row: int
    col: int
    inside: U16
    built: U16
    hints: dict[int, U16]

    @classmethod
    def empty(cls, grid: Grid, px: int) -> CoarsePlanes:
        """Nothing counted, on the whole raster."""
        shape = (-(-grid.height_px // px), -(-grid.width_px // px))
        return cls(px, 0, 0, np.zeros(shape, np.uint16), np.zeros(shape, np.uint16), {})

    def add(self, part: CoarsePlanes) -> None:
        """Add the counts of a part; arrays of this object change."""
        rows = slice(part.row - self.row, part.row - self.row + part.inside.shape[0])
        cols = slice(part.col - self.col, part.col - self.col + part.inside.shape[1])
        self.inside[rows, cols] += part.inside
        self.built[rows, cols] += part.built
        for use, counts in part.hints.items():
            self.hints.setdefault(use, np.zeros_like(self.inside))[rows, cols] += counts

    def around(self, window: Window) -> CoarsePlanes:
        """The cells of `window` and their neighbours."""
        top, left = max(self.row, window.row // self.px - 1), max(self.col, window.col // self.px - 1)
        bottom, right = window.row + window.height - 1, window.col + window.width - 1
        rows = slice(top - self.row, max(0, bottom // self.px + 2 - self.row))
        cols = slice(left - self.col, max(0, right // self.px + 2 - self.col))
        hints = {use: counts[rows, cols].copy() for use, counts in self.hints.items()}
        return CoarsePlanes(
            self.px, top, left, self.inside[rows, cols].copy(), self.built[rows, cols].copy(), hints
        )

    def without_built(self) -> CoarsePlanes:
        """These planes once nobody asks for predicted buildings any more."""
        return replace(self, built=np.zeros((0, 0), np.uint16), hints=dict(sorted(self.hints.items())))

    def spooled(self, folder: Path) -> CoarsePlanes:
        """These planes in files of `folder`, see `spool`; for `around` alone."""
        hints = {use: spool(counts, folder / f"hints_{use}.npy") for use, counts in self.hints.items()}
        return replace(self, inside=spool(self.inside, folder / "inside.npy"), hints=hints)


def coarse_counts(planes: PredictionPlanes, window: Window, built: int, px: int) -> CoarsePlanes:
    """Counts over `window`, on the cells that it meets.

    Args:
        planes: the prediction in `window`.
        window: part of the whole raster.
        built: cover index of buildings.
        px: side of a cell.
    """
    row, col = window.row // px, window.col // px
    shape = (
        (window.row + window.height - 1) // px + 1 - row,
        (window.col + window.width - 1) // px + 1 - col,
    )
    inside, buildings = np.zeros(shape, np.uint16), np.zeros(shape, np.uint16)
    offset = (window.row - row * px, window.col - col * px)
    hints: dict[int, U16] = {}
    if planes.us_hint is None:
        _count(planes.cs, planes.inside, built, offset, px, inside, buildings)
    else:
        table = np.zeros((64, *shape), np.uint16)
        _count_hints(planes.cs, planes.inside, planes.us_hint, built, offset, px, inside, buildings, table)
        hints = {use: table[use].copy() for use in range(1, len(table)) if table[use].any()}
    return CoarsePlanes(px, row, col, inside, buildings, hints)


@njit(cache=True, nogil=True)
def _count(
    cs: U8, inside: BOOL, built: int, offset: tuple[int, int], px: int, inner: U16, buildings: U16
) -> None:
    for row in range(cs.shape[0]):
        i = (row + offset[0]) // px
        j, left = 0, px - offset[1]
        for col in range(cs.shape[1]):
            if left == 0:
                j, left = j + 1, px
            left -= 1
            inner[i, j] += inside[row, col]
            buildings[i, j] += inside[row, col] & (cs[row, col] == built)


@njit(cache=True, nogil=True)
def _count_hints(
    cs: U8,
    inside: BOOL,
    hint: U8,
    built: int,
    offset: tuple[int, int],
    px: int,
    inner: U16,
    buildings: U16,
    hints: NDArray[np.uint16],
) -> None:
    for row in range(cs.shape[0]):
        i = (row + offset[0]) // px
        j, left = 0, px - offset[1]
        for col in range(cs.shape[1]):
            if left == 0:
                j, left = j + 1, px
            left -= 1
            if inside[row, col]:
                inner[i, j] += 1
                buildings[i, j] += cs[row, col] == built
                if hint[row, col] > 0:
                    hints[hint[row, col], i, j] += 1
