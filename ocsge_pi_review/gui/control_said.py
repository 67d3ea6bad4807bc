# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of the cover, or of the use: title of its codes, and which of the two the keys mean."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from inference_backend.contracts.nomenclature import Dimension, Nomenclature
from ocsge_pi_review.gui.control_words import dimension_text, said_text
from ocsge_pi_review.gui.swatch import swatch_pixmap

SWATCH_PX = 16
STYLE = (
    "QFrame#said { border: 2px solid transparent; border-radius: 3px; background: #eef1f4; }"
    " QFrame#said[active='true'] { border-color: #00a3b8; background: #dff6f9; }"
)


class SaidLine(QFrame):
    """One line; a click makes it the one that the keys mean.

    Signals:
        chosen(): it was clicked.
    """

    chosen = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("said")
        self.setStyleSheet(STYLE)
        self.title, self.text, self.swatch = QLabel(), QLabel(), QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = self.text.font()
        font.setBold(True)
        self.text.setFont(font)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(5, 2, 5, 2)
        for widget in (self.title, self.swatch):
            layout.addWidget(widget)
        layout.addWidget(self.text, 1)

    def show_code(self, nomenclature: Nomenclature, dimension: Dimension, code: str | None) -> None:
        """Show what is said."""
        self.title.setText(f"{dimension_text(dimension)} :")
        self.text.setText(said_text(nomenclature, code))
        self.swatch.setVisible(bool(code))
        if code:
            self.swatch.setPixmap(swatch_pixmap(nomenclature, code, SWATCH_PX))

    def mark(self, is_active: bool) -> None:
        """Show whether the keys mean it."""
        if bool(self.property("active")) != is_active:
            self.setProperty("active", is_active)
            self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the keys mean this one."""
        self.chosen.emit()
        event.accept()
