# SPDX-License-Identifier: GPL-2.0-or-later
"""What a dashboard shows in QGIS: tiles, the curve against the plan, tables, notices."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inference_backend.contracts.indicators import Indicators, IndicatorTable, Notice, Text, Tile
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.domain.figures import figure_text, interval_text
from ocsge_pi_review.gui.curve_chart import CurveChart
from ocsge_pi_review.gui.swatch import plain_tip

COLUMNS, ROW_PX = 3, 22
MOST_ROWS = 500
"""Rows of a table in the dock; all of them are in its CSV file."""
_EDGES = {"good": "#2e9e4f", "warning": "#f0a30a", "bad": "#d13438", "neutral": "#9aa5b1"}
_SIGNS = {"good": "✓", "warning": "!", "bad": "✗", "neutral": ""}


class IndicatorsPanel(QWidget):
    """Shows `Indicators`; says what to do while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = _label("")
        self.title.setStyleSheet("font-size: 14px; font-weight: bold;")
        self.made = _label("")
        self.choose_button = QPushButton(tr("Production…"))
        self.refresh_button = QPushButton(tr("Refresh"))
        self.cancel_button = QToolButton()
        self.cancel_button.setText("✕")
        self.cancel_button.setToolTip(tr("Stop; the figures of last time stay"))
        self.map_button, self.page_button = QPushButton(tr("On the map")), QPushButton(tr("Open the page"))
        self.map_button.setToolTip(tr("Lots coloured by their state, over the project's layers"))
        self.page_button.setToolTip(tr("The whole dashboard in the browser: it prints, and it can be sent"))
        bar = QHBoxLayout()
        for button in (self.choose_button, self.refresh_button, self.cancel_button):
            bar.addWidget(button)
        bar.addStretch(1)
        for button in (self.map_button, self.page_button):
            bar.addWidget(button)
        self.tiles = QGridLayout()
        self.tiles.setSpacing(6)
        self.chart = CurveChart()
        self.notices = _label("")
        self.notices.setStyleSheet("background: #fff4d6; color: #4a3500; padding: 4px;")
        self.tables = QTabWidget()
        self.tables.setMinimumHeight(180)
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addWidget(self.title)
        layout.addWidget(self.made)
        layout.addLayout(self.tiles)
        layout.addWidget(self.chart)
        layout.addWidget(self.notices)
        layout.addWidget(self.tables, 1)
        self.show_nothing("")

    def show_nothing(self, production: str) -> None:
        """No figures: of no production, or of one that was never reckoned."""
        self._clear()
        self.title.setText(production or tr("No production is chosen"))
        self.made.setText(
            tr("Press Refresh: its lots are read in the background.")
            if production
            else tr("Choose a production file: it names départements, lots, plan and rates.")
        )
        self.chart.show_curve(None)
        self.notices.hide()
        self.tables.hide()
        self.map_button.setEnabled(False)
        self.page_button.setEnabled(False)

    def show_figures(self, found: Indicators) -> None:
        """Show a dashboard."""
        self._clear()
        language = user_language()
        self.title.setText(found.production)
        self.made.setText(
            tr("Figures of {}, reckoned on {}; lots: {}").format(
                figure_text(found.as_of, "date", language),
                f"{figure_text(found.generated_utc, 'date', language)} {found.generated_utc[11:16]} UTC",
                figure_text(found.lots, "count", language),
            )
        )
        for place, tile in enumerate(found.tiles):
            self.tiles.addWidget(_tile(tile, language), place // COLUMNS, place % COLUMNS)
        self.chart.show_curve(next(iter(found.curves), None))
        self._show_notices(found.notices, language)
        for table in found.tables:
            self.tables.addTab(_table(table, language), _said(table.label, language))
        self.tables.setVisible(bool(found.tables))
        self.map_button.setEnabled("progress" in found.files)
        self.page_button.setEnabled("page" in found.files)

    def show_running(self, is_running: bool) -> None:
        """Whether the figures are being reckoned anew; the earlier ones stay to be read."""
        self.refresh_button.setEnabled(not is_running)
        self.choose_button.setEnabled(not is_running)
        self.cancel_button.setVisible(is_running)

    def _show_notices(self, notices: tuple[Notice, ...], language: str) -> None:
        lines = [_said(notice.text, language) for notice in notices[:4]]
        if len(notices) > len(lines):
            lines.append(tr("… and {} more on the page").format(len(notices) - len(lines)))
        self.notices.setText("\n".join(lines))
        self.notices.setVisible(bool(lines))

    def _clear(self) -> None:
        while self.tiles.count():
            self.tiles.takeAt(0).widget().deleteLater()
        while self.tables.count():
            page = self.tables.widget(0)
            self.tables.removeTab(0)
            page.deleteLater()


def _tile(tile: Tile, language: str) -> QFrame:
    frame = QFrame()
    frame.setObjectName(f"tile_{tile.key}")
    edge = _EDGES.get(tile.level, _EDGES["neutral"])
    frame.setStyleSheet(
        f"QFrame#tile_{tile.key} {{border: 1px solid #d5d9de; border-left: 4px solid {edge};}}"
    )
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(8, 4, 6, 4)
    layout.setSpacing(1)
    sign = _SIGNS.get(tile.level, "")
    value = _label(f"{figure_text(tile.value, tile.unit, language)} {sign}".strip())
    value.setStyleSheet("font-size: 16px; font-weight: bold;")
    below = [interval_text(tile.low, tile.high, tile.unit, language)]
    if tile.reference is not None:
        below.append(tr("to compare: {}").format(figure_text(tile.reference, tile.unit, language)))
    for widget in (_label(_said(tile.label, language)), value, *map(_label, filter(None, below))):
        layout.addWidget(widget)
    layout.addStretch(1)
    frame.setToolTip(plain_tip(_said(tile.detail, language)))
    return frame


def _table(table: IndicatorTable, language: str) -> QTableWidget:
    rows = table.rows[:MOST_ROWS]
    made = QTableWidget(len(rows), len(table.columns))
    made.setHorizontalHeaderLabels([_said(column.label, language) for column in table.columns])
    made.verticalHeader().hide()
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    for row, values in enumerate(rows):
        for place, (column, value) in enumerate(zip(table.columns, values)):
            made.setItem(row, place, _cell(value, column.unit, language))
    made.verticalHeader().setDefaultSectionSize(ROW_PX)
    made.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    made.setSortingEnabled(True)
    made.resizeColumnsToContents()
    made.setToolTip(plain_tip(_said(table.note, language)))
    return made


class _Cell(QTableWidgetItem):
    """A cell that sorts by its value, not by its text; what is not known comes last."""

    def __init__(self, text: str, value: Any) -> None:
        super().__init__(text)
        self.value = value

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, theirs = self.value, other.value
        if isinstance(mine, (int, float)) and isinstance(theirs, (int, float)):
            return mine < theirs
        if (mine is None) != (theirs is None):
            return theirs is None
        return self.text() < other.text()


def _cell(value: Any, unit: str, language: str) -> _Cell:
    cell = _Cell(figure_text(value, unit, language), value)
    if isinstance(value, (int, float)):
        cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return cell


def _said(text: Text, language: str) -> str:
    return text.get(language) or text.get("en", "")


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
