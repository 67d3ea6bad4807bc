# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs inside a Dask worker.

A worker process has one engine with as many threads as the worker has, however many tasks it runs at once.
Rasters stay open from block to block, and the engine from one prediction to the next with the same model.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field, replace
from pathlib import Path

from inference_backend.atomic import replace_when_done
from inference_backend.cluster.errors import OtherSoftwareError, WorkerInputError
from inference_backend.cluster.remote_task import is_wanted, portable, worker_address
from inference_backend.cluster.software import check_software
from inference_backend.errors import Cancelled, InputError
from inference_backend.models.reader import ModelFile
from inference_backend.predict.blocks.block_work import BlockWork
from inference_backend.predict.blocks.lattice import Block
from inference_backend.predict.cluster.service import BlockService
from inference_backend.runtime.choose import open_engine, resolve_engine
from inference_backend.runtime.engine import Engine
from inference_backend.runtime.threads import THREADS_ENVIRONMENT

_POLL_S = 0.1


@dataclass(frozen=True)
class SentModel:
    """A model on its way to the workers, which need not have the file.

    Attributes:
        data: bytes of the file.
        digest: SHA-256 of `data`, hexadecimal.
        model: as the client read it.
    """

    data: bytes = field(repr=False)
    digest: str
    model: ModelFile


@dataclass(frozen=True)
class ClusterJob:
    """What the blocks of one prediction have in common.

    Attributes:
        run: tells this prediction from every other one.
        work: whose model's path is the client's.
        precision: of the engine, as the first worker opened it.
        software: versions of the client.
    """

    run: str
    work: BlockWork
    precision: str
    software: Mapping[str, str]


def hold(sent: SentModel) -> SentModel:
    """The model as a task of its own: computed again should the worker that holds it die."""
    return sent


@portable
def engine_facts(sent: SentModel, engine: str, expected: Mapping[str, str]) -> tuple[str, str]:
    """Name and precision of the engine that `engine` stands for on this worker.

    Raises:
        OtherSoftwareError: other versions than the client's.
        EngineError: the engine cannot load the model.
    """
    _check_and_prepare(expected)
    model = _stored(sent)
    name = resolve_engine(engine, model)
    return name, _process.engine(sent.digest, name, model).precision


@portable
def compute_block(sent: SentModel, job: ClusterJob, block: Block) -> dict[str, list[bytes]]:
    """Bytes of one block per product, see `block_work.encode_result`.

    Raises:
        OtherSoftwareError: other versions or another precision than the rest of the cluster.
        Cancelled: the client gave the block up.
        WorkerInputError: a raster that cannot be used from here.
        EngineError: the engine cannot run the model.
    """
    _check_and_prepare(job.software)
    future = None
    while future is None:
        future = _process.service(sent, job).submit(block)
    while True:
        try:
            return future.result(timeout=_POLL_S)
        except NotYet:
            if not is_wanted():
                future.cancel()
        except CancelledError:
            raise Cancelled from None
        except InputError as error:
            raise WorkerInputError(
                where=worker_address(), reason_en=error.text("en"), reason_fr=error.text("fr")
            ) from error


def end_run(run: str) -> None:
    """Close the rasters of a prediction that is over."""
    _process.end(run)


class _Process:
    """What this worker process keeps open."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._services: dict[str, BlockService] = {}
        self._engine: tuple[tuple[str, str], Engine] | None = None

    def engine(self, digest: str, name: str, model: ModelFile) -> Engine:
        """The engine kept, or a new one in its place; one that a service still uses lives on with it."""
        with self._lock:
            if self._engine is None or self._engine[0] != (digest, name):
                self._engine = None  # gives its memory back before the next one takes its own
                self._engine = (digest, name), open_engine(name, model)
            return self._engine[1]

    def service(self, sent: SentModel, job: ClusterJob) -> BlockService:
        with self._lock:
            if job.run not in self._services:
                model, name = _stored(sent), job.work.options.engine
                engine = self.engine(sent.digest, name, model)
                if engine.precision != job.precision:
                    raise OtherSoftwareError(
                        where=worker_address(), what=name, found=engine.precision, expected=job.precision
                    )
                work = replace(job.work, model=model.path)
                self._services[job.run] = BlockService(work, model, engine, lambda: self._forget(job.run))
            return self._services[job.run]

    def end(self, run: str) -> None:
        with self._lock:
            service = self._services.get(run)
        if service is not None:
            service.close()

    def _forget(self, run: str) -> None:
        with self._lock:
            self._services.pop(run, None)


_process = _Process()


def _check_and_prepare(expected: Mapping[str, str]) -> None:
    from distributed import get_worker

    from inference_backend.predict.cluster.software import software

    check_software(worker_address(), software(), expected)
    os.environ.setdefault(THREADS_ENVIRONMENT, str(get_worker().state.nthreads))


def _stored(sent: SentModel) -> ModelFile:
    """The model in this worker's own folder, which goes with the worker."""
    from distributed import get_worker

    folder = Path(get_worker().local_directory)
    path = folder / f"{sent.model.path.stem}-{sent.digest[:16]}{sent.model.path.suffix}"
    if not path.exists():
        with replace_when_done(path) as temporary:
            temporary.write_bytes(sent.data)
    return replace(sent.model, path=path)
