# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the blocks of a stage on the workers of a Dask cluster.

What a block needs is sent with it, and its result comes back as bytes, so that workers need to see nothing
but the prediction, under the same name. A worker that dies costs the blocks it was at.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from inference_backend.cluster.arrivals import Arrivals, large_graphs
from inference_backend.cluster.client import cluster_client, wait_for_workers
from inference_backend.cluster.errors import WorkerInputError
from inference_backend.cluster.remote_task import is_wanted, portable, worker_address, worker_threads_here
from inference_backend.cluster.room import Room
from inference_backend.cluster.software import check_software
from inference_backend.errors import InputError
from inference_backend.postprocess.stages.executor import Block, Task, Watch
from inference_backend.postprocess.stages.work_identity import deciding_software
from inference_backend.runtime.memory import return_large_arrays

_AHEAD = 2
"""Blocks handed out per thread of the cluster: one is worked on while the next one waits at hand."""


@contextmanager
def open_cluster_executor(scheduler: str, watch: Watch) -> Iterator[ClusterExecutor]:
    """Connect to a cluster, and wait for its first worker.

    Args:
        scheduler: see `address.parse_scheduler`.
        watch: called while waiting; raises to stop.

    Raises:
        ClusterError: no address, nobody there, or Dask is not installed.
    """
    with cluster_client(scheduler) as client, large_graphs():
        wait_for_workers(client, watch)
        yield ClusterExecutor(client)


class ClusterExecutor:
    """Blocks on the workers that `client` is connected to."""

    def __init__(self, client: Any) -> None:
        self._client = client

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
        """See `Executor.run`.

        Raises:
            ClusterError: the cluster cannot go on; what `save` got is good.
        """
        if not blocks:
            return
        arrivals = Arrivals(self._client, watch)
        run = uuid.uuid4().hex[:12]
        shared = self._client.submit(_hold, common, key=f"ocsge-{run}-common", pure=False)
        waiting = iter(blocks)
        try:
            for _ in range(len(blocks)):
                while len(arrivals) < _AHEAD * arrivals.threads:
                    block = next(waiting, None)
                    if block is None:
                        break
                    key = f"ocsge-{run}-block-{block[0]}-{block[1]}"
                    future = self._client.submit(
                        _do_block, task, shared, own(block), weight, deciding_software(), key=key, pure=False
                    )
                    arrivals.add(future, block, block)
                save(*arrivals.next())
        finally:
            if self._client.status == "running":  # else every call waits for a scheduler that is gone
                arrivals.give_up()
                with suppress(OSError, RuntimeError, TimeoutError):
                    shared.release()


def _hold(common: Any) -> Any:
    """What blocks share, as a task of its own: done again should the worker that holds it die."""
    return common


@portable
def _do_block(task: Task, common: Any, own: Any, weight: float, software: Mapping[str, str]) -> Any:
    """The result of a block on this worker.

    Raises:
        OtherSoftwareError: other versions than the client's.
        WorkerInputError: the prediction cannot be used from here.
        Cancelled: the client gave the block up.
    """
    check_software(worker_address(), deciding_software(), software)
    try:
        with _worker_room().taken(weight, is_wanted):
            return task(common, own, is_wanted)
    except InputError as error:
        raise WorkerInputError(
            where=worker_address(), reason_en=error.text("en"), reason_fr=error.text("fr")
        ) from error


@cache
def _worker_room() -> Room:
    """Room in this process, which from now on gives memory back as soon as a block is done."""
    return_large_arrays()
    return Room(worker_threads_here())
