# SPDX-License-Identifier: GPL-2.0-or-later
"""A light and a sentence: how the backend is. The sentence says all that the colour does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPixmap
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget


class Level(Enum):
    """How the backend is; the value is the light's colour."""

    UNSET = "#9a9a9a"
    BUSY = "#f0a30a"
    GOOD = "#2e9e4f"
    BAD = "#d13438"


@dataclass(frozen=True)
class Status:
    """What to show.

    Attributes:
        level: colour of the light.
        text: one sentence.
        detail: the rest: reason and remedy, or versions and engines.
    """

    level: Level
    text: str
    detail: str = ""


class StatusLight(QWidget):
    """Shows a `Status`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = Status(Level.UNSET, "")
        self.light = QLabel()
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        font = self.text.font()
        font.setBold(True)
        self.text.setFont(font)
        self.detail = QLabel()
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.text, self.detail):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.text)
        words.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.light, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_status(self, status: Status) -> None:
        """Show how the backend is now."""
        self.status = status
        self.light.setPixmap(self._disc(QColor(status.level.value)))
        self.light.setAccessibleName(status.level.name)
        self.text.setText(status.text)
        self.detail.setText(status.detail)
        self.detail.setVisible(bool(status.detail))

    def _disc(self, colour: QColor) -> QPixmap:
        size_px = self.fontMetrics().height()
        pixmap = QPixmap(size_px, size_px)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colour)
        painter.setPen(colour.darker(130))
        painter.drawEllipse(1, 1, size_px - 3, size_px - 3)
        painter.end()
        return pixmap
