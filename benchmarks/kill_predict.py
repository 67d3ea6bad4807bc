# SPDX-License-Identifier: GPL-2.0-or-later
"""`kill -9` in the middle of a prediction, again and again: every restart ends with the undisturbed pixels.

    python -m benchmarks.kill_predict [KILLS] [SEED]

Each round starts the real command on a clean folder, kills it at a random moment of the time that an
undisturbed run takes, starts it again and lets it end, then compares the pixels of the file. The outcome
goes to standard output as JSON.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import rasterio
from rasterio.errors import RasterioError

from benchmarks.inputs import write_for
from inference_backend.models.reader import default_model_path, read_model
from inference_backend.predict.block_store import finished_blocks

SIDE_PX = 3000
ENGINE = "onnxruntime"


@dataclass(frozen=True)
class Round:
    """One kill: when, what was kept, and whether the restart gave the same pixels."""

    after_s: float
    was_running: bool
    kept_blocks: int
    looked_whole: bool
    same: bool


def start(raster: Path, output: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "inference_backend", "predict", str(raster), "-o", str(output)]
    return subprocess.Popen(
        [*command, "--engine", ENGINE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def kill_once(raster: Path, folder: Path, after_s: float, expected: str) -> Round:
    output = folder / "p.tif"
    process = start(raster, output)
    time.sleep(after_s)
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    looked_whole = was_running and output.exists() and digest(output) != expected
    kept = finished_blocks(output)
    again = start(raster, output)
    same = again.wait() == 0 and digest(output) == expected
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


def run(kills: int, seed: int, side_px: int = SIDE_PX) -> dict[str, object]:
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raster = write_for(read_model(default_model_path()).card, folder / "ortho.tif", side_px)
        undisturbed = folder / "undisturbed.tif"
        started = time.monotonic()
        if start(raster, undisturbed).wait():
            raise SystemExit("the undisturbed run failed")
        whole_s, expected = time.monotonic() - started, digest(undisturbed)
        rounds = []
        while len(rounds) < kills:
            work = folder / f"round{len(rounds)}"
            work.mkdir()
            rounds.append(kill_once(raster, work, moments.uniform(0.02, 1.0) * whole_s, expected))
            print(rounds[-1], file=sys.stderr, flush=True)
    return {
        "kills": kills,
        "killed_while_running": sum(one.was_running for one in rounds),
        "restarts_with_the_same_pixels": sum(one.same for one in rounds),
        "unfinished_files_that_looked_whole": sum(one.looked_whole for one in rounds),
        "kept_blocks": [one.kept_blocks for one in rounds],
        "undisturbed_s": round(whole_s, 1),
    }


def main() -> int:
    kills, seed = (int(text) for text in [*sys.argv[1:], *("20", "1")[len(sys.argv) - 1 :]])
    outcome = run(kills, seed)
    print(json.dumps(outcome, indent=1))
    return 0 if outcome["restarts_with_the_same_pixels"] == kills else 1


if __name__ == "__main__":
    raise SystemExit(main())
