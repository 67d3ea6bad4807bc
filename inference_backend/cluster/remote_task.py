# SPDX-License-Identifier: GPL-2.0-or-later
"""What a task needs to know of the worker that runs it, and how its errors get back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from inference_backend.contracts.errors import OcsgeError

P = ParamSpec("P")
R = TypeVar("R")


def portable(task: Callable[P, R]) -> Callable[P, R]:
    """`task` whose errors of ours cross to the client: without a cause and without values of libraries."""

    @wraps(task)
    def run(*args: P.args, **keywords: P.kwargs) -> R:
        try:
            return task(*args, **keywords)
        except OcsgeError as error:
            # Python would add the error at hand to one raised here, and Dask would send both.
            plain = type(error)(**{key: _plain(value) for key, value in error.values.items()})
        raise plain

    return run


def worker_address() -> str:
    """Address of the worker that runs this task."""
    from distributed import get_worker

    return str(get_worker().address)


def worker_threads_here() -> int:
    """How many tasks the worker that runs this one takes at a time."""
    from distributed import get_worker

    return int(get_worker().state.nthreads)


def is_wanted() -> bool:
    """Whether the client still waits for the task that runs in this thread."""
    from distributed import get_worker

    worker = get_worker()
    task = worker.state.tasks.get(worker.get_current_task())
    return task is not None and task.state != "cancelled"


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | tuple | Path) else str(value)
