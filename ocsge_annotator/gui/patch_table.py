# SPDX-License-Identifier: GPL-2.0-or-later
"""The queue of patches as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QColor, QFont, QIcon, QPainter, QPixmap

from ocsge_annotator.adapters.project_layers import STATE_COLOURS, state_label
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.campaign import Patch
from ocsge_annotator.domain.holes import labelled_share
from ocsge_common.translation import tr

COLUMNS = 4


class PatchTable(QAbstractTableModel):
    """Rank, patch, state and labelled share of each patch.

    Args:
        session: the work.
        parent: owner.
    """

    def __init__(self, session: AnnotationSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._icons = {state: _dot(colour) for state, colour in STATE_COLOURS.items()}

    def reload(self) -> None:
        """The queue is another one."""
        self.beginResetModel()
        self.endResetModel()

    def refresh(self) -> None:
        """Rows changed, the queue did not."""
        if not self.rowCount():
            return
        last = self.index(self.rowCount() - 1, COLUMNS - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Number of patches."""
        return 0 if parent is not None and parent.isValid() else len(self._session.patches)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Number of columns."""
        return COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("No."), tr("Patch"), tr("State"), tr("Labelled"))[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        patch = self._session.patches[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(patch, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 2:
            return self._icons[patch.state]
        if role == Qt.ItemDataRole.FontRole and index.row() == self._session.index:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(_details(patch))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 3:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _text(self, patch: Patch, column: int) -> str:
        opened = self._session.opened
        in_hand = opened is not None and patch is self._session.patch
        share = f"{100 * (labelled_share(opened.editor.labels) if in_hand else patch.labelled_share):.0f} %"
        return (str(patch.rank), patch.patch_id, state_label(patch.state), share)[column]


def _details(patch: Patch) -> Iterator[str]:
    """What is known of a patch besides its row, a line each."""
    texts = (
        (tr("Annotator: {}"), patch.annotator),
        (tr("Lot: {}"), patch.lot),
        (tr("Set: {}"), _split_label(patch.split)),
        (tr("Labelled by two people: {}"), tr("yes") if patch.twice else ""),
        (tr("Uncertainty of the model: {} %"), _percent(patch.uncertainty)),
        (tr("Controller: {}"), patch.controller),
        (tr("Comment: {}"), patch.comment),
    )
    yield from (text.format(value) for text, value in texts if value)


def _split_label(split: str) -> str:
    return {"train": tr("training"), "val": tr("validation"), "test": tr("test")}.get(split, split)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}"


def _dot(colour: str) -> QIcon:
    pixmap = QPixmap(12, 12)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(1, 1, 10, 10)
    painter.end()
    return QIcon(pixmap)
