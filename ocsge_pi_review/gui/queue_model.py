# SPDX-License-Identifier: GPL-2.0-or-later
"""The queue as a table, read a page at a time: a million rows cost no more than those in sight."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFont

from inference_backend.contracts.lot import ItemState
from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.domain.holds import held_by_other
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter, matches
from ocsge_pi_review.gui.swatch import swatch_icon
from ocsge_pi_review.gui.texts import code_text, label_text, percent_text, reasons_text, state_text

RANK, COVER, CONFIDENCE, REASONS, STATE = range(5)
ITEM_ROLE = Qt.ItemDataRole.UserRole
PAGE = 64
"""Items read at once."""
KEPT = 16 * PAGE
"""Items kept in memory."""
STATE_COLOURS = {
    ItemState.DONE: "#1b7837",
    ItemState.POSTPONED: "#7b3294",
    ItemState.ASKED: "#7b3294",
    ItemState.REDO: "#b2182b",
    ItemState.GONE: "#808080",
}
HELD_COLOUR = "#808080"


class QueueModel(QAbstractTableModel):
    """Items of a filter in order of rank.

    An item that leaves the filter by a decision stays until another one is in front: what one has just
    decided does not vanish from under the eyes.

    Signals:
        read(object): list of the items of a page that was read.

    Args:
        store: the lot.
        nomenclature: labels and colours.
    """

    read = pyqtSignal(object)

    def __init__(self, store: LotStore, nomenclature: Nomenclature, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store, self._nomenclature = store, nomenclature
        self._icons = {code.code: swatch_icon(nomenclature, code.code) for code in nomenclature.leaves("cs")}
        self._items: dict[int, ReviewItem] = {}
        self._rows: dict[int, int] = {}
        self._count = 0
        self._leaving: set[int] = set()
        self.wanted = ItemFilter()
        self.current: int | None = None

    def show(self, wanted: ItemFilter, count: int) -> None:
        """Show the items of a filter.

        Args:
            wanted: the filter.
            count: number of its items.
        """
        self.beginResetModel()
        self.wanted, self._count = wanted, count
        self._items.clear()
        self._rows.clear()
        self._leaving.clear()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of items."""
        return 0 if parent.isValid() else self._count

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
        item = self.item(index.row())
        if item is None:
            return None
        if role == ITEM_ROLE:
            return item.item_id
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(item, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{code_text(self._nomenclature, _cover(item))}\n{reasons_text(item)}"
        if role == Qt.ItemDataRole.DecorationRole and index.column() == COVER:
            return self._icons.get(_cover(item))
        return self._look(item, role)

    @property
    def is_waiting(self) -> bool:
        """Whether items are shown that have left the filter."""
        return bool(self._leaving)

    def item(self, row: int) -> ReviewItem | None:
        """The item of a row; None where the lot has it no more."""
        if row not in self._items and 0 <= row < self._count:
            self._read(row)
        return self._items.get(row)

    def row_of(self, item_id: int) -> int | None:
        """Row of an item, None where the filter leaves it out."""
        if item_id not in self._rows:
            place = self._place(item_id)
            if place is None or place >= self._count:
                return None
            self.item(place)
        return self._rows.get(item_id)

    def read_again(self) -> None:
        """Colleagues changed items: what is in sight is read anew."""
        self._forget()
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, STATE))

    def put_in_front(self, item: ReviewItem | None) -> int | None:
        """Mark an item as the one in front and let those go that the filter leaves out since they changed.

        Returns:
            Its row, None where it is not in the table.
        """
        previous, self.current = self.current, None if item is None else item.item_id
        for item_id in self._leaving - {self.current}:
            self._take_out(item_id)
        row = None if item is None else self.row_of(item.item_id)
        for item_id in (previous, self.current):
            if item_id in self._rows:
                self._repaint(self._rows[item_id])
        return row

    def change(self, item: ReviewItem) -> None:
        """An item is now as given."""
        row = self._rows.get(item.item_id)
        is_wanted = matches(item, self.wanted)
        if row is not None:
            self._items[row] = item
            (self._leaving.discard if is_wanted else self._leaving.add)(item.item_id)
            self._repaint(row)
        elif is_wanted:
            self._put_in(item)

    def _read(self, row: int) -> None:
        """Read the page of a row.

        Rows of items that are leaving are still in the table and no longer in the store's order.
        """
        if len(self._items) >= KEPT:
            self._forget()
        first = row - row % PAGE
        before = sum(leaving < first for leaving in self._leaving_rows())
        found = self._store.page(self.wanted, first - before, PAGE)
        free = (place for place in range(first, self._count) if place not in self._leaving_rows())
        for place, item in zip(free, found):
            if item.item_id not in self._rows:
                self._items[place] = item
                self._rows[item.item_id] = place
        self.read.emit(found)

    def _forget(self) -> None:
        kept = {self._rows[item_id] for item_id in self._leaving if item_id in self._rows}
        self._items = {row: item for row, item in self._items.items() if row in kept}
        self._rows = {item.item_id: row for row, item in self._items.items()}

    def _leaving_rows(self) -> list[int]:
        return sorted(self._rows[item_id] for item_id in self._leaving if item_id in self._rows)

    def _place(self, item_id: int) -> int | None:
        """Row of an item that has not been read, from the store's order."""
        place = self._store.place(self.wanted, item_id)
        for row in self._leaving_rows() if place is not None else ():
            place += row <= place
        return place

    def _put_in(self, item: ReviewItem) -> None:
        place = self._place(item.item_id)
        if place is None:
            return
        place = min(place, self._count)
        self.beginInsertRows(QModelIndex(), place, place)
        self._shift(place, 1)
        self._items[place], self._rows[item.item_id] = item, place
        self._count += 1
        self.endInsertRows()

    def _take_out(self, item_id: int) -> None:
        self._leaving.discard(item_id)
        row = self._rows.pop(item_id, None)
        if row is None:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._items[row]
        self._shift(row, -1)
        self._count -= 1
        self.endRemoveRows()

    def _shift(self, first: int, step: int) -> None:
        """Rows from `first` on move by one."""
        self._items = {row + step * (row >= first): item for row, item in self._items.items()}
        self._rows = {item.item_id: row for row, item in self._items.items()}

    def _repaint(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, STATE))

    def _look(self, item: ReviewItem, role: int) -> Any:
        if role == Qt.ItemDataRole.ForegroundRole:
            if item.state in STATE_COLOURS:
                return QColor(STATE_COLOURS[item.state])
            return QColor(HELD_COLOUR) if self._is_held_by_other(item) else None
        if role == Qt.ItemDataRole.FontRole and item.item_id == self.current:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _is_held_by_other(self, item: ReviewItem) -> bool:
        return self._store.is_shared and held_by_other(item, self._store.operator) is not None

    def _text(self, item: ReviewItem, column: int) -> str:
        if column == RANK:
            return "★" if item.rank < 0 else str(item.rank)
        if column == COVER:
            return label_text(self._nomenclature, _cover(item))
        if column == CONFIDENCE:
            return "–" if item.confidence is None else percent_text(item.confidence)
        if column == REASONS:
            return reasons_text(item)
        return tr("Taken") if self._is_held_by_other(item) and item.is_open else state_text(item.state)


def _cover(item: ReviewItem) -> str:
    return item.decision_cs or item.proposed_cs
