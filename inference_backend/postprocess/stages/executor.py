# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the blocks of a stage in threads of this process.

The kernels run without Python's lock, so that threads are enough on one machine, and share what is large.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from inference_backend.errors import Cancelled

T = TypeVar("T")
Block = tuple[int, int]
Watch = Callable[[], None]
POLL_S = 0.1
_PATIENCE_S = 0.4
"""How long a stopped stage waits for the step that each thread is at, s; cancelling takes less than one."""


Task = Callable[[Any, Any, Callable[[], bool]], Any]
"""Gives the result of a block; a function of a module, since it may travel. It takes what all blocks of the
stage share, what this block needs, and a function that says False once nobody waits for the result."""


class Executor(Protocol):
    """Runs a task on many blocks."""

    def run(
        self,
        task: Task,
        common: Any,
        blocks: Sequence[Block],
        own: Callable[[Block], Any],
        save: Callable[[Block, Any], None],
        watch: Watch,
        weight: float = 1.0,
    ) -> None:
        """Do `blocks`, in any order.

        Args:
            task: see `Task`.
            common: sent once.
            blocks: what to do.
            own: what a block needs, asked for when its turn comes.
            save: takes each result, in the caller's thread.
            watch: called ten times a second; raises to stop.
            weight: memory that a block takes, in that of an ordinary one; so many times fewer run at a time
                in each process, and one at least.
        """


class LocalThreads:
    """Blocks in `workers` threads of this process."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(
        self,
        task: Task,
        common: Any,
        blocks: Sequence[Block],
        own: Callable[[Block], Any],
        save: Callable[[Block, Any], None],
        watch: Watch,
        weight: float = 1.0,
    ) -> None:
        """See `Executor.run`."""
        workers = max(1, int(self.workers / weight))
        stage = _Stage(task, common, blocks, own, workers)
        for _ in range(min(workers, len(blocks))):
            stage.start_thread()
        try:
            for block, result in stage.results(watch):
                save(block, result)
        finally:
            stage.stop()


class _Stage:
    def __init__(
        self, task: Task, common: Any, blocks: Sequence[Block], own: Callable[[Block], Any], workers: int
    ) -> None:
        self._task, self._common, self._own = task, common, own
        self._count = len(blocks)
        self._waiting = iter(blocks)
        self._lock = threading.Lock()
        # One result beside each thread's own: a slow disk must not let them pile up.
        self._done: queue.Queue[tuple[Block, Any, BaseException | None]] = queue.Queue(workers)
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def start_thread(self) -> None:
        # Daemons, so that one that is deep in a library does not keep a cancelled program alive.
        thread = threading.Thread(target=self._work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def results(self, watch: Watch) -> Iterator[tuple[Block, Any]]:
        for _ in range(self._count):
            while True:
                watch()
                try:
                    block, result, error = self._done.get(timeout=POLL_S)
                except queue.Empty:
                    continue
                break
            if error is not None:
                raise error
            yield block, result

    def stop(self) -> None:
        self._stopped.set()
        end = time.monotonic() + _PATIENCE_S
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _is_wanted(self) -> bool:
        return not self._stopped.is_set()

    def _work(self) -> None:
        while self._is_wanted():
            with self._lock:
                block = next(self._waiting, None)
            if block is None:
                return
            result, error = None, None
            try:
                result = self._task(self._common, self._own(block), self._is_wanted)
            except BaseException as fault:  # raised again in the thread that waits for it
                error = fault
            self._hand_over((block, result, error))

    def _hand_over(self, done: tuple[Block, Any, BaseException | None]) -> None:
        """Give a result to whoever saves it, once there is room, unless nobody does any more."""
        while self._is_wanted():
            with contextlib.suppress(queue.Full):
                self._done.put(done, timeout=POLL_S)
                return


def run_watched(work: Callable[[], T], watch: Watch) -> T:
    """`work` in a thread of its own, so that `watch` is called ten times a second meanwhile."""
    found: list[T] = []
    LocalThreads(1).run(
        lambda _common, _own, _is_wanted: work(),
        None,
        [(0, 0)],
        lambda _: None,
        lambda _, r: found.append(r),
        watch,
    )
    return found[0]


def stop_unless(is_wanted: Callable[[], bool]) -> None:
    """Leave a task that nobody waits for.

    Raises:
        Cancelled: nobody does.
    """
    if not is_wanted():
        raise Cancelled
