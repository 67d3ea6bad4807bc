# SPDX-License-Identifier: GPL-2.0-or-later
"""The engine alone, on tiles that already lie in memory: what prediction is compared with."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from inference_backend.models.reader import ModelFile
from inference_backend.runtime.catalogue import usable_engines
from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.errors import EngineError
from inference_backend.runtime.openvino_engine import OpenvinoEngine

WARM_UP_TILES = 2
TRIAL_S = 3.0
Tiles = Sequence[NDArray[np.uint8]]


def read_tiles(raster: Path, tile_px: int, count: int = 8) -> Tiles:
    """`count` windows of the raster, (1, C, tile, tile) uint8."""
    with rasterio.open(raster) as source:
        steps = range(0, source.height - tile_px + 1, tile_px)
        places = itertools.islice(itertools.cycle(itertools.product(steps, steps)), count)
        return [source.read(window=Window(col, row, tile_px, tile_px))[None] for row, col in places]


def infer_all(engine: Engine, tiles: Tiles, count: int) -> float:
    """Seconds that `count` tiles take, in as many threads as the engine wants."""
    with ThreadPoolExecutor(engine.workers) as pool:
        _drain(pool, engine, tiles, WARM_UP_TILES * engine.workers)
        started = time.perf_counter()
        _drain(pool, engine, tiles, count)
        return time.perf_counter() - started


def _drain(pool: ThreadPoolExecutor, engine: Engine, tiles: Tiles, count: int) -> None:
    turns = itertools.islice(itertools.cycle(tiles), count)
    # Scores of a tile are some 20 MB: each is dropped as soon as it is there.
    for _ in pool.map(lambda values: _shape(engine.infer(values)), turns):
        pass


def _shape(scores: NDArray[Any]) -> tuple[int, ...]:
    return scores.shape


def label(engine: Engine) -> str:
    return f"{engine.name} {engine.precision}"


def open_plain(name: str, model: ModelFile) -> Engine:
    """An engine that runs the network as its file says, step by step.

    Raises:
        EngineError: it cannot.
    """
    return OpenvinoEngine(model, merge=False) if name == "openvino" else open_engine(name, model)


def fastest(model: ModelFile, tiles: Tiles) -> str:
    """Name of the engine of this machine that infers most tiles a second."""
    speeds: dict[str, float] = {}
    for name in [facts.name for facts in usable_engines()]:
        speeds[name] = _tiles_per_s(name, model, tiles)
        print(f"   {model.label}: {name} {speeds[name]:.3g} tiles/s", flush=True)
    return max(speeds, key=lambda name: speeds[name])


def _tiles_per_s(name: str, model: ModelFile, tiles: Tiles) -> float:
    """0 where the engine cannot run here."""
    try:
        engine = open_plain(name, model)
    except EngineError:
        return 0.0
    try:
        one = infer_all(engine, tiles, engine.workers) / engine.workers
        count = max(engine.workers, round(TRIAL_S / one))
        return count / infer_all(engine, tiles, count)
    finally:
        engine.close()
