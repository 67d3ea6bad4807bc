# SPDX-License-Identifier: GPL-2.0-or-later
"""What prediction costs when the network costs little: one 1 x 1 convolution of 3 bands to 8 classes.

`predict_null_overhead_s_per_km2` leaves the bare engine's time on the same tiles out. The network looks at
each pixel alone, so its tiles do not overlap; `predict_null_card_margin_s_per_km2` is the same prediction
with the overlap that its card asks for, as networks have that look around.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import inputs, networks, peer, raw_engine, timing
from benchmarks.figures import Figures
from inference_backend.models.reader import read_model
from inference_backend.predict.blocks.block_work import plan_work
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from inference_backend.runtime.choose import open_engine

SIDE_PX = 5000
"""One square kilometre."""
_ROUNDS = 9
"""Runs of a second: on a busy host one may take half as long again as the next."""


def measure() -> Iterator[Figures]:
    side_px = timing.side(SIDE_PX)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raster = inputs.write_ortho(folder / "ortho.tif", side_px)
        model = networks.write_null(folder / "null.onnx")
        output = folder / "prediction.tif"
        predict([raster], model, output)  # compiles once and fills numba's cache
        work = plan_work([raster], model, PredictOptions())
        tiles = raw_engine.read_tiles(raster, work.lattice.tile_px)
        count = sum(work.lattice.tile_count(block) for block in work.lattice)
        engine = work.options.engine
        around = PredictOptions(overlap_px=read_model(model).card.overlap_px)
        works = {
            "ours": lambda: _predicting(raster, model, output, PredictOptions()),
            "around": lambda: _predicting(raster, model, output, around),
            "raw": lambda: _engine_alone(engine, model, tiles, count),
        }
        times = timing.interleaved(works, timing.rounds(_ROUNDS))
        overhead = [ours - raw for ours, raw in zip(times["ours"], times["raw"], strict=True)]
        yield {
            "predict_null_s_per_km2": round(timing.median(times["ours"]) / inputs.km2(side_px), 3),
            "predict_null_overhead_s_per_km2": round(timing.median(overhead) / inputs.km2(side_px), 3),
            "predict_null_card_margin_s_per_km2": round(
                timing.median(times["around"]) / inputs.km2(side_px), 3
            ),
            "predict_null_px": side_px,
        }
        if peer.is_there():
            theirs = peer.run(raster, model)
            yield {
                "deepness_null_s_per_km2": round(theirs["seconds"] / inputs.km2(side_px), 3),
                "deepness_null_raster_s_per_km2": round(theirs["raster_seconds"] / inputs.km2(side_px), 3),
                "deepness_null_rss_mb": theirs["rss_mb"],
            }


def _predicting(raster: Path, model: Path, output: Path, options: PredictOptions) -> float:
    """Seconds of a prediction into a new file."""
    output.unlink(missing_ok=True)
    return timing.seconds(lambda: predict([raster], model, output, options))


def _engine_alone(name: str, model: Path, tiles: raw_engine.Tiles, count: int) -> float:
    """Seconds of the tiles alone; an OpenVINO engine left open would slow `predict` by a tenth."""
    engine = open_engine(name, read_model(model))
    try:
        return raw_engine.infer_all(engine, tiles, count)
    finally:
        engine.close()
