# SPDX-License-Identifier: GPL-2.0-or-later
"""One Dask worker of one thread against two, 24 M network: speed, and whether the pixels are the same.

Workers are started first and have loaded the network: what is compared is the work. Two bare engines over
one, in processes of their own, say how much more the machine's second processor brings at all.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import rasterio

from benchmarks import inputs, networks, timing
from benchmarks.bare_engine import bare_engines, seconds_together
from benchmarks.figures import Figures
from inference_backend.cluster.address import LocalWorkers
from inference_backend.cluster.client import local_cluster
from inference_backend.models.reader import read_model
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from inference_backend.runtime.choose import resolve_engine

SIDE_PX, HEIGHT_PX = 8960, 4480
"""Eight whole blocks of this network. Of four, two each, the worker on the slower processor of an uneven
machine has to do two, where of many it does as many as it can."""
SMALL_PX = 2304
"""A whole block and three strips: each of two workers has compiled the network after it."""
ROUNDS = 3
ENGINE_TILES = 32


def measure() -> Iterator[Figures]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        model = networks.write_unet24m(folder / "unet24m.onnx")
        engine = resolve_engine("auto", read_model(model))
        raster = inputs.write_for(read_model(model).card, folder / "ortho.tif", SIDE_PX, HEIGHT_PX)
        small = inputs.write_for(read_model(model).card, folder / "small.tif", SMALL_PX)
        works: dict[str, Callable[[], float]] = {}
        for number in (1, 2):
            address = stack.enter_context(local_cluster(LocalWorkers(number, 1), spare_threads=1))
            options = PredictOptions(engine=engine, scheduler=address)
            predict([small], model, folder / "warm.tif", options)
            works[str(number)] = _run(raster, model, folder / f"{number}.tif", options)
            ends = stack.enter_context(bare_engines(number, engine, model, raster, networks.TILE_PX))
            works[f"bare {number}"] = partial(seconds_together, ends, ENGINE_TILES)
        times = timing.interleaved(works, timing.rounds(ROUNDS))
        yield {
            "workers_2_vs_1": timing.ratio(times["1"], times["2"]),
            "workers_engine_2_vs_1": timing.ratio(times["bare 1"], times["bare 2"]),
            "workers_1_s": timing.median(times["1"]),
            "workers_2_s": timing.median(times["2"]),
            "workers_px": SIDE_PX,
        }
        predict([raster], model, folder / "threads.tif", PredictOptions(engine=engine))
        pixels = [_pixels(folder / f"{run}.tif") for run in ("1", "2", "threads")]
        yield {"workers_identical": int(all(np.array_equal(pixels[0], other) for other in pixels[1:]))}


def _run(raster: Path, model: Path, output: Path, options: PredictOptions) -> Callable[[], float]:
    return lambda: timing.seconds(lambda: predict([raster], model, output, options))


def _pixels(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        return raster.read()
