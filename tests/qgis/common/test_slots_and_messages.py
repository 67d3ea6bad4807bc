# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest
from qgis.core import Qgis, QgsApplication
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QMessageBox, QPushButton, QTextEdit

from ocsge_common import messages
from ocsge_common.errors import BackendUnreachableError
from ocsge_common.slots import guarded


class Sender(QObject):
    clicked = pyqtSignal(bool)


@pytest.fixture
def bar(qgis_app):
    bar = QgsMessageBar()
    messages.use_log(messages.MessageLog("Test", bar))
    yield bar
    messages.use_log(None)


def test_a_text_from_outside_is_shown_and_not_obeyed(bar):
    text = "A & B: <img src='file:///x.png'> <b>lot</b>"
    messages.current_log().warning(text)
    (browser,) = bar.findChildren(QTextEdit)
    assert text in browser.toPlainText()


def test_a_guarded_slot_takes_only_the_arguments_it_declares():
    sender, seen = Sender(), []

    class Receiver(QObject):
        @guarded
        def on_click(self) -> None:
            seen.append("clicked")

    receiver = Receiver()
    sender.clicked.connect(receiver.on_click)
    sender.clicked.emit(True)
    assert seen == ["clicked"]


def test_an_error_in_a_slot_reaches_the_message_bar_not_qt(bar):
    sender = Sender()

    @guarded
    def explode() -> None:
        raise ValueError("inside")

    sender.clicked.connect(explode)
    sender.clicked.emit(False)
    assert "ValueError" in bar.currentItem().text()


def test_a_type_error_inside_a_slot_is_reported_once(bar):
    """PyQt retries a slot with fewer arguments on TypeError; the guard must not run it twice."""
    sender, calls = Sender(), []

    @guarded
    def explode(checked: bool) -> None:
        calls.append(checked)
        raise TypeError("inside")

    sender.clicked.connect(explode)
    sender.clicked.emit(True)
    assert calls == [True]


@pytest.mark.parametrize(("locale", "expected"), [("fr", "ne répond pas"), ("en_US", "does not answer")])
def test_our_errors_speak_the_language_of_qgis(bar, locale, expected, monkeypatch):
    monkeypatch.setattr("ocsge_common.messages.user_language", lambda: locale[:2])
    text = messages.report_error(BackendUnreachableError(url="http://x", detail="refused"))
    assert expected in text
    assert bar.currentItem().text() == text


def test_an_object_with_its_own_log_reports_there(bar):
    own = QgsMessageBar()

    class Dock:
        messages = messages.MessageLog("Dock", own)

        @guarded
        def act(self) -> None:
            raise KeyError("k")

    Dock().act()
    assert own.currentItem() is not None
    assert bar.currentItem() is None


def test_a_refusal_takes_the_place_of_the_last_one_of_its_kind(bar):
    for port in range(5):
        messages.report_error(BackendUnreachableError(url=f"http://x:{port}", detail="refused"))
    messages.report_error(ValueError("inside"))
    assert [item.level() for item in bar.items()] == [Qgis.MessageLevel.Critical, Qgis.MessageLevel.Warning]
    assert "http://x:4" in bar.items()[1].text()


def test_a_message_said_again_stands_once_and_comes_back_after_it_was_closed(bar):
    log = messages.current_log()
    log.warning("first")
    log.warning("second")
    log.warning("first")
    assert [item.text() for item in bar.items()] == ["first", "second"]
    bar.clearWidgets()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    log.warning("first")
    assert [item.text() for item in bar.items()] == ["first"]


def test_a_text_too_long_for_the_bar_is_read_whole_from_a_button_and_not_obeyed(bar):
    text = "Le lot <b>33</b> est refusé. " * 20
    messages.current_log().warning(text)
    (button,) = (found for found in bar.findChildren(QPushButton) if found.text())
    button.click()
    (box,) = bar.findChildren(QMessageBox)
    assert box.text() == text
    assert box.textFormat() == Qt.TextFormat.PlainText
    box.close()


def test_a_text_that_fits_needs_no_button(bar):
    messages.current_log().warning("Le lot est refusé.")
    assert not [found for found in bar.findChildren(QPushButton) if found.text()]


def test_the_log_has_the_traceback_of_faults_and_of_refusals_with_a_cause(bar):
    seen = []
    received = QgsApplication.messageLog().messageReceived[str, str, Qgis.MessageLevel]
    link = received.connect(lambda text, tag, level: seen.append(text))
    refusal = BackendUnreachableError(url="http://x", detail="refused")
    messages.report_error(refusal)
    assert not any("Error" in text for text in seen)
    messages.report_error(ValueError("inside"))
    refusal.__cause__ = OSError("no route")
    messages.report_error(refusal)
    received.disconnect(link)
    assert any("ValueError: inside" in text for text in seen)
    assert any("OSError: no route" in text for text in seen)
