# SPDX-License-Identifier: GPL-2.0-or-later
"""The remarks of the item in front: their texts in the card, their place and sketch on the map."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.domain.signalement import Signalement, may_be_answered
from ocsge_pi_review.domain.sketch import Stroke, sketch_from_json
from ocsge_pi_review.gui.signalement_texts import remark_html
from ocsge_pi_review.map_tools.sketch_tool import SketchBand

COLOUR = "#6a1b9a"
TALLEST_PX = 112
STYLE = (
    "QFrame#remarks { background: #f3ecf8; border: 1px solid #b39ddb; border-radius: 3px; }"
    " QTextBrowser { background: transparent; border: none; color: #1c1c1c; } QLabel { color: #4a148c; }"
)


class SignalementBox(QFrame):
    """Shows one remark at a time.

    Signals:
        answer_wanted(object): the `Signalement` in front is to be answered.

    Args:
        canvas: the map.
        layer: in whose CRS places and sketches are.
    """

    answer_wanted = pyqtSignal(object)

    def __init__(self, canvas: QgsMapCanvas, layer: QgsVectorLayer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("remarks")
        self.setStyleSheet(STYLE)
        self.title = QLabel()
        self.previous, self.following = self._arrow("‹", -1), self._arrow("›", 1)
        self.browser = QTextBrowser()
        self.browser.setOpenLinks(False)
        self.browser.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.browser.setMaximumHeight(TALLEST_PX)
        self.answer_button = QPushButton()
        self.answer_button.setObjectName("remarkAnswer")
        self.answer_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.answer_button.clicked.connect(self._on_answer)
        self._lay_out()
        self._band: SketchBand | None = SketchBand(canvas, layer)
        for band in (self._band.lines, self._band.marks):
            band.setStrokeColor(QColor(COLOUR))
        self._remarks: list[Signalement] = []
        self._place = 0
        self.hide()

    @property
    def remark(self) -> Signalement | None:
        """The remark in front."""
        return self._remarks[self._place] if self._remarks else None

    def show_remarks(self, remarks: Sequence[Signalement]) -> None:
        """Show these; the one in front stays if it is among them."""
        key = None if self.remark is None else self.remark.key
        self._remarks = list(remarks)
        keys = [one.key for one in self._remarks]
        self._place = keys.index(key) if key in keys else 0
        self._refresh()

    def remove(self) -> None:
        """Take everything off panel and map for good; safe to call again."""
        if self._band is not None:
            self._band.remove()
            self._band = None
            self.hide()
            self.deleteLater()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.previous)
        head.addWidget(self.following)
        head.addWidget(self.answer_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.addLayout(head)
        layout.addWidget(self.browser)

    def _arrow(self, sign: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._go(step))
        return button

    @guarded
    def _go(self, step: int) -> None:
        self._place = (self._place + step) % len(self._remarks)
        self._refresh()

    @guarded
    def _on_answer(self) -> None:
        if self.remark is not None:
            self.answer_wanted.emit(self.remark)

    def _refresh(self) -> None:
        one = self.remark
        self.setVisible(one is not None)
        if self._band is not None:
            self._band.show(() if one is None else _strokes(one))
        if one is None:
            return
        count = len(self._remarks)
        place = tr(" ({} of {})").format(self._place + 1, count) if count > 1 else ""
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setText(tr("Remark {}").format(one.remote_id) + place)
        for arrow in (self.previous, self.following):
            arrow.setVisible(count > 1)
        self.browser.setHtml(remark_html(one))
        self.browser.document().setTextWidth(max(self.browser.viewport().width(), 250))
        height = self.browser.document().size().height() + 6
        self.browser.setFixedHeight(min(round(height), TALLEST_PX))
        is_new = not one.is_answered
        self.answer_button.setText(tr("Answer…") if is_new else tr("Change the answer…"))
        self.answer_button.setVisible(may_be_answered(one))


def _strokes(one: Signalement) -> list[Stroke]:
    strokes = list(sketch_from_json(one.strokes))
    return strokes if one.x is None or one.y is None else [*strokes, Stroke(((one.x, one.y),))]
