# SPDX-License-Identifier: GPL-2.0-or-later
"""Peak memory of `ocsge predict` with the embedded model, on a small raster and on a large empty one."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import inputs, timing
from benchmarks.figures import Figures
from benchmarks.process_tree import run_and_watch
from inference_backend.models.reader import default_model_path, read_model

SMALL_PX, LARGE_PX = 5000, 40_000


def measure() -> Iterator[Figures]:
    bands = [band.name for band in read_model(default_model_path()).card.bands]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = inputs.write_ortho(folder / "small.tif", SMALL_PX, bands)
        small_mb, small_s = _peak(small)
        yield {"predict_rss_mb_5000": small_mb, "predict_rss_5000_s": small_s}
        large = inputs.write_sparse(folder / "large.tif", LARGE_PX, bands)
        large_mb, large_s = _peak(large)
        yield {
            "predict_rss_mb_40000": large_mb,
            "predict_rss_40000_s": large_s,
            "predict_rss_ratio": round(large_mb / small_mb, 3),
        }


def _peak(raster: Path) -> tuple[float, float]:
    """Peak of the command with all its processes, MB, and its seconds."""
    output = raster.with_name("prediction.tif")
    command = [sys.executable, "-m", "inference_backend", "predict", raster, "--output", output]
    runs = []
    taken_s = timing.seconds(lambda: runs.append(run_and_watch(command)))
    return runs[0].rss_mb, round(taken_s, 1)
