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
from ocsge_pi_review.gui.texts import area_text


def report_rows(figures: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each figure that a delivery is judged by."""
    counts = {
        "polygons": tr("Polygons"),
        "gaps": tr("Gaps"),
        "overlaps": tr("Overlaps"),
        "invalid": tr("Invalid geometries"),
        "multipart": tr("Geometries of several parts"),
        "under_threshold": tr("Under the minimum area, without excuse"),
        "under_threshold_excused": tr("Under the minimum area, excused"),
        "null_codes": tr("Missing codes"),
        "duplicate_ids": tr("Duplicate identifiers"),
    }
    rows = [(tr("Area"), area_text(float(figures.get("area_m2", 0.0))))]
    rows += [(label, str(figures[name])) for name, label in counts.items() if name in figures]
    for name, label in (("unknown_codes", tr("Unknown codes")), ("non_leaf_codes", tr("Codes above leaves"))):
        codes = figures.get(name) or {}
        rows.append((label, ", ".join(f"{code} × {count}" for code, count in codes.items()) or "0"))
    return rows


class ReportDialog(QDialog):
    """A verdict and a table.

    Args:
        results: outputs of the process `check`: `conforms` and `conformity`.
    """

    def __init__(self, results: dict[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Conformity of the lot"))
        self.resize(440, 380)
        conforms = bool(results.get("conforms"))
        verdict = tr("The lot conforms.") if conforms else tr("The lot does not conform.")
        self.verdict = QLabel(f"<b style='color:{'#1b7837' if conforms else '#c00'}'>{verdict}</b>")
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
