# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend as a child process on loopback, with a one-time token, ended with QGIS.

The child's standard input is a pipe that closes when QGIS ends, however it ends: the backend stops then, and
leaves no orphan behind.
"""

from __future__ import annotations

import json
import secrets
import time
from collections import deque

from qgis.PyQt.QtCore import QLockFile, QObject, QProcess, QTimer, pyqtSignal

from inference_backend.contracts.service import TOKEN_ENVIRONMENT, Handshake

from ..errors import BackendError, BackendNotStartedError
from ..settings import BackendSettings
from ..slots import guarded
from ..translation import tr
from .client import BackendClient
from .compatibility import misfit
from .environment import claim_use, find_command
from .scrubbed import scrubbed_environment

STOP_TIMEOUT_MS = 5000
LOG_LINES = 40

_ending: set[QProcess] = set()
"""Processes asked to end that have not yet; Python would collect them."""


class LocalBackend(QObject):
    """Starts `ocsge serve`, waits for its first line, stops it.

    Signals:
        ready(BackendClient): the backend answers.
        failed(BackendError): it did not come up, or ended by itself.

    Args:
        settings: where to look for the command, and how long to wait.
        parent: owner.
    """

    ready = pyqtSignal(object)
    failed = pyqtSignal(object)

    def __init__(self, settings: BackendSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._process: QProcess | None = None
        self._token = ""
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._claim: QLockFile | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._on_late)
        self.client: BackendClient | None = None
        self.handshake: Handshake | None = None
        self.error: BackendError | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process is up or coming up."""
        return self._process is not None and self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def pid(self) -> int:
        """Process id, 0 where none runs."""
        return int(self._process.processId()) if self._process is not None else 0

    @property
    def log(self) -> list[str]:
        """The last lines it wrote, without token or path."""
        return list(self._log)

    def start(self) -> None:
        """Start the process; `ready` or `failed` follows. Nothing happens where it already runs.

        Raises:
            BackendNotFoundError: no command is known.
        """
        if self.is_running:
            return
        command = find_command(self._settings)
        self._reset()
        environment = scrubbed_environment()
        environment.insert(TOKEN_ENVIRONMENT, self._token)
        process = QProcess(self)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_log)
        process.errorOccurred.connect(self._on_error)
        process.finished.connect(self._on_finished)
        self._process = process
        self._claim = claim_use(command)
        self._patience.start(1000 * self._settings.start_timeout_s)
        # The user's own process: it reaches every server that the user does.
        process.start(str(command), ["serve", "--port", "0", "--stop-with-stdin", "--allow-host", "*"])

    def wait_ready(self, timeout_s: float | None = None) -> BackendClient:
        """Start if need be and block until the backend answers; for Processing and scripts.

        Raises:
            BackendError: not found, or not up in time.
        """
        self.start()
        limit = time.monotonic() + (timeout_s or self._settings.start_timeout_s)
        while self.client is None and self.error is None and time.monotonic() < limit:
            if self._process is None or not self._process.waitForReadyRead(200):
                self._on_log()
        if self.client is None:
            error = self.error or self._not_started("no answer in time")
            self.stop()
            raise error
        return self.client

    def listen(self) -> None:
        """Take what the process wrote, in a thread without event loop; it stands still on full pipes."""
        if self.is_running:
            self._process.waitForReadyRead(1)

    def stop(self) -> None:
        """End the backend and its jobs, and wait for it; safe to call again."""
        process = self._let_go()
        if process is None:
            return
        if process.state() != QProcess.ProcessState.NotRunning:
            process.closeWriteChannel()
            if not process.waitForFinished(STOP_TIMEOUT_MS):
                process.kill()
                process.waitForFinished(STOP_TIMEOUT_MS)
        process.deleteLater()

    def stop_soon(self) -> None:
        """The same without waiting, for a window: the process ends while QGIS goes on."""
        process = self._let_go()
        if process is None:
            return
        process.setParent(None)
        if process.state() == QProcess.ProcessState.NotRunning:
            process.deleteLater()
            return
        _ending.add(process)
        process.finished.connect(lambda: _ending.discard(process))
        last_resort = QTimer(process)
        last_resort.setSingleShot(True)
        last_resort.timeout.connect(process.kill)
        last_resort.start(STOP_TIMEOUT_MS)
        process.closeWriteChannel()

    def _let_go(self) -> QProcess | None:
        process, self._process = self._process, None
        self.client = None
        self._patience.stop()
        if self._claim is not None:
            self._claim.unlock()
            self._claim = None
        if process is not None:
            for signal in (
                process.readyReadStandardOutput,
                process.readyReadStandardError,
                process.errorOccurred,
                process.finished,
            ):
                signal.disconnect()
        return process

    def _reset(self) -> None:
        self._token = secrets.token_urlsafe(32)
        self._log.clear()
        self.client = self.handshake = self.error = None

    @guarded
    def _on_output(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = bytes(self._process.readLine()).decode("utf-8", "replace").strip()
            if self.client is None:
                self._read_handshake(line)

    def _read_handshake(self, line: str) -> None:
        try:
            raw = json.loads(line)
            self.handshake = Handshake(int(raw["port"]), str(raw["version"]), str(raw["api"]))
        except (ValueError, KeyError, TypeError):
            self._log.append(line)
            return
        self._patience.stop()
        error = misfit(self.handshake.version, self.handshake.api)
        if error is not None:
            self.stop_soon()
            self._fail(error)
            return
        self.client = BackendClient(f"http://127.0.0.1:{self.handshake.port}", self._token)
        self.ready.emit(self.client)

    @guarded
    def _on_log(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError()).decode("utf-8", "replace")
            self._log.extend(line for line in text.splitlines() if line.strip())

    @guarded
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._fail(self._not_started(self._process.errorString()))

    @guarded
    def _on_finished(self, exit_code: int) -> None:
        self._on_log()
        self.client = None
        self._fail(self._not_started(f"exit {exit_code}: {' '.join(list(self._log)[-3:])}"))

    @guarded
    def _on_late(self) -> None:
        error = self._not_started(tr("no answer in {} s").format(self._settings.start_timeout_s))
        self.stop_soon()
        self._fail(error)

    def _not_started(self, detail: str) -> BackendNotStartedError:
        command = self._process.program() if self._process is not None else "ocsge"
        return BackendNotStartedError(command=command, detail=detail)

    def _fail(self, error: BackendError) -> None:
        self._patience.stop()  # one failure is enough: it must not be said later that no answer came in time
        self.error = error
        self.failed.emit(error)
