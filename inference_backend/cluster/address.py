# SPDX-License-Identifier: GPL-2.0-or-later
"""What `--scheduler` says: the address of a cluster, or processes of this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inference_backend.cluster.errors import BadSchedulerError
from inference_backend.runtime.threads import usable_threads

_LOCAL = re.compile(r"local:(?P<workers>[1-9]\d{0,3})(x(?P<threads>[1-9]\d{0,3}))?")
_REMOTE = re.compile(r"(tcp|tls|ucx|ws|wss)://[^\s/:]+:\d{1,5}|(tcp|tls)://\[[0-9a-fA-F:.]+\]:\d{1,5}")


@dataclass(frozen=True)
class RemoteScheduler:
    """A scheduler that somebody runs, for instance `tcp://host:8786`."""

    address: str


@dataclass(frozen=True)
class LocalWorkers:
    """Processes of this machine, for as long as the work takes."""

    workers: int
    threads: int


def parse_scheduler(value: str) -> RemoteScheduler | LocalWorkers:
    """Read `tcp://host:port`, `local:N` or `local:NxT` (N processes of T threads).

    Without T, the machine's threads are shared out.

    Raises:
        BadSchedulerError: neither.
    """
    local = _LOCAL.fullmatch(value)
    if local:
        workers = int(local["workers"])
        return LocalWorkers(workers, int(local["threads"] or max(1, usable_threads() // workers)))
    if _REMOTE.fullmatch(value):
        return RemoteScheduler(value)
    raise BadSchedulerError(value=value)
