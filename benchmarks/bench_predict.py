# SPDX-License-Identifier: GPL-2.0-or-later
"""Prediction against the bare engine on the same model, and its memory at two raster sizes.

The bare engine gets the same number of tiles, already in memory and standardised, from as many threads; what
prediction adds is reading, standardising, top-two, writing and the COG. Overlap is a choice of the model's
card, not of the code, so both sides pay for it; `predict_overlap_cost` says how much.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window

from inference_backend.models.reader import default_model_path, read_model
from inference_backend.predict.predict import predict
from inference_backend.predict.tile_plan import TilePlan
from inference_backend.runtime.choose import AUTO, open_engine

SMALL_PX, LARGE_PX = 2000, 6000
ROUNDS = 3


def measure(model: Path | None = None, rounds: int = ROUNDS) -> dict[str, float]:
    """Ratios and memory; a ratio of 0.9 means nine tenths of the bare engine's speed."""
    model = model or default_model_path()
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_make_inputs(Path(folder), side) for side in (SMALL_PX, LARGE_PX))
        pairs = [(_predict_s(small, model, Path(folder)), _raw_s(model, SMALL_PX)) for _ in range(rounds)]
        predict_s, raw_s = (statistics.median(times) for times in zip(*pairs, strict=True))
        card = read_model(model).card
        plan = TilePlan((SMALL_PX, SMALL_PX), card.tile_px, card.overlap_px)
        return {
            "predict_vs_raw_default": round(statistics.median(raw / ours for ours, raw in pairs), 3),
            "predict_mpx_per_s": round(SMALL_PX**2 / predict_s / 1e6, 3),
            "raw_engine_tile_mpx_per_s": round(len(plan) * card.tile_px**2 / raw_s / 1e6, 3),
            "predict_overlap_cost": round(len(plan) * card.tile_px**2 / SMALL_PX**2, 3),
            "predict_rss_mb_small": _peak_rss_mb(small, model, Path(folder)),
            "predict_rss_mb_large": _peak_rss_mb(large, model, Path(folder)),
        }


def _make_inputs(folder: Path, side: int) -> list[Path]:
    """An ortho-image and heights of random blocks, written row of blocks by row."""
    random = np.random.default_rng(0)
    place = {"crs": "EPSG:2154", "transform": from_origin(700000, 6600000, 0.2, 0.2)}
    paths = []
    for name, names, dtype in (
        ("ortho", ("red", "green", "blue", "nir"), "uint8"),
        ("height", ("height",), "float32"),
    ):
        path = folder / f"{name}_{side}.tif"
        size = {"width": side, "height": side, "count": len(names), "dtype": dtype, "tiled": True}
        kind = {"driver": "GTiff", "photometric": "MINISBLACK", "compress": "deflate", "zlevel": 1}
        if len(names) == 4:
            kind["ALPHA"] = "NO"
        with rasterio.open(path, "w", **size, **kind, **place) as raster:
            raster.descriptions = names
            for row in range(0, side, 500):
                blocks = random.integers(0, 200, (len(names), 25, side // 20)).astype(dtype)
                raster.write(np.kron(blocks, np.ones((1, 20, 20), dtype)), window=Window(0, row, side, 500))
        paths.append(path)
    return paths


def _predict_s(rasters: list[Path], model: Path, folder: Path) -> float:
    started = time.perf_counter()
    predict(rasters, model, folder / "prediction.tif")
    return time.perf_counter() - started


def _raw_s(model: Path, side: int) -> float:
    """Seconds of the engine alone on the tiles of a raster of `side`."""
    model_file = read_model(model)
    card = model_file.card
    engine = open_engine(AUTO, model_file)
    tiles = len(TilePlan((side, side), card.tile_px, card.overlap_px))
    shape = (1, len(card.bands), card.tile_px, card.tile_px)
    batch = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    started = time.perf_counter()
    with ThreadPoolExecutor(engine.workers) as pool:
        for _ in pool.map(lambda _: engine.infer(batch).shape, range(tiles)):
            pass
    return time.perf_counter() - started


def _peak_rss_mb(rasters: list[Path], model: Path, folder: Path) -> float:
    """Peak memory of a process of its own that predicts once."""
    command = [sys.executable, __file__, str(model), str(folder / "rss.tif"), *map(str, rasters)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["rss_mb"])


def _predict_and_report(model: str, output: str, *rasters: str) -> None:
    predict([Path(raster) for raster in rasters], Path(model), Path(output))
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"rss_mb": round(peak_kib / 1024, 1)}))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _predict_and_report(*sys.argv[1:])
    else:
        print(json.dumps(measure(), indent=1))
