# SPDX-License-Identifier: GPL-2.0-or-later
"""Buttons of the gestures on the borders, each with its picture, its name and its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QResizeEvent
from qgis.PyQt.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from ocsge_pi_review.gui.gestures import DRAWN, gesture_words, spoken_key, tooltip

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
COLUMNS = 4
EDGES_PX = 14
"""Borders of a button and the gap beside its picture, px."""


def gesture_icon(name: str) -> QIcon:
    """Picture of a gesture, empty where there is none."""
    return QIcon(str(ICONS / f"{name}.svg"))


class KeyedButton(QToolButton):
    """A label with its key, which is left to the tooltip where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self._label = self._key = ""
        self.edges_px = EDGES_PX

    def say(self, label: str, key: str) -> None:
        """What to write."""
        self._label, self._key = label, key
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole = f"{self._label} [{self._key}]" if self._key else self._label
        icon_px = 0 if self.icon().isNull() else self.iconSize().width()
        room = self.width() - icon_px - self.edges_px
        self.setText(whole if self.fontMetrics().horizontalAdvance(whole) <= room else self._label)


class GestureBar(QWidget):
    """One button per gesture; the one whose tool is on stays pressed.

    Signals:
        gesture(str): a button was pressed; names of `domain.keymap`.

    Args:
        names: the gestures, in order.
    """

    gesture = pyqtSignal(str)

    def __init__(self, names: Sequence[str] = DRAWN, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, KeyedButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for position, name in enumerate(names):
            grid.addWidget(self._button(name), position // COLUMNS, position % COLUMNS)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Write each gesture's key on its button and into its tooltip."""
        words = gesture_words()
        for name, button in self.buttons.items():
            key = spoken_key(keys.get(name, ""))
            button.say(words[name].label, key)
            button.setToolTip(tooltip(name, keys))

    def mark(self, name: str) -> None:
        """Show which tool is on; a name without button for none of these."""
        for known, button in self.buttons.items():
            button.setChecked(known == name)

    def _button(self, name: str) -> KeyedButton:
        button = KeyedButton()
        button.setObjectName(f"{name}_button")
        button.setIcon(gesture_icon(name))
        button.setIconSize(QSize(16, 16))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        # Keys belong to the gestures: a focused button would take Space for itself.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(partial(self._press, name))
        self.buttons[name] = button
        return button

    def _press(self, name: str, is_checked: bool = False) -> None:
        # Whether it stays pressed is for the tool to say.
        self.buttons[name].setChecked(not is_checked)
        self.gesture.emit(name)
