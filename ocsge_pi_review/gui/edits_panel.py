# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel of the second look: filter, list, one edit before and after."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocsge_common.translation import tr
from ocsge_pi_review.gui.edits_details import EditDetails
from ocsge_pi_review.gui.edits_filter import EditsFilter

_ROW_PX = 22
_WIDTHS_PX = (64, 140, 100, 110, 80, 90, 160)


class EditsPanel(QWidget):
    """Widgets, and nothing that decides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = EditsFilter()
        self.list = QTableView()
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.verticalHeader().hide()
        self.list.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.list.horizontalHeader().setStretchLastSection(True)
        self.count = QLabel()
        self.pick = QToolButton()
        self.pick.setText(tr("Click an edit on the map"))
        self.pick.setCheckable(True)
        self.refresh = QToolButton()
        self.refresh.setText(tr("Refresh"))
        self.details = EditDetails()
        self.setMinimumHeight(200)
        self._lay_out()

    def set_widths(self) -> None:
        """Give the columns their widths, once the list has a model."""
        for column, width_px in enumerate(_WIDTHS_PX):
            self.list.setColumnWidth(column, width_px)

    def _lay_out(self) -> None:
        left, row = QWidget(), QHBoxLayout()
        for widget in (self.count, self.pick, self.refresh):
            row.addWidget(widget)
        row.insertStretch(1)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filter)
        column.addLayout(row)
        column.addWidget(self.list)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(self.details)
        for place in range(splitter.count()):
            splitter.setStretchFactor(place, 1)
        splitter.setSizes([1, 1])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(splitter)
