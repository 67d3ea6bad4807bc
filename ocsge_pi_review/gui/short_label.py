# SPDX-License-Identifier: GPL-2.0-or-later
"""A label that loses its end where there is no room: `000 an hour` is not `18 000 an hour`."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QPainter, QPaintEvent
from qgis.PyQt.QtWidgets import QLabel


class ShortLabel(QLabel):
    """Plain text, the most important words first."""

    def shown_text(self) -> str:
        """What there is room for."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write it."""
        painter = QPainter(self)
        painter.drawText(self.rect(), self.alignment(), self.shown_text())
