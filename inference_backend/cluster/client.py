# SPDX-License-Identifier: GPL-2.0-or-later
"""A connection to a Dask cluster, or a small one of this machine's processes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import metadata
from typing import Any

from inference_backend.cluster.address import LocalWorkers, parse_scheduler
from inference_backend.cluster.errors import (
    ClusterNotInstalledError,
    NoWorkersError,
    OtherSoftwareError,
    SchedulerUnreachableError,
)
from inference_backend.runtime.threads import THREADS_ENVIRONMENT

CONNECT_TIMEOUT_S = 15
WORKERS_TIMEOUT_S = 60.0
"""How long a scheduler may be without any worker, s."""
_PRELOADED = "inference_backend.cluster.preload"
_LOOPBACK = "127.0.0.1"
_POLL_S = 0.2
_DISTRIBUTION = "ocsge-backend"
_UNWATCHED = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}
"""Statistics of Dask that nobody looks at on a cluster that lasts as long as a command; with its defaults
they took 4 % of a processor in each idle worker, and as much in the scheduler."""
_TALKATIVE = ("distributed", "distributed.client", "distributed.scheduler", "distributed.nanny")


@contextmanager
def cluster_client(scheduler: str, spare_threads: int = 0) -> Iterator[Any]:
    """A client of the cluster that `scheduler` names, see `parse_scheduler`.

    Args:
        scheduler: address of one, or processes of this machine.
        spare_threads: tasks that a process of this machine takes beyond its threads.

    Raises:
        ClusterError: no address, nobody there, or Dask is not installed.
    """
    target = parse_scheduler(scheduler)
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        if isinstance(target, LocalWorkers):
            address = stack.enter_context(local_cluster(target, spare_threads))
        else:
            address = target.address
        client = _connected(address)
        stack.callback(client.close, timeout=2)
        _check_scheduler(client, address)
        yield client


@contextmanager
def local_cluster(local: LocalWorkers, spare_threads: int = 0) -> Iterator[str]:
    """Start worker processes that listen on loopback; their scheduler's address."""
    distributed = _distributed()
    with (
        _unwatched(),
        distributed.LocalCluster(
            n_workers=local.workers,
            threads_per_worker=local.threads + spare_threads,
            processes=True,
            host=_LOOPBACK,
            dashboard_address=f"{_LOOPBACK}:0",  # with None, Dask opens its usual port
            memory_limit=0,  # ours is bounded, and a worker stopped for its cache would be a loss
            silence_logs=logging.CRITICAL,
            env={THREADS_ENVIRONMENT: str(local.threads)},
            preload=_PRELOADED,
        ) as cluster,
    ):
        yield str(cluster.scheduler_address)


@contextmanager
def _unwatched() -> Iterator[None]:
    """What is started here, and the processes that it starts, keeps no statistics."""
    import dask

    with dask.config.set(_UNWATCHED):
        yield


def wait_for_workers(client: Any, watch: Callable[[], None]) -> int:
    """Threads of all workers, once there is one.

    Args:
        client: connected.
        watch: called while waiting; raises to stop.

    Raises:
        NoWorkersError: none came in time.
    """
    end = time.monotonic() + WORKERS_TIMEOUT_S
    while True:
        watch()
        threads = worker_threads(client)
        if threads:
            return threads
        if time.monotonic() > end:
            raise NoWorkersError(address=client.scheduler.address, waited_s=WORKERS_TIMEOUT_S)
        time.sleep(_POLL_S)


def worker_threads(client: Any) -> int:
    """Threads of all workers that the scheduler knows now."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    return sum(int(worker["nthreads"]) for worker in workers.values())


def _connected(address: str) -> Any:
    distributed = _distributed()
    if address.startswith("tls") and not distributed.Security().get_connection_args("client")["ssl_context"]:
        reason = "Dask's configuration names no certificate, see distributed.comm.tls"
        raise SchedulerUnreachableError(address=address, reason=reason)
    try:
        return distributed.Client(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerUnreachableError(address=address, reason=error) from error


def _check_scheduler(client: Any, address: str) -> None:
    """A scheduler reads the tasks it hands on, and needs our package for that."""
    ours = metadata.version(_DISTRIBUTION)
    packages = client.get_versions(packages=[_DISTRIBUTION])["scheduler"]["packages"]
    found = packages.get(_DISTRIBUTION) or "-"
    if found != ours:
        raise OtherSoftwareError(where=address, what=_DISTRIBUTION, found=found, expected=ours)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise ClusterNotInstalledError(reason=error) from error
    return distributed


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from logging what becomes an error of ours."""
    _distributed()
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
