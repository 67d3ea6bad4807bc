# SPDX-License-Identifier: GPL-2.0-or-later
"""What prediction costs when the network costs nothing: one 1 x 1 convolution of 3 bands to 8 classes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import inputs, networks, peer, timing
from benchmarks.figures import Figures
from inference_backend.predict.predict import predict

SIDE_PX = 4096


def measure() -> Iterator[Figures]:
    side_px = timing.side(SIDE_PX)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raster = inputs.write_ortho(folder / "ortho.tif", side_px)
        model = networks.write_null(folder / "null.onnx")
        output = folder / "prediction.tif"
        predict([raster], model, output)  # compiles once and fills numba's cache
        times = [timing.seconds(lambda: predict([raster], model, output)) for _ in range(timing.rounds())]
        yield {
            "predict_null_s_per_km2": round(timing.median(times) / inputs.km2(side_px), 3),
            "predict_null_px": side_px,
        }
        if peer.is_there():
            theirs = peer.run(raster, model)
            yield {
                "deepness_null_s_per_km2": round(theirs["seconds"] / inputs.km2(side_px), 3),
                "deepness_null_raster_s_per_km2": round(theirs["raster_seconds"] / inputs.km2(side_px), 3),
                "deepness_null_rss_mb": theirs["rss_mb"],
            }
