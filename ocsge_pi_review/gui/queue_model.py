# SPDX-License-Identifier: GPL-2.0-or-later
"""The queue as a table."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from qgis.PyQt.QtGui import QColor, QFont

from inference_backend.contracts.lot import ItemState
from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.queue import ReviewQueue
from ocsge_pi_review.gui.swatch import swatch_icon
from ocsge_pi_review.gui.texts import code_text, label_text, percent_text, reasons_text, state_text

RANK, COVER, CONFIDENCE, REASONS, STATE = range(5)
ITEM_ROLE = Qt.ItemDataRole.UserRole
STATE_COLOURS = {
    ItemState.DONE: "#1b7837",
    ItemState.POSTPONED: "#7b3294",
    ItemState.ASKED: "#7b3294",
}


class QueueModel(QAbstractTableModel):
    """Items in order of rank.

    Args:
        queue: the items.
        nomenclature: labels and colours.
    """

    def __init__(self, queue: ReviewQueue, nomenclature: Nomenclature, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue, self._nomenclature = queue, nomenclature
        self._ids = [item.item_id for item in queue.items]
        self._rows = {item_id: row for row, item_id in enumerate(self._ids)}
        self._icons = {code.code: swatch_icon(nomenclature, code.code) for code in nomenclature.leaves("cs")}
        self.current: int | None = None

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of items."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Rank, cover, confidence, reasons, state."""
        return 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Titles of the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("No."), tr("Cover"), tr("Conf."), tr("Why"), tr("State"))[section]

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        """Text, colour swatch, tooltip and state of a cell."""
        item = self._queue[self._ids[index.row()]]
        if role == ITEM_ROLE:
            return item.item_id
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(item, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{code_text(self._nomenclature, self._cover(item))}\n{reasons_text(item)}"
        if role == Qt.ItemDataRole.DecorationRole and index.column() == COVER:
            return self._icons.get(self._cover(item))
        if role == Qt.ItemDataRole.ForegroundRole and item.state in STATE_COLOURS:
            return QColor(STATE_COLOURS[item.state])
        if role == Qt.ItemDataRole.FontRole and item.item_id == self.current:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def row_of(self, item_id: int) -> int:
        """Row of an item."""
        return self._rows[item_id]

    def refresh(self, item_id: int) -> None:
        """An item changed."""
        row = self._rows[item_id]
        self.dataChanged.emit(self.index(row, 0), self.index(row, STATE))

    def _cover(self, item: ReviewItem) -> str:
        return item.decision_cs or item.proposed_cs

    def _text(self, item: ReviewItem, column: int) -> str:
        if column == RANK:
            return str(item.rank)
        if column == COVER:
            return label_text(self._nomenclature, self._cover(item))
        if column == CONFIDENCE:
            return "–" if item.confidence is None else percent_text(item.confidence)
        return reasons_text(item) if column == REASONS else state_text(item.state)


class QueueFilter(QSortFilterProxyModel):
    """Shows items of chosen states; the current one always."""

    def __init__(self, model: QueueModel, queue: ReviewQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue, self._states = queue, frozenset(ItemState)
        self.setSourceModel(model)

    def show_states(self, states: frozenset[ItemState]) -> None:
        """Choose the states."""
        self._states = states
        self.invalidateFilter()

    def filterAcceptsRow(self, source_row: int, source_parent: QModelIndex) -> bool:
        """Whether a row is shown."""
        model = self.sourceModel()
        item = self._queue[model.index(source_row, 0).data(ITEM_ROLE)]
        return item.state in self._states or item.item_id == model.current
