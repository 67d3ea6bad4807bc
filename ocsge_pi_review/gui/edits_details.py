# SPDX-License-Identifier: GPL-2.0-or-later
"""What one edit did: polygon by polygon, before and after."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr
from ocsge_pi_review.domain.edits import PolygonChange, polygon_changes
from ocsge_pi_review.domain.journal import TURNS, JournalRow
from ocsge_pi_review.domain.rings import area
from ocsge_pi_review.gui.edits_bands import Moment
from ocsge_pi_review.gui.edits_model import time_text
from ocsge_pi_review.gui.texts import area_text, code_text, duration_text, operation_text, reason_text


class EditDetails(QWidget):
    """The right half of the panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels([tr("Polygon"), tr("Cover"), tr("Use"), tr("Area")])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.moments = QButtonGroup(self)
        self.buttons = {
            Moment.BEFORE: self._button(tr("Before")),
            Moment.AFTER: self._button(tr("After")),
            Moment.BOTH: self._button(tr("Both outlines")),
        }
        self.buttons[Moment.BOTH].setChecked(True)
        self.take_back = QPushButton(tr("Take this edit back"))
        self.take_back.setToolTip(
            tr("By an edit of its own, which Redo makes again; refused where a later edit stands on it")
        )
        row = QHBoxLayout()
        for button in (*self.buttons.values(), self.take_back):
            row.addWidget(button)
        row.insertStretch(len(self.buttons))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.title, self.table):
            layout.addWidget(widget)
        layout.addLayout(row)
        self.clear()

    @property
    def moment(self) -> Moment:
        """What is drawn on the map."""
        return next(moment for moment, button in self.buttons.items() if button.isChecked())

    def clear(self) -> None:
        """Show no edit."""
        self.title.setText(tr("Choose an edit in the list, or click one on the map."))
        self.table.setRowCount(0)
        self.take_back.setEnabled(False)

    def show_edit(self, row: JournalRow, nomenclature: Nomenclature) -> None:
        """Show one edit."""
        self.title.setText(_title(row))
        changes = polygon_changes(row)
        self.table.setRowCount(len(changes))
        for place, change in enumerate(changes):
            for column, (text, tip) in enumerate(_cells(change, nomenclature)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(tip)
                self.table.setItem(place, column, cell)
        self.take_back.setEnabled(row.is_in_force and row.gesture.operation not in TURNS)

    def _button(self, text: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        self.moments.addButton(button)
        return button


def _title(row: JournalRow) -> str:
    parts = [
        tr("Edit {}: {}").format(row.seq, operation_text(row.gesture.operation)),
        f"{row.operator}, {time_text(row.time_utc)}",
        duration_text(row.duration_s),
    ]
    if row.gesture.changed_m2:
        parts.append(tr("{} of ground changed").format(area_text(row.gesture.changed_m2)))
    parts += [reason_text(reason) for reason in row.gesture.reasons[:1]]
    comments = {decision.get("comment") for decision in row.gesture.items_after} - {None, ""}
    return " · ".join(parts) + "".join(f"\n« {comment} »" for comment in sorted(comments))


def _cells(change: PolygonChange, nomenclature: Nomenclature) -> list[tuple[str, str]]:
    """Text and tooltip of each column."""
    rows = [row for row in (change.before, change.after) if row is not None]
    name = change.polygon_id
    if change.before is None:
        name = tr("{} (made)").format(name)
    elif change.after is None:
        name = tr("{} (absorbed)").format(name)
    areas = " → ".join(dict.fromkeys(area_text(area(row.polygon)) for row in rows))
    columns = [[row.cs for row in rows], [row.us for row in rows]]
    return [(name, name), *(_codes(codes, nomenclature) for codes in columns), (areas, areas)]


def _codes(codes: list[str], nomenclature: Nomenclature) -> tuple[str, str]:
    different = list(dict.fromkeys(codes))
    return " → ".join(different), "\n→ ".join(code_text(nomenclature, code) for code in different)
