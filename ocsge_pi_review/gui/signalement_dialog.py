# SPDX-License-Identifier: GPL-2.0-or-later
"""Writing the answer to a remark: a motive prepares status and text, which then are anybody's to change."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from inference_backend.contracts.signalement import FINAL_STATUSES, Motive, ReportStatus
from ocsge_common.translation import tr
from ocsge_pi_review.domain.signalement import Signalement, motive_of, status_of
from ocsge_pi_review.domain.signalement_answer import Prepared
from ocsge_pi_review.gui.signalement_texts import motive_name, remark_html, status_name


class AnswerUse(Enum):
    """What an answer is for."""

    DRAFT = "draft"
    READY = "ready"
    SEND = "send"


class AnswerDialog(QDialog):
    """Beside the map, which stays free.

    Signals:
        settled(object): an `AnswerUse` was chosen.

    Args:
        remark: what is answered.
        prepare: the prepared answer of a motive.
        likely: motive to begin with, None for none.
        made: what was done on the map for it, in words.
        can_send: whether it came from a service that can be told.
    """

    settled = pyqtSignal(object)

    def __init__(
        self,
        remark: Signalement,
        prepare: Callable[[Motive], Prepared],
        likely: Motive | None,
        made: str,
        can_send: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.remark, self._prepare = remark, prepare
        self.setWindowTitle(tr("Answer to remark {}").format(remark.remote_id))
        self.setWindowFlag(Qt.WindowType.Tool)
        self.motive_box, self.status_box = QComboBox(), QComboBox()
        self.editor = QPlainTextEdit(remark.answer or "")
        self.editor.setTabChangesFocus(True)
        self.editor.setMinimumHeight(130)
        # As the editor gives it back: it makes plain spaces of those that do not break.
        self._written = self.text
        self._fill_boxes()
        self.draft_button = self._button(tr("Keep as a draft"), AnswerUse.DRAFT)
        self.ready_button = self._button(tr("Put into the outbox"), AnswerUse.READY)
        self.send_button = self._button(tr("Send now"), AnswerUse.SEND)
        self.send_button.setEnabled(can_send)
        if not can_send:
            self.send_button.setToolTip(tr("It came from a file: the list of answers can be exported"))
        self._lay_out(made)
        self.motive_box.currentIndexChanged.connect(self._on_motive)
        self.editor.textChanged.connect(self._on_text)
        if remark.is_answered:
            self._choose(self.status_box, status_of(remark.answer_status))
            self.motive_box.blockSignals(True)
            self._choose(self.motive_box, motive_of(remark.motive))
            self.motive_box.blockSignals(False)
        elif likely is not None:
            self._choose(self.motive_box, likely)
        self._on_text()

    @property
    def motive(self) -> Motive | None:
        """The motive chosen."""
        return motive_of(self.motive_box.currentData())

    @property
    def status(self) -> ReportStatus:
        """The status chosen."""
        return status_of(self.status_box.currentData())

    @property
    def text(self) -> str:
        """The text entered."""
        return self.editor.toPlainText().strip()

    def _fill_boxes(self) -> None:
        self.motive_box.addItem(tr("Choose a motive"), None)
        for motive in Motive:
            self.motive_box.addItem(motive_name(motive), motive.value)
        for status in FINAL_STATUSES:
            self.status_box.addItem(status_name(status.value), status.value)

    def _lay_out(self, made: str) -> None:
        layout = QVBoxLayout(self)
        told = QTextBrowser()
        told.setOpenLinks(False)
        told.setHtml(remark_html(self.remark))
        told.setMaximumHeight(140)
        layout.addWidget(told)
        form = QFormLayout()
        form.addRow(tr("Motive"), self.motive_box)
        form.addRow(tr("Status"), self.status_box)
        form.addRow(tr("Done for it"), QLabel(made))
        layout.addLayout(form)
        layout.addWidget(self.editor)
        row = QHBoxLayout()
        cancel = QPushButton(tr("Cancel"))
        cancel.clicked.connect(lambda: self.reject())
        for button in (self.draft_button, self.ready_button, self.send_button, cancel):
            button.setAutoDefault(False)
            row.addWidget(button)
        layout.addLayout(row)
        self.resize(560, 480)

    def _button(self, text: str, use: AnswerUse) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda: self.settled.emit(use))
        return button

    def _choose(self, box: QComboBox, value: Motive | ReportStatus | None) -> None:
        box.setCurrentIndex(0 if value is None else max(box.findData(value.value), 0))

    def _on_motive(self) -> None:
        """Prepare status and text; a text that somebody changed is left alone."""
        if self.motive is None:
            return
        answer = self._prepare(self.motive)
        self._choose(self.status_box, answer.status)
        if self.text in (self._written, ""):
            self.editor.setPlainText(answer.text)
            self._written = self.text

    def _on_text(self) -> None:
        is_whole = bool(self.text) and self.motive is not None
        for button in (self.draft_button, self.ready_button):
            button.setEnabled(is_whole)
        self.send_button.setEnabled(is_whole and not self.send_button.toolTip())
