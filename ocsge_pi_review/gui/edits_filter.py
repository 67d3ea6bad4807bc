# SPDX-License-Identifier: GPL-2.0-or-later
"""Which edits to look at again, and what their colour says."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.PyQt.QtCore import QDateTime, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDateTimeEdit, QGridLayout, QLabel, QWidget

from inference_backend.contracts.lot import Operation, Reason
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.edits_style import ColourBy
from ocsge_pi_review.domain.edits import EditFilter
from ocsge_pi_review.gui.texts import operation_text, reason_text


class EditsFilter(QWidget):
    """Choices above the list.

    Signals:
        changed(): another filter is chosen.
        colour_changed(): the colour says something else.
    """

    changed = pyqtSignal()
    colour_changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person, self.operation, self.reason = QComboBox(), QComboBox(), QComboBox()
        self.colour = QComboBox()
        self.since, self.until = _moment(tr("Since")), _moment(tr("Until"))
        self.in_force = QCheckBox(tr("in force only"))
        self.in_force.setChecked(True)
        self.changes = QCheckBox(tr("changes only"))
        self.changes.setToolTip(tr("Leaves out what moved no border and changed no code"))
        for choice in Operation:
            self.operation.addItem(operation_text(choice), choice)
        for why in Reason:
            self.reason.addItem(reason_text(why.value), why)
        for by, text in (
            (ColourBy.OPERATION, tr("by edit")),
            (ColourBy.PERSON, tr("by person")),
            (ColourBy.REASON, tr("by reason")),
        ):
            self.colour.addItem(text, by)
        self._lay_out()
        self._connect()

    def show_people(self, names: Iterable[str]) -> None:
        """Offer the people who made an edit, the choice kept where it can be."""
        chosen = self.person.currentData()
        self.person.blockSignals(True)
        self.person.clear()
        self.person.addItem(tr("everybody"), None)
        for name in names:
            self.person.addItem(name, name)
        self.person.setCurrentIndex(max(self.person.findData(chosen), 0))
        self.person.blockSignals(False)

    @property
    def people(self) -> list[str]:
        """Those on offer."""
        return [self.person.itemData(place) for place in range(1, self.person.count())]

    @property
    def wanted(self) -> EditFilter:
        """The filter chosen."""
        since, until = (_utc(choice, edge) for choice, edge in (self.since, self.until))
        return EditFilter(
            tuple(name for name in (self.person.currentData(),) if name),
            tuple(Operation(choice) for choice in (self.operation.currentData(),) if choice),
            tuple(Reason(why) for why in (self.reason.currentData(),) if why),
            since,
            until,
            self.in_force.isChecked(),
            self.changes.isChecked(),
        )

    @property
    def colour_by(self) -> ColourBy:
        """What the colour says."""
        return ColourBy(self.colour.currentData())

    def _lay_out(self) -> None:
        for combo, text in ((self.operation, tr("any edit")), (self.reason, tr("any reason"))):
            combo.insertItem(0, text, None)
            combo.setCurrentIndex(0)
        self.show_people(())
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for column, widget in enumerate((self.person, self.operation, self.reason, self.in_force)):
            layout.addWidget(widget, 0, column)
        for column, (choice, edge) in enumerate((self.since, self.until)):
            row = QWidget()
            inner = QGridLayout(row)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.addWidget(choice, 0, 0)
            inner.addWidget(edge, 0, 1)
            layout.addWidget(row, 1, column)
        row = QWidget()
        inner = QGridLayout(row)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(QLabel(tr("Colour")), 0, 0)
        inner.addWidget(self.colour, 0, 1)
        layout.addWidget(row, 1, 2)
        layout.addWidget(self.changes, 1, 3)

    def _connect(self) -> None:
        for combo in (self.person, self.operation, self.reason):
            combo.currentIndexChanged.connect(lambda _place: self.changed.emit())
        for box in (self.in_force, self.changes):
            box.toggled.connect(lambda _on: self.changed.emit())
        for choice, edge in (self.since, self.until):
            choice.toggled.connect(edge.setEnabled)
            choice.toggled.connect(lambda _on: self.changed.emit())
            edge.dateTimeChanged.connect(lambda _moment: self.changed.emit())
        self.colour.currentIndexChanged.connect(lambda _place: self.colour_changed.emit())


def _moment(text: str) -> tuple[QCheckBox, QDateTimeEdit]:
    today = QDateTime.currentDateTime()
    today.setTime(today.time().fromMSecsSinceStartOfDay(0))
    edge = QDateTimeEdit(today)
    edge.setDisplayFormat("dd/MM/yyyy HH:mm")
    edge.setCalendarPopup(True)
    edge.setEnabled(False)
    return QCheckBox(text), edge


def _utc(choice: QCheckBox, edge: QDateTimeEdit) -> str | None:
    if not choice.isChecked():
        return None
    return edge.dateTime().toUTC().toString(Qt.DateFormat.ISODateWithMs)
