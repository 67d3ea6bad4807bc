# SPDX-License-Identifier: GPL-2.0-or-later
"""`kill -9` in the middle of a prediction, again and again: every restart ends with the undisturbed pixels.

    python -m benchmarks.kill_predict [KILLS] [SEED]

Each round starts a prediction in a process of its own, kills it at a random moment of the time that an
undisturbed one takes, starts it again and lets it end, then compares the bytes of the file. Processes are
forked from this one, and the network costs nothing, so that moments fall into reading, writing and moving of
files rather than into imports and arithmetic. The outcome goes to standard output as JSON.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.transform import from_origin

from benchmarks.networks import write_null
from inference_backend.models.reader import read_model
from inference_backend.predict.blocks.block_store import finished_blocks
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict

SHAPE_PX = (400, 24_000)
"""Long and narrow: twelve blocks in little time."""
ENGINE = "onnxruntime"


@dataclass(frozen=True)
class Round:
    """One kill: when, what was kept, and whether the restart gave the same pixels."""

    after_s: float
    was_running: bool
    kept_blocks: int
    looked_whole: bool
    same: bool


def start(raster: Path, model: Path, output: Path) -> ForkProcess:
    process = get_context("fork").Process(target=work, args=(raster, model, output))
    process.start()
    return process


def work(raster: Path, model: Path, output: Path) -> None:
    predict([raster], model, output, PredictOptions(engine=ENGINE))


def kill_once(raster: Path, model: Path, folder: Path, after_s: float, expected: str) -> Round:
    output = folder / "p.tif"
    process = start(raster, model, output)
    time.sleep(after_s)
    was_running = process.is_alive()
    process.kill()
    process.join()
    looked_whole = was_running and output.exists() and digest(output) != expected
    kept = finished_blocks(output)
    again = start(raster, model, output)
    again.join()
    same = again.exitcode == 0 and digest(output) == expected
    clean = [path.name for path in folder.iterdir()] == [output.name]
    shutil.rmtree(folder)
    return Round(round(after_s, 2), was_running, kept, looked_whole, same and clean)


def digest(path: Path) -> str:
    """Of the pixels: ISA-L now and then packs the same ones into other bytes."""
    try:
        with rasterio.open(path) as raster:
            return hashlib.sha256(raster.read().tobytes()).hexdigest()
    except RasterioError:
        return "unreadable"


def write_strip(path: Path, bands: Sequence[str]) -> Path:
    """An image of cells of 20 px in random colours."""
    height, width = SHAPE_PX
    cells = np.random.default_rng(0).integers(0, 250, (len(bands), height // 20, width // 20))
    place = {"crs": "EPSG:2154", "transform": from_origin(700000, 6600000, 0.2, 0.2)}
    size = {"width": width, "height": height, "count": len(bands), "dtype": "uint8", "tiled": True}
    with rasterio.open(path, "w", driver="GTiff", photometric="MINISBLACK", **size, **place) as raster:
        raster.descriptions = tuple(bands)
        raster.write(np.kron(cells, np.ones((1, 20, 20))).astype(np.uint8))
    return path


def run(kills: int, seed: int) -> dict[str, object]:
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = write_null(folder / "null.onnx")
        raster = write_strip(folder / "ortho.tif", [band.name for band in read_model(model).card.bands])
        undisturbed = folder / "undisturbed.tif"
        started = time.monotonic()
        process = start(raster, model, undisturbed)
        process.join()
        if process.exitcode:
            raise SystemExit("the undisturbed run failed")
        whole_s, expected = time.monotonic() - started, digest(undisturbed)
        rounds = []
        while sum(one.was_running for one in rounds) < kills:  # a kill that came too late does not count
            work = folder / f"round{len(rounds)}"
            work.mkdir()
            rounds.append(kill_once(raster, model, work, moments.uniform(0.0, 1.0) * whole_s, expected))
            print(rounds[-1], file=sys.stderr, flush=True)
    return {
        "kills": kills,
        "rounds": len(rounds),
        "restarts_with_the_same_pixels": sum(one.same for one in rounds),
        "unfinished_files_that_looked_whole": sum(one.looked_whole for one in rounds),
        "kept_blocks": [one.kept_blocks for one in rounds],
        "undisturbed_s": round(whole_s, 1),
    }


def main() -> int:
    kills, seed = (int(text) for text in [*sys.argv[1:], *("20", "1")[len(sys.argv) - 1 :]])
    outcome = run(kills, seed)
    print(json.dumps(outcome, indent=1))
    return 0 if outcome["restarts_with_the_same_pixels"] == outcome["rounds"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
