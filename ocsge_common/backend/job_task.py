# SPDX-License-Identifier: GPL-2.0-or-later
"""A job of the backend as a task of QGIS: progress bar, cancel, result on the main thread."""

from __future__ import annotations

from typing import Any

from ..tasks import BaseTask, TaskProgress
from .client import BackendClient
from .follow import run_job


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
        """Follow the job to its end; see `run_job` for what it raises."""
        return run_job(self._client, self._process_id, self._inputs, progress.update)
