# SPDX-License-Identifier: GPL-2.0-or-later
"""The most probable uses beside the covers: one key gives one, without turning to the list of all uses."""

from __future__ import annotations

from functools import partial

from qgis.PyQt.QtCore import QEvent, QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.domain.palette import DIRECT_USE_KEYS
from ocsge_pi_review.gui.palette_grid import FLAG, STYLE, CodeButton, CodeList
from ocsge_pi_review.gui.swatch import plain_tip, swatch_icon

COLUMNS = 3


class UseStrip(QWidget):
    """A few uses with their keys.

    Signals:
        code_chosen(str): a button was pressed.
        code_pointed(str): the mouse is over a code; empty when it left.
    """

    code_chosen = pyqtSignal(str)
    code_pointed = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(STYLE)
        self.title = QLabel(tr("Use: Alt + 1 to {}").format(len(DIRECT_USE_KEYS)))
        self.title.setStyleSheet("font-weight: bold")
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        self.buttons = [CodeButton(self) for _ in DIRECT_USE_KEYS]
        for place, button in enumerate(self.buttons):
            button.setCheckable(False)
            button.clicked.connect(partial(self._choose, button))
            button.installEventFilter(self)
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addLayout(grid)

    def show_codes(self, codes: CodeList, nomenclature: Nomenclature) -> None:
        """Replace the uses; `codes.keys` says which key gives which."""
        key_of = {code: key for key, code in codes.keys.items()}
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(codes.codes))
            if place < len(codes.codes):
                self._show(button, codes, key_of, nomenclature)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A button under the mouse is pointed at."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.code_pointed.emit(watched.code if event.type() == QEvent.Type.Enter else "")
        return False

    def _show(
        self, button: CodeButton, codes: CodeList, key_of: dict[str, str], nomenclature: Nomenclature
    ) -> None:
        code = codes.codes[self.buttons.index(button)]
        label, why = nomenclature[code].label(user_language()), codes.flagged.get(code, "")
        key = key_of.get(code, "")
        if button.code != code:
            button.code = code
            button.setObjectName(f"direct_{code}")
            button.setIcon(swatch_icon(nomenclature, code))
        button.mark("flagged", bool(why))
        button.say(key[-1:], f"{FLAG} {label}" if why else label)
        tips = [f"{code}  {label}" + (f"  [{key}]" if key else ""), why]
        button.setToolTip(plain_tip("\n".join(tip for tip in tips if tip)))

    def _choose(self, button: CodeButton, _is_checked: bool = False) -> None:
        self.code_chosen.emit(button.code)
