# SPDX-License-Identifier: GPL-2.0-or-later
"""Asking a backend how it is, local or remote, without holding up the window."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..backend.client import BackendClient
from ..backend.compatibility import misfit
from ..backend.local import LocalBackend
from ..backend.token_store import unlock
from ..errors import BackendError, BackendNotFoundError
from ..settings import BackendSettings
from ..slots import guarded
from ..tasks import BaseTask, TaskProgress, start_task
from ..translation import tr, user_language
from .status_light import Level, Status


class LandingTask(BaseTask):
    """Asks a backend what it is; `succeeded` carries its landing document."""

    def __init__(self, client: BackendClient) -> None:
        super().__init__(tr("Test"))
        self._client = client

    def cancel(self) -> None:
        """End the request in hand."""
        self._client.feedback.cancel()
        super().cancel()

    def work(self, progress: TaskProgress) -> dict[str, Any]:
        """One call.

        Raises:
            BackendError: no answer, a refusal, something else than a backend, or one that does not fit.
        """
        landing = self._client.landing()
        error = misfit(str(landing["version"]), str(landing["api"]))
        if error is not None:
            raise error
        return landing


class BackendCheck(QObject):
    """One check at a time.

    Signals:
        changed(Status): what to show.
        ended(): the check is over, whatever its outcome.

    Args:
        parent: owner.
    """

    changed = pyqtSignal(object)
    ended = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend: LocalBackend | None = None
        self._task: LandingTask | None = None
        self._command = ""
        self.log: list[str] = []

    @property
    def is_running(self) -> bool:
        """Whether an answer is awaited."""
        return self._backend is not None or self._task is not None

    def start(self, settings: BackendSettings) -> None:
        """Begin; the former check is given up."""
        self.cancel()
        try:
            if settings.url:
                self._start_remote(settings)
            else:
                self._start_local(settings)
        except BackendNotFoundError as error:
            self._end(Status(Level.UNSET, tr("The backend is not set up."), error.text(user_language())))
        except BackendError as error:
            self._on_failed(error)

    def cancel(self) -> None:
        """Give the check up; safe to call again."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        self._stop_backend()

    def _start_remote(self, settings: BackendSettings) -> None:
        if settings.authcfg:
            unlock()
        self.changed.emit(Status(Level.BUSY, tr("Asking {}…").format(settings.url)))
        self._ask(BackendClient(settings.url, authcfg=settings.authcfg))

    def _start_local(self, settings: BackendSettings) -> None:
        backend = LocalBackend(settings, self)
        backend.ready.connect(self._ask)
        backend.failed.connect(self._on_failed)
        backend.start()
        self._backend = backend
        self.changed.emit(Status(Level.BUSY, tr("The backend is starting…")))

    @guarded
    def _ask(self, client: BackendClient) -> None:
        self._task = LandingTask(client)
        self._task.succeeded.connect(self._on_landing)
        self._task.failed.connect(self._on_failed)
        start_task(self._task)

    @guarded
    def _on_landing(self, landing: dict[str, Any]) -> None:
        if self._task is None:
            return
        text = tr("The backend answers, version {}.").format(landing["version"])
        detail = [tr("Interface {}").format(landing["api"])]
        engines = landing.get("engines")
        if isinstance(engines, list) and engines:
            detail.append(tr("engines: {}").format(", ".join(_engine_name(engine) for engine in engines)))
        self._end(Status(Level.GOOD, text, " · ".join(detail)))

    @guarded
    def _on_failed(self, error: BackendError) -> None:
        reason = error.text(user_language()) if isinstance(error, BackendError) else str(error)
        self._end(Status(Level.BAD, tr("The backend cannot be used."), reason))

    def _end(self, status: Status) -> None:
        self._task = None
        self._stop_backend()
        self.changed.emit(status)
        self.ended.emit()

    def _stop_backend(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            self.log = backend.log
            backend.stop_soon()
            backend.deleteLater()


def _engine_name(engine: Any) -> str:
    return str(engine.get("name", "?")) if isinstance(engine, dict) else str(engine)
