# SPDX-License-Identifier: GPL-2.0-or-later
"""All remarks of a lot and what became of them, with tables to take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inference_backend.contracts.signalement import FINAL_STATUSES
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.text_file import write_text
from ocsge_pi_review.domain.signalement import Signalement, may_be_answered, motive_of
from ocsge_pi_review.domain.signalement_statistics import by_motive, remarks_csv, statistics_csv
from ocsge_pi_review.gui.signalement_texts import day, motive_name, outbox_name, status_name

KEY = Qt.ItemDataRole.UserRole


class SignalementList(QDialog):
    """A table of remarks and one of motives.

    Signals:
        item_wanted(int): a remark was double-clicked: its item.
        answer_wanted(object): the `Signalement` chosen is to be answered, be it without item.

    Args:
        remarks: of the lot.
        ask_path: lets the user choose where a table goes; empty text for nowhere.
    """

    item_wanted = pyqtSignal(int)
    answer_wanted = pyqtSignal(object)

    def __init__(
        self,
        remarks: Sequence[Signalement],
        parent: QWidget | None = None,
        ask_path: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Remarks of the lot"))
        self._remarks, self._ask_path = list(remarks), ask_path or self._choose_path
        self.table = _table(
            (tr("No."), tr("Opened"), tr("Status"), tr("Text"), tr("Motive"), tr("Answer")), len(remarks)
        )
        self.motives = _table(self._motive_heads(), 0)
        self._fill_remarks()
        self._fill_motives()
        self.table.itemDoubleClicked.connect(self._on_double_click)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table, 3)
        layout.addWidget(QLabel(tr("By motive (remarks inside the lot)")))
        layout.addWidget(self.motives, 2)
        row = QHBoxLayout()
        self.statistics_button = self._button(tr("Save the statistics…"), self._save_statistics)
        self.list_button = self._button(tr("Save the list with the answers…"), self._save_list)
        self.answer_button = self._button(tr("Answer…"), self._answer)
        for button in (self.answer_button, self.statistics_button, self.list_button):
            row.addWidget(button)
        layout.addLayout(row)
        self.resize(1080, 560)

    def _motive_heads(self) -> tuple[str, ...]:
        statuses = [status_name(status.value) for status in FINAL_STATUSES]
        return (tr("Motive"), *statuses, tr("Other"), tr("Total"), tr("Sent"), tr("Median days"))

    def _fill_remarks(self) -> None:
        for row, one in enumerate(self._remarks):
            answer = outbox_name(one.outbox) if one.is_answered else ""
            text = " ".join((one.text or "").split())
            where = text if one.item_id is not None else tr("(outside the lot) {}").format(text)
            motive = motive_name(motive_of(one.motive)) if one.is_answered else ""
            cells = (one.remote_id, day(one.opened_at), status_name(one.status), where, motive, answer)
            _put(self.table, row, cells)
            self.table.item(row, 0).setData(KEY, -1 if one.item_id is None else one.item_id)

    def _fill_motives(self) -> None:
        rows = by_motive(self._remarks)
        self.motives.setRowCount(len(rows))
        for number, row in enumerate(rows):
            counts = [row.by_status.get(status.value, 0) for status in FINAL_STATUSES]
            days = "–" if row.median_days is None else f"{row.median_days:.0f}"
            cells = (motive_name(row.motive), *counts, row.total - sum(counts), row.total, row.sent, days)
            _put(self.motives, number, cells)

    def _button(self, text: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    @guarded
    def _on_double_click(self, cell: QTableWidgetItem) -> None:
        item_id = self.table.item(cell.row(), 0).data(KEY)
        if item_id >= 0:
            self.item_wanted.emit(item_id)

    @guarded
    def _answer(self) -> None:
        row = self.table.currentRow()
        one = self._remarks[row] if row >= 0 else None
        if one is not None and may_be_answered(one):
            self.accept()
            self.answer_wanted.emit(one)

    @guarded
    def _save_statistics(self) -> None:
        self._save(statistics_csv(self._remarks), "signalements_motifs.csv")

    @guarded
    def _save_list(self) -> None:
        self._save(remarks_csv(self._remarks), "signalements.csv")

    def _save(self, text: str, name: str) -> None:
        path = self._ask_path(name)
        if path:
            write_text(Path(path), text)

    def _choose_path(self, name: str) -> str:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save"), name, tr("Tables (*.csv)"))
        return path


def _table(heads: Sequence[str], rows: int) -> QTableWidget:
    table = QTableWidget(rows, len(heads))
    table.setHorizontalHeaderLabels(list(heads))
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.verticalHeader().hide()
    mode = QHeaderView.ResizeMode
    wide = 3 if len(heads) == 6 else 0
    table.horizontalHeader().setMinimumSectionSize(60)
    for column in range(len(heads)):
        kind = mode.Stretch if column == wide else mode.ResizeToContents
        table.horizontalHeader().setSectionResizeMode(column, kind)
    return table


def _put(table: QTableWidget, row: int, cells: Sequence[object]) -> None:
    for column, value in enumerate(cells):
        table.setItem(row, column, QTableWidgetItem(str(value)))
