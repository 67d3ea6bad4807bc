# SPDX-License-Identifier: GPL-2.0-or-later
"""The value lists: buttons for codes, each with its key and colour, and a line to search them by a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from qgis.PyQt.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFontMetrics, QIcon, QResizeEvent
from qgis.PyQt.QtWidgets import QGridLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.domain.code_search import CodeSearch, Found
from ocsge_pi_review.gui.swatch import plain_tip, swatch_icon

COLUMNS = 2
MOST_FOUND = 10
STYLE = (
    "QPushButton { text-align: left; padding: 3px 5px; } QPushButton:checked { font-weight: bold; }"
    " QPushButton[flagged='true'] { color: #9a6700; font-style: italic; }"
    " QPushButton[first='true'] { border: 2px solid #2b83ba; border-radius: 3px; }"
)
FLAG = "⚠"
EMPTY_KEY = "\u2007"


@dataclass(frozen=True)
class CodeList:
    """What the palette shows.

    Attributes:
        codes: in order.
        keys: key to code.
        current: the polygon's code, shown pressed.
        flagged: by code, why it is unlikely here.
    """

    codes: Sequence[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    current: str = ""
    flagged: Mapping[str, str] = field(default_factory=dict)


class CodeButton(QPushButton):
    """A key and a label, cut with an ellipsis where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code = ""
        self._text = ""
        self._fitted: tuple[str, bool, int] | None = None
        self.setCheckable(True)
        # Keys belong to the gestures: a focused button would take Space for itself.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, key: str, label: str) -> None:
        """What to write; the place of a key stays where there is none."""
        self._text = f"{key or EMPTY_KEY}  {label}"
        self._fit()

    def mark(self, name: str, value: bool) -> None:
        """Set a property that the style looks at."""
        if bool(self.property(name)) != value:
            self.setProperty(name, value)
            self.style().polish(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        state = self._text, self.isChecked(), self.width()
        if state == self._fitted:
            return
        self._fitted = state
        # Icon, margins and border take about this much; bold letters of a pressed button are wider.
        room = self.width() - self.iconSize().width() - 20
        font = self.font()
        font.setBold(self.isChecked())
        shown = QFontMetrics(font).elidedText(self._text, Qt.TextElideMode.ElideRight, max(room, 0))
        if shown != self.text():
            self.setText(shown)


class PaletteGrid(QWidget):
    """Codes in the order of their keys, column by column; while a word is typed, the codes it finds.

    Signals:
        code_chosen(str): a button was pressed, or a search confirmed.
        code_pointed(str): the mouse is over a code; empty when it left.
        search_left(): the line was confirmed or given up; keys belong to the map again.
    """

    code_chosen = pyqtSignal(str)
    code_pointed = pyqtSignal(str)
    search_left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Once: a sheet for each button costs more than the button.
        self.setStyleSheet(STYLE)
        self.search_line = QLineEdit()
        self.search_line.setObjectName("code_search")
        self.search_line.setPlaceholderText(tr("Search: meadow, road, 2.1.3…"))
        self.search_line.setClearButtonEnabled(True)
        self.search_line.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.search_line.textChanged.connect(self._on_text)
        self.search_line.installEventFilter(self)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.search_line)
        layout.addLayout(self._grid)
        layout.addStretch(1)
        self.setStyleSheet(STYLE)
        self.buttons: dict[str, CodeButton] = {}
        self._pool: list[CodeButton] = []
        self._laid_out = self._codes_px = 0
        self._icons: dict[str, QIcon] = {}
        self._nomenclature: Nomenclature | None = None
        self._search: CodeSearch | None = None
        self._list, self._found, self._chosen = CodeList(), [], 0

    def set_nomenclature(self, nomenclature: Nomenclature, search: CodeSearch) -> None:
        """Whose codes are shown, and how they are found."""
        self._nomenclature, self._search = nomenclature, search
        self._icons.clear()
        for button in self._pool:
            button.code = ""

    def show_codes(self, codes: CodeList) -> None:
        """Replace the codes; a search in hand keeps what it shows."""
        self._list = codes
        if not self.search_line.text().strip():
            self._fill([Found(code) for code in codes.codes], codes.keys)

    def minimumSizeHint(self) -> QSize:
        """While a word is typed, no lower than all codes were: what lies below must not jump."""
        needed = super().minimumSizeHint()
        if not self.search_line.text():
            self._codes_px = needed.height()
        return QSize(needed.width(), max(needed.height(), self._codes_px))

    def begin_search(self) -> None:
        """Put the cursor into the search line."""
        self.search_line.selectAll()
        self.search_line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows choose among the codes found and Esc gives up; a button under the mouse is pointed at."""
        if watched is self.search_line:
            return event.type() == QEvent.Type.KeyPress and self._search_key(event.key())
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            entered = event.type() == QEvent.Type.Enter
            self.code_pointed.emit(watched.code if entered else "")
        return False

    def _search_key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self._leave_search()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Taken here: the line would pass it on, and the panel accept the item with it.
            self._confirm()
            return True
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
        if step is None or not self._found:
            return False
        self._mark((self._chosen + step) % len(self._found))
        return True

    @guarded
    def _on_text(self, text: str) -> None:
        if self._search is None or not text.strip():
            self._found = []
            self.show_codes(self._list)
            return
        self._found = self._search.find(text)[:MOST_FOUND]
        self._fill(self._found, {})
        self._mark(0)

    @guarded
    def _confirm(self) -> None:
        found = self._found[self._chosen].code if self._found else ""
        if found or not self.search_line.text().strip():
            self._leave_search()
        if found:
            self.code_chosen.emit(found)

    def _leave_search(self) -> None:
        self.search_line.clear()
        self.search_left.emit()

    def _mark(self, chosen: int) -> None:
        self._chosen = chosen
        for position, button in enumerate(self._pool[: len(self._found)]):
            button.mark("first", position == chosen)

    def _fill(self, codes: Sequence[Found], keys: Mapping[str, str]) -> None:
        """Show codes in buttons that are there already: making them anew would take longer than a gesture."""
        self._lay_out(len(codes))
        key_of, language = {code: key for key, code in keys.items()}, user_language()
        self.buttons.clear()
        for button, found in zip(self._pool, codes):
            self._show(button, found, key_of.get(found.code, ""), language)
            self.buttons[found.code] = button

    def _lay_out(self, count: int) -> None:
        if count == self._laid_out:
            return
        while len(self._pool) < count:
            # With its parent: a layout counts nothing for a child that it takes in hidden.
            button = CodeButton(self)
            button.clicked.connect(partial(self._choose, button))
            button.installEventFilter(self)
            self._pool.append(button)
        rows = -(-count // COLUMNS)
        for position, button in enumerate(self._pool):
            self._grid.removeWidget(button)
            button.setVisible(position < count)
            if position < count:
                self._grid.addWidget(button, position % rows, position // rows)
        self._laid_out = count
        self.updateGeometry()

    def _show(self, button: CodeButton, found: Found, key: str, language: str) -> None:
        code, why = found.code, self._list.flagged.get(found.code, "")
        label = self._nomenclature[code].label(language)
        shown = f"{found.word} · {label}" if found.word else label
        if button.code != code:
            button.code = code
            button.setObjectName(f"code_{code}")
            button.setIcon(self._icon(code))
        button.setChecked(code == self._list.current)
        button.mark("flagged", bool(why))
        button.mark("first", False)
        button.say(key, f"{FLAG} {shown}" if why else shown)
        tips = [f"{code}  {label}" + (f"  [{key}]" if key else ""), why]
        button.setToolTip(plain_tip("\n".join(tip for tip in tips if tip)))

    def _icon(self, code: str) -> QIcon:
        if code not in self._icons:
            self._icons[code] = swatch_icon(self._nomenclature, code)
        return self._icons[code]

    def _choose(self, button: CodeButton, is_checked: bool = False) -> None:
        # Whether it stays pressed is for the polygon to say.
        button.setChecked(not is_checked)
        if self.search_line.text():
            self._leave_search()
        self.code_chosen.emit(button.code)
