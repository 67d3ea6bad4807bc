# SPDX-License-Identifier: GPL-2.0-or-later
"""Blocks of a prediction computed by the workers of a Dask cluster.

The client hands out a bounded number of blocks and gets each back as the bytes of its files, which it keeps
as a local run does: a run that stops goes on with or without a cluster, and the pixels are the same. A worker
that dies costs the blocks it was at; the scheduler gives them to others.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from inference_backend.cluster.arrivals import Arrivals, large_graphs
from inference_backend.cluster.client import cluster_client, wait_for_workers
from inference_backend.models.reader import ModelFile
from inference_backend.predict.blocks.block_work import BlockWork, Save, Watch
from inference_backend.predict.blocks.lattice import Block
from inference_backend.predict.cluster.software import software
from inference_backend.predict.cluster.worker import (
    ClusterJob,
    SentModel,
    compute_block,
    end_run,
    engine_facts,
    hold,
)

_AHEAD = 2
"""Blocks handed out per thread of the cluster: one is computed while the next one waits at hand."""


@contextmanager
def open_cluster(scheduler: str, model: ModelFile) -> Iterator[Cluster]:
    """Connect, and send the model.

    Args:
        scheduler: see `address.parse_scheduler`.
        model: to be run.

    Raises:
        ClusterError: no address, nobody there, or Dask is not installed.
    """
    # One task more than the engine has threads: the next block is read while the last one is written.
    with cluster_client(scheduler, spare_threads=1) as client:
        data = model.path.read_bytes()
        sent = SentModel(data, hashlib.sha256(data).hexdigest(), model)
        cluster = Cluster(client, client.scheduler.address, uuid.uuid4().hex[:12])
        with large_graphs():
            cluster.model = client.submit(hold, sent, key=f"ocsge-{cluster.run_id}-model", pure=False)
        yield cluster


@dataclass
class Cluster:
    """A connected cluster that has the model."""

    client: Any
    address: str
    run_id: str
    model: Any = None
    warming: Sequence[Any] = ()

    def settle_engine(self, engine: str, watch: Watch = lambda _: None) -> tuple[str, str]:
        """Name and precision of the engine that `engine` stands for there, by the first worker's word.

        Raises:
            ClusterError: no worker, or one with other software.
            EngineError: the engine cannot load the model.
        """
        wait_for_workers(self.client, lambda: watch(0))
        arrivals = Arrivals(self.client, lambda: watch(0))
        arrivals.add(self._ask_for_engine(engine), None, ("-", "-"))
        name, precision = arrivals.next()[1]
        self._warm_up(str(name))
        return str(name), str(precision)

    def _ask_for_engine(self, engine: str, worker: str | None = None) -> Any:
        """A task that gets the model to a worker and opens its engine."""
        key = f"ocsge-{self.run_id}-engine-{worker or 'any'}"
        return self.client.submit(
            engine_facts, self.model, engine, software(), key=key, pure=False, workers=worker and [worker]
        )

    def _warm_up(self, engine: str) -> None:
        """Let every worker open the engine at the same time, instead of each when its first block comes."""
        workers = self.client.scheduler_info(n_workers=-1)["workers"]
        self.warming = [self._ask_for_engine(engine, worker) for worker in workers]

    def run(self, work: BlockWork, precision: str, blocks: Sequence[Block], save: Save, watch: Watch) -> None:
        """Compute `blocks`.

        Args:
            work: whose engine and precision come from `settle_engine`.
            precision: of the engine.
            blocks: in the order of handing out.
            save: takes the files of each finished block, in the caller's thread.
            watch: told the number of finished tiles every tenth of a second; raises to stop.

        Raises:
            ClusterError: the cluster cannot go on; what `save` got is good.
            EngineError: an engine failed.
        """
        job = ClusterJob(self.run_id, work, precision, software())
        tiles = 0
        arrivals = Arrivals(self.client, lambda: watch(tiles))
        waiting = iter(blocks)
        try:
            for _ in range(len(blocks)):
                while len(arrivals) < _AHEAD * arrivals.threads:
                    block = next(waiting, None)
                    if block is None:
                        break
                    arrivals.add(self._submit(job, block), block, (block.row, block.col))
                done, files = arrivals.next()
                save(done, files)
                tiles += work.lattice.tile_count(done)
            watch(tiles)
        finally:
            if self.client.status == "running":  # else every call waits for a scheduler that is gone
                arrivals.give_up()
                self._end_run()

    def _end_run(self) -> None:
        """Let workers close the rasters now; what is idle they close anyway."""
        with suppress(OSError, RuntimeError, TimeoutError):
            self.client.run(end_run, self.run_id, on_error="ignore")

    def _submit(self, job: ClusterJob, block: Block) -> Any:
        key = f"ocsge-{job.run}-block-{block.row}-{block.col}"
        return self.client.submit(compute_block, self.model, job, block, key=key, pure=False)
