# SPDX-License-Identifier: GPL-2.0-or-later
"""`make interop`: predict through inference servers that we did not write, and compare with the engine here.

    python -m scripts.interop.run OUT.json

Triton runs on the processor and takes binary tensors, floats and bytes; MLServer takes JSON alone. Each is
started in its own environment, asked by `ocsge predict` for a small commune of the scene generator, and
stopped with SIGTERM. Ends with 1 where a pixel differs that rounding does not excuse.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

from inference_backend.atomic import replace_when_done
from inference_backend.cli.console import table
from inference_backend.models.reader import default_model_path, read_model
from inference_backend.runtime.choose import open_engine

ROOT = Path(__file__).resolve().parents[2]
SCENE_M = 200
SMALL_PX = 440
"""One tile of 512 px with its margins: JSON takes seconds a tile."""
START_S, STOP_S = 120, 60
ROUNDS = 3
CLASS, MARGIN = 1, 4  # bands of a prediction


@dataclass(frozen=True)
class Foreign:
    """A server that we did not write."""

    name: str
    python: str
    script: str
    models: tuple[str, ...]
    side_px: int


SERVERS = (
    Foreign("triton", ".venv-interop/bin/python", "triton_server.py", ("floats", "bytes"), SCENE_M * 5),
    Foreign("mlserver", ".venv-mlserver/bin/python", "mlserver_runtime.py", ("floats",), SMALL_PX),
)


def main() -> int:
    """Compare with every server; 0 where all agree."""
    target = Path(sys.argv[1])
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ocsge("scene", folder / "scene", "--size-m", SCENE_M)
        for server in SERVERS:
            ortho = crop(folder / "scene" / "ortho_2022.tif", folder / f"{server.name}.tif", server.side_px)
            height = crop(
                folder / "scene" / "height_2022.tif", folder / f"{server.name}_h.tif", server.side_px
            )
            with running(server, folder / f"{server.name}.log") as url:
                for model in server.models:
                    # Bytes cannot hold heights in metres: the network was trained to do without.
                    rasters = [ortho, "--fill", "height=0"] if model == "bytes" else [ortho, height]
                    rows.append(compare(server, f"{url}/v2/models/{model}", rasters, folder))
                    print(rows[-1], flush=True)
    with replace_when_done(target) as temporary:
        temporary.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(table([(f"{row['server']} {row['model']}", summary(row)) for row in rows]))
    return 0 if all(row["unexcused_pixels"] == 0 for row in rows) else 1


def summary(row: dict[str, object]) -> str:
    """One line for a person."""
    return (
        f"{row['pixels']} px, {row['other_class_pixels']} of another class ({row['unexcused_pixels']} beyond "
        f"rounding); {row['remote_s_per_tile']} s a tile, {row['here_s_per_tile']} s in process"
    )


def compare(server: Foreign, url: str, rasters: list[object], folder: Path) -> dict[str, object]:
    """Predict here and there; count the pixels of another class."""
    here, there = folder / "here.tif", folder / "there.tif"
    for output, engine in ((here, "onnxruntime"), (there, f"v2:{url}")):
        ocsge("predict", *rasters, "--engine", engine, "--output", output, "--restart")
    with rasterio.open(here) as one, rasterio.open(there) as other:
        differs = one.read(CLASS) != other.read(CLASS)
        # Sums in another order change the last digits: excused where the two best classes are level.
        unexcused = differs & (one.read(MARGIN) > 1)
    return {
        "server": server.name,
        "model": url.rsplit("/", 1)[1],
        "pixels": int(differs.size),
        "other_class_pixels": int(differs.sum()),
        "unexcused_pixels": int(unexcused.sum()),
        **tile_times(url),
    }


def tile_times(url: str) -> dict[str, float]:
    """Seconds of one tile of 512² bytes, one at a time, in turns."""
    model = read_model(default_model_path())
    values = np.random.default_rng(0).integers(0, 256, (1, len(model.card.bands), 512, 512)).astype(np.uint8)
    engines = {"here": open_engine("onnxruntime", model), "remote": open_engine(f"v2:{url}", model)}
    times: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(ROUNDS + 1):
        for name, engine in engines.items():
            started = time.perf_counter()
            engine.infer(values)
            times[name].append(time.perf_counter() - started)
    for engine in engines.values():
        engine.close()
    return {f"{name}_s_per_tile": round(statistics.median(found[1:]), 3) for name, found in times.items()}


def crop(source: Path, target: Path, side_px: int) -> Path:
    """The first `side_px` squared pixels."""
    with rasterio.open(source) as raster:
        window = Window(0, 0, side_px, side_px)
        profile = {**raster.profile, "width": side_px, "height": side_px}
        with rasterio.open(target, "w", **profile) as cut:
            cut.write(raster.read(window=window))
            cut.descriptions = raster.descriptions
    return target


def ocsge(*arguments: object) -> None:
    """Run the command."""
    command = [sys.executable, "-m", "inference_backend", *map(str, arguments)]
    subprocess.run(command, check=True, cwd=ROOT, stderr=subprocess.DEVNULL)


@contextmanager
def running(server: Foreign, log: Path) -> Iterator[str]:
    """The server's address while it runs; it is stopped with SIGTERM, and shown with its log if it fails."""
    port = free_port()
    script = ROOT / "scripts" / "interop" / server.script
    command = [str(ROOT / server.python), str(script), str(default_model_path()), str(port)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with log.open("w") as stream:
        # A group of its own: Triton starts processes that outlive a parent which is killed.
        process = subprocess.Popen(
            command, stdout=stream, stderr=stream, env=environment, cwd=log.parent, start_new_session=True
        )
    try:
        wait_until_ready(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(STOP_S)


def wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait for the word `ready` and an open port."""
    limit = time.monotonic() + START_S
    while time.monotonic() < limit and process.poll() is None:
        if "ready" in log.read_text(errors="replace").split() and answers(port):
            return
        time.sleep(0.5)
    raise SystemExit(f"{process.args}: did not start\n{log.read_text(errors='replace')[-3000:]}")


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port with two free ones behind it: HTTP, gRPC, metrics."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port if port < 65_000 else port - 1000


if __name__ == "__main__":
    raise SystemExit(main())
