# SPDX-License-Identifier: GPL-2.0-or-later
"""Tasks under way on a cluster, handed out a bounded number at a time and taken as they end."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from inference_backend.cluster.client import WORKERS_TIMEOUT_S, worker_threads
from inference_backend.cluster.errors import NoWorkersError, SchedulerLostError, WorkersDiedError

_POLL_S = 0.1
_LOOK_S = 5.0
_LARGEST_TASK = "4 GiB"
Place = tuple[object, object]


class Arrivals:
    """Futures under way and the queue of those that are done.

    Args:
        client: connected.
        watch: called while waiting; raises to stop.
    """

    def __init__(self, client: Any, watch: Callable[[], None]) -> None:
        self._client, self._watch = client, watch
        self._address = str(client.scheduler.address)
        self._pending: dict[Any, tuple[Any, Place]] = {}
        self._done: queue.Queue[Any] = queue.Queue()
        self._looked = self._seen = time.monotonic()
        self.threads = max(1, worker_threads(client))

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, future: Any, item: Any, place: Place) -> None:
        """Wait for `future`, too.

        Args:
            future: submitted.
            item: given back with its result.
            place: row and column of the block that it computes, for errors.
        """
        self._pending[future] = item, place
        future.add_done_callback(self._done.put)

    def next(self) -> tuple[Any, Any]:
        """The item and the result of the next future that is done.

        Raises:
            ClusterError, or whatever the task raised.
        """
        while True:
            self._watch()
            try:
                future = self._done.get(timeout=_POLL_S)
            except queue.Empty:
                self._look_for_workers()
                continue
            item, place = self._pending.pop(future)
            result = self._result(future, place)
            future.release()
            return item, result

    def give_up(self) -> None:
        """Cancel what is still under way."""
        if self._pending:
            with suppress(OSError, RuntimeError, TimeoutError):
                self._client.cancel(list(self._pending), force=True)

    def _result(self, future: Any, place: Place) -> Any:
        from distributed import CancelledError, KilledWorker

        try:
            return future.result()
        except KilledWorker as error:
            raise WorkersDiedError(row=place[0], col=place[1], times=self._deaths(error)) from error
        except (CancelledError, OSError) as error:
            if future.status == "error" and not isinstance(error, CancelledError):
                raise  # the task's own
            raise SchedulerLostError(address=self._address, reason=_reason(error)) from error

    @staticmethod
    def _deaths(error: Any) -> int:
        return int(getattr(error, "allowed_failures", 0)) + 1

    def _look_for_workers(self) -> None:
        """Take new workers into account, and notice that there is none left."""
        now = time.monotonic()
        if now - self._looked < _LOOK_S:
            return
        self._looked = now
        try:
            threads = worker_threads(self._client)
        except (OSError, RuntimeError) as error:
            raise SchedulerLostError(address=self._address, reason=_reason(error)) from error
        if threads:
            self._seen, self.threads = now, threads
        elif now - self._seen > WORKERS_TIMEOUT_S:
            raise NoWorkersError(address=self._address, waited_s=WORKERS_TIMEOUT_S)


@contextmanager
def large_graphs() -> Iterator[None]:
    """Without Dask's advice against large tasks."""
    import dask

    with dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGEST_TASK}):
        yield


def _reason(error: BaseException) -> str:
    return str(error).strip() or type(error).__name__
