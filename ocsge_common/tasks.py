# SPDX-License-Identifier: GPL-2.0-or-later
"""Background work in QGIS's task manager.

A subclass overrides `work`, which runs in a thread and touches no layer, project, widget or canvas; whoever
started the task learns of its end on the main thread, through `succeeded` or `failed`.
"""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from .errors import TaskCancelledError
from .messages import report_error


class TaskProgress:
    """Progress of a task; the same shape as the backend's."""

    def __init__(self, task: QgsTask) -> None:
        self._task = task

    def update(self, share: float, message: str = "") -> None:
        """Report `share` in [0, 1].

        Raises:
            TaskCancelledError: the user asked to stop.
        """
        if self._task.isCanceled():
            raise TaskCancelledError()
        self._task.setProgress(100.0 * min(max(share, 0.0), 1.0))
        if message:
            self._task.message_changed.emit(message)


class BaseTask(QgsTask):
    """One piece of background work.

    Signals:
        succeeded(object): the result of `work`, on the main thread.
        failed(object): the error, on the main thread; not sent for a cancelled task.
        cancelled(): the user stopped it, on the main thread.
        message_changed(str): the step in hand.
    """

    succeeded = pyqtSignal(object)
    failed = pyqtSignal(object)
    cancelled = pyqtSignal()
    message_changed = pyqtSignal(str)

    def __init__(self, description: str) -> None:
        # Silent: QGIS would announce a cancelled task as failed, over what we say ourselves.
        super().__init__(description, QgsTask.Flag.CanCancel | QgsTask.Flag.Silent)
        self.result: Any = None
        self.error: BaseException | None = None
        self.title = description
        self.message_changed.connect(self._describe)

    def _describe(self, message: str) -> None:
        """The step, in the list of tasks; on the main thread, which reads the description."""
        self.setDescription(f"{self.title} – {message}")

    def work(self, progress: TaskProgress) -> Any:
        """Do the work and return its result; called in a thread."""
        raise NotImplementedError

    def run(self) -> bool:
        """Called by the task manager, in a thread."""
        try:
            self.result = self.work(TaskProgress(self))
        except Exception as error:  # border: an exception in a thread kills QGIS
            self.error = error
            return False
        return True

    def finished(self, result: bool) -> None:
        """Called by the task manager, on the main thread."""
        try:
            self._announce(result)
        except Exception as error:  # border: a receiver's error must not reach Qt
            report_error(error)

    def _announce(self, result: bool) -> None:
        if result:
            self.succeeded.emit(self.result)
        elif isinstance(self.error, TaskCancelledError) or (self.isCanceled() and self.error is None):
            self.cancelled.emit()
        elif self.error is not None:
            # Also of a cancelled task: what could not be stopped must not be said to have stopped.
            self.failed.emit(self.error)


_running: set[BaseTask] = set()


def running_tasks() -> list[BaseTask]:
    """The tasks that were started here and have not ended."""
    return list(_running)


def start_task(task: BaseTask) -> BaseTask:
    """Give `task` to QGIS's task manager and keep it alive until it ends.

    Without a reference of our own Python collects the task and its signals never come
    (qgis/QGIS issue 38583).
    """
    _running.add(task)
    for ended in (task.taskCompleted, task.taskTerminated):
        ended.connect(lambda: _running.discard(task))
    QgsApplication.taskManager().addTask(task)
    return task
