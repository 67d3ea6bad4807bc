# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend of this computer: set up, update, remove, and how that goes."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QDate, QLocale, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inference_backend.contracts.backend_home import Installed, backend_home, read_current

from ..backend.home_tasks import RemoveTask, SizeTask
from ..backend.setup_source import Source, parse_source
from ..backend.setup_state import SetupState, interrupted, is_running, read_state
from ..backend.setup_task import BackendSetupTask
from ..backend.time_left import size_text
from ..errors import BackendError, SetupError
from ..messages import current_log
from ..settings import BackendSettings
from ..slots import guarded
from ..tasks import BaseTask, running_tasks, start_task
from ..translation import tr, user_language
from .status_light import Level, Status

POLL_MS = 1000


class LocalBox(QWidget):
    """Edits the local part of the settings and runs set-ups, which go on when the window is closed.

    Signals:
        changed(Status): a set-up began, went on or failed.
        installed(): an environment was made or removed; time to check it.

    Args:
        settings: to begin with.
        home: of the environments; the per-user one by default.
    """

    changed = pyqtSignal(object)
    installed = pyqtSignal()

    def __init__(self, settings: BackendSettings, home: Path | None = None) -> None:
        super().__init__()
        self._home = home or backend_home()
        self._task: BackendSetupTask | None = None
        self._resume: SetupState | None = None
        self._build(settings)
        self._lay_out()
        self._watch = QTimer(self)
        self._watch.setInterval(POLL_MS)
        self._watch.timeout.connect(self._on_watch)
        self.refresh()
        self._join()

    def _build(self, settings: BackendSettings) -> None:
        self.set_up = QPushButton()
        self.set_up.setToolTip(
            tr("Download the backend into its own environment, with QGIS's proxy and certificates.")
        )
        self.offline = QPushButton(tr("Without internet"))
        self.offline.setToolTip(tr("Set up from a bundle copied to this computer, or from a wheel."))
        menu = QMenu(self.offline)
        menu.addAction(tr("Bundle or wheel…"), self._on_file)
        menu.addAction(tr("Unpacked bundle…"), self._on_folder)
        self.offline.setMenu(menu)
        self.remove = QPushButton(tr("Remove"))
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setVisible(False)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setVisible(False)
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.command = QgsFileWidget()
        self.command.setFilePath(settings.command)
        self.command.lineEdit().setPlaceholderText(tr("the one set up here"))
        self.command.setToolTip(tr("Path of the command ocsge; empty for the one that “Set up” makes."))
        self.set_up.clicked.connect(self._on_set_up)
        self.remove.clicked.connect(self._on_remove)
        self.cancel.clicked.connect(self._on_cancel)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.set_up, self.offline, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        going = QHBoxLayout()
        going.addWidget(self.progress, 1)
        going.addWidget(self.cancel)
        form = QFormLayout()
        form.addRow(tr("Another command"), self.command)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(buttons)
        column.addLayout(going)
        column.addWidget(self.facts)
        column.addLayout(form)

    def refresh(self) -> None:
        """Show what is installed, and how large it is as soon as that is known."""
        current = read_current(self._home)
        self._resume = interrupted(self._home)
        self.set_up.setText(self._main_text(current))
        self.remove.setVisible(current is not None)
        self.facts.setText(_facts(current))
        self.facts.setVisible(current is not None)
        if self._resume is not None:
            self.changed.emit(self.resting_status())
        if current is not None:
            task = SizeTask(self._home)
            task.succeeded.connect(self._on_size)
            start_task(task)

    def resting_status(self) -> Status:
        """What to show where no check was made."""
        if self._task is not None or is_running(self._home):
            return Status(Level.BUSY, tr("The backend is being set up."))
        if self._resume is not None:
            return Status(
                Level.BAD,
                tr("The last set-up was interrupted."),
                tr("It was at: {}. Nothing half-made is used; press “Set up again” to do it over.").format(
                    self._resume.stage or "–"
                ),
            )
        if read_current(self._home) is None and not self.command.filePath():
            return Status(Level.UNSET, tr("The backend is not set up."))
        return Status(Level.UNSET, tr("Not tested yet."))

    @property
    def is_busy(self) -> bool:
        """Whether a set-up runs."""
        return self._task is not None

    @property
    def is_installed(self) -> bool:
        """Whether there is something to test."""
        return bool(self.command.filePath()) or read_current(self._home) is not None

    def start_set_up(self, task: BackendSetupTask) -> None:
        """Run a set-up and show how it goes."""
        task.succeeded.connect(_announce_success)
        task.failed.connect(_announce_failure)
        self._follow(task)
        start_task(task)

    def _follow(self, task: BackendSetupTask) -> None:
        self._task = task
        self._show_busy(True)
        task.progressChanged.connect(self._on_progress)
        task.message_changed.connect(self._on_message)
        task.succeeded.connect(self._on_done)
        task.failed.connect(self._on_failed)
        task.cancelled.connect(self._on_cancelled)
        self.changed.emit(Status(Level.BUSY, tr("The backend is being set up.")))

    def _join(self) -> None:
        """Show a set-up that was started before this window was opened, here or elsewhere."""
        running = [task for task in running_tasks() if isinstance(task, BackendSetupTask)]
        if running:
            self._follow(running[0])
        elif is_running(self._home):
            self._show_busy(True)
            self.cancel.setVisible(False)
            self._watch.start()

    def _show_busy(self, is_busy: bool) -> None:
        for button in (self.set_up, self.offline, self.remove):
            button.setEnabled(not is_busy)
        self.progress.setVisible(is_busy)
        self.cancel.setVisible(is_busy)
        self.cancel.setEnabled(True)

    def _main_text(self, current: Installed | None) -> str:
        if self._resume is not None:
            return tr("Set up again")
        return tr("Set up the backend") if current is None else tr("Update the backend")

    @guarded
    def _on_set_up(self) -> None:
        source = parse_source(self._resume.source) if self._resume is not None else Source()
        self.start_set_up(BackendSetupTask(source, self._home))

    @guarded
    def _on_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Bundle or wheel of the backend"), "", tr("Backend (*.zip *.whl)")
        )
        if path:
            self.start_set_up(BackendSetupTask(Source(Path(path)), self._home))

    @guarded
    def _on_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Unpacked bundle of the backend"))
        if path:
            self.start_set_up(BackendSetupTask(Source(Path(path)), self._home))

    @guarded
    def _on_cancel(self) -> None:
        if self._task is not None:
            self.cancel.setEnabled(False)
            self.changed.emit(Status(Level.BUSY, tr("Cancelling…")))
            self._task.cancel()

    @guarded
    def _on_progress(self, percent: float) -> None:
        self.progress.setValue(int(10 * percent))

    @guarded
    def _on_message(self, text: str) -> None:
        if self._task is not None and not self._task.isCanceled():
            self.changed.emit(Status(Level.BUSY, tr("The backend is being set up."), text))

    @guarded
    def _on_done(self) -> None:
        self.command.setFilePath("")
        self._end()
        self.installed.emit()

    @guarded
    def _on_failed(self, error: BaseException) -> None:
        self._end()
        reason = error.text(user_language()) if isinstance(error, BackendError) else str(error)
        self.changed.emit(Status(Level.BAD, tr("The set-up failed; nothing has changed."), reason))

    @guarded
    def _on_cancelled(self) -> None:
        self._end()
        self.changed.emit(
            Status(self.resting_status().level, tr("The set-up was cancelled; nothing has changed."))
        )

    def _end(self) -> None:
        self._task = None
        self._show_busy(False)
        self.refresh()

    @guarded
    def _on_watch(self) -> None:
        state = read_state(self._home)
        if is_running(self._home):
            if state is not None:
                self.progress.setValue(int(1000 * state.share))
                self.changed.emit(
                    Status(Level.BUSY, tr("The backend is being set up in another window."), state.stage)
                )
            return
        self._watch.stop()
        self._show_busy(False)
        self.refresh()
        self.installed.emit()

    @guarded
    def _on_size(self, sizes: tuple[int, int]) -> None:
        current = read_current(self._home)
        if current is not None:
            taken, free = sizes
            text = tr("{} on the disk, {} free").format(size_text(taken), size_text(free))
            self.facts.setText(f"{_facts(current)} · {text}")

    @guarded
    def _on_remove(self) -> None:
        answer = QMessageBox.question(
            self,
            tr("Remove the backend"),
            tr("Remove the backend's environment from this computer? Models and results stay."),
        )
        if answer == QMessageBox.StandardButton.Yes:
            self.start_removal()

    def start_removal(self) -> None:
        """Remove the environment in the background."""
        self._run_removal(RemoveTask(self._home))

    def _run_removal(self, task: BaseTask) -> None:
        self._show_busy(True)
        self.cancel.setVisible(False)
        self.changed.emit(Status(Level.BUSY, tr("Removing…")))
        task.succeeded.connect(self._on_removed)
        task.failed.connect(self._on_failed_removal)
        start_task(task)

    @guarded
    def _on_removed(self) -> None:
        self._end()
        self.changed.emit(self.resting_status())

    @guarded
    def _on_failed_removal(self, error: BaseException) -> None:
        self._end()
        reason = error.text(user_language()) if isinstance(error, BackendError) else str(error)
        self.changed.emit(Status(Level.BAD, tr("The backend was not removed."), reason))


def _facts(current: Installed | None) -> str:
    if current is None:
        return ""
    source = tr("the package index") if current.source == "index" else current.source
    day = QDate.fromString(current.installed[:10], Qt.DateFormat.ISODate)
    return tr("Installed: version {}, Python {}, from {}, on {}").format(
        current.version, current.python, source, QLocale().toString(day, QLocale.FormatType.ShortFormat)
    )


@guarded
def _announce_success() -> None:
    """The window may be closed by now: the message bar is not."""
    current_log().success(tr("The OCS GE backend is ready."))


@guarded
def _announce_failure(error: SetupError) -> None:
    current_log().report(error)
