# SPDX-License-Identifier: GPL-2.0-or-later
"""The work on blocks: one picklable value says all, and any worker computes any block from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import rasterio

from inference_backend.grid import Grid
from inference_backend.models.reader import ModelFile, read_model
from inference_backend.predict.blocks.blended_file import pack_result
from inference_backend.predict.blocks.block_file import encode_block
from inference_backend.predict.blocks.canvas import BlockResult
from inference_backend.predict.blocks.lattice import (
    MAX_SIDE_PX,
    SIDE_MULTIPLE_PX,
    Block,
    Lattice,
    make_lattice,
)
from inference_backend.predict.blocks.tile_size import margin_px, tile_px
from inference_backend.predict.blocks.tile_stream import TileStream, lending_engine
from inference_backend.predict.inputs.band_sources import BandSource, find_bands
from inference_backend.predict.inputs.input_stack import InputStack, open_stack
from inference_backend.predict.inputs.raster_checks import parse_crs
from inference_backend.predict.options import PredictOptions
from inference_backend.runtime.choose import open_engine, resolve_engine
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.threads import usable_threads

GDAL_CACHE_BYTES = 128 * 2**20
"""At most; GDAL's default grows with the machine. What it keeps for nothing is fresh memory, and slow."""
_LEAST_CACHE_BYTES = 16 * 2**20
_BLOCK_BYTES = 192 * 2**20  # at most, of one block with all of its classes

PLANES, PROBABILITIES, BLENDED = "planes", "probabilities", "blended"
Save = Callable[[Block, Mapping[str, Sequence[bytes]]], None]
Watch = Callable[[int], None]


@dataclass(frozen=True)
class BlockWork:
    """All that a worker needs; picklable.

    Attributes:
        rasters: as the user gave them.
        model: ONNX file.
        options: of the prediction; `engine` is the name of one, never `auto`.
        grid: of the output.
        lattice: of the blocks.
    """

    rasters: tuple[str, ...]
    model: Path
    options: PredictOptions
    grid: Grid
    lattice: Lattice

    @property
    def products(self) -> tuple[str, ...]:
        """What the user gets."""
        return (PLANES, PROBABILITIES) if self.options.probabilities else (PLANES,)

    @property
    def block_files(self) -> tuple[str, ...]:
        """Files that a worker makes of a block: its products, or what they will be blended from."""
        return (BLENDED,) if self.options.blend else self.products


def plan_work(rasters: Sequence[str | Path], model: Path, options: PredictOptions) -> BlockWork:
    """Open everything once, and lay the lattice.

    Raises:
        InputError: a raster or model that cannot be used.
        EngineError: no engine can load the model.
    """
    model_file = read_model(model)
    names = tuple(map(str, rasters))
    with _open_inputs(names, model_file, options) as (_, stack):
        return _planned(names, model_file, options, stack)


def _planned(
    names: tuple[str, ...], model: ModelFile, options: PredictOptions, stack: InputStack
) -> BlockWork:
    card, grid, reach = model.card, stack.grid, model.graph.reach_px
    # Scores are mixed over the whole margin, also where all of them are the same.
    needed = None if options.blend or reach is None else max(reach, stack.mask_reach_px)
    margin = margin_px(card, options.overlap_px, needed)
    layers = 4 + len(card.classes) * (options.probabilities + 2 * options.blend)
    limit = int((_BLOCK_BYTES / layers) ** 0.5) // SIDE_MULTIPLE_PX * SIDE_MULTIPLE_PX
    lattice = make_lattice(
        grid.shape,
        tile_px(card, margin, grid.shape),
        margin,
        min(limit, MAX_SIDE_PX),
        to_the_edge=_may_reach_the_edge(model, options),
    )
    resolved = replace(options, engine=resolve_engine(options.engine, model))
    return BlockWork(names, model.path, resolved, grid, lattice)


def _may_reach_the_edge(model: ModelFile, options: PredictOptions) -> bool:
    """Whether tiles may end where the raster does, instead of being filled up with its mirror image.

    Around an area of interest there are real pixels; blending weighs by the distance to an edge that all
    tiles have; and some networks give nothing along the edges of a tile.
    """
    outputs = (model.graph.output(name) for name in model.output_names)
    is_whole = all(output is not None and output.lost_px == 0 for output in outputs)
    return is_whole and options.aoi is None and not options.blend


@contextmanager
def _open_inputs(
    rasters: Sequence[str], model: ModelFile, options: PredictOptions
) -> Iterator[tuple[tuple[BandSource, ...], InputStack]]:
    sources = find_bands(rasters, model.card, options.choice, options.policy)
    with open_stack(
        sources,
        model.card,
        resample=options.resample,
        crs=parse_crs(options.crs),
        aoi=options.aoi,
        policy=options.policy,
    ) as stack:
        yield sources, stack


@dataclass(frozen=True)
class BlockWorker:
    """Everything open: computes blocks one after the other, without a pause between them."""

    work: BlockWork
    model: ModelFile
    sources: tuple[BandSource, ...]
    stack: InputStack
    engine: Engine

    streams: list[TileStream] = field(default_factory=list)

    def stream(self, blocks: Iterable[Block]) -> TileStream:
        """The computation of `blocks`, which may come one by one, not yet started."""
        work = self.work
        stream = TileStream(work.lattice, self.model, self.stack, self.engine, work.options, blocks)
        self.streams[:] = [*(old for old in self.streams if old.is_alive()), stream]
        return stream

    def compute(self, blocks: Sequence[Block], save: Save, watch: Watch) -> None:
        """Compute `blocks` and hand on the bytes of each; see `TileStream.run`."""
        stream = self.stream(blocks)

        def finish(result: BlockResult) -> None:
            # Nothing else runs beside the last blocks.
            threads = 1 if stream.is_reading else usable_threads()
            save(result.block, encode_result(self.work, result, threads))
            stream.memory.give_back(result.planes)

        stream.run(finish, watch)


