# SPDX-License-Identifier: GPL-2.0-or-later
"""Leaving an item for later, or for the controller, with a word about why."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ocsge_common.translation import tr


class CommentDialog(QDialog):
    """Asks for a comment and what to do with the item.

    Attributes:
        ask: after `exec()`, whether the controller is asked.
    """

    def __init__(self, comment: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Comment on this item"))
        self.ask = False
        self.editor = QPlainTextEdit(comment)
        self.editor.setPlaceholderText(tr("What makes it doubtful, what should be checked…"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole.AcceptRole
        self.postpone_button = self.buttons.addButton(tr("Postpone"), role)
        self.ask_button = self.buttons.addButton(tr("Ask the controller"), role)
        self.ask_button.clicked.connect(self._choose_ask)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(tr("The item stays in the queue; the comment travels with the lot.")))
        layout.addWidget(self.editor)
        layout.addWidget(self.buttons)

    @property
    def comment(self) -> str:
        """The text entered."""
        return self.editor.toPlainText().strip()

    def _choose_ask(self) -> None:
        self.ask = True
