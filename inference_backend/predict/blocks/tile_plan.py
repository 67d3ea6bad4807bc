# SPDX-License-Identifier: GPL-2.0-or-later
"""How a raster is cut into overlapping tiles whose cores cover each pixel once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """One input window and the core that it decides; all in pixels of the raster.

    Attributes:
        row: first row of the core.
        col: first column of the core.
        core_px: side of the core; the last one of a row may reach beyond the raster.
        margin_px: what is read around the core on each side, and dropped from the result.
    """

    row: int
    col: int
    core_px: int
    margin_px: int

    def clipped(self, shape: tuple[int, int]) -> tuple[slice, slice]:
        """Rows and columns of the input window that exist in a raster of `shape`."""
        rows, cols = ((max(0, a), min(size, b)) for (a, b), size in zip(self._spans(), shape, strict=True))
        return slice(*rows), slice(*cols)

    def padding(self, shape: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
        """Pixels of the input window missing (above, left) and (below, right) in a raster of `shape`."""
        before, after = [], []
        for (start, stop), size in zip(self._spans(), shape, strict=True):
            before.append(max(0, -start))
            after.append(max(0, stop - size))
        return (before[0], before[1]), (after[0], after[1])

    def core(self, shape: tuple[int, int]) -> tuple[slice, slice]:
        """Rows and columns that the core decides in a raster of `shape`."""
        return (
            slice(self.row, min(self.row + self.core_px, shape[0])),
            slice(self.col, min(self.col + self.core_px, shape[1])),
        )

    def _spans(self) -> tuple[tuple[int, int], tuple[int, int]]:
        reach = self.core_px + self.margin_px
        return (
            (self.row - self.margin_px, self.row + reach),
            (self.col - self.margin_px, self.col + reach),
        )


@dataclass(frozen=True)
class TilePlan:
    """All tiles of a raster, row by row."""

    shape: tuple[int, int]
    tile_px: int
    margin_px: int

    @property
    def core_px(self) -> int:
        """Side of a core."""
        return self.tile_px - 2 * self.margin_px

    def __len__(self) -> int:
        rows, cols = (-(-size // self.core_px) for size in self.shape)
        return rows * cols

    def __iter__(self) -> Iterator[Tile]:
        for row in range(0, self.shape[0], self.core_px):
            for col in range(0, self.shape[1], self.core_px):
                yield Tile(row, col, self.core_px, self.margin_px)
