# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts finished blocks together as a Cloud Optimized GeoTIFF: by copying, in constant memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from inference_backend.contracts.prediction import NODATA
from inference_backend.grid import Grid
from inference_backend.predict.blocks.block_file import (
    LEVELS,
    BlockIndex,
    bytes_with_ends,
    decode_tile,
    level_size,
    read_index,
    read_pieces,
)
from inference_backend.predict.blocks.lattice import Block, Lattice
from inference_backend.predict.cog.band_statistics import statistics_tags
from inference_backend.predict.cog.tiff_header import (
    NODATA_TAG,
    Directory,
    LevelTable,
    Tag,
    make_header,
    read_tags,
)
from inference_backend.predict.cog.upper_levels import UpperLevels
from inference_backend.runtime.threads import usable_threads

U8 = NDArray[np.uint8]
Report = Callable[[float], None]

_SURVEY_SHARE = 0.1  # of the work: reading where everything is
_READ_AT_ONCE = 4
_KEPT_TAGS = (33550, 33922, 34264, 34735, 34736, 34737, 42112)


@dataclass(frozen=True)
class CogText:
    """What a file says of itself.

    Attributes:
        bands: a name per band.
        tags: metadata of the file.
    """

    bands: Sequence[str]
    tags: Mapping[str, str]


