# SPDX-License-Identifier: GPL-2.0-or-later
"""One tile: what the network sees."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """One input window, a square with a margin around it; all in pixels of the raster.

    Attributes:
        row: first row inside the margin.
        col: first column inside the margin.
        core_px: side of what is inside; the last one of a row may reach beyond the raster.
        margin_px: what is read around it on each side.
    """

    row: int
    col: int
    core_px: int
    margin_px: int
