# SPDX-License-Identifier: GPL-2.0-or-later
"""A job of the backend as a task of QGIS: progress bar, cancel, result on the main thread."""

from __future__ import annotations

import time
from typing import Any

from inference_backend.contracts.service import JobDocument, JobStatus

from ..errors import BackendRefusedError, BackendUnreachableError, JobFailedError, TaskCancelledError
from ..tasks import BaseTask, TaskProgress
from ..translation import tr
from .client import BackendClient

POLL_S = 0.3
PATIENCE_S = 15.0
"""How long a backend may be out of reach before its job is given up."""
BUSY = (429, 502, 503, 504)
"""What a backend, or a proxy before it, answers while it cannot: too many requests, or it starts again."""


class BackendJobTask(BaseTask):
    """Submits a process, follows it and fetches its results; cancelling dismisses the job.

    Args:
        description: text in the task list.
        client: the backend; `LocalBackend.client` once it is ready.
        process_id: `predict`, `postprocess`, `run` or `check`.
        inputs: as the process describes them; paths as text.

    `succeeded` carries the results: output name to file path or value.
    """

    def __init__(
        self, description: str, client: BackendClient, process_id: str, inputs: dict[str, Any]
    ) -> None:
        super().__init__(description)
        self._client, self._process_id, self._inputs = client, process_id, dict(inputs)

    def work(self, progress: TaskProgress) -> dict[str, Any]:
        """Follow the job to its end.

        Raises:
            BackendError: unreachable, refused or failed.
            TaskCancelledError: the user stopped it; the job is dismissed.
        """
        job = self._client.submit(self._process_id, self._inputs)
        try:
            while not job.status.is_final:
                progress.update(job.progress / 100.0, job.message)
                time.sleep(POLL_S)
                job = self._status(job, progress)
        except TaskCancelledError:
            self._client.dismiss(job.job_id)
            raise
        return self._results(job)

    def _status(self, job: JobDocument, progress: TaskProgress) -> JobDocument:
        """The state of the job; a network that is gone for a moment does not end it."""
        limit = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._client.status(job.job_id)
            except (BackendUnreachableError, BackendRefusedError) as error:
                if time.monotonic() > limit or error.values.get("status", BUSY[0]) not in BUSY:
                    raise
            progress.update(job.progress / 100.0, tr("The backend does not answer; trying again…"))
            time.sleep(POLL_S)

    def _results(self, job: JobDocument) -> dict[str, Any]:
        if job.status is JobStatus.DISMISSED:
            raise TaskCancelledError()
        if job.status is JobStatus.FAILED:
            raise JobFailedError(process_id=self._process_id, message=job.message)
        return self._client.results(job.job_id)
