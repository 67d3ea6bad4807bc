# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes as two columns of colours, keys and names; one click or key chooses."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from qgis.PyQt.QtCore import QLocale, QModelIndex, QRect, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPainter, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.pixels import Labels
from ocsge_common.translation import tr, user_language

COLUMNS = 2
ROW_PX = 21
SWATCH_PX = 24
MARGIN_PX = 3
LIGHT_LUMA = 140
"""Luma above which black letters read better than white ones."""
VALUE_ROLE, KEY_ROLE, SHARE_ROLE, COLOUR_ROLE = (Qt.ItemDataRole.UserRole + place for place in range(4))


class ClassPalette(QListWidget):
    """One cell per class: colour with its key, name, share of the patch.

    Signals:
        chosen(int): value of the class clicked.
    """

    chosen = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_ClassCell(self))
        self._cells: dict[int, QListWidgetItem] = {}
        self.itemClicked.connect(self._on_click)

    def show_classes(self, classes: Sequence[LabelClass]) -> None:
        """Fill the list."""
        self.clear()
        self._cells.clear()
        for entry in classes:
            label = entry.label(user_language())
            cell = QListWidgetItem(label)
            for role, value in (
                (VALUE_ROLE, entry.value),
                (KEY_ROLE, entry.key),
                (SHARE_ROLE, ""),
                (COLOUR_ROLE, QColor(*entry.rgb)),
            ):
                cell.setData(role, value)
            cell.setToolTip(tr("{}: {} (key {})").format(label, entry.name, entry.key or "–"))
            self.addItem(cell)
            self._cells[entry.value] = cell
        rows = max(1, math.ceil(len(classes) / COLUMNS))
        self.setFixedHeight(rows * ROW_PX + 2 * self.frameWidth() + 1)
        self._set_grid()

    def choose(self, value: int) -> None:
        """Highlight a class; none for `UNLABELLED`."""
        cell = self._cells.get(value)
        if cell is None:
            self.clearSelection()
        self.setCurrentItem(cell)

    def show_shares(self, labels: Labels | None) -> None:
        """Write the share of each class, from (H, W) uint8 labels."""
        counts = (
            np.zeros(256, dtype=np.int64) if labels is None else np.bincount(labels.ravel(), minlength=256)
        )
        total = max(1, int(counts.sum()))
        for value, cell in self._cells.items():
            share = 100 * int(counts[value]) / total
            text = f"{QLocale().toString(share, 'f', 1)} %" if counts[value] else ""
            if cell.data(SHARE_ROLE) != text:
                cell.setData(SHARE_ROLE, text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self._set_grid()

    def _set_grid(self) -> None:
        self.setGridSize(QSize(max(1, self.viewport().width() // COLUMNS), ROW_PX))

    def _on_click(self, cell: QListWidgetItem) -> None:
        self.chosen.emit(int(cell.data(VALUE_ROLE)))


class _ClassCell(QStyledItemDelegate):
    """Draws one cell."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(option.rect.width(), ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        painter.save()
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        if is_chosen:
            painter.fillRect(option.rect, palette.highlight())
        inner = option.rect.adjusted(MARGIN_PX, 2, -MARGIN_PX, -2)
        colour = index.data(COLOUR_ROLE)
        key_box = QRect(inner.left(), inner.top(), SWATCH_PX, inner.height())
        painter.setPen(QColor(60, 60, 60))
        painter.setBrush(colour)
        painter.drawRect(key_box.adjusted(0, 0, -1, -1))
        painter.setPen(QColor("black") if _luma(colour) > LIGHT_LUMA else QColor("white"))
        painter.drawText(key_box, Qt.AlignmentFlag.AlignCenter, index.data(KEY_ROLE))
        painter.setPen(palette.highlightedText().color() if is_chosen else palette.text().color())
        share, metrics = index.data(SHARE_ROLE), option.fontMetrics
        share_px = metrics.horizontalAdvance(share) + MARGIN_PX if share else 0
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), share)
        name_box = inner.adjusted(SWATCH_PX + 2 * MARGIN_PX, 0, -share_px, 0)
        name = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, name_box.width())
        painter.drawText(name_box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
        painter.restore()


def _luma(colour: QColor) -> float:
    """Brightness as the eye sees it, 0..255 (Rec. 601)."""
    return 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue()
