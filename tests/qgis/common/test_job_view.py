# SPDX-License-Identifier: GPL-2.0-or-later
"""A running job in the message bar: step, time left, cancel, and the three ways to end."""

from __future__ import annotations

import threading

import pytest
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from inference_backend.contracts.service import JobDocument, JobStatus
from ocsge_common.backend import follow
from ocsge_common.backend.job_task import BackendJobTask
from ocsge_common.backend.time_left import TimeLeft, duration_text, size_text
from ocsge_common.errors import BackendRefusedError, BackendUnreachableError, JobFailedError
from ocsge_common.job_view import JobState, show_job
from ocsge_common.messages import MessageLog
from ocsge_common.tasks import start_task


class Script:
    """A backend of this computer that plays states, and notes what it is asked."""

    url = "http://127.0.0.1:1"

    def __init__(self, *states):
        self._states, self.dismissed = list(states), threading.Event()

    def submit(self, process_id, inputs):
        return JobDocument("1", process_id, JobStatus.ACCEPTED)

    def status(self, job_id):
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        if isinstance(state, Exception):
            raise state
        status, progress, message = state
        return JobDocument(job_id, "predict", status, progress, message)

    def dismiss(self, job_id):
        self.dismissed.set()
        return JobDocument(job_id, "predict", JobStatus.DISMISSED)

    def results(self, job_id):
        return {"prediction": "/p.tif"}


RUNNING = (JobStatus.RUNNING, 40, "Block 4 of 10")


@pytest.fixture
def bar(qtbot):
    bar = QgsMessageBar()
    qtbot.addWidget(bar)
    bar.resize(900, 80)
    bar.show()
    return bar


def run(bar, client):
    view = show_job(MessageLog("Test", bar), "Prediction of ortho.tif")
    task = BackendJobTask("Prediction", client, "predict", {})
    view.follow(task)
    start_task(task)
    return view, task


def test_the_step_is_shown_in_the_view_and_in_the_list_of_tasks(bar, qtbot):
    view, task = run(bar, Script(RUNNING))
    qtbot.waitUntil(lambda: view.step.text() == "Block 4 of 10", timeout=5000)
    qtbot.waitUntil(lambda: task.description() == "Prediction – Block 4 of 10", timeout=5000)
    assert view.bar.value() == 400
    assert view.isVisible()
    task.cancel()
    qtbot.waitUntil(lambda: view.state is JobState.CANCELLED, timeout=5000)


def test_cancel_dismisses_the_job_and_says_so(bar, qtbot):
    client = Script(RUNNING)
    view, _ = run(bar, client)
    qtbot.waitUntil(lambda: view.bar.value() == 400, timeout=5000)
    QTest.mouseClick(view.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.state is JobState.CANCELLED, timeout=5000)
    assert client.dismissed.is_set()
    assert "Cancelled" in view.step.text()
    assert not view.cancel.isVisible()


def test_a_job_that_could_not_be_stopped_is_not_said_to_have_stopped(bar, qtbot):
    client = Script(RUNNING)
    client.dismiss = lambda job_id: (_ for _ in ()).throw(
        BackendUnreachableError(url="http://x", detail="gone")
    )
    view, _ = run(bar, client)
    qtbot.waitUntil(lambda: view.bar.value() == 400, timeout=5000)
    QTest.mouseClick(view.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.state is JobState.FAILED, timeout=5000)
    assert "http://x" in view.step.text()


def test_a_failed_job_shows_its_reason(bar, qtbot):
    view, _ = run(bar, Script((JobStatus.FAILED, 10, "ortho.tif has no CRS")))
    qtbot.waitUntil(lambda: view.state is JobState.FAILED, timeout=5000)
    assert "ortho.tif has no CRS" in view.step.text()


def test_a_network_that_is_gone_for_a_moment_ends_nothing(bar, qtbot):
    gone = BackendUnreachableError(url="http://x", detail="gone")
    restarts = BackendRefusedError(url="http://x", status=502, detail="Bad Gateway")
    view, task = run(bar, Script(RUNNING, gone, restarts, RUNNING, (JobStatus.SUCCESSFUL, 100, "")))
    with qtbot.waitSignal(task.succeeded, timeout=15000) as arrived:
        pass
    assert arrived.args == [{"prediction": "/p.tif"}]
    view.show_done("Done.")
    assert (view.state, view.bar.value()) == (JobState.DONE, 1000)


def test_a_server_that_stays_away_is_a_failure(bar, qtbot, monkeypatch):
    monkeypatch.setattr(follow, "PATIENCE_S", 0.5)
    view, _ = run(bar, Script(RUNNING, BackendUnreachableError(url="http://x", detail="gone")))
    qtbot.waitUntil(lambda: view.state is JobState.FAILED, timeout=10000)


def test_a_view_that_was_closed_leaves_the_job_alone(bar, qtbot):
    client = Script(*[RUNNING] * 3, (JobStatus.SUCCESSFUL, 100, ""))
    view, task = run(bar, client)
    with qtbot.waitSignal(task.succeeded, timeout=15000):
        bar.clearWidgets()
        del view
    assert not client.dismissed.is_set()


def test_an_error_of_a_job_is_told_apart():
    assert "no CRS" in JobFailedError(process_id="predict", message="no CRS").text("fr")


def test_time_left_follows_the_speed_of_the_last_half_minute():
    now = [0.0]
    left = TimeLeft(lambda: now[0])
    assert left.update(0.0) is None
    for second in range(1, 101):
        now[0] = float(second)
        estimate = left.update(second / 1000)
    assert estimate == pytest.approx(900)
    for second in range(101, 141):
        now[0] = float(second)
        estimate = left.update(0.1 + (second - 100) / 100)
    assert estimate == pytest.approx(50, abs=1)


def test_amounts_are_written_as_people_do():
    assert [duration_text(s) for s in (9.6, 80, 7260)] == ["10 s", "1 min 20 s", "2 h 1 min"]
    assert [size_text(count) for count in (12_300_000, 1_240_000_000)] == ["12 MB", "1.2 GB"]
