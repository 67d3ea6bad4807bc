# SPDX-License-Identifier: GPL-2.0-or-later
"""Choosing a lot of a database: QGIS's own connections, and the lots that each holds."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QCursor
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inference_backend.contracts.lot import LotState
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.postgis_address import LotAddress, saved_connections
from ocsge_pi_review.adapters.postgis_lots import SharedLot, shared_lots
from ocsge_pi_review.domain.errors import ReviewError

_SIZE_PX = (640, 360)


class ConnectDialog(QDialog):
    """Asks for a connection and a lot.

    Args:
        preferred: name of the connection used last.
    """

    def __init__(self, preferred: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Open a lot of a database"))
        self.resize(*_SIZE_PX)
        self.connections = QComboBox()
        self.again = QToolButton()
        self.again.setText(tr("List again"))
        self.again.setToolTip(tr("Ask the database again which lots it holds"))
        self.table = _table()
        self.notice = QLabel()
        self.notice.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self._lots: list[SharedLot] = []
        self._lay_out()
        self._uris = saved_connections()
        self.connections.addItems(list(self._uris))
        self.connections.setCurrentIndex(max(0, self.connections.findText(preferred)))
        self.connections.currentIndexChanged.connect(self.reload)
        self.again.clicked.connect(self.reload)
        self.table.itemSelectionChanged.connect(self._on_selection)
        self.table.itemDoubleClicked.connect(self._on_double_click)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.reload()

    @property
    def address(self) -> LotAddress | None:
        """The lot chosen, None without one that may be opened."""
        rows = self.table.selectionModel().selectedRows()
        lot = self._lots[rows[0].row()] if rows else None
        return None if lot is None or lot.left is None else lot.address

    @property
    def connection(self) -> str:
        """Name of the connection chosen."""
        return str(self.connections.currentText())

    @guarded
    def reload(self) -> None:
        """List the lots of the connection chosen."""
        self._lots = []
        self.notice.setText("")
        name = self.connection
        if not name:
            self._say(
                tr(
                    "QGIS knows no PostgreSQL connection yet. Create one in the browser panel: "
                    "PostgreSQL, New connection…"
                )
            )
        else:
            self._list(self._uris[name], name)
        self._fill()

    def _list(self, uri: str, name: str) -> None:
        QgsApplication.setOverrideCursor(QCursor(Qt.CursorShape.WaitCursor))
        try:
            self._lots = shared_lots(uri, name)
        except ReviewError as error:
            self._say(error.text(user_language()))
        else:
            if not self._lots:
                self._say(tr("This database holds no lot. A lot is put there with ocsge lot publish."))
        finally:
            QgsApplication.restoreOverrideCursor()

    def _fill(self) -> None:
        self.table.setRowCount(len(self._lots))
        for number, lot in enumerate(self._lots):
            for column, text in enumerate(_cells(lot)):
                cell = QTableWidgetItem(text)
                if lot.left is None:
                    cell.setFlags(Qt.ItemFlag.NoItemFlags)
                    cell.setToolTip(
                        tr("This account may not read that lot; ask the manager of the database.")
                    )
                self.table.setItem(number, column, cell)
        if self._lots and self._lots[0].left is not None:
            self.table.selectRow(0)
        self._on_selection()

    def _say(self, text: str) -> None:
        self.notice.setText(text)

    @guarded
    def _on_selection(self) -> None:
        open_button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        open_button.setEnabled(self.address is not None)

    @guarded
    def _on_double_click(self, _cell: QTableWidgetItem) -> None:
        if self.address is not None:
            self.accept()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(QLabel(tr("Connection")))
        top.addWidget(self.connections, 1)
        top.addWidget(self.again)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.notice)
        layout.addWidget(self.buttons)


def state_of_lot_text(value: str) -> str:
    """State of a lot; the value itself where a later version knows more."""
    texts = {
        LotState.PREPARED.value: tr("Prepared"),
        LotState.ASSIGNED.value: tr("Assigned"),
        LotState.IN_INTERPRETATION.value: tr("In interpretation"),
        LotState.DELIVERED.value: tr("Delivered"),
        LotState.IN_CONTROL.value: tr("In control"),
        LotState.ACCEPTED.value: tr("Accepted"),
        LotState.REJECTED.value: tr("Rejected"),
    }
    return texts.get(value, value)


def _cells(lot: SharedLot) -> tuple[str, ...]:
    if lot.left is None:
        return (lot.name, tr("no right to read"), "", "", lot.address.schema)
    return (
        lot.name,
        state_of_lot_text(lot.state),
        f"{lot.left} / {lot.total}",
        str(len(lot.workers)),
        lot.address.schema,
    )


def _table() -> QTableWidget:
    table = QTableWidget(0, 5)
    table.setHorizontalHeaderLabels([tr("Lot"), tr("State"), tr("To do"), tr("At work"), tr("Schema")])
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table
