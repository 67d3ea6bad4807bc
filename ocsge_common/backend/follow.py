# SPDX-License-Identifier: GPL-2.0-or-later
"""A job of the backend from its start to its results, in a thread that may wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from inference_backend.contracts.service import JobDocument, JobStatus

from ..errors import BackendRefusedError, BackendUnreachableError, JobFailedError, TaskCancelledError
from ..translation import tr
from .client import BackendClient

POLL_S = 0.3
PATIENCE_S = 60.0
"""How long a backend may be out of reach before its job is given up."""
BUSY = (429, 502, 503, 504)
"""What a backend, or a proxy before it, answers while it cannot: too many requests, or it starts again."""
Report = Callable[[float, str], None]
"""Takes the share done and the step in hand; raises `TaskCancelledError` once the user asked to stop."""


def run_job(client: BackendClient, process_id: str, inputs: dict[str, Any], report: Report) -> dict[str, Any]:
    """Start a process, follow it and fetch its results; a cancel dismisses the job.

    Args:
        client: the backend.
        process_id: for instance `predict`.
        inputs: as the process describes them; paths as text.
        report: called at every look.

    Returns:
        Output name to file path, address or value.

    Raises:
        BackendError: unreachable, refused or failed.
        TaskCancelledError: the user stopped it, or somebody dismissed it; the job is gone.
    """
    job = client.submit(process_id, inputs)
    try:
        while not job.status.is_final:
            report(job.progress / 100.0, job.message)
            time.sleep(POLL_S)
            job = _status(client, job, report)
    except TaskCancelledError:
        client.dismiss(job.job_id)
        raise
    if job.status is JobStatus.DISMISSED:
        raise TaskCancelledError()
    if job.status is JobStatus.FAILED:
        raise JobFailedError(process_id=process_id, message=job.message)
    return client.results(job.job_id)


def _status(client: BackendClient, job: JobDocument, report: Report) -> JobDocument:
    """The state of the job; a network that is gone for a moment does not end it."""
    limit = time.monotonic() + PATIENCE_S
    while True:
        try:
            return client.status(job.job_id)
        except (BackendUnreachableError, BackendRefusedError) as error:
            if time.monotonic() > limit or error.values.get("status", BUSY[0]) not in BUSY:
                raise
        report(job.progress / 100.0, tr("The backend does not answer; trying again…"))
        time.sleep(POLL_S)
