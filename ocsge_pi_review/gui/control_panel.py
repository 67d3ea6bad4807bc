# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel of a blind control: widgets, and nothing that decides or that knows a delivered code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from qgis.PyQt.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocsge_common.translation import tr
from ocsge_pi_review.domain.control_keys import KIND_OF_GESTURE
from ocsge_pi_review.gui.control_favourites import FavouriteStrip
from ocsge_pi_review.gui.control_said import SaidLine
from ocsge_pi_review.gui.control_words import control_tip, control_words, key_text
from ocsge_pi_review.gui.gesture_bar import KeyedButton
from ocsge_pi_review.gui.palette_grid import PaletteGrid
from ocsge_pi_review.gui.panel import PROGRESS_STYLE
from ocsge_pi_review.gui.short_label import ShortLabel

STEPS = ("previous", "accept", "next")
MOVES = ("next_todo", "undo", "redo", "hide")
REMARKS = ("cannot_say", "broader", "draw", *KIND_OF_GESTURE)
CHECKABLE = ("hide", "draw", *KIND_OF_GESTURE)
ACCEPT_STYLE = "QToolButton { font-weight: bold; padding: 5px; }"
COLUMNS = 3
LEAVING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class ControlPanel(QWidget):
    """The dock's content while a control file is open.

    Signals:
        gesture(str): a button of a gesture was pressed; names of `domain.control_keys`.
        comment_left(): the comment line was confirmed or given up; keys belong to the map again.
    """

    gesture = pyqtSignal(str)
    comment_left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name_label, self.pace_label = _plain_label(bold=True), ShortLabel()
        self.pace_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.pace_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.open_button, self.menu_button = _tool(tr("Open…")), _tool("☰")
        self.menu = QMenu(self)
        self.menu_button.setMenu(self.menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.progress = QProgressBar()
        self.progress.setStyleSheet(PROGRESS_STYLE)
        self.progress.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title_label, self.opinions_label = _plain_label(bold=True), _plain_label()
        self.title_label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.opinions_label.setWordWrap(True)
        self.opinions_label.hide()
        self.buttons: dict[str, KeyedButton] = {}
        self.said = {"cs": SaidLine(), "us": SaidLine()}
        self.palettes = {"cs": PaletteGrid(), "us": PaletteGrid()}
        # One line searches covers and uses alike.
        self.palettes["us"].search_line.hide()
        self.favourites = FavouriteStrip()
        self.comment_line = QLineEdit()
        self.comment_line.setObjectName("control_comment")
        self.comment_line.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.comment_line.installEventFilter(self)
        self.views_layout = QHBoxLayout()
        self._lay_out()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Write each gesture's key on its button and into its tooltip."""
        words = control_words()
        for name, button in self.buttons.items():
            button.say(words[name].label, key_text(keys.get(name, "")))
            button.setToolTip(control_tip(name, keys))
        key = key_text(keys.get("comment", ""))
        self.comment_line.setPlaceholderText(f"{words['comment'].label}  [{key}]")
        self.comment_line.setToolTip(control_tip("comment", keys))

    def check(self, names: Iterable[str], among: Iterable[str]) -> None:
        """Show which of some gestures are on."""
        on = set(names)
        for name in among:
            self.buttons[name].setChecked(name in on)

    def begin_search(self) -> None:
        """Put the cursor into the search line; what lies below the codes stays where it is."""
        self.keep_heights()
        self.palettes["cs"].begin_search()

    def begin_comment(self) -> None:
        """Put the cursor into the comment."""
        self.comment_line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc leave the comment: neither must reach the gestures."""
        is_key = watched is self.comment_line and event.type() == QEvent.Type.KeyPress
        if not is_key or event.key() not in LEAVING:
            return False
        self.comment_left.emit()
        return True

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addLayout(_row(self.name_label, self.open_button, self.menu_button))
        layout.addWidget(self.progress)
        unit = _row(self.title_label, self.pace_label)
        unit.setStretch(0, 0)
        layout.addLayout(unit)
        layout.addWidget(self.opinions_label)
        layout.addLayout(self._steps())
        layout.addLayout(self._grid(MOVES, len(MOVES)))
        layout.addWidget(self.favourites)
        for dimension in ("cs", "us"):
            layout.addWidget(self.said[dimension])
            layout.addWidget(self.palettes[dimension])
        layout.addLayout(self._grid(REMARKS, COLUMNS))
        layout.addWidget(self.comment_line)
        layout.addLayout(self.views_layout)
        layout.addStretch(1)

    def keep_heights(self) -> None:
        """Give the codes the height that they need: nothing below may squeeze them or move."""
        for palette in self.palettes.values():
            palette.setMinimumHeight(palette.layout().sizeHint().height())

    def _steps(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        for name, share in zip(STEPS, (1, 2, 1)):
            row.addWidget(self._button(name), share)
        self.buttons["accept"].setStyleSheet(ACCEPT_STYLE)
        return row

    def _grid(self, names: Iterable[str], columns: int) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(2)
        for place, name in enumerate(names):
            grid.addWidget(self._button(name), place // columns, place % columns)
        return grid

    def _button(self, name: str) -> KeyedButton:
        button = KeyedButton()
        button.setObjectName(f"control_{name}_button")
        button.setIconSize(QSize(0, 0))
        button.setCheckable(name in CHECKABLE)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(partial(self._press, name))
        self.buttons[name] = button
        return button

    def _press(self, name: str, is_checked: bool = False) -> None:
        # Whether it stays pressed is for the session to say.
        if self.buttons[name].isCheckable():
            self.buttons[name].setChecked(not is_checked)
        self.gesture.emit(name)


def _plain_label(bold: bool = False) -> QLabel:
    """A label whose text is never taken for HTML: it may come from outside."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    font = label.font()
    font.setBold(bold)
    label.setFont(font)
    return label


def _tool(text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


def _row(*widgets: QWidget) -> QHBoxLayout:
    """Widgets side by side; labels share what buttons leave."""
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget, int(isinstance(widget, QLabel)))
    return row