@dataclass(frozen=True)
class CogMaker:
    """Makes one COG.

    Attributes:
        grid: of the output.
        lattice: of the blocks.
        text: names and metadata.
        files: block file of each block that holds data.
    """

    grid: Grid
    lattice: Lattice
    text: CogText
    files: Mapping[Block, Path]

    def write(self, target: Path, spool: Path, report: Report) -> None:
        """Write the COG.

        Args:
            target: to write; a half-written one stays behind an error.
            spool: temporary file for the upper overviews.
            report: told the share done; raises to cancel.

        Raises:
            OSError: the disk is full or gone.
        """
        with UpperLevels(self.lattice, len(self.text.bands), spool) as upper:
            tables, histograms = self._survey(upper, report)
            levels = [*self._level_tables(tables), *upper.tables()]
            metadata, nodata = self._described(histograms)
            with target.open("wb") as file:
                file.write(make_header(levels, self.lattice.cog_tile_px, metadata, nodata))
                for level in reversed(range(LEVELS, len(levels))):
                    upper.copy(level, file)
                self._copy_blocks(file, report)
                file.flush()
                os.fsync(file.fileno())

    def _survey(
        self, upper: UpperLevels, report: Report
    ) -> tuple[list[NDArray[np.int64]], NDArray[np.uint64]]:
        """Length of every tile of the lower levels, and the histogram of every band."""
        bands, tile_px = len(self.text.bands), self.lattice.cog_tile_px
        sizes = [level_size(self.lattice.shape, tile_px, level) for level in range(LEVELS)]
        tables = [np.zeros((*size, bands), np.int64) for size in sizes]
        histograms = np.zeros((bands, 256), np.uint64)
        for number, (block, read) in enumerate(self._read_blocks(), start=1):
            report(_SURVEY_SHARE * number / len(self.lattice))
            if read is None:
                height, width = self.lattice.block_shape(block)
                histograms[:, NODATA] += np.uint64(height * width)
                continue
            index, top = read
            histograms += index.histograms
            for level, table in enumerate(tables):
                lengths = index.level_lengths(level)
                per_block = 2 ** (LEVELS - 1 - level)
                row, col = block.row * per_block, block.col * per_block
                table[row : row + lengths.shape[0], col : col + lengths.shape[1]] = lengths
            upper.add(block, top)
        upper.finish()
        return tables, histograms

    def _read_blocks(self) -> Iterator[tuple[Block, tuple[BlockIndex, U8] | None]]:
        """Index and highest overview of each block, None without data; a few are read ahead in threads."""
        threads, blocks = usable_threads(), iter(self.lattice)
        with ThreadPoolExecutor(threads) as pool:
            while some := list(islice(blocks, _READ_AT_ONCE * threads)):
                yield from zip(some, pool.map(_read_block, map(self.files.get, some)), strict=True)

    def _level_tables(self, tables: Sequence[NDArray[np.int64]]) -> Iterator[LevelTable]:
        wanted = level_count(self.lattice)
        for level, table in enumerate(tables[:wanted]):
            height, width = (-(-size // 2**level) for size in self.lattice.shape)
            yield LevelTable((height, width), table)

    def _copy_blocks(self, file: BinaryIO, report: Report) -> None:
        """Tiles of the lower levels, row of blocks by row."""
        levels = min(LEVELS, level_count(self.lattice))
        rows, cols = self.lattice.size
        for done, level in enumerate(reversed(range(levels))):
            for row in range(rows):
                report(_SURVEY_SHARE + (1 - _SURVEY_SHARE) * (done + row / rows) / levels)
                start = file.tell()
                self._copy_row([Block(row, col) for col in range(cols)], level, file)
                _start_writing(file, start, file.tell())

    def _copy_row(self, blocks: Sequence[Block], level: int, file: BinaryIO) -> None:
        with ExitStack() as stack:
            opened = []
            for block in blocks:
                path = self.files.get(block)
                if path is not None:
                    index = read_index(path)
                    source = stack.enter_context(path.open("rb"))
                    source.seek(index.level_start(level))
                    opened.append((source, index.level_lengths(level)))
            for tile_row in range(max((len(lengths) for _, lengths in opened), default=0)):
                for source, lengths in opened:
                    if tile_row < len(lengths):
                        file.write(source.read(bytes_with_ends(lengths[tile_row])))

    def _described(self, histograms: NDArray[np.uint64]) -> tuple[Directory, Tag]:
        """Georeference and metadata as GDAL writes them, so that nobody need know how."""
        bands = len(self.text.bands)
        profile = {
            "driver": "GTiff",
            "width": 16,
            "height": 16,
            "count": bands,
            "dtype": "uint8",
            "crs": self.grid.crs,
            "transform": self.grid.transform,
            "nodata": NODATA,
            "photometric": "MINISBLACK",
            "ENDIANNESS": "LITTLE",
            "BIGTIFF": "NO",
            **({"ALPHA": "NO"} if bands in (2, 4) else {}),
        }
        with MemoryFile() as memory:
            with memory.open(**profile) as raster:
                raster.update_tags(**self.text.tags)
                for band, name in enumerate(self.text.bands, start=1):
                    raster.set_band_description(band, name)
                    raster.update_tags(band, **statistics_tags(histograms[band - 1]))
            tags = read_tags(bytes(memory.getbuffer()))
        return {number: tags[number] for number in _KEPT_TAGS if number in tags}, tags[NODATA_TAG]


def level_count(lattice: Lattice) -> int:
    """Levels of a COG: halved until one tile holds all of it."""
    longest, levels = max(lattice.shape), 1
    while longest > lattice.cog_tile_px * 2 ** (levels - 1):
        levels += 1
    return levels


def _start_writing(file: BinaryIO, start: int, end: int) -> None:
    """Let the system bring a part of the file to the disk now, so that little is left to wait for at the end.

    On Linux this is what the advice does to pages that were just written; nine of ten stay in memory.
    """
    if hasattr(os, "posix_fadvise"):
        file.flush()
        os.posix_fadvise(file.fileno(), start, end - start, os.POSIX_FADV_DONTNEED)


def _read_block(path: Path | None) -> tuple[BlockIndex, U8] | None:
    """Where a block's tiles are, and (B, tile, tile) uint8: the highest overview that it holds."""
    if path is None:
        return None
    index, top = read_index(path), LEVELS - 1
    with path.open("rb") as file:
        file.seek(index.level_start(top))
        pieces = read_pieces(file, index.level_lengths(top)[0, 0])
        return index, np.stack([decode_tile(piece, index.tile_px) for piece in pieces])
