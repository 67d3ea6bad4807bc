# SPDX-License-Identifier: GPL-2.0-or-later
"""Prediction end to end against the fastest engine of the machine on the same tiles, already in memory.

What prediction adds is reading, top-two, writing and the COG; raw values are standardised by the engine on
both sides. Overlap is a choice of the model's card, not of the code, so both sides pay for it;
`predict_overlap_cost_*` says how much.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import inputs, networks, raw_engine, timing
from benchmarks.figures import Figures
from inference_backend.models.reader import default_model_path, read_model
from inference_backend.predict.predict import predict
from inference_backend.predict.tile_plan import TilePlan
from inference_backend.runtime.choose import AUTO, open_engine

DEFAULT_PX, LARGE_PX = 8192, 4096
"""Sides at which each network works for some twenty seconds on two processors: start-up is a percent."""


def measure() -> Iterator[Figures]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield _compare("default", default_model_path(), timing.side(DEFAULT_PX), folder)
        large = networks.write_unet24m(folder / "unet24m.onnx")
        yield _compare("24m", large, timing.side(LARGE_PX), folder)


def _compare(suffix: str, path: Path, side_px: int, folder: Path) -> Figures:
    model = read_model(path)
    raster = inputs.write_for(model.card, folder / f"{suffix}.tif", side_px)
    plan = TilePlan((side_px, side_px), model.card.tile_px, model.card.overlap_px)
    tiles = raw_engine.read_tiles(raster, plan.tile_px)
    best, taken = (open_engine(name, model) for name in (raw_engine.fastest(model, tiles), AUTO))
    works = {
        "ours": lambda: timing.seconds(lambda: predict([raster], path, folder / "prediction.tif")),
        "raw": lambda: raw_engine.infer_all(best, tiles, len(plan)),
    }
    times = timing.interleaved(works, timing.rounds())
    inferred_px = len(plan) * plan.tile_px**2
    try:
        return {
            f"predict_vs_raw_{suffix}": timing.ratio(times["raw"], times["ours"]),
            f"predict_overlap_cost_{suffix}": round(inferred_px / side_px**2, 3),
            f"predict_mpx_per_s_{suffix}": round(side_px**2 / timing.median(times["ours"]) / 1e6, 3),
            f"raw_mpx_per_s_{suffix}": round(inferred_px / timing.median(times["raw"]) / 1e6, 3),
            f"predict_engine_{suffix}": raw_engine.label(taken),
            f"raw_engine_{suffix}": raw_engine.label(best),
            f"predict_px_{suffix}": side_px,
        }
    finally:
        best.close()
        taken.close()
