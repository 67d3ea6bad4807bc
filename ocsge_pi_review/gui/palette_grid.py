# SPDX-License-Identifier: GPL-2.0-or-later
"""Buttons for codes, each with its key and colour."""

from __future__ import annotations

from functools import partial

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QResizeEvent
from qgis.PyQt.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_pi_review.gui.swatch import swatch_icon
from ocsge_pi_review.gui.texts import code_text, label_text

COLUMNS = 2
STYLE = "QPushButton { text-align: left; padding: 3px 5px; } QPushButton:checked { font-weight: bold; }"


class ElidedButton(QPushButton):
    """A key and a label, cut with an ellipsis where there is no room.

    Args:
        key: written first; empty leaves its place.
        label: what may be cut.
    """

    def __init__(self, key: str, label: str) -> None:
        super().__init__()
        self._key, self._label = key or "\u2007", label

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        # Icon, margins and key take about this much.
        room = self.width() - self.iconSize().width() - 16
        text = f"{self._key}  {self._label}"
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))


class PaletteGrid(QWidget):
    """Codes in the order of their keys, column by column.

    Signals:
        code_chosen(str): a button was pressed.
    """

    code_chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self.buttons: dict[str, QPushButton] = {}

    def show_codes(
        self, nomenclature: Nomenclature, codes: tuple[str, ...], keys: dict[str, str], current: str
    ) -> None:
        """Replace the buttons.

        Args:
            nomenclature: labels and colours.
            codes: in order.
            keys: key to code.
            current: the polygon's code, shown pressed.
        """
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.deleteLater()
        self.buttons.clear()
        key_of = {code: key for key, code in keys.items()}
        rows = -(-len(codes) // COLUMNS)
        for position, code in enumerate(codes):
            button = self._button(nomenclature, code, key_of.get(code, ""), code == current)
            self._grid.addWidget(button, position % rows, position // rows)
            self.buttons[code] = button

    def _button(self, nomenclature: Nomenclature, code: str, key: str, is_current: bool) -> QPushButton:
        button = ElidedButton(key, label_text(nomenclature, code))
        button.setIcon(swatch_icon(nomenclature, code))
        button.setObjectName(f"code_{code}")
        button.setToolTip(f"{code_text(nomenclature, code)}" + (f"  [{key}]" if key else ""))
        button.setCheckable(True)
        button.setChecked(is_current)
        button.setStyleSheet(STYLE)
        # Keys belong to the gestures: a focused button would take Space for itself.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(partial(self._choose, code))
        return button

    def _choose(self, code: str, _checked: bool = False) -> None:
        self.code_chosen.emit(code)
