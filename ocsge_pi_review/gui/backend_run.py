# SPDX-License-Identifier: GPL-2.0-or-later
"""One process of the backend at a time, started where needed, followed with progress and cancel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ocsge_common.backend.client import BackendClient
from ocsge_common.backend.job_task import BackendJobTask
from ocsge_common.backend.local import LocalBackend
from ocsge_common.job_view import JobView, show_job
from ocsge_common.messages import MessageLog
from ocsge_common.settings import backend_settings
from ocsge_common.slots import guarded
from ocsge_common.tasks import start_task
from ocsge_common.translation import tr


@dataclass(frozen=True)
class Job:
    """What is asked of the backend.

    Attributes:
        title: what is being done, translated.
        process: its name.
        inputs: as the process describes them; a file of this computer is a `Path`.
        outputs: see `run_on_files`.
    """

    title: str
    process: str
    inputs: dict[str, Any]
    outputs: dict[str, Path]


@dataclass(frozen=True)
class RunTexts:
    """What is said, translated: while one runs already, once one is done, once one was cancelled."""

    busy: str
    done: str
    cancelled: str


class BackendRun(QObject):
    """Starts the backend where needed and follows one job.

    Signals:
        succeeded(object): the results of the job.
        ended(): it is over, in whatever way.

    Args:
        messages: where to speak.
        texts: what is said.
        parent: owner.
    """

    succeeded = pyqtSignal(object)
    ended = pyqtSignal()

    def __init__(self, messages: MessageLog, texts: RunTexts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.messages = messages
        self._texts = texts
        self._backend: LocalBackend | None = None
        self._waiting: Job | None = None
        self.task: BackendJobTask | None = None
        self._view: JobView | None = None

    @property
    def is_running(self) -> bool:
        """Whether a job is under way or waits for the backend."""
        return self.task is not None or self._waiting is not None

    def run(self, job: Job) -> None:
        """Do a job.

        Raises:
            BackendNotFoundError: no backend is set up.
        """
        if self.is_running:
            self.messages.info(self._texts.busy)
            return
        settings = backend_settings().load()
        if settings.url:
            self._submit(BackendClient(settings.url, authcfg=settings.authcfg), job)
            return
        if self._backend is None:
            self._backend = LocalBackend(settings, self)
            self._backend.ready.connect(self._on_ready)
            self._backend.failed.connect(self._on_failed)
        if self._backend.client is not None:
            self._submit(self._backend.client, job)
            return
        self._waiting = job
        try:
            self._backend.start()
        except BaseException:
            self._waiting = None
            raise
        self.messages.info(tr("Starting the backend…"))

    def cancel(self) -> None:
        """Stop the job; its end is told as usual."""
        if self.task is not None:
            self.task.cancel()
        elif self._waiting is not None:
            self._waiting = None
            self.ended.emit()

    def stop(self) -> None:
        """Cancel and end the backend; safe to call again."""
        if self.task is not None:
            self.task.cancel()
            self.task = None
        if self._backend is not None:
            self._backend.stop()
            self._backend = None
        self._waiting = None

    def _submit(self, client: BackendClient, job: Job) -> None:
        self.task = BackendJobTask(job.title, client, job.process, job.inputs, job.outputs)
        self.task.succeeded.connect(self._on_succeeded)
        self.task.failed.connect(self._on_failed)
        self.task.cancelled.connect(self._on_cancelled)
        self._view = show_job(self.messages, self.task.title)
        self._view.follow(self.task)
        start_task(self.task)

    @guarded
    def _on_ready(self, client: BackendClient) -> None:
        job, self._waiting = self._waiting, None
        if job is not None:
            self._submit(client, job)

    @guarded
    def _on_succeeded(self, results: dict[str, Any]) -> None:
        self.task = None
        if self._is_shown:
            self._view.show_done(self._texts.done)
        self.ended.emit()
        self.succeeded.emit(results)

    @guarded
    def _on_failed(self, error: BaseException) -> None:
        is_told = self.task is not None and self._is_shown
        self.task, self._waiting = None, None
        self.ended.emit()
        if is_told:
            self.messages.debug(str(error))
        else:
            self.messages.report(error)

    @guarded
    def _on_cancelled(self) -> None:
        self.task = None
        self.ended.emit()
        if not self._is_shown:
            self.messages.info(self._texts.cancelled)

    @property
    def _is_shown(self) -> bool:
        """Whether the view of the last job is still there: the user may have closed it."""
        return self._view is not None and not sip.isdeleted(self._view)
