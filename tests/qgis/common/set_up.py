# SPDX-License-Identifier: GPL-2.0-or-later
"""Running a set-up to its end, and what it must leave alone."""

from __future__ import annotations

from inference_backend.contracts.backend_home import environments, read_current
from ocsge_common.backend.setup_source import Source
from ocsge_common.backend.setup_state import read_state
from ocsge_common.backend.setup_task import BackendSetupTask
from ocsge_common.tasks import start_task


def set_up(qtbot, source, home):
    """Run a set-up to its end; returns its command or its error."""
    ends = []
    task = BackendSetupTask(Source(source), home)
    task.succeeded.connect(ends.append)
    task.failed.connect(ends.append)
    start_task(task)
    qtbot.waitUntil(lambda: bool(ends), timeout=120000)
    return ends[0]


def assert_unchanged(home, former):
    assert environments(home) == [former]
    assert read_current(home).version == "0.0.1"
    assert read_state(home) is None
    assert {path.name for path in home.iterdir()} - {"logs"} == {former.name, "current.json"}
