# SPDX-License-Identifier: GPL-2.0-or-later
"""The backend's section of the options page, clicked as a person does."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from inference_backend.contracts import backend_home as layout
from ocsge_common.backend.setup_source import Source
from ocsge_common.backend.setup_state import SetupLock, SetupState, write_state
from ocsge_common.backend.setup_task import BackendSetupTask
from ocsge_common.backend_page.status_light import Level
from ocsge_common.backend_section import BackendSection
from ocsge_common.settings import BackendSettings, backend_settings
from tests.qgis.common.tiny_backend import write_bundle

COMMAND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"


@pytest.fixture
def open_section(qtbot, tmp_path, monkeypatch):
    """Opens the page on a home of its own."""
    monkeypatch.setenv("OCSGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("OCSGE_BACKEND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OCSGE_BACKEND", raising=False)

    def show(*, is_closed_by_test=False):
        section = BackendSection()
        if not is_closed_by_test:
            qtbot.addWidget(section)
        section.show()
        qtbot.waitExposed(section)
        return section

    return show


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def level(section):
    return section.light.status.level


def words(section):
    return f"{section.light.text.text()} {section.light.detail.text()}"


def test_nothing_set_up_is_grey_with_one_button(open_section):
    section = open_section()
    assert level(section) is Level.UNSET
    assert section.local.set_up.text() == "Set up the backend"
    assert not section.local.remove.isVisible()


def test_what_is_edited_is_saved_and_no_token_among_it(open_section):
    section = open_section()
    section.remote.url.setText(" https://ocsge.example/ ")
    section.remote.token.setText("not in the settings")
    assert section.elsewhere.isChecked()
    section.save()
    stored = backend_settings().load()
    assert stored.url == "https://ocsge.example"
    assert "not in the settings" not in repr(stored)
    click(section.here)
    section.save()
    assert backend_settings().load().url == ""


def test_a_set_up_shows_its_progress_and_what_it_made(open_section, qtbot, tmp_path):
    section = open_section()
    texts = []
    section.local.changed.connect(lambda status: texts.append((status.level, status.detail)))
    section.local.start_set_up(BackendSetupTask(Source(write_bundle(tmp_path))))
    assert not section.local.set_up.isEnabled()
    assert section.local.progress.isVisible()
    assert section.local.cancel.isVisible()
    # The tiny command serves nothing: the test that follows a set-up says so.
    qtbot.waitUntil(lambda: level(section) is Level.BAD and section.test.isEnabled(), timeout=60000)
    assert any("Installing" in detail for shown, detail in texts if shown is Level.BUSY)
    assert not section.local.progress.isVisible()
    assert section.local.set_up.text() == "Update the backend"
    qtbot.waitUntil(lambda: "on the disk" in section.local.facts.text(), timeout=10000)
    assert "version 9.9" in section.local.facts.text()
    section.local.start_removal()
    qtbot.waitUntil(lambda: section.local.set_up.text() == "Set up the backend", timeout=30000)
    assert layout.environments(tmp_path / "home") == []


def test_a_page_opened_again_joins_the_set_up_in_hand_and_cancels_it(open_section, qtbot, tmp_path):
    first = open_section(is_closed_by_test=True)
    first.local.start_set_up(BackendSetupTask(Source(write_bundle(tmp_path))))
    first.deleteLater()
    second = open_section()
    assert second.local.is_busy
    click(second.local.cancel)
    qtbot.waitUntil(lambda: not second.local.is_busy, timeout=30000)
    assert "cancelled; nothing has changed" in words(second)
    assert layout.environments(tmp_path / "home") == []


def test_a_set_up_of_another_window_is_followed(open_section, qtbot, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    lock = SetupLock(home)
    assert lock.take()
    write_state(home, SetupState("index", "e0000000", "Downloading · 12 MB", 0.25))
    section = open_section()
    qtbot.waitUntil(lambda: "Downloading · 12 MB" in words(section), timeout=5000)
    assert level(section) is Level.BUSY
    assert not section.local.set_up.isEnabled()
    layout.write_whole(home / "setup.json", "")
    lock.release()
    qtbot.waitUntil(section.local.set_up.isEnabled, timeout=5000)


def test_a_killed_set_up_is_said_and_can_be_done_again(open_section, qtbot, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "e0000000").mkdir()
    write_state(home, SetupState(str(write_bundle(tmp_path)), "e0000000", "Installing", 0.5))
    section = open_section()
    assert level(section) is Level.BAD
    assert "interrupted" in words(section)
    assert section.local.set_up.text() == "Set up again"
    click(section.local.set_up)
    qtbot.waitUntil(lambda: section.local.set_up.text() == "Update the backend", timeout=60000)
    assert [p.name for p in layout.environments(home)] == [layout.read_current(home).folder]


def test_a_configured_backend_is_tested_when_the_page_opens(open_section, qtbot):
    backend_settings().save(BackendSettings(command=str(COMMAND)))
    section = open_section()
    assert level(section) is Level.BUSY
    qtbot.waitUntil(lambda: level(section) is Level.GOOD, timeout=60000)
    assert "version" in words(section)
    assert "Interface 1" in words(section)
    click(section.logs.copy)
    copied = QgsApplication.clipboard().text()
    assert "GOOD: The backend answers" in copied
    assert "QGIS 3." in copied


def test_the_engines_are_measured_in_a_process_of_their_own_that_cancel_ends(open_section, qtbot, tmp_path):
    slow = tmp_path / "ocsge"
    slow.write_text('#!/bin/sh\necho $$ > "$0.pid"\nsleep 60\n')
    slow.chmod(0o755)
    section = open_section()
    section.local.command.setFilePath(str(slow))
    click(section.engines)
    qtbot.waitUntil(Path(f"{slow}.pid").exists, timeout=5000)
    assert level(section) is Level.BUSY
    click(section.engines)
    qtbot.waitUntil(lambda: section.engines.text() == "Measure the engines", timeout=10000)
    pid = Path(f"{slow}.pid").read_text().strip()
    assert not Path(f"/proc/{pid}").exists()
    report = '{"auto": "openvino", "engines": [{"name": "openvino", "precision": "bf16", "mpx_s": 7.123}]}'
    slow.write_text(f"#!/bin/sh\necho 'engines 31 %' >&2\necho '{report}'\n")
    click(section.engines)
    qtbot.waitUntil(lambda: "openvino (bf16): 7.12 Mpx/s ✓" in words(section), timeout=10000)


def test_a_missing_command_is_named(open_section):
    section = open_section()
    section.local.command.setFilePath("/nowhere/ocsge")
    click(section.test)
    assert "/nowhere/ocsge" in words(section)
    assert section.test.isEnabled()
