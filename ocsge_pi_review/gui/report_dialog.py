# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures of a conformity check."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.conformity_report import report_rows, verdict_text


class ReportDialog(QDialog):
    """A verdict and a table.

    Args:
        results: outputs of the process `check`: `conforms` and `conformity`.
    """

    def __init__(self, results: dict[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Conformity of the lot"))
        self.resize(440, 380)
        self.verdict = QLabel(verdict_text(bool(results.get("conforms"))))
        rows = report_rows(results.get("conformity") or {})
        self.table = QTableWidget(len(rows), 2)
        self.table.setHorizontalHeaderLabels([tr("Measure"), tr("Value")])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.resizeColumnToContents(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.verdict, self.table, buttons):
            layout.addWidget(widget)
