# SPDX-License-Identifier: GPL-2.0-or-later
"""`Check conformity`: the backend's process `check` on the open lot, as a task with progress and cancel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject

from ocsge_common.backend.client import BackendClient
from ocsge_common.backend.job_task import BackendJobTask
from ocsge_common.backend.local import LocalBackend
from ocsge_common.job_view import JobView, show_job
from ocsge_common.messages import MessageLog
from ocsge_common.settings import backend_settings
from ocsge_common.slots import guarded
from ocsge_common.tasks import start_task
from ocsge_common.translation import tr

PROCESS = "check"


class ConformityCheck(QObject):
    """Starts the backend where needed and follows one check at a time.

    Args:
        messages: where to speak.
        show_report: receives the results of a finished check.
        parent: owner.
    """

    def __init__(
        self,
        messages: MessageLog,
        show_report: Callable[[dict[str, Any]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._show_report = show_report
        self._backend: LocalBackend | None = None
        self._waiting: Path | None = None
        self.task: BackendJobTask | None = None
        self._view: JobView | None = None

    def run(self, lot: Path) -> None:
        """Check a lot, saved beforehand.

        Raises:
            BackendNotFoundError: no backend is set up.
        """
        if self.task is not None or self._waiting is not None:
            self.messages.info(tr("A check is already running."))
            return
        settings = backend_settings().load()
        if settings.url:
            self._submit(BackendClient(settings.url, authcfg=settings.authcfg), lot)
            return
        if self._backend is None:
            self._backend = LocalBackend(settings, self)
            self._backend.ready.connect(self._on_ready)
            self._backend.failed.connect(self._on_failed)
        if self._backend.client is not None:
            self._submit(self._backend.client, lot)
            return
        self._waiting = lot
        try:
            self._backend.start()
        except BaseException:
            self._waiting = None
            raise
        self.messages.info(tr("Starting the backend…"))

    def stop(self) -> None:
        """Cancel and end the backend; safe to call again."""
        if self.task is not None:
            self.task.cancel()
            self.task = None
        if self._backend is not None:
            self._backend.stop()
            self._backend = None
        self._waiting = None

    def _submit(self, client: BackendClient, lot: Path) -> None:
        self.task = BackendJobTask(
            tr("Conformity of {}").format(lot.name), client, PROCESS, {"path": str(lot)}
        )
        self.task.succeeded.connect(self._on_succeeded)
        self.task.failed.connect(self._on_failed)
        self.task.cancelled.connect(self._on_cancelled)
        self._view = show_job(self.messages, self.task.title)
        self._view.follow(self.task)
        start_task(self.task)

    @guarded
    def _on_ready(self, client: BackendClient) -> None:
        lot, self._waiting = self._waiting, None
        if lot is not None:
            self._submit(client, lot)

    @guarded
    def _on_succeeded(self, results: dict[str, Any]) -> None:
        self.task = None
        if self._is_shown:
            self._view.show_done(tr("The check is done."))
        self._show_report(results)

    @guarded
    def _on_failed(self, error: BaseException) -> None:
        is_told = self.task is not None and self._is_shown
        self.task, self._waiting = None, None
        if is_told:
            self.messages.debug(str(error))
        else:
            self.messages.report(error)

    @guarded
    def _on_cancelled(self) -> None:
        self.task = None
        if not self._is_shown:
            self.messages.info(tr("The check was cancelled."))

    @property
    def _is_shown(self) -> bool:
        """Whether the view of the last check is still there: the user may have closed it."""
        return self._view is not None and not sip.isdeleted(self._view)
