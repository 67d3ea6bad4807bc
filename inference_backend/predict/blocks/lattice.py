# SPDX-License-Identifier: GPL-2.0-or-later
"""How a raster is cut into blocks, and a block into overlapping tiles whose cores cover each pixel once.

The lattice is a function of the model, the raster's size and the options alone: whoever works on a block, and
in which order, the pixels are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

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
        offset: row and column in the window where the core begins.
    """

    tile: Tile
    rows: slice
    cols: slice
    offset: tuple[int, int]


@dataclass(frozen=True)
class Lattice:
    """Blocks of `side_px`, each cut into `tiles` x `tiles` tiles.

    Attributes:
        shape: (rows, columns) of the raster.
        tile_px: side of the network's input.
        margin_px: least distance of a core to its tile's edge, but for edges of the raster.
        tiles: per side of a block within the raster.
        side_px: of a block; a multiple of `SIDE_MULTIPLE_PX`.
        edge_px: how much of the margin a tile at the raster's edge decides itself, `margin_px` or 0: there is
            nothing beyond but a mirror image.
        stays_inside: whether tiles at the raster's edge begin further inside rather than reach beyond it.
    """

    shape: tuple[int, int]
    tile_px: int
    margin_px: int
    tiles: int
    side_px: int
    edge_px: int = 0
    stays_inside: bool = False

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
        for rows in self._cores(place[0], self.shape[0]):
            top = self._window_start(place[0].start + rows.start, self.shape[0])
            for cols in self._cores(place[1], self.shape[1]):
                left = self._window_start(place[1].start + cols.start, self.shape[1])
                tile = Tile(top + self.margin_px, left + self.margin_px, core_px, self.margin_px)
                offset = place[0].start + rows.start - top, place[1].start + cols.start - left
                yield TileInBlock(tile, rows, cols, offset)

    def core(self, block: Block, place: TileInBlock) -> tuple[slice, slice]:
        """Rows and columns of the raster that a tile of a block decides."""
        rows, cols = (
            slice(span.start + core.start, span.start + core.stop)
            for span, core in zip(self.place(block), (place.rows, place.cols), strict=True)
        )
        return rows, cols

    def tile_count(self, block: Block) -> int:
        """How many tiles `tiles_of` gives."""
        rows, cols = (
            self._core_count(span, size) for span, size in zip(self.place(block), self.shape, strict=True)
        )
        return rows * cols

    def total_tiles(self) -> int:
        """Of all blocks."""
        down, across = (
            sum(
                self._core_count(slice(start, min(start + self.side_px, size)), size)
                for start in range(0, size, self.side_px)
            )
            for size in self.shape
        )
        return down * across

    def _cores(self, span: slice, size: int) -> Iterator[slice]:
        """Cores along one side of a block, evenly spread but for the wider ones at the raster's edges.

        Args:
            span: of the block.
            size: of the raster.
        """
        count, length = self._core_count(span, size), span.stop - span.start
        if not self.edge_px:  # as in a whole block, cut at the raster's edge
            cuts = [j * self.side_px // self.tiles for j in range(count)]
        else:
            before, after = self._wider(span, size)
            cuts = [0, *(before + j * (length - before - after) // count for j in range(1, count))]
        for start, stop in pairwise([*cuts, length]):
            yield slice(start, stop)

    def _core_count(self, span: slice, size: int) -> int:
        length: int = span.stop - span.start
        if not self.edge_px:
            return -(-length * self.tiles // self.side_px)
        core_px = self.tile_px - 2 * self.margin_px
        return max(1, -(-(length - sum(self._wider(span, size))) // core_px))

    def _wider(self, span: slice, size: int) -> tuple[int, int]:
        """By how much the first core of a block and its last one may be wider than the others."""
        return self.edge_px * (span.start == 0), self.edge_px * (span.stop == size)

    def _window_start(self, core_start: int, size: int) -> int:
        """Where the tile of a core begins: inside the raster where there is to be no mirror image."""
        start = core_start - self.margin_px
        if not self.stays_inside:
            return start
        if size < self.tile_px:
            return (size - self.tile_px) // 2
        return min(max(start, 0), size - self.tile_px)


def make_lattice(
    shape: tuple[int, int],
    tile_px: int,
    margin_px: int,
    max_side_px: int = MAX_SIDE_PX,
    *,
    to_the_edge: bool = False,
) -> Lattice:
    """The lattice of a raster of `shape`, whose blocks fit whole numbers of tiles best.

    Args:
        shape: (rows, columns).
        tile_px: side of the network's input.
        margin_px: around each core; less than half of `tile_px`.
        max_side_px: limit to a block's memory.
        to_the_edge: let tiles at the raster's edge end there and decide what lies along it, where that makes
            them fewer.
    """
    core_px = tile_px - 2 * margin_px
    limit = max(SIDE_MULTIPLE_PX, min(MAX_SIDE_PX, max_side_px))
    sides = [
        (tiles, min(tiles * core_px, limit) // SIDE_MULTIPLE_PX * SIDE_MULTIPLE_PX)
        for tiles in range(1, max(1, -(-limit // core_px)) + 1)
    ]
    fitting = [(tiles, side) for tiles, side in sides if side >= min(MIN_SIDE_PX, limit)]
    if not fitting:  # a core larger than any block, or smaller than a COG tile
        fitting = [(max(1, -(-limit // core_px)), limit)]
    tiles, side = min(fitting, key=lambda pair: _loss(pair[0], pair[1], core_px))
    plain = Lattice(shape, tile_px, margin_px, tiles, side)
    if not to_the_edge:
        return plain
    whole = -(-max(shape) // SIDE_MULTIPLE_PX) * SIDE_MULTIPLE_PX
    wider = [replace(plain, edge_px=margin_px, stays_inside=True)]
    if MIN_SIDE_PX <= whole <= limit:
        wider.append(replace(wider[0], side_px=whole, tiles=-(-whole // core_px)))
    # Without a margin both have the same tiles, but for those that would be filled up.
    return min(wider if margin_px == 0 else [plain, *wider], key=Lattice.total_tiles)


def _loss(tiles: int, side_px: int, core_px: int) -> float:
    """Share of the work lost to tiles set closer than they need be, and a little for an unusual size."""
    closer = (tiles * core_px / side_px) ** 2 - 1
    unusual = abs(side_px / TARGET_SIDE_PX - 1)
    return closer + 0.01 * unusual