@contextmanager
def open_planned(
    rasters: Sequence[str | Path], model: Path, options: PredictOptions
) -> Iterator[BlockWorker]:
    """`plan_work` and `open_worker`, everything opened once.

    Raises:
        InputError: a raster or model that cannot be used.
        EngineError: no engine can load the model.
    """
    model_file = read_model(model)
    names = tuple(map(str, rasters))
    with _limited_cache() as opened:
        sources, stack = opened.enter_context(_open_inputs(names, model_file, options))
        work = _planned(names, model_file, options, stack)
        engine = open_engine(work.options.engine, model_file)
        opened.callback(engine.close)
        with _closed_if_idle(BlockWorker(work, model_file, sources, stack, engine), opened) as worker:
            yield worker


@contextmanager
def open_worker(
    work: BlockWork, model: ModelFile | None = None, engine: Engine | None = None
) -> Iterator[BlockWorker]:
    """Open model, engine and rasters in this process.

    Args:
        work: to do.
        model: as read from another file than the work's.
        engine: open already; not closed here.

    Raises:
        InputError: a raster or model that cannot be used.
        EngineError: the engine cannot load the model.
    """
    model = model or read_model(work.model)
    with _limited_cache() as opened:
        sources, stack = opened.enter_context(_open_inputs(work.rasters, model, work.options))
        used = engine or open_engine(work.options.engine, model)
        if engine is None:
            opened.callback(used.close)
        with _closed_if_idle(BlockWorker(work, model, sources, stack, used), opened) as worker:
            yield worker


@contextmanager
def _limited_cache() -> Iterator[ExitStack]:
    """For what is to be closed, with GDAL's cache limited meanwhile."""
    with rasterio.Env(GDAL_CACHEMAX=GDAL_CACHE_BYTES), ExitStack() as opened:
        yield opened


@contextmanager
def _closed_if_idle(worker: BlockWorker, opened: ExitStack) -> Iterator[BlockWorker]:
    """The worker, its engine getting ready; what it needs stays open where it cannot be stopped."""
    engine, side_px = lending_engine(worker.engine, worker.work.options), worker.work.lattice.tile_px
    if engine is not None:
        engine.prepare(worker.stack.dtype, (len(worker.model.card.bands), side_px, side_px))
    try:
        with _sufficient_cache(worker.stack, worker.work.lattice):
            yield worker
    finally:
        if any(stream.is_alive() for stream in worker.streams):
            # A slow server or network holds a thread: closing under its hands would crash the process.
            _left_open.append(opened.pop_all())


def _sufficient_cache(stack: InputStack, lattice: Lattice) -> rasterio.Env:
    """GDAL's cache no larger than a row of blocks needs, or one block where a row does not fit."""
    allowed = rasterio.env.getenv().get("GDAL_CACHEMAX", GDAL_CACHE_BYTES)
    side_px = lattice.side_px + 2 * lattice.margin_px
    needed = stack.cache_bytes(side_px)
    if needed is not None and needed > allowed == GDAL_CACHE_BYTES:
        needed = stack.cache_bytes(2 * lattice.tile_px, side_px)
    return rasterio.Env(
        GDAL_CACHEMAX=allowed if needed is None else min(max(needed, _LEAST_CACHE_BYTES), allowed)
    )


_left_open: list[ExitStack] = []
"""Kept so that nothing closes them before the process ends."""


_kept = threading.local()


def predict_block(work: BlockWork, block: Block) -> BlockResult:
    """Compute one block; model and rasters stay open in this thread for the next call with the same work.

    Raises:
        InputError: a raster or model that cannot be used.
        EngineError: the engine cannot run the model.
    """
    if getattr(_kept, "work", None) != work:
        release_worker()
        stack = ExitStack()
        _kept.worker = stack.enter_context(open_worker(work))
        _kept.stack, _kept.work = stack, work
    results: list[BlockResult] = []
    worker: BlockWorker = _kept.worker
    worker.stream([block]).run(results.append)
    return results[0]


def release_worker() -> None:
    """Close what `predict_block` keeps open in this thread."""
    stack: ExitStack | None = getattr(_kept, "stack", None)
    if stack is not None:
        _kept.stack = _kept.work = _kept.worker = None
        stack.close()


def encode_result(work: BlockWork, result: BlockResult, threads: int = 1) -> dict[str, list[bytes]]:
    """Bytes of a block per file, none where it has no image; what `BlockStore.save` keeps."""
    if work.options.blend:
        return {} if result.planes is None else {BLENDED: [pack_result(result)]}
    return encode_products(work, result, threads)


def encode_products(work: BlockWork, result: BlockResult, threads: int = 1) -> dict[str, list[bytes]]:
    """Bytes of a block per product, once nothing of it will change."""
    tile = work.lattice.cog_tile_px
    bands = {PLANES: result.planes, PROBABILITIES: result.probabilities}
    return {name: encode_block(values, tile, threads) for name, values in bands.items() if values is not None}
