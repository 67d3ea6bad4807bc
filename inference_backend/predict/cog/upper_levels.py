# SPDX-License-Identifier: GPL-2.0-or-later
"""Overviews above those that blocks hold: one row of tiles per level in memory, however large the raster."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.prediction import NODATA
from inference_backend.predict.blocks.block_file import LEVELS, encode_tile, level_size, with_ends
from inference_backend.predict.blocks.lattice import Block, Lattice
from inference_backend.predict.cog.tiff_header import LevelTable

U8 = NDArray[np.uint8]


class UpperLevels:
    """Takes blocks row by row, keeps compressed tiles in a temporary file, then copies them out.

    Args:
        lattice: of the blocks.
        bands: how many.
        spool: temporary file; removed at the end.
    """

    def __init__(self, lattice: Lattice, bands: int, spool: Path) -> None:
        self._tile_px, self._bands, self._spool = lattice.cog_tile_px, bands, spool
        self._shapes = []
        level = LEVELS
        while max(lattice.shape) > self._tile_px * 2 ** (level - 1):
            height, width = (-(-size // 2**level) for size in lattice.shape)
            self._shapes.append((height, width))
            level += 1
        sizes = [level_size(shape, self._tile_px, 0) for shape in self._shapes]
        self._lengths = [np.zeros((*size, bands), np.int64) for size in sizes]
        self._places = [np.zeros((*size, bands), np.int64) for size in sizes]
        self._strips = [np.full((bands, self._tile_px, width), NODATA, np.uint8) for _, width in self._shapes]
        self._dirty = [False] * len(self._shapes)
        self._row = [0] * len(self._shapes)
        self._half_row = 0

    def __enter__(self) -> UpperLevels:
        self._file: BinaryIO = self._spool.open("w+b")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._spool.unlink(missing_ok=True)

    def add(self, block: Block, top: U8) -> None:
        """Add a block by its highest overview (B, tile, tile); row by row."""
        if not self._shapes:
            return
        self._advance(0, block.row)
        half = self._tile_px // 2
        # The first upper level has two rows of blocks in each row of tiles.
        self._put(0, block.row % 2 * half, block.col * half, top[:, ::2, ::2])

    def finish(self) -> None:
        """Write out what is left."""
        for level in range(len(self._shapes)):
            self._flush(level)

    def tables(self) -> list[LevelTable]:
        """Lengths of the tiles of each level, from the first one that blocks do not hold."""
        return [LevelTable(*pair) for pair in zip(self._shapes, self._lengths, strict=True)]

    def copy(self, level: int, file: BinaryIO) -> None:
        """Append the tiles of an overview, counted from the full image as 0."""
        lengths, places = (table[level - LEVELS] for table in (self._lengths, self._places))
        for length, place in zip(lengths.ravel(), places.ravel(), strict=True):
            if length:
                self._file.seek(int(place))
                file.writelines(with_ends(self._file.read(int(length))))

    def _put(self, level: int, row: int, col: int, part: U8) -> None:
        strip = self._strips[level]
        width = min(part.shape[2], strip.shape[2] - col)
        strip[:, row : row + part.shape[1], col : col + width] = part[:, :, :width]
        self._dirty[level] = True

    def _advance(self, level: int, source_row: int) -> None:
        """Flush a level whose row of tiles ends before `source_row`, a row of the level below."""
        if source_row // 2 != self._row[level]:
            self._flush(level)
            self._row[level] = source_row // 2

    def _flush(self, level: int) -> None:
        if not self._dirty[level]:
            return
        row, strip, side = self._row[level], self._strips[level], self._tile_px
        for col in range(self._lengths[level].shape[1]):
            for band in range(self._bands):
                piece = encode_tile(strip[band, :, col * side : (col + 1) * side], side)
                self._lengths[level][row, col, band] = len(piece)
                self._places[level][row, col, band] = self._file.tell()
                self._file.write(piece)
        if level + 1 < len(self._shapes):
            self._advance(level + 1, row)
            self._put(level + 1, row % 2 * (side // 2), 0, strip[:, ::2, ::2])
        strip[:] = NODATA
        self._dirty[level] = False
