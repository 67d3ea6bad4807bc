# SPDX-License-Identifier: GPL-2.0-or-later
"""A 512² tile of bytes through our KServe V2 server on loopback, against the same engine in this process.

One tile at a time, in turns. Both sides make the four planes of a prediction, which is what `ocsge predict`
asks of our server; `v2_scores_vs_inprocess` moves all 19 scores of each pixel in floats, 20 MB a tile,
as a client must that wants to blend.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks import networks, timing
from benchmarks.figures import Figures
from inference_backend.models.reader import ModelFile, read_model
from inference_backend.predict.blocks.scores import planes_of_scores
from inference_backend.runtime.choose import AUTO, open_engine
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.kserve.address import TOKEN_ENVIRONMENT
from inference_backend.runtime.kserve.engine import KserveEngine

ROUNDS = 12
TILE_PX = 512


def measure() -> Figures:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = read_model(networks.write_unet24m(folder / "models" / "unet24m.onnx"))
        here = open_engine(AUTO, model)  # chosen here first: the server then takes the same
        with served(folder) as url:
            remote = KserveEngine(model, f"{url}/v2/models/unet24m")
            try:
                return {**_compare(model, here, remote), "v2_engine": f"{here.name} {remote.precision}"}
            finally:
                remote.close()
                here.close()


def _compare(model: ModelFile, here: Engine, remote: KserveEngine) -> Figures:
    random = np.random.default_rng(0)
    values = random.integers(0, 256, (1, len(model.card.bands), TILE_PX, TILE_PX)).astype(np.uint8)
    inside = np.ones((TILE_PX, TILE_PX), np.bool_)
    output, least = model.card.output, model.card.min_confidence
    works: dict[str, Callable[[], object]] = {
        "planes_here": lambda: planes_of_scores(here.infer(values)[0], inside, output, least),
        "planes_remote": lambda: remote.planes(values, least),
        "scores_here": lambda: here.infer(values),
        "scores_remote": lambda: remote.infer(values),
    }
    assert np.array_equal(works["planes_here"](), works["planes_remote"]()[0])
    times = timing.interleaved(
        {name: lambda work=work: timing.seconds(work) for name, work in works.items()}, timing.rounds(ROUNDS)
    )
    return {
        "v2_tile_vs_inprocess": timing.ratio(times["planes_remote"], times["planes_here"]),
        "v2_scores_vs_inprocess": timing.ratio(times["scores_remote"], times["scores_here"]),
        "v2_tile_s": timing.median(times["planes_remote"]),
        "v2_inprocess_tile_s": timing.median(times["planes_here"]),
    }


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Address of our own server over `folder`/models, with a token for this process alone."""
    token = secrets.token_hex(16)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "inference_backend",
            "serve",
            "--data",
            folder / "jobs",
            "--models",
            folder / "models",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OCSGE_TOKEN": token},
        text=True,
    )
    os.environ[TOKEN_ENVIRONMENT] = token
    try:
        yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
    finally:
        del os.environ[TOKEN_ENVIRONMENT]
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
