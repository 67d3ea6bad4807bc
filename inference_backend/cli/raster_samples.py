# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles drawn from the user's rasters, for work that needs examples rather than the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inference_backend.progress import Progress

if TYPE_CHECKING:
    from inference_backend.models.reader import ModelFile
    from inference_backend.predict.inputs.band_sources import BandChoice
    from inference_backend.predict.inputs.input_stack import InputStack
    from inference_backend.runtime.agreement import Sample

MIN_TILES = 4
_MIN_IMAGE_SHARE = 0.5
"""Of a tile's pixels: emptier ones tell nothing of the ranges of values."""


def draw_samples(
    rasters: Sequence[str | Path],
    model: ModelFile,
    choice: BandChoice,
    wanted: int,
    progress: Progress,
    *,
    resample: bool = False,
    crs: str | None = None,
    seed: int = 0,
) -> list[Sample]:
    """Tiles that do not overlap, drawn at random over the whole extent.

    Args:
        rasters: files that together hold the model's bands.
        model: gives bands and tile.
        choice: bands and constants given explicitly.
        wanted: how many tiles at most.
        progress: told after each tile.
        resample: bring the rasters to the model's resolution.
        crs: coordinate system that stands in for the rasters' own.
        seed: the same one draws the same tiles.

    Raises:
        RasterError: a raster that cannot be used, or too few tiles in it.
        Cancelled: the user stopped.
    """
    from inference_backend.predict.inputs.band_sources import find_bands
    from inference_backend.predict.inputs.input_stack import open_stack
    from inference_backend.predict.inputs.raster_checks import parse_crs
    from inference_backend.runtime.quantise_errors import TooFewTilesError

    card = model.card
    bands = find_bands(rasters, card, choice)
    samples: list[Sample] = []
    with open_stack(bands, card, resample=resample, crs=parse_crs(crs)) as stack:
        for sample in _shuffled(stack, card.tile_px, seed):
            samples.append(sample)
            progress.update(len(samples) / wanted)
            if len(samples) == wanted:
                break
    if len(samples) < MIN_TILES:
        path = ", ".join(str(raster) for raster in rasters)
        raise TooFewTilesError(path=path, found=len(samples), needed=MIN_TILES, tile_px=card.tile_px)
    return samples


def _shuffled(stack: InputStack, tile_px: int, seed: int) -> Iterator[Sample]:
    from inference_backend.predict.blocks.tile_plan import Tile

    height, width = stack.grid.shape
    corners = [
        (row, col)
        for row in range(0, height - tile_px + 1, tile_px)
        for col in range(0, width - tile_px + 1, tile_px)
    ]
    for i in np.random.default_rng(seed).permutation(len(corners)):
        row, col = corners[i]
        read = stack.read(Tile(row, col, tile_px, 0))
        if read.inside.mean() >= _MIN_IMAGE_SHARE:
            yield read.values[None], read.inside
