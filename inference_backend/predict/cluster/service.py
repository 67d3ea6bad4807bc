# SPDX-License-Identifier: GPL-2.0-or-later
"""The blocks of one prediction in one worker process: computed as they come, without a pause between them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress

from inference_backend.errors import Cancelled
from inference_backend.models.reader import ModelFile
from inference_backend.predict.blocks.block_work import BlockWork, encode_result, open_worker
from inference_backend.predict.blocks.canvas import BlockResult
from inference_backend.predict.blocks.lattice import Block
from inference_backend.runtime.engine import Engine

IDLE_S = 60.0
"""After so long without a block the rasters are closed, s."""
_POLL_S = 0.1
Files = dict[str, list[bytes]]


class BlockService:
    """A thread that keeps rasters and engine open, and computes whatever block somebody waits for.

    Args:
        work: of the prediction.
        model: file that this process can read.
        engine: open; not closed here.
        ended: called once, when the thread is over.
    """

    def __init__(
        self, work: BlockWork, model: ModelFile, engine: Engine, ended: Callable[[], None] = lambda: None
    ) -> None:
        self._work, self._model, self._engine, self._ended = work, model, engine, ended
        self._blocks: queue.Queue[Block] = queue.Queue()
        self._waiting: dict[Block, Future[Files]] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._stream = 0  # number of the current one; an earlier one takes no more blocks
        threading.Thread(target=self._serve, daemon=True).start()

    def submit(self, block: Block) -> Future[Files] | None:
        """Bytes of a block per product, to come; None where the service is over and another one is needed.

        Whoever no longer wants it cancels the future.
        """
        future: Future[Files] = Future()
        with self._lock:
            if self._closed:
                return None
            self._waiting[block] = future
            self._blocks.put(block)
        return future

    def close(self) -> None:
        """Give up what is under way and close the rasters."""
        with self._lock:
            self._closed = True
            for future in self._waiting.values():
                future.cancel()

    def _serve(self) -> None:
        error: BaseException = Cancelled()
        try:
            with open_worker(self._work, self._model, self._engine) as worker:
                while not self._closed:
                    with suppress(_GivenUpError):
                        worker.stream(self._as_they_come(self._stream)).run(self._finish, self._watch)
        except BaseException as fault:  # whatever it is, every waiting task raises it in its own thread
            error = fault
        with self._lock:
            self._closed = True
            waiting, self._waiting = list(self._waiting.values()), {}
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
        self._ended()

    def _as_they_come(self, stream: int) -> Iterator[Block]:
        idle_s = 0.0
        while not self._closed and stream == self._stream:
            try:
                block = self._blocks.get(timeout=_POLL_S)
            except queue.Empty:
                idle_s = 0.0 if self._waiting else idle_s + _POLL_S
                if idle_s >= IDLE_S:
                    self._close_if_idle()
                continue
            future = self._waiting.get(block)
            if stream != self._stream:
                self._blocks.put(block)
            elif future is not None and not future.cancelled():
                yield block

    def _close_if_idle(self) -> None:
        with self._lock:
            self._closed = self._closed or not self._waiting

    def _watch(self, _tiles: int) -> None:
        """Stop the stream once nobody waits for anything that is under way."""
        with self._lock:
            futures = list(self._waiting.values())
            if not futures or not all(future.cancelled() for future in futures):
                return
            self._waiting.clear()
            # Under the lock: the reader of the stream that ends here must not take a block submitted next.
            self._stream += 1
        raise _GivenUpError

    def _finish(self, result: BlockResult) -> None:
        files = encode_result(self._work, result)
        with self._lock:
            future = self._waiting.pop(result.block, None)
        if future is not None and future.set_running_or_notify_cancel():
            future.set_result(files)


class _GivenUpError(Exception):
    """Nobody waits for the blocks under way."""
