# SPDX-License-Identifier: GPL-2.0-or-later
"""A job of the backend as a task of QGIS: progress bar, cancel, result on the main thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..tasks import BaseTask, TaskProgress
from .client import BackendClient
from .job_files import files_of, run_on_files


class BackendJobTask(BaseTask):
    """Submits a process, follows it and fetches its results; cancelling dismisses the job.

    Args:
        description: text in the task list.
        client: the backend; `LocalBackend.client` once it is ready.
        process_id: `predict`, `postprocess`, `run` or `check`.
        inputs: as the process describes them; a file of this computer is a `Path`, which is sent to a backend
            that runs elsewhere.
        outputs: name of an output to the file of this computer it is to be in; see `run_on_files`.

    `succeeded` carries the results: output name to file path or value.
    """

    def __init__(
        self,
        description: str,
        client: BackendClient,
        process_id: str,
        inputs: dict[str, Any],
        outputs: dict[str, Path] | None = None,
    ) -> None:
        super().__init__(description)
        self._client, self._process_id = client, process_id
        self._inputs, self._outputs = dict(inputs), dict(outputs or {})

    def work(self, progress: TaskProgress) -> dict[str, Any]:
        """Follow the job to its end; see `run_on_files` for what it raises."""
        files = files_of(self._client, lambda text: progress.update(0.0, text), progress.update)
        return run_on_files(
            self._client, files, self._process_id, self._inputs, self._outputs, progress.update
        )
