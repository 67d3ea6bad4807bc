# SPDX-License-Identifier: GPL-2.0-or-later
"""A word about an item, with a drawing: leave it for later, ask the controller, or just note it."""

from __future__ import annotations

from enum import Enum

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ocsge_common.translation import tr


class CommentUse(Enum):
    """What the comment is for."""

    NOTE = "note"
    POSTPONE = "postpone"
    ASK = "ask"
    ANSWER = "answer"


class CommentDialog(QDialog):
    """Beside the map, which stays free to be drawn on.

    Signals:
        drawing(bool): the map is to be drawn on, or no longer.
        erased(): the drawing is to go.
        settled(object): a `CommentUse` was chosen.

    Args:
        comment: of the item, as it stands.
        answer: of the controller, empty for none.
        is_asked: whether the controller is asked; the dialog then takes an answer too.
    """

    drawing = pyqtSignal(bool)
    erased = pyqtSignal()
    settled = pyqtSignal(object)

    def __init__(
        self, comment: str, answer: str, is_asked: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Comment on this item"))
        self.setWindowFlag(Qt.WindowType.Tool)
        self.editor = QPlainTextEdit(comment)
        self.editor.setPlaceholderText(tr("What makes it doubtful, what should be checked…"))
        self.editor.setTabChangesFocus(True)
        self.draw_button = QPushButton(tr("✎ Draw on the map"))
        self.draw_button.setCheckable(True)
        self.draw_button.setToolTip(
            tr("Drag to draw a line, click to set a mark, right-click to take one back")
        )
        self.draw_button.toggled.connect(self.drawing)
        self.erase_button = QPushButton(tr("Erase the drawing"))
        self.erase_button.clicked.connect(lambda: self.erased.emit())
        layout = QVBoxLayout(self)
        layout.addWidget(_told(tr("The item stays in the queue; comment and drawing travel with the lot.")))
        if answer and not is_asked:
            told = _told(tr("Controller: {}").format(answer))
            told.setStyleSheet("background: #efe7f5; color: #3d1a52; padding: 4px;")
            layout.addWidget(told)
        layout.addWidget(self.editor)
        layout.addLayout(_row(self.draw_button, self.erase_button))
        self.answer_editor = QPlainTextEdit(answer)
        self.answer_button = self._button(tr("Answer and send back"), CommentUse.ANSWER)
        self.answer_button.setToolTip(tr("The item comes back to the interpreter with the answer"))
        if is_asked:
            layout.addWidget(_told(tr("Answer of the controller:")))
            self.answer_editor.setTabChangesFocus(True)
            layout.addWidget(self.answer_editor)
            layout.addLayout(_row(self.answer_button))
        self.note_button, self.postpone_button, self.ask_button = (
            self._button(tr("Note only"), CommentUse.NOTE),
            self._button(tr("Postpone"), CommentUse.POSTPONE),
            self._button(tr("Ask the controller"), CommentUse.ASK),
        )
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.clicked.connect(lambda: self.reject())
        self.ask_button.setDefault(True)
        layout.addLayout(_row(self.note_button, self.postpone_button, self.ask_button, self.cancel_button))
        self.editor.setFocus()

    @property
    def comment(self) -> str:
        """The text entered."""
        return self.editor.toPlainText().strip()

    @property
    def answer(self) -> str:
        """The answer entered."""
        return self.answer_editor.toPlainText().strip()

    def show_drawing(self, strokes: int) -> None:
        """Say how much is drawn."""
        self.erase_button.setEnabled(strokes > 0)

    def _button(self, text: str, use: CommentUse) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda: self.settled.emit(use))
        return button


def _told(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _row(*buttons: QPushButton) -> QHBoxLayout:
    layout = QHBoxLayout()
    for button in buttons:
        button.setAutoDefault(False)
        layout.addWidget(button)
    return layout
