# SPDX-License-Identifier: GPL-2.0-or-later
"""A box whose content comes and goes while what lies below stays where it is."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget


class SteadyBox(QWidget):
    """Widgets below each other, never lower than they have been together."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._least_px = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in widgets:
            layout.addWidget(widget)
        layout.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """The greatest height that the content has needed."""
        needed = super().minimumSizeHint()
        self._least_px = max(self._least_px, needed.height())
        return QSize(needed.width(), self._least_px)
