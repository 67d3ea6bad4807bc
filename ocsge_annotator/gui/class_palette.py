# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes as a list of colours, keys and names; one click or key chooses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qgis.PyQt.QtCore import QLocale, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPixmap
from qgis.PyQt.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.pixels import Labels
from ocsge_common.translation import tr, user_language

SWATCH = QSize(26, 16)
MOST_ROWS = 16
"""Rows shown without scrolling."""
VALUE_ROLE = Qt.ItemDataRole.UserRole


class ClassPalette(QTreeWidget):
    """One row per class: colour and key, name, share of the patch.

    Signals:
        chosen(int): value of the class clicked.
    """

    chosen = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIconSize(SWATCH)
        self.setColumnCount(3)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows: dict[int, QTreeWidgetItem] = {}
        self.itemClicked.connect(self._on_click)

    def show_classes(self, classes: Sequence[LabelClass]) -> None:
        """Fill the list."""
        self.clear()
        self._rows.clear()
        self.setHeaderLabels([tr("Key"), tr("Class"), tr("Share")])
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        for entry in classes:
            label = entry.label(user_language())
            item = QTreeWidgetItem([entry.key, label, ""])
            item.setIcon(0, _swatch(entry.rgb))
            item.setData(0, VALUE_ROLE, entry.value)
            item.setToolTip(1, f"{label}: {entry.name}")
            item.setTextAlignment(2, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
            self.addTopLevelItem(item)
            self._rows[entry.value] = item
        rows = min(len(classes), MOST_ROWS)
        self.setMinimumHeight(rows * self.sizeHintForRow(0) + header.sizeHint().height() + 4)

    def choose(self, value: int) -> None:
        """Highlight the row of a class; none for `UNLABELLED`."""
        self.setCurrentItem(self._rows.get(value))

    def show_shares(self, labels: Labels | None) -> None:
        """Write the share of each class, from (H, W) uint8 labels."""
        counts = (
            np.zeros(256, dtype=np.int64) if labels is None else np.bincount(labels.ravel(), minlength=256)
        )
        total = max(1, int(counts.sum()))
        for value, item in self._rows.items():
            share = 100 * int(counts[value]) / total
            item.setText(2, f"{QLocale().toString(share, 'f', 1)} %" if counts[value] else "")

    def _on_click(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(int(item.data(0, VALUE_ROLE)))


def _swatch(rgb: tuple[int, int, int]) -> QIcon:
    pixmap = QPixmap(SWATCH)
    pixmap.fill(QColor(*rgb))
    painter = QPainter(pixmap)
    painter.setPen(QColor(60, 60, 60))
    painter.drawRect(0, 0, SWATCH.width() - 1, SWATCH.height() - 1)
    painter.end()
    # The same picture when the row is selected: a tint would change the class's colour.
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        icon.addPixmap(pixmap, mode)
    return icon
