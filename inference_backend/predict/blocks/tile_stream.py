# SPDX-License-Identifier: GPL-2.0-or-later
"""Reading, inference and what follows at the same time, across the edges of blocks.

One thread reads tiles; the engine's threads and one more take them, run the network (no more at once than the
engine likes) and turn scores into planes; who finishes a block hands it on. The caller's thread does nothing
but watch, so that it notices a wish to stop within a tenth of a second.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_backend.models.reader import ModelFile
from inference_backend.predict.blocks.canvas import BlockResult, Canvas, CanvasMemory
from inference_backend.predict.blocks.lattice import Block, Lattice, TileInBlock
from inference_backend.predict.errors import UnexpectedScoresError
from inference_backend.predict.inputs.input_stack import InputStack, TileValues
from inference_backend.predict.options import PredictOptions
from inference_backend.runtime.engine import Engine, MapEngine, map_engine, plane_engine

Finish = Callable[[BlockResult], None]
Watch = Callable[[int], None]

_READ_AHEAD_TILES = 4
_WATCH_S = 0.1
_PATIENCE_S = 0.7
"""How long a stop waits for tiles under way; a network that needs longer ends in the background."""


def lending_engine(engine: Engine, options: PredictOptions) -> MapEngine | None:
    """The same engine where its scores are read as they lie in its memory."""
    return None if _needs_scores(options) else map_engine(engine)


def _needs_scores(options: PredictOptions) -> bool:
    """Whether scores of every class are worth their transport: more than the planes is made of them."""
    return options.probabilities or options.blend


@dataclass(frozen=True)
class _Job:
    canvas: Canvas
    place: TileInBlock
    read: TileValues


class TileStream:
    """The computation of some blocks.

    Args:
        lattice: of the blocks.
        model: with its card.
        stack: rasters; read from one thread.
        engine: called from its own number of threads at once.
        options: which products.
        blocks: in the order of reading.

    Attributes:
        is_reading: whether there are tiles still to be read.
        memory: takes back the planes of a block that was handed on, when they are not needed any more.
    """

    def __init__(
        self,
        lattice: Lattice,
        model: ModelFile,
        stack: InputStack,
        engine: Engine,
        options: PredictOptions,
        blocks: Iterable[Block],
    ) -> None:
        self._lattice, self._model, self._stack, self._engine = lattice, model, stack, engine
        self._options, self._blocks = options, blocks
        self.is_reading = True
        self.memory = CanvasMemory(lattice.side_px)
        self._plane_engine = None if _needs_scores(options) else plane_engine(engine)
        self._map_engine = lending_engine(engine, options)
        self._jobs: queue.Queue[_Job | None] = queue.Queue(engine.workers + _READ_AHEAD_TILES)
        self._turns = threading.Semaphore(engine.workers)
        self._stop = threading.Event()
        self._fault: BaseException | None = None
        self._done_tiles = 0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def is_alive(self) -> bool:
        """Whether a network still runs that was too slow to stop."""
        return any(thread.is_alive() for thread in self._threads)

    def run(self, finish: Finish, watch: Watch = lambda _: None) -> None:
        """Compute all blocks.

        Args:
            finish: takes each finished block, in a thread of the stream.
            watch: told the number of finished tiles every tenth of a second, in the caller's thread; raises
                to stop.

        Raises:
            InputError: a raster cannot be read, or the network's answer does not fit the card.
            EngineError: the engine failed.
        """
        tasks = [self._read_all, *[self._work_off] * (self._engine.workers + 1)]
        # Daemons, so that a process ends without waiting for a network that takes long.
        threads = [threading.Thread(target=self._guarded, args=(t, finish), daemon=True) for t in tasks]
        self._threads = threads
        try:
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads) and self._fault is None:
                watch(self._done_tiles)
                _join(threads, _WATCH_S)
            if self._fault is not None:
                raise self._fault
            watch(self._done_tiles)
        finally:
            self._stop.set()
            _join(threads, _PATIENCE_S)

    def _guarded(self, work: Callable[[Finish], None], finish: Finish) -> None:
        try:
            work(finish)
        except BaseException as error:  # whatever it is, the caller's thread raises it
            self._fault = self._fault or error
            self._stop.set()

    def _read_all(self, finish: Finish) -> None:
        for block in self._blocks:
            canvas = Canvas(self._lattice, block, self._model.card, self._options, self.memory)
            rows, cols = self._lattice.place(block)
            if self._stack.is_empty(rows, cols):
                self._count(self._lattice.tile_count(block))
            else:
                self._read_block(block, canvas)
            if self._stop.is_set():
                return
            if canvas.release():
                finish(canvas.result())
        self.is_reading = False
        for _ in range(self._engine.workers + 1):
            self._put(None)

    def _read_block(self, block: Block, canvas: Canvas) -> None:
        for place in self._lattice.tiles_of(block):
            if self._stop.is_set():
                return
            is_empty = self._stack.is_empty(*self._lattice.core(block, place))
            read = None if is_empty else self._stack.read(place.tile)
            if read is None or not (read.is_whole or _core(read.inside, place).any()):
                canvas.skip(place)
                self._count(1)
                continue
            canvas.expect()
            self._put(_Job(canvas, place, read))

    def _put(self, job: _Job | None) -> None:
        while not self._stop.is_set():
            try:
                self._jobs.put(job, timeout=_WATCH_S)
            except queue.Full:
                continue
            return

    def _work_off(self, finish: Finish) -> None:
        while not self._stop.is_set():
            try:
                job = self._jobs.get(timeout=_WATCH_S)
            except queue.Empty:
                continue
            if job is None:
                return
            self._classify(job)
            self._stack.give_back(job.read)
            if self._stop.is_set():
                return  # perhaps without this tile: a block with a hole in it must not look finished
            self._count(1)
            if job.canvas.release():
                finish(job.canvas.result())

    def _classify(self, job: _Job) -> None:
        if self._map_engine is not None:
            self._classify_map(job, self._map_engine)
            return
        with self._turns:
            if self._stop.is_set():
                return
            if self._plane_engine is not None:
                planes = self._plane_engine.planes(job.read.values[None], self._model.card.min_confidence)[0]
            else:
                scores = self._engine.infer(job.read.values[None])[0]
        if self._plane_engine is not None:
            job.canvas.put_ready(
                job.place, planes, job.read.inside, self._lost_px(planes.shape, (len(planes),))
            )
            return
        scores = scores[None] if scores.ndim == 2 else scores
        job.canvas.put(job.place, scores, job.read.inside, self._lost_px(scores.shape, self._channels()))

    def _classify_map(self, job: _Job, engine: MapEngine) -> None:
        with ExitStack() as lent:
            with self._turns:
                if self._stop.is_set():
                    return
                scores = lent.enter_context(engine.lend(job.read.values[None]))
            lost_px = self._lost_px(scores.shape, self._channels())
            job.canvas.put_map(job.place, scores, job.read.inside, lost_px)

    def _channels(self) -> tuple[int, ...]:
        """Numbers of channels that scores may have."""
        card = self._model.card
        if card.output == "argmax":
            return (1,)
        return (len(card.classes), 1 if len(card.classes) == 2 else 0)

    def _lost_px(self, shape: tuple[int, ...], known: tuple[int, ...]) -> int:
        """By how many pixels on each side the network's answer is smaller than what it was given."""
        card, lattice = self._model.card, self._lattice
        lost, odd = divmod(lattice.tile_px - shape[-1], 2)
        fits = shape[-2] == shape[-1] and shape[0] in known
        # At the raster's edge, cores may reach to the edge of their tiles.
        most = 0 if lattice.edge_px else lattice.margin_px
        if odd or not fits or not 0 <= lost <= most:
            expected = (len(card.classes), lattice.tile_px, lattice.tile_px)
            raise UnexpectedScoresError(path=self._model.path, shape=shape, expected=expected)
        return int(lost)

    def _count(self, tiles: int) -> None:
        with self._lock:
            self._done_tiles += tiles


def _core(inside: NDArray[np.bool_], place: TileInBlock) -> NDArray[np.bool_]:
    """The part of a tile's mask that its core decides."""
    row, col = place.offset
    height, width = place.rows.stop - place.rows.start, place.cols.stop - place.cols.start
    return inside[row : row + height, col : col + width]


def _join(threads: Sequence[threading.Thread], seconds: float) -> None:
    """Wait until all have ended, for so long at most."""
    end = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
