# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import threading
import time

from qgis.PyQt.QtCore import QThread
from qgis.PyQt.QtWidgets import QApplication

from ocsge_common.tasks import BaseTask, start_task


class Doubling(BaseTask):
    def work(self, progress):
        progress.update(0.5, "half")
        assert QThread.currentThread() is not QApplication.instance().thread()
        return 2 * 21


class Failing(BaseTask):
    def work(self, progress):
        raise ValueError("no")


class Endless(BaseTask):
    def __init__(self, started: threading.Event) -> None:
        super().__init__("endless")
        self.started = started

    def work(self, progress):
        self.started.set()
        while True:
            progress.update(0.1)
            time.sleep(0.01)


def test_the_result_arrives_on_the_main_thread(qtbot):
    threads = []
    task = Doubling("double")
    task.succeeded.connect(lambda _: threads.append(threading.current_thread()))
    with qtbot.waitSignal(task.succeeded, timeout=5000) as arrived:
        start_task(task)
    assert arrived.args == [42]
    assert threads == [threading.main_thread()]


def test_a_task_survives_without_a_reference_of_the_caller(qtbot):
    seen = []
    task = Doubling("double")
    task.succeeded.connect(seen.append)
    start_task(task)
    del task
    qtbot.waitUntil(lambda: seen == [42], timeout=5000)


def test_an_error_is_kept_and_announced(qtbot):
    task = Failing("fail")
    with qtbot.waitSignal(task.failed, timeout=5000) as arrived:
        start_task(task)
    assert isinstance(arrived.args[0], ValueError)
    assert task.error is arrived.args[0]


def test_cancelling_stops_the_work_and_is_no_failure(qtbot):
    started, failures = threading.Event(), []
    task = Endless(started)
    task.failed.connect(failures.append)
    with qtbot.waitSignal(task.cancelled, timeout=5000):
        start_task(task)
        assert started.wait(5)
        task.cancel()
    assert failures == []
