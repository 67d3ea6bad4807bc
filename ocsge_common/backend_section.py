# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend's part of an options page: where it is, set it up, how it is."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from qgis.PyQt.QtGui import QHideEvent, QShowEvent
from qgis.PyQt.QtWidgets import QGroupBox, QHBoxLayout, QLabel, QPushButton, QRadioButton, QVBoxLayout

from inference_backend.contracts.backend_home import backend_home

from .backend.engines_task import EnginesTask, engines_text
from .backend.environment import find_command
from .backend_page.check import BackendCheck
from .backend_page.local_box import LocalBox
from .backend_page.log_row import LogRow, report
from .backend_page.remote_box import RemoteBox
from .backend_page.status_light import Level, Status, StatusLight
from .errors import BackendError
from .settings import BackendSettings, backend_settings
from .slots import guarded
from .tasks import start_task
from .translation import tr, user_language


class BackendSection(QGroupBox):
    """A section for `OptionsPage`: on this computer or remote, with set-up, status and test.

    Args:
        note: what the plugin needs the backend for, translated.
        home: of the environments; the per-user one by default.
    """

    def __init__(self, note: str = "", home: Path | None = None) -> None:
        super().__init__(tr("Inference backend"))
        self._store = backend_settings()
        settings = self._store.load()
        self._home = home or backend_home()
        self.note = QLabel(note)
        self.note.setWordWrap(True)
        self.note.setVisible(bool(note))
        self.light = StatusLight()
        self.test = QPushButton(tr("Test"))
        self.test.setToolTip(tr("Start the backend, or ask the remote one, for its version."))
        self.engines = QPushButton(tr("Measure the engines"))
        self.engines.setToolTip(tr("Which engines run models on this computer, and how fast: ten seconds."))
        self._measuring: EnginesTask | None = None
        self.here = QRadioButton(tr("On this computer"))
        self.elsewhere = QRadioButton(tr("Remote"))
        self.local = LocalBox(settings, self._home)
        self.remote = RemoteBox(settings)
        self.check = BackendCheck(self)
        self.logs = LogRow(self._home, self._report)
        self._lay_out()
        self._connect()
        (self.elsewhere if settings.url else self.here).setChecked(True)
        self._on_place()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.light, 1)
        for button in (self.test, self.engines):
            top.addWidget(button)
        place = QHBoxLayout()
        place.addWidget(self.here)
        place.addWidget(self.elsewhere)
        place.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.note)
        column.addLayout(top)
        column.addLayout(place)
        for part in (self.local, self.remote, self.logs):
            column.addWidget(part)

    def _connect(self) -> None:
        self.here.toggled.connect(self._on_place)
        self.local.changed.connect(self._show)
        self.local.installed.connect(self._on_test)
        self.remote.saved.connect(self._on_test)
        self.remote.address_changed.connect(self._on_address)
        self.check.changed.connect(self._show)
        self.check.ended.connect(self._on_test_ended)
        self.test.clicked.connect(self._on_test)
        self.engines.clicked.connect(self._on_engines)

    @property
    def settings(self) -> BackendSettings:
        """What the widgets show."""
        return dataclasses.replace(
            self._store.load(),
            command=self.local.command.filePath().strip(),
            url=self.remote.address if self.elsewhere.isChecked() else "",
            authcfg=self.remote.authcfg.configId(),
        )

    def save(self) -> None:
        """Store what the widgets show."""
        self._store.save(self.settings)

    def showEvent(self, event: QShowEvent) -> None:
        """Test what is configured when the page comes up, once."""
        super().showEvent(event)
        if self.light.status.level is Level.UNSET and not self.local.is_busy and self._is_configured():
            self._on_test()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give a test up with its page; a set-up goes on."""
        super().hideEvent(event)
        if self.check.is_running:
            self._on_place()

    def _is_configured(self) -> bool:
        return self.elsewhere.isChecked() or self.local.is_installed

    @guarded
    def _on_place(self) -> None:
        is_here = self.here.isChecked()
        self.local.setVisible(is_here)
        self.remote.setVisible(not is_here)
        self.engines.setVisible(is_here)
        self.check.cancel()
        self.test.setEnabled(True)
        self._show(self.local.resting_status() if is_here else Status(Level.UNSET, tr("Not tested yet.")))

    @guarded
    def _on_address(self) -> None:
        if self.remote.address:
            self.elsewhere.setChecked(True)

    @guarded
    def _on_test(self) -> None:
        self.test.setEnabled(False)
        self.check.start(self.settings)

    @guarded
    def _on_test_ended(self) -> None:
        self.test.setEnabled(True)

    @guarded
    def _show(self, status: Status) -> None:
        self.light.show_status(status)

    @guarded
    def _on_engines(self) -> None:
        if self._measuring is not None:
            self._measuring.cancel()
            return
        task = EnginesTask(find_command(self.settings))
        self._measuring = task
        self.engines.setText(tr("Cancel"))
        self._show(Status(Level.BUSY, tr("Measuring the engines: ten seconds…")))
        task.succeeded.connect(self._on_measured)
        task.failed.connect(self._on_not_measured)
        task.cancelled.connect(self._on_place)
        for ended in (task.succeeded, task.failed, task.cancelled):
            ended.connect(self._on_measure_ended)
        start_task(task)

    @guarded
    def _on_measured(self, report: dict[str, Any]) -> None:
        self._show(Status(Level.GOOD, tr("Engines of this computer"), engines_text(report)))

    @guarded
    def _on_not_measured(self, error: BackendError) -> None:
        self._show(Status(Level.BAD, tr("The backend cannot be used."), error.text(user_language())))

    @guarded
    def _on_measure_ended(self) -> None:
        self._measuring = None
        self.engines.setText(tr("Measure the engines"))

    def _report(self) -> str:
        return report(self._home, self.light.status, self.check.log)
