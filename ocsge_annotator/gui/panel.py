# SPDX-License-Identifier: GPL-2.0-or-later
"""A titled part of the dock that folds away."""

from __future__ import annotations

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ocsge_common.slots import guarded

SETTINGS_GROUP = "ocsge/annotator/panels"


class Panel(QWidget):
    """A title to click and what it shows; folded or not is remembered.

    Args:
        name: in code and settings.
        title: translated.
        content: what folds away.
        is_open: whether it is unfolded where nothing is remembered.
        parent: owner.
    """

    def __init__(
        self, name: str, title: str, content: QWidget, *, is_open: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name, self.content = name, content
        self.setObjectName(f"{name}_panel")
        self.title = QToolButton()
        self.title.setObjectName(f"{name}_title")
        self.title.setText(title)
        self.title.setCheckable(True)
        self.title.setAutoRaise(True)
        self.title.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title.setStyleSheet("QToolButton { font-weight: bold; text-align: left; }")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(content)
        kept = QgsSettings().value(f"{SETTINGS_GROUP}/{name}", is_open, type=bool)
        self.fold(not kept)
        self.title.toggled.connect(self._on_toggled)

    @property
    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self.title.isChecked()

    def fold(self, folded: bool) -> None:
        """Hide or show the content."""
        self.title.setChecked(not folded)
        self._show(not folded)

    @guarded
    def _on_toggled(self, is_open: bool) -> None:
        self._show(is_open)
        QgsSettings().setValue(f"{SETTINGS_GROUP}/{self.name}", is_open)

    def _show(self, is_open: bool) -> None:
        self.title.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.content.setVisible(is_open)
