# SPDX-License-Identifier: GPL-2.0-or-later
"""How fast engines run a model here."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.model_card import ModelCard
from inference_backend.progress import Progress, Silent
from inference_backend.runtime.engine import Engine, map_engine

MAX_ROUNDS = 20
_MIN_ROUNDS = 2
_ROUND_S = 0.15
"""Aimed duration of one engine's turn: shorter ones measure the start of threads, s."""


def measure(
    engines: Mapping[str, Engine],
    card: ModelCard,
    budget_s: float,
    progress: Progress | None = None,
    *,
    stop_at_ratio: float = math.inf,
) -> dict[str, float]:
    """Throughput of each engine, in MPx/s, the median of its turns.

    The engines take turns, so that whatever else the machine does slows all of them alike.

    Args:
        engines: by name, loaded.
        card: of the model they run.
        budget_s: time to spend, warming up included; each engine has its first warm turn in any case,
            unless warming up alone takes longer.
        progress: told after each turn.
        stop_at_ratio: end early once one engine is so many times faster than every other, turn by turn.

    Returns:
        Engine name to MPx/s; empty where warming up took all the time.

    Raises:
        EngineError: an engine cannot run the model.
        Cancelled: the user stopped.
    """
    progress = progress or Silent()
    start = time.perf_counter()
    tile = example_tile(card)
    for engine in engines.values():
        _turn(engine, tile, engine.workers)  # the first tiles allocate
        if time.perf_counter() - start > budget_s:
            return {}
    tiles = {name: engine.workers for name, engine in engines.items()}
    found: dict[str, list[float]] = {name: [] for name in engines}
    for done in range(1, MAX_ROUNDS + 1):
        for name, engine in engines.items():
            found[name].append(_turn(engine, tile, tiles[name]))
            tiles[name] = _tiles_of_a_turn(engine, card, found[name][-1])
            progress.update(min(1.0, (time.perf_counter() - start) / budget_s))
        spent = time.perf_counter() - start
        if spent * (done + 1) / done > budget_s or (done >= _MIN_ROUNDS and _lead(found) >= stop_at_ratio):
            break
    return {name: median(speeds) for name, speeds in found.items()}


def _lead(found: Mapping[str, Sequence[float]]) -> float:
    """How many times the fastest engine's slowest turn is faster than any turn of the others."""
    best = max(found, key=lambda name: median(found[name]))
    others = [max(speeds) for name, speeds in found.items() if name != best]
    return min(found[best]) / max(others) if others else math.inf


def example_tile(card: ModelCard) -> NDArray[np.uint8]:
    """(1, C, H, W) uint8, the same each time."""
    shape = (1, len(card.bands), card.tile_px, card.tile_px)
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


def run_as_predict(engine: Engine, tile: NDArray[Any]) -> None:
    """Run a tile the way a prediction does, and drop its scores.

    Raises:
        EngineError: the engine cannot run the model.
    """
    lender = map_engine(engine)
    if lender is None:
        engine.infer(tile)
        return
    with lender.lend(tile):
        pass


def _tiles_of_a_turn(engine: Engine, card: ModelCard, mpx_s: float) -> int:
    """As many as take `_ROUND_S`, the same number for each worker."""
    seconds = engine.workers * card.tile_px**2 / 1e6 / mpx_s
    return engine.workers * max(1, round(_ROUND_S / seconds))


def _turn(engine: Engine, tile: NDArray[np.uint8], tiles: int) -> float:
    """MPx/s of so many tiles, spread over the engine's workers."""
    with ThreadPoolExecutor(engine.workers) as pool:
        begun = time.perf_counter()
        work: list[Any] = [pool.submit(run_as_predict, engine, tile) for _ in range(tiles)]
        for one in work:
            one.result()
        seconds = time.perf_counter() - begun
    return float(tiles * tile.shape[-1] * tile.shape[-2] / 1e6 / seconds)
