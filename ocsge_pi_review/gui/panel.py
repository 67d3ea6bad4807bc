# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel of the review: widgets from `review_panel.ui`, and nothing that decides."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt import uic
from qgis.PyQt.QtCore import QEvent, QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QProgressBar,
    QScrollArea,
    QSlider,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocsge_common.translation import tr
from ocsge_pi_review.gui.gesture_bar import GestureBar
from ocsge_pi_review.gui.gestures import spoken_key
from ocsge_pi_review.gui.palette_grid import PaletteGrid
from ocsge_pi_review.gui.steady_box import SteadyBox
from ocsge_pi_review.gui.use_strip import UseStrip

UI_FILE = Path(__file__).resolve().parent.parent / "resources" / "ui" / "review_panel.ui"
GESTURE_OF_BUTTON = {
    "accept_button": "accept",
    "runner_up_button": "runner_up",
    "comment_button": "comment",
    "previous_button": "previous",
    "next_button": "next",
    "next_todo_button": "next_todo",
    "undo_button": "undo",
    "redo_button": "redo",
    "use_button": "use",
    "hide_button": "hide",
}
PROGRESS_STYLE = (
    "QProgressBar { border: 1px solid #8fa8bd; border-radius: 3px; background: #f4f8fb; color: #111;"
    " text-align: center; font-weight: bold; } QProgressBar::chunk { background: #9ccbec; }"
)


class PanelPage(QScrollArea):
    """The panel on a page that scrolls where the screen is low, never narrower than what the panel shows.

    Args:
        panel: what it holds; its texts come and go with lots and languages.
    """

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(panel)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep up with the panel."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        bar = self.verticalScrollBar()
        self.setMinimumWidth(self.widget().minimumSizeHint().width() + bar.sizeHint().width())


def scrolling(panel: QWidget) -> QScrollArea:
    """The panel on its page."""
    return PanelPage(panel)


class ReviewPanel(QWidget):
    """The dock's content.

    Signals:
        gesture(str): a button of a gesture was pressed; names of `domain.keymap`.
    """

    gesture = pyqtSignal(str)

    lot_label: QLabel
    open_button: QToolButton
    menu_button: QToolButton
    lot_progress: QProgressBar
    pace_label: QLabel
    filter_layout: QHBoxLayout
    queue_view: QTableView
    card: QFrame
    remark_label: QLabel
    accept_button: QAbstractButton
    undo_button: QToolButton
    redo_button: QToolButton
    use_button: QToolButton
    hide_button: QToolButton
    palette_title: QLabel
    palette_layout: QVBoxLayout
    gesture_layout: QVBoxLayout
    cover_colours_button: QToolButton
    use_colours_button: QToolButton
    opacity_slider: QSlider
    views_layout: QHBoxLayout

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        uic.loadUi(str(UI_FILE), self)
        self.palette_grid = PaletteGrid(self)
        self.use_strip = UseStrip(self)
        self.palette_layout.addWidget(SteadyBox(self.palette_grid, self.use_strip))
        self.gesture_bar = GestureBar(parent=self)
        self.gesture_layout.addWidget(self.gesture_bar)
        self.gesture_bar.gesture.connect(self.gesture)
        self.menu = QMenu(self)
        self.menu_button.setMenu(self.menu)
        self._tips = {name: getattr(self, name).toolTip() for name in GESTURE_OF_BUTTON}
        for name, gesture in GESTURE_OF_BUTTON.items():
            getattr(self, name).clicked.connect(lambda _checked=False, g=gesture: self.gesture.emit(g))
        self.lot_progress.setStyleSheet(PROGRESS_STYLE)
        self.set_open(False)

    def set_open(self, is_open: bool) -> None:
        """Enable what needs a lot."""
        for name in (*GESTURE_OF_BUTTON, "cover_colours_button", "use_colours_button"):
            getattr(self, name).setEnabled(is_open)
        self.opacity_slider.setEnabled(is_open)
        self.palette_grid.setEnabled(is_open)
        self.use_strip.setVisible(is_open)
        self.gesture_bar.setEnabled(is_open)

    def show_keys(self, keys: dict[str, str]) -> None:
        """Write each gesture's key into its button's tooltip, and into the label where there is room.

        Args:
            keys: gesture to key, as `QKeySequence` writes it.
        """
        self.gesture_bar.show_keys(keys)
        for name, gesture in GESTURE_OF_BUTTON.items():
            key = spoken_key(keys.get(gesture, ""))
            getattr(self, name).setToolTip(f"{self._tips[name]}  [{key}]")
        labels = {
            "accept_button": tr("Accept and next"),
            "runner_up_button": tr("2nd choice"),
            "comment_button": tr("Comment"),
            "previous_button": tr("Previous"),
            "next_button": tr("Next"),
            "use_button": tr("Use"),
        }
        for name, label in labels.items():
            getattr(self, name).setText(f"{label}  [{spoken_key(keys[GESTURE_OF_BUTTON[name]])}]")

    def fit_columns(self, most_digits: int = 3) -> None:
        """Give the reasons what the other columns leave.

        Args:
            most_digits: of the highest number in the first column.
        """
        header = self.queue_view.horizontalHeader()
        digits = self.queue_view.fontMetrics().horizontalAdvance("0" * max(most_digits, 3))
        widths = (digits + 12, 170, 46, 0, 70)
        for column, width in enumerate(widths):
            mode = QHeaderView.ResizeMode.Fixed if width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)
            if width:
                self.queue_view.setColumnWidth(column, width)
