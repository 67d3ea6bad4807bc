# SPDX-License-Identifier: GPL-2.0-or-later
"""Prediction against Deepness on the same raster and the same network of 24 M parameters, see `peer`.

Both read the overlap that the model's metadata ask for. Deepness's time goes to its polygons, ours to a COG
of four bands; `*_raster` leaves Deepness's polygons out.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import inputs, networks, peer, timing
from benchmarks.figures import Figures
from inference_backend.models.reader import read_model
from inference_backend.predict.options import PredictOptions
from inference_backend.predict.predict import predict
from inference_backend.runtime.catalogue import usable_engines

SIDE_PX = 4096
_FURTHER = ("what", "polygons", "invalid", "area_ratio")
ROUNDS = 2
"""Deepness takes more than half a minute a round."""


def measure() -> Iterator[Figures]:
    if not peer.is_there():
        yield {"deepness_why": peer.ABSENT}
        return
    side_px = timing.side(SIDE_PX)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = networks.write_unet24m(folder / "unet24m.onnx")
        raster = inputs.write_for(read_model(model).card, folder / "ortho.tif", side_px)
        runs: list[dict[str, Any]] = []

        def theirs() -> float:
            runs.append(peer.run(raster, model))
            return float(runs[-1]["seconds"])

        def ours(engine: str, network: Path) -> Callable[[], float]:
            options = PredictOptions(engine=engine)
            return lambda: timing.seconds(lambda: predict([raster], network, folder / "p.tif", options))

        works = {"deepness": theirs, "ort": ours("onnxruntime", model), "auto": ours("auto", model)}
        works["int8"] = ours("auto", _quantised(model, raster))
        if _has_bf16():
            works["bf16"] = ours("openvino", model)
        times = timing.interleaved(works, timing.rounds(ROUNDS))
        yield _theirs(runs, side_px)
        yield _ratios(times, [float(run["raster_seconds"]) for run in runs])


def _ratios(times: dict[str, list[float]], raster_s: list[float]) -> Figures:
    found: Figures = {}
    for name in ("bf16", "int8", "ort", "auto"):
        if name in times:
            found[f"predict_vs_deepness_{name}"] = timing.ratio(times["deepness"], times[name])
            found[f"predict_vs_deepness_{name}_raster"] = timing.ratio(raster_s, times[name])
            found[f"predict_s_{name}"] = timing.median(times[name])
    if "bf16" not in times:
        found["predict_vs_deepness_bf16_why"] = "no matrix units: OpenVINO computes in f32 on this processor"
    return found


def _theirs(runs: list[dict[str, Any]], side_px: int) -> Figures:
    return {
        "deepness_s": timing.median([run["seconds"] for run in runs]),
        "deepness_raster_s": timing.median([run["raster_seconds"] for run in runs]),
        "deepness_rss_mb": timing.median([run["rss_mb"] for run in runs], 1),
        "deepness_px": side_px,
        **{
            f"deepness_{key}": runs[0][key]
            for key in ("what", "polygons", "invalid", "area_ratio")
            if key in runs[0]
        },
    }


def _has_bf16() -> bool:
    return any(one.name == "openvino" and one.precision == "bf16" for one in usable_engines())


def _quantised(model: Path, raster: Path) -> Path:
    """The int8 network that the command makes, calibrated on the raster itself."""
    target = model.with_name("int8.onnx")
    command = [sys.executable, "-m", "inference_backend", "model", "quantize", model, "--calibrate", raster]
    subprocess.run([*map(str, command), "-o", str(target)], check=True, stdout=subprocess.DEVNULL)
    return target
