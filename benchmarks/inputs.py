# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters to measure on, made with a fixed seed: a smooth random photograph, and a large one nearly empty."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.windows import Window

from inference_backend.contracts.model_card import ModelCard

RESOLUTION_M = 0.2
BLOCK_PX = 512
CELL_PX = 32
"""Size of the random cells: of the order of a building, so that files compress as photographs do."""
NOISE = 10
_STRIP_PX = 2048


def km2(side_px: int) -> float:
    """Area of a square raster, km²."""
    return (side_px * RESOLUTION_M / 1000) ** 2


def write_ortho(
    path: Path, side_px: int, bands: Sequence[str] = ("red", "green", "blue"), height_px: int | None = None
) -> Path:
    """Write `side_px` squared pixels of bytes, or less high ones, one band per name, at 0.2 m."""
    height_px = height_px or side_px
    with rasterio.open(path, "w", **{**_profile(side_px, len(bands)), "height": height_px}) as raster:
        raster.descriptions = tuple(bands)
        for index, _ in enumerate(bands, start=1):
            field = _Field(side_px, seed=index)
            for row in range(0, height_px, _STRIP_PX):
                rows = min(_STRIP_PX, height_px - row)
                raster.write(field.strip(row, rows), index, window=Window(0, row, side_px, rows))
    return path


def write_for(card: ModelCard, path: Path, side_px: int, height_px: int | None = None) -> Path:
    """The same with the bands of a model, heights being bytes too: one file that every tool can read."""
    return write_ortho(path, side_px, [band.name for band in card.bands], height_px)


def write_sparse(path: Path, side_px: int, bands: Sequence[str], filled_px: int = 2048) -> Path:
    """Write a raster of which three squares of `filled_px` hold an image and nothing else is stored."""
    options = {**_profile(side_px, len(bands)), "sparse_ok": True, "nodata": 0, "bigtiff": "yes"}
    side = side_px - side_px % BLOCK_PX - filled_px
    places = ((0, 0), (side // 2 // BLOCK_PX * BLOCK_PX, side // 3 // BLOCK_PX * BLOCK_PX), (side, side))
    with rasterio.open(path, "w", **options) as raster:
        raster.descriptions = tuple(bands)
        for index, _ in enumerate(bands, start=1):
            values = np.maximum(_Field(filled_px, seed=index).strip(0, filled_px), 1)
            for row, col in places:
                raster.write(values, index, window=Window(col, row, filled_px, filled_px))
    return path


class _Field:
    """A random field of 32 px cells, blurred, with a little noise; made strip by strip."""

    def __init__(self, side_px: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._side_px = side_px
        cells = -(-side_px // CELL_PX) + 2
        self._cells = self._random.uniform(30, 225, (cells, cells)).astype(np.float32)

    def strip(self, row: int, rows: int) -> NDArray[np.uint8]:
        down = _between(self._cells, np.arange(row, row + rows))
        smooth = _between(down.T, np.arange(self._side_px)).T
        smooth += self._random.integers(-NOISE, NOISE + 1, smooth.shape, np.int8)
        return smooth.astype(np.uint8)


def _between(cells: NDArray[np.float32], px: NDArray[np.int64]) -> NDArray[np.float32]:
    """Rows of `cells` at pixel places, linearly interpolated."""
    first, share = px // CELL_PX, (px % CELL_PX / CELL_PX).astype(np.float32)[:, None]
    return cells[first] * (1 - share) + cells[first + 1] * share


def _profile(side_px: int, bands: int) -> dict[str, Any]:
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "width": side_px,
        "height": side_px,
        "count": bands,
        "dtype": "uint8",
        "crs": "EPSG:2154",
        "transform": from_origin(700_000, 6_600_000, RESOLUTION_M, RESOLUTION_M),
        "tiled": True,
        "blockxsize": BLOCK_PX,
        "blockysize": BLOCK_PX,
        "interleave": "pixel",
        "photometric": "MINISBLACK",
        "compress": "deflate",
        "zlevel": 1,
    }
    return {**profile, "ALPHA": "NO"} if bands > 3 else profile
