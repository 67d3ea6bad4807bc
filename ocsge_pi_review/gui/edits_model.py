# SPDX-License-Identifier: GPL-2.0-or-later
"""The list of edits: numbers of all, lines of those that are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QDateTime, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QColor

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.edits import ROWS_AT_ONCE, EditLog
from ocsge_pi_review.adapters.edits_style import ColourBy, value_of
from ocsge_pi_review.domain.edits import Edit
from ocsge_pi_review.gui.texts import area_text, operation_text, reason_text

_TAKEN_BACK_COLOUR = "#8a8a8a"
_KEPT_LINES = 20 * ROWS_AT_ONCE


class EditsModel(QAbstractTableModel):
    """Rows of the journal, newest first; lines are read some hundred at a time, when they are shown.

    Args:
        log: the journal.
    """

    def __init__(self, log: EditLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._numbers: list[int] = []
        self._lines: dict[int, Edit] = {}
        self._by = ColourBy.OPERATION
        self._colours: Mapping[str, QColor] = {}

    def reload(self) -> None:
        """Read the numbers of the rows that the filter lets through."""
        self.beginResetModel()
        self._numbers, self._lines = self._log.numbers(), {}
        self.endResetModel()

    def set_colours(self, by: ColourBy, colours: Mapping[str, QColor]) -> None:
        """Show beside each edit the colour it has on the map."""
        self._by, self._colours = by, colours
        self.dataChanged.emit(self.index(0, 0), self.index(max(self.rowCount() - 1, 0), 0))

    def seq(self, row: int) -> int:
        """Number of the edit in a row of the list."""
        return self._numbers[row]

    def row_of(self, seq: int) -> int | None:
        """Row of an edit; None where the filter leaves it out."""
        return self._numbers.index(seq) if seq in self._numbers else None

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Number of edits."""
        return 0 if parent is not None and parent.isValid() else len(self._numbers)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._titles())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles()[section]
        return None

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        """One cell."""
        edit = self._line(index.row())
        if edit is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(edit)[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._colours.get(value_of(edit, self._by))
        if role == Qt.ItemDataRole.ForegroundRole and not edit.is_in_force:
            return QColor(_TAKEN_BACK_COLOUR)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(map(reason_text, edit.reasons)) or None
        return None

    def _titles(self) -> tuple[str, ...]:
        return tr("No."), tr("When"), tr("Who"), tr("Edit"), tr("Ground"), tr("State"), tr("Reason")

    def _line(self, row: int) -> Edit | None:
        seq = self._numbers[row]
        if seq not in self._lines:
            if len(self._lines) > _KEPT_LINES:
                self._lines.clear()
            start = row - row % ROWS_AT_ONCE
            self._lines.update(self._log.lines(self._numbers[start : start + ROWS_AT_ONCE]))
        return self._lines.get(seq)


def _cells(edit: Edit) -> tuple[str, ...]:
    return (
        str(edit.seq),
        time_text(edit.time_utc),
        edit.operator,
        operation_text(edit.operation),
        area_text(edit.changed_m2) if edit.changed_m2 else "–",
        tr("in force") if edit.is_in_force else tr("taken back"),
        reason_text(edit.reasons[0]) if edit.reasons else "–",
    )


def time_text(time_utc: str) -> str:
    """A moment in the local time."""
    moment = QDateTime.fromString(time_utc, Qt.DateFormat.ISODateWithMs)
    return moment.toLocalTime().toString("dd/MM/yy HH:mm:ss") if moment.isValid() else time_utc
