# SPDX-License-Identifier: GPL-2.0-or-later
"""How a raster is cut into blocks, and a block into overlapping tiles whose cores cover each pixel once.

The lattice is a function of the model, the raster's size and the options alone: whoever works on a block, and
in which order, the pixels are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inference_backend.predict.blocks.tile_plan import Tile

PYRAMID = 4
"""A block is so many COG tiles wide, so that its own two overviews end at its edges."""
SIDE_MULTIPLE_PX = 16 * PYRAMID  # a TIFF tile is a multiple of 16
MIN_SIDE_PX, TARGET_SIDE_PX, MAX_SIDE_PX = 1024, 2048, 4096
"""A block is what an interrupted run may lose, and what travels to a worker."""


@dataclass(frozen=True, order=True)
class Block:
    """A square of the lattice: its row and column, counted in blocks."""

    row: int
    col: int


@dataclass(frozen=True)
class TileInBlock:
    """A tile and the pixels of its block that it decides.

    Attributes:
        tile: input window, in pixels of the raster.
        rows: core, in pixels of the block.
        cols: core, in pixels of the block.
    """

    tile: Tile
    rows: slice
    cols: slice


@dataclass(frozen=True)
class Lattice:
    """Blocks of `side_px`, each cut into `tiles` x `tiles` tiles.

    Attributes:
        shape: (rows, columns) of the raster.
        tile_px: side of the network's input.
        margin_px: least distance of a core to its tile's edge.
        tiles: per side of a block.
        side_px: of a block; a multiple of `SIDE_MULTIPLE_PX`.
    """

    shape: tuple[int, int]
    tile_px: int
    margin_px: int
    tiles: int
    side_px: int

    @property
    def cog_tile_px(self) -> int:
        """Side of the COG's tiles."""
        return self.side_px // PYRAMID

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of blocks."""
        return -(-self.shape[0] // self.side_px), -(-self.shape[1] // self.side_px)

    def __len__(self) -> int:
        return self.size[0] * self.size[1]

    def __iter__(self) -> Iterator[Block]:
        for row in range(self.size[0]):
            for col in range(self.size[1]):
                yield Block(row, col)

    def place(self, block: Block) -> tuple[slice, slice]:
        """Rows and columns of the raster that a block covers."""
        starts = (block.row * self.side_px, block.col * self.side_px)
        rows, cols = (
            slice(start, min(start + self.side_px, size))
            for start, size in zip(starts, self.shape, strict=True)
        )
        return rows, cols

    def block_shape(self, block: Block) -> tuple[int, int]:
        """(rows, columns) of a block inside the raster."""
        rows, cols = self.place(block)
        return rows.stop - rows.start, cols.stop - cols.start

    def tiles_of(self, block: Block) -> Iterator[TileInBlock]:
        """Tiles of a block, row by row; none that decides nothing."""
        place = self.place(block)
        core_px = self.tile_px - 2 * self.margin_px
        for rows in self._cores(place[0]):
            for cols in self._cores(place[1]):
                tile = Tile(place[0].start + rows.start, place[1].start + cols.start, core_px, self.margin_px)
                yield TileInBlock(tile, rows, cols)

    def tile_count(self, block: Block) -> int:
        """How many tiles `tiles_of` gives."""
        rows, cols = (len(list(self._cores(span))) for span in self.place(block))
        return rows * cols

    def _cores(self, span: slice) -> Iterator[slice]:
        """Cores along one side: evenly spread over a whole block, cut at the raster's edge."""
        length = span.stop - span.start
        for i in range(self.tiles):
            start, stop = (j * self.side_px // self.tiles for j in (i, i + 1))
            if start < length:
                yield slice(start, min(stop, length))


def make_lattice(
    shape: tuple[int, int], tile_px: int, margin_px: int, max_side_px: int = MAX_SIDE_PX
) -> Lattice:
    """The lattice of a raster of `shape`, whose blocks fit whole numbers of tiles best.

    Args:
        shape: (rows, columns).
        tile_px: side of the network's input.
        margin_px: around each core; less than half of `tile_px`.
        max_side_px: limit to a block's memory.
    """
    core_px = tile_px - 2 * margin_px
    limit = max(SIDE_MULTIPLE_PX, min(MAX_SIDE_PX, max_side_px))
    sides = []
    for tiles in range(1, max(1, -(-limit // core_px)) + 1):
        side = min(tiles * core_px, limit) // SIDE_MULTIPLE_PX * SIDE_MULTIPLE_PX
        sides.append((tiles, side))
    fitting = [(tiles, side) for tiles, side in sides if side >= min(MIN_SIDE_PX, limit)]
    if not fitting:  # a core larger than any block, or smaller than a COG tile
        return Lattice(shape, tile_px, margin_px, max(1, -(-limit // core_px)), limit)
    tiles, side = min(fitting, key=lambda pair: _loss(pair[0], pair[1], core_px))
    return Lattice(shape, tile_px, margin_px, tiles, side)


def _loss(tiles: int, side_px: int, core_px: int) -> float:
    """Share of the work lost to tiles set closer than they need be, and a little for an unusual size."""
    closer = (tiles * core_px / side_px) ** 2 - 1
    unusual = abs(side_px / TARGET_SIDE_PX - 1)
    return closer + 0.01 * unusual
