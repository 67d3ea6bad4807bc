# SPDX-License-Identifier: GPL-2.0-or-later
"""The ring of pixels around a block, from the rims of its eight neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inference_backend.postprocess.blockwise import BlockRegions
from inference_backend.postprocess.types import I32

Block = tuple[int, int]


@dataclass(frozen=True)
class Rims:
    """First and last row and column of a block, as final regions; -1 outside the image."""

    north: I32
    south: I32
    west: I32
    east: I32

    @classmethod
    def of(cls, part: BlockRegions, number: I32) -> Rims:
        """The rims of `part`, whose regions have become `number`."""
        final = np.append(number, np.int32(-1)).astype(np.int32)
        return cls(final[part.north], final[part.south], final[part.west], final[part.east])


def ring_of(block: Block, rims: Mapping[Block, Rims]) -> tuple[I32, I32, I32, I32]:
    """Final regions of the pixels around a block; -1 beyond the raster.

    Args:
        block: row and column.
        rims: of all blocks.

    Returns:
        Row above and row below, (w + 2,) with their corners; column before and column after, (h,).
    """
    row, col = block
    own = rims[block]
    width, height = len(own.north), len(own.west)

    def line(name: str, neighbour: Block, length: int) -> I32:
        found = rims.get(neighbour)
        values: I32 = np.full(length, -1, np.int32) if found is None else getattr(found, name)
        return values

    def rim_row(at: int, name: str) -> I32:
        west = line(name, (at, col - 1), 1)[-1:]
        east = line(name, (at, col + 1), 1)[:1]
        return np.concatenate((west, line(name, (at, col), width), east))

    return (
        rim_row(row - 1, "south"),
        rim_row(row + 1, "north"),
        line("east", (row, col - 1), height),
        line("west", (row, col + 1), height),
    )
