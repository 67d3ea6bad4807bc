# SPDX-License-Identifier: GPL-2.0-or-later
"""Prediction end to end against the fastest engine of the machine on the same tiles, already in memory.

What prediction adds is opening, reading, top-two, writing and the COG, and loading the engine, which the bare
one has behind it; raw values are standardised by the engine on both sides. Overlap is a choice of the model's
card, not of the code, so both sides pay for it; `predict_overlap_cost_*` says how much.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import inputs, networks, raw_engine, timing
from benchmarks.figures import Figures
from inference_backend.models.reader import default_model_path, read_model
from inference_backend.predict.blocks.block_work import plan_work
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from inference_backend.runtime.choose import open_engine

DEFAULT_PX, LARGE_PX = 8192, 5120
"""Sides at which loading a network, which the bare engine is spared, is a few percent at most."""
DEFAULT_ROUNDS, LARGE_ROUNDS = 3, 2


def measure() -> Iterator[Figures]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rounds = timing.rounds(DEFAULT_ROUNDS)
        yield _compare("default", default_model_path(), timing.side(DEFAULT_PX), folder, rounds)
        large = networks.write_unet24m(folder / "unet24m.onnx")
        yield _compare("24m", large, timing.side(LARGE_PX), folder, timing.rounds(LARGE_ROUNDS))


def _compare(suffix: str, path: Path, side_px: int, folder: Path, rounds: int) -> Figures:
    model = read_model(path)
    raster = inputs.write_for(model.card, folder / f"{suffix}.tif", side_px)
    work = plan_work([raster], path, PredictOptions())
    count = sum(work.lattice.tile_count(block) for block in work.lattice)
    tiles = raw_engine.read_tiles(raster, work.lattice.tile_px)
    best = raw_engine.open_plain(raw_engine.fastest(model, tiles), model)
    taken = open_engine(work.options.engine, model)
    labels = {
        f"predict_engine_{suffix}": raw_engine.label(taken),
        f"raw_engine_{suffix}": raw_engine.label(best),
    }
    works = {
        "ours": lambda: timing.seconds(lambda: predict([raster], path, folder / "prediction.tif")),
        "raw": lambda: raw_engine.infer_all(best, tiles, count),
        "own": lambda: raw_engine.infer_all(taken, tiles, count),
    }
    times = timing.interleaved(works, rounds)
    best.close()
    taken.close()
    inferred_px = count * work.lattice.tile_px**2
    return {
        f"predict_vs_raw_{suffix}": timing.ratio(times["raw"], times["ours"]),
        f"predict_vs_own_engine_{suffix}": timing.ratio(times["own"], times["ours"]),
        f"predict_overlap_cost_{suffix}": round(inferred_px / side_px**2, 3),
        f"predict_mpx_per_s_{suffix}": round(side_px**2 / timing.median(times["ours"]) / 1e6, 3),
        f"raw_mpx_per_s_{suffix}": round(inferred_px / timing.median(times["raw"]) / 1e6, 3),
        **labels,
        f"predict_px_{suffix}": side_px,
        f"predict_tile_px_{suffix}": work.lattice.tile_px,
    }
