# SPDX-License-Identifier: GPL-2.0-or-later
"""Which blocks of a sparse TIFF were never written: places without image, known without reading a pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rasterio import DatasetReader


class MissingBlocks:
    """Blocks of some bands of one TIFF; a block is missing where every one of the bands lacks it."""

    def __init__(self, raster: DatasetReader, bands: Sequence[int]) -> None:
        self._raster = raster
        self._bands = [bands[0]] if raster.profile.get("interleave") == "pixel" else list(bands)
        self._height_px, self._width_px = raster.block_shapes[bands[0] - 1]
        self._known: dict[tuple[int, int], bool] = {}

    @classmethod
    def of(cls, raster: DatasetReader, bands: Sequence[int]) -> MissingBlocks | None:
        """The missing blocks of `bands` (1-based), None for a raster that does not tell."""
        shapes = {raster.block_shapes[band - 1] for band in bands}
        is_tiff = raster.driver == "GTiff" and len(shapes) == 1
        return cls(raster, bands) if is_tiff else None

    def all_missing(self, rows: slice, cols: slice) -> bool:
        """Whether every block of a window of the raster's own pixels is missing."""
        return all(
            self._is_missing(row, col)
            for row in self._places(rows, self._height_px)
            for col in self._places(cols, self._width_px)
        )

    def present(self, rows: slice, cols: slice) -> NDArray[np.bool_] | None:
        """(H, W) bool, False in missing blocks; None where no block of the window is missing."""
        down, across = self._places(rows, self._height_px), self._places(cols, self._width_px)
        found = [[self._is_missing(row, col) for col in across] for row in down]
        if not any(map(any, found)):
            return None
        missing = np.array(found)
        spread = np.repeat(np.repeat(~missing, self._height_px, axis=0), self._width_px, axis=1)
        top, left = rows.start - down.start * self._height_px, cols.start - across.start * self._width_px
        kept: NDArray[np.bool_] = spread[
            top : top + rows.stop - rows.start, left : left + cols.stop - cols.start
        ]
        return kept

    def _places(self, span: slice, size: int) -> range:
        return range(span.start // size, -(-span.stop // size))

    def _is_missing(self, row: int, col: int) -> bool:
        place = (row, col)
        if place not in self._known:
            name = f"BLOCK_OFFSET_{col}_{row}"
            self._known[place] = all(
                self._raster.get_tag_item(name, "TIFF", bidx=band) is None for band in self._bands
            )
        return self._known[place]
