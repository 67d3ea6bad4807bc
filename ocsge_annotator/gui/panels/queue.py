# SPDX-License-Identifier: GPL-2.0-or-later
"""The queue of patches; a click takes one in hand."""

from __future__ import annotations

from qgis.PyQt.QtCore import QModelIndex, Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.gui.patch_table import PatchTable
from ocsge_common.slots import guarded

ROW_PX = 22
SHOWN_ROWS = 4


class QueuePanel(QWidget):
    """Rank, patch, state and labelled share of each patch.

    Args:
        session: the work.
        parent: owner.
    """

    def __init__(self, session: AnnotationSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.table = PatchTable(session, self)
        self.view = QTableView()
        self.view.setObjectName("patch_view")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._set_up()
        self.view.clicked.connect(self._on_row)
        session.campaign_changed.connect(self.table.reload)
        session.patch_changed.connect(self.show_patch)
        session.patches_changed.connect(self.table.refresh)

    def _set_up(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setFrameShape(QFrame.Shape.StyledPanel)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setAlternatingRowColors(True)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        view.setFixedHeight(SHOWN_ROWS * ROW_PX + header.sizeHint().height() + 2 * view.frameWidth())

    @guarded
    def show_patch(self) -> None:
        """Lead the eye to the patch in hand."""
        index = self.table.index(self._session.index, 0)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)

    @guarded
    def _on_row(self, index: QModelIndex) -> None:
        self._session.go_to(index.row())
