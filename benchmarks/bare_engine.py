# SPDX-License-Identifier: GPL-2.0-or-later
"""Engines of one thread, each alone in its process: what several processes can do on this machine at all."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks import raw_engine
from inference_backend.models.reader import read_model
from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.threads import THREADS_ENVIRONMENT


@contextmanager
def bare_engines(
    number: int, engine: str, model: Path, raster: Path, tile_px: int
) -> Iterator[list[Connection]]:
    """`number` processes that have loaded a network and wait for a number of tiles."""
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        ends = []
        for _ in range(number):
            end, other = context.Pipe()
            process = context.Process(
                target=_serve, args=(other, engine, model, raster, tile_px), daemon=True
            )
            process.start()
            stack.callback(process.kill)
            ends.append(end)
        for end in ends:
            end.recv()
        yield ends


def seconds_together(ends: list[Connection], tiles: int) -> float:
    """Seconds that all, begun at once, take for `tiles` tiles together."""
    for end in ends:
        end.send(tiles // len(ends))
    return max(end.recv() for end in ends)


def _serve(end: Connection, name: str, model: Path, raster: Path, tile_px: int) -> None:
    os.environ[THREADS_ENVIRONMENT] = "1"
    engine = open_engine(name, read_model(model))
    tiles = raw_engine.read_tiles(raster, tile_px)
    raw_engine.infer_all(engine, tiles, 1)
    end.send(True)
    while True:
        end.send(raw_engine.infer_all(engine, tiles, end.recv()))
