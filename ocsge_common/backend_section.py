# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend's part of an options page: where it is, set it up, try it."""

from __future__ import annotations

import dataclasses

from qgis.gui import QgsAuthConfigSelect, QgsFileWidget
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
)

from .backend.client import BackendClient
from .backend.environment import environment_command, environment_folder
from .backend.local import LocalBackend
from .backend.setup_task import BackendSetupTask
from .errors import BackendError
from .messages import current_log
from .settings import BackendSettings, backend_settings
from .slots import guarded
from .tasks import BaseTask, TaskProgress, start_task
from .translation import tr, user_language


class LandingTask(BaseTask):
    """Asks a backend for its version; `succeeded` carries it."""

    def __init__(self, client: BackendClient) -> None:
        super().__init__(tr("Test"))
        self._client = client

    def work(self, progress: TaskProgress) -> str:
        """One call.

        Raises:
            BackendError: no answer, or a refusal.
        """
        return str(self._client.landing().get("version", "?"))


class BackendSection(QGroupBox):
    """A section for `OptionsPage`: local command or remote address, with its own set-up and test.

    Args:
        note: what the plugin needs the backend for, translated.
    """

    def __init__(self, note: str = "") -> None:
        super().__init__(tr("Inference backend"))
        self.note = QLabel(note)
        self.note.setWordWrap(True)
        self.note.setVisible(bool(note))
        self._store = backend_settings()
        self._task: BackendSetupTask | None = None
        self._backend: LocalBackend | None = None
        self._build(self._store.load())

    def _build(self, settings: BackendSettings) -> None:
        self.command = QgsFileWidget()
        self.command.setFilePath(settings.command)
        self.command.lineEdit().setPlaceholderText(str(environment_command(environment_folder())))
        self.command.setToolTip(tr("Path of the command ocsge; empty for the one that “Set up” makes."))
        self.url = QLineEdit(settings.url)
        self.url.setPlaceholderText("https://")
        self.url.setToolTip(tr("Address of a remote backend; empty to work on this computer."))
        self.authcfg = QgsAuthConfigSelect()
        self.authcfg.setConfigId(settings.authcfg)
        self.set_up = QPushButton(tr("Set up the backend…"))
        self.set_up.setToolTip(tr("Make the backend's own environment from a bundle or a wheel."))
        self.test = QPushButton(tr("Test"))
        self.test.setToolTip(tr("Start the backend and ask for its version."))
        self.progress = QProgressBar()
        self.progress.setVisible(False)
        self.state = QLabel()
        self.state.setWordWrap(True)
        self._lay_out()
        self.set_up.clicked.connect(self._on_set_up)
        self.test.clicked.connect(self._on_test)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.set_up, self.test):
            buttons.addWidget(button)
        buttons.addStretch(1)
        form = QFormLayout(self)
        form.addRow(self.note)
        form.addRow(tr("Local command"), self.command)
        form.addRow(tr("Remote address"), self.url)
        form.addRow(tr("Remote credentials"), self.authcfg)
        form.addRow(buttons)
        form.addRow(self.progress)
        form.addRow(self.state)

    @property
    def settings(self) -> BackendSettings:
        """What the widgets show."""
        return dataclasses.replace(
            self._store.load(),
            command=self.command.filePath().strip(),
            url=self.url.text().strip(),
            authcfg=self.authcfg.configId(),
        )

    def save(self) -> None:
        """Store what the widgets show."""
        self._store.save(self.settings)

    @guarded
    def _on_set_up(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Bundle or wheel of the backend"), "", tr("Backend (*.zip *.whl)")
        )
        if path:
            self.start_set_up(BackendSetupTask(path))

    def start_set_up(self, task: BackendSetupTask) -> None:
        """Run a set-up and show how it goes."""
        self._task = task
        self.set_up.setEnabled(False)
        self.progress.setVisible(True)
        task.progressChanged.connect(self._on_progress)
        task.message_changed.connect(self.state.setText)
        task.succeeded.connect(self._on_set_up_done)
        task.failed.connect(self._on_set_up_failed)
        task.cancelled.connect(self._on_set_up_ended)
        start_task(task)

    @guarded
    def _on_progress(self, share: float) -> None:
        self.progress.setValue(int(share))

    @guarded
    def _on_set_up_done(self, command: object) -> None:
        self._on_set_up_ended()
        self.command.setFilePath("")
        self.state.setText(tr("The backend is ready: {}").format(command))

    @guarded
    def _on_set_up_failed(self, error: BackendError) -> None:
        self._on_set_up_ended()
        self.state.setText(current_log().report(error))

    @guarded
    def _on_set_up_ended(self) -> None:
        self.set_up.setEnabled(True)
        self.progress.setVisible(False)

    @guarded
    def _on_test(self) -> None:
        self.test.setEnabled(False)
        self.state.setText(tr("Starting…"))
        settings = self.settings
        if settings.url:
            self._try_remote(BackendClient(settings.url, authcfg=settings.authcfg))
        else:
            self._try_local(settings)

    def _try_remote(self, client: BackendClient) -> None:
        task = LandingTask(client)
        task.succeeded.connect(self._on_landing)
        task.failed.connect(self._on_test_failed)
        task.cancelled.connect(self._on_test_cancelled)
        start_task(task)

    def _try_local(self, settings: BackendSettings) -> None:
        self._backend = LocalBackend(settings, self)
        self._backend.ready.connect(self._on_test_ready)
        self._backend.failed.connect(self._on_test_failed)
        try:
            self._backend.start()
        except BackendError as error:
            self._on_test_failed(error)

    @guarded
    def _on_test_ready(self, client: object) -> None:
        version = self._backend.handshake.version if self._backend and self._backend.handshake else "?"
        self._end_test(tr("The backend answers, version {}.").format(version))

    @guarded
    def _on_landing(self, landing: object) -> None:
        self._end_test(tr("The backend answers, version {}.").format(landing))

    @guarded
    def _on_test_cancelled(self) -> None:
        self._end_test("")

    @guarded
    def _on_test_failed(self, error: BackendError) -> None:
        self._end_test(error.text(user_language()))

    def _end_test(self, text: str) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.stop()
            backend.deleteLater()
        self.test.setEnabled(True)
        self.state.setText(text)
