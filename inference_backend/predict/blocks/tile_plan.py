# SPDX-License-Identifier: GPL-2.0-or-later
"""One tile: what the network sees, and what of it is kept."""

from __future__ import annotations

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

    def core(self, shape: tuple[int, int]) -> tuple[slice, slice]:
        """Rows and columns that the core decides in a raster of `shape`."""
        return (
            slice(self.row, min(self.row + self.core_px, shape[0])),
            slice(self.col, min(self.col + self.core_px, shape[1])),
        )
