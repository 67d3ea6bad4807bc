# SPDX-License-Identifier: GPL-2.0-or-later
"""A running job for people: its step, how far it is, time left, and a Cancel that frees the machine.

The view follows a `BaseTask`; several tasks of one run follow each other in the same view. It stands in a
dock or in the message bar.
"""

from __future__ import annotations

from enum import Enum

from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QPushButton, QWidget

from .backend.time_left import TimeLeft, duration_text
from .errors import CommonError
from .messages import MessageLog
from .slots import guarded
from .tasks import BaseTask
from .translation import tr, user_language

TICK_MS = 1000


class JobState(Enum):
    """Where a job is; the value is the colour of its edge."""

    RUNNING = "#f0a30a"
    CANCELLING = "#9a9a9a"
    DONE = "#2e9e4f"
    CANCELLED = "#9a9a9a "
    FAILED = "#d13438"


def show_job(log: MessageLog, title: str) -> JobView:
    """A view in the message bar; the job goes on when the user closes it.

    Args:
        log: of the plugin.
        title: what is being done, translated.
    """
    view = JobView(title)
    log.push(view)
    return view


class JobView(QFrame):
    """Shows one job at a time.

    Signals:
        cancel_asked(): the user pressed Cancel; the task followed is cancelled already.

    Args:
        title: what is being done, translated.
        parent: owner.
    """

    cancel_asked = pyqtSignal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = JobState.RUNNING
        self._task: BaseTask | None = None
        self._left = TimeLeft()
        self._share = 0.0
        self._left_s: float | None = None
        self._build(title)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._show_time)
        self._clock.start()
        self._set_state(JobState.RUNNING)

    def _build(self, title: str) -> None:
        self.setObjectName("OcsgeJobView")
        self.title = QLabel(title)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.step = QLabel()
        self.step.setWordWrap(True)
        self.step.setTextFormat(Qt.TextFormat.PlainText)
        self.time = QLabel()
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(self._on_cancel)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 8, 4)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.time, 0, 1)
        grid.addWidget(self.cancel, 0, 2, 2, 1)
        grid.addWidget(self.bar, 1, 0, 1, 2)
        grid.addWidget(self.step, 2, 0, 1, 3)
        grid.setColumnStretch(0, 1)

    def say(self, step: str) -> None:
        """Show a step that no task reports, for instance the start of the backend."""
        self.step.setText(step)
        if self._task is None:
            self.bar.setRange(0, 0)

    def follow(self, task: BaseTask) -> None:
        """Show `task` from now on; its end is shown unless another task follows."""
        self._task = task
        self._left = TimeLeft()
        self._left_s = None
        self.bar.setRange(0, 1000)
        self.bar.setValue(0)
        self._set_state(JobState.RUNNING)
        task.progressChanged.connect(self._on_progress)
        task.message_changed.connect(self._on_message)
        task.cancelled.connect(self.show_cancelled)
        task.failed.connect(self.show_failed)
        # The step alone goes on until the run says that all is done.
        task.succeeded.connect(self._on_step_done)

    @guarded
    def show_done(self, text: str) -> None:
        """The run has ended well."""
        self.bar.setRange(0, 1000)
        self.bar.setValue(1000)
        self._end(JobState.DONE, text)

    @guarded
    def show_cancelled(self) -> None:
        """The user stopped it, and nothing of it is left."""
        self._end(JobState.CANCELLED, tr("Cancelled: the backend has stopped the job and removed its files."))

    @guarded
    def show_failed(self, error: BaseException) -> None:
        """It failed."""
        text = error.text(user_language()) if isinstance(error, CommonError) else str(error)
        self._end(JobState.FAILED, text)

    def _end(self, state: JobState, text: str) -> None:
        self._task = None
        self._clock.stop()
        self._left_s = None
        if self.bar.maximum() == 0:
            self.bar.setRange(0, 1000)
        self._show_time()
        self.step.setText(text)
        self._set_state(state)

    def _set_state(self, state: JobState) -> None:
        self.state = state
        self.cancel.setVisible(state in (JobState.RUNNING, JobState.CANCELLING))
        self.cancel.setEnabled(state is JobState.RUNNING)
        self.bar.setEnabled(state in (JobState.RUNNING, JobState.DONE))
        colour = state.value.strip()
        self.setStyleSheet(f"#OcsgeJobView {{ border-left: 5px solid {colour}; }}")

    @guarded
    def _on_cancel(self) -> None:
        self._set_state(JobState.CANCELLING)
        self.step.setText(tr("Cancelling…"))
        if self._task is not None:
            self._task.cancel()
        self.cancel_asked.emit()

    @guarded
    def _on_step_done(self) -> None:
        self._task = None

    @guarded
    def _on_progress(self, percent: float) -> None:
        if self.state is JobState.RUNNING:
            self._share = percent / 100.0
            self._left_s = self._left.update(self._share)
            self.bar.setValue(int(1000 * self._share))
            self._show_time()

    @guarded
    def _on_message(self, text: str) -> None:
        if self.state is JobState.RUNNING:
            self.step.setText(text)

    @guarded
    def _show_time(self) -> None:
        elapsed = duration_text(self._left.elapsed_s)
        if self._left_s is None:
            self.time.setText(elapsed)
        else:
            self.time.setText(tr("{}, about {} left").format(elapsed, duration_text(self._left_s)))
