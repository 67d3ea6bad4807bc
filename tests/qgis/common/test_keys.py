# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QKeyEvent, QKeySequence
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QLineEdit, QShortcut, QVBoxLayout, QWidget

from ocsge_common.keys import KeyFilter


@pytest.fixture
def window(qtbot):
    window = QWidget()
    window.canvas = QWidget(window)
    window.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.comment = QLineEdit(window)
    layout = QVBoxLayout(window)
    layout.addWidget(window.canvas)
    layout.addWidget(window.comment)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.canvas.setFocus()
    return window


def press(widget, key, text, modifiers=Qt.KeyboardModifier.NoModifier, repeat=False):
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, repeat))


def test_a_bound_key_runs_its_action_once(window):
    seen = []
    KeyFilter(window, {"D": lambda: seen.append("next")}).watch(window)
    press(window.canvas, Qt.Key.Key_D, "d")
    press(window.canvas, Qt.Key.Key_D, "d", repeat=True)
    assert seen == ["next"]


def test_the_key_wins_over_a_shortcut_of_the_window(window, qtbot):
    stolen, seen = [], []
    shortcut = QShortcut(QKeySequence("S"), window)
    shortcut.activated.connect(lambda: stolen.append("qgis"))
    KeyFilter(window, {"S": lambda: seen.append("split")}).watch(window)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=3000)
    QTest.keyClick(window.canvas, Qt.Key.Key_S)
    assert (seen, stolen) == (["split"], [])


def test_typing_a_comment_triggers_nothing(window):
    seen = []
    KeyFilter(window, {"D": lambda: seen.append("next")}).watch(window)
    window.comment.setFocus()
    QTest.keyClicks(window.comment, "dD")
    assert window.comment.text() == "dD"
    assert seen == []


@pytest.mark.parametrize(
    ("key", "text", "modifiers"),
    [
        (Qt.Key.Key_2, "2", Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_2, "2", Qt.KeyboardModifier.KeypadModifier),
        (Qt.Key.Key_2, "2", Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Eacute, "é", Qt.KeyboardModifier.NoModifier),
    ],
)
def test_digits_work_on_every_keyboard(window, key, text, modifiers):
    seen = []
    KeyFilter(window, {"2": lambda: seen.append(2)}).watch(window)
    press(window.canvas, key, text, modifiers)
    assert seen == [2]


@pytest.mark.parametrize(
    ("key", "text"),
    [(Qt.Key.Key_2, "2"), (Qt.Key.Key_Eacute, "é"), (Qt.Key.Key_Eacute, ""), (Qt.Key.Key_Eacute, "~")],
)
def test_a_digit_with_alt_works_on_every_keyboard(window, key, text):
    seen = []
    bound = {name: lambda name=name: seen.append(name) for name in ("2", "Alt+2")}
    KeyFilter(window, bound).watch(window)
    press(window.canvas, key, text, Qt.KeyboardModifier.AltModifier)
    assert seen[-1:] == ["Alt+2"]


def test_combinations_are_told_apart(window):
    seen = []
    bindings = {key: lambda key=key: seen.append(key) for key in ("Z", "Ctrl+Z", "Ctrl+Shift+Z", "?")}
    KeyFilter(window, bindings).watch(window)
    ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    press(window.canvas, Qt.Key.Key_Z, "\x1a", ctrl)
    press(window.canvas, Qt.Key.Key_Z, "\x1a", ctrl | shift)
    press(window.canvas, Qt.Key.Key_Question, "?", shift)
    press(window.canvas, Qt.Key.Key_Z, "z")
    assert seen == ["Ctrl+Z", "Ctrl+Shift+Z", "?", "Z"]


def test_an_inactive_filter_leaves_the_key_alone(window):
    seen = []
    keys = KeyFilter(window, {"D": lambda: seen.append(1)}, is_active=lambda: False)
    keys.watch(window)
    press(window.canvas, Qt.Key.Key_D, "d")
    keys.stop()
    keys.stop()
    assert seen == []
