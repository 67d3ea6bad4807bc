# SPDX-License-Identifier: GPL-2.0-or-later
"""The state of the lot in the panel's menu: deliver, call back, control, send back with items to redo."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressDialog,
    QWidget,
)

from inference_backend.contracts.lot import LotState
from inference_backend.contracts.lot_states import NEXT, history_of, state_of
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.lot_handover import change_state, reject
from ocsge_pi_review.adapters.open_lot import OpenLot
from ocsge_pi_review.domain.lot_errors import UnknownItemError


class LotStateMenu(QObject):
    """A submenu that says where the open lot stands and what may follow.

    Args:
        menu: the panel's menu.
        lot: gives the open lot, None without one.
        messages: where to speak.
        window: parent of the dialog.
    """

    def __init__(
        self, menu: QMenu, lot: Callable[[], OpenLot | None], messages: MessageLog, window: QWidget
    ) -> None:
        super().__init__(window)
        self.messages, self._lot, self._window = messages, lot, window
        self.menu = QMenu(tr("State of the lot"), menu)
        menu.addMenu(self.menu)
        menu.aboutToShow.connect(self.fill)

    @guarded
    def fill(self) -> None:
        """Say what there is to choose now."""
        self.menu.clear()
        lot = self._lot()
        self.menu.setEnabled(lot is not None)
        self.menu.setTitle(tr("State of the lot"))
        if lot is None:
            return
        state = state_of(lot.store.metadata)
        self.menu.setTitle(tr("State of the lot: {}").format(state_name(state)))
        for wanted in NEXT[state]:
            is_back = state is LotState.DELIVERED and wanted is LotState.IN_INTERPRETATION
            action = self.menu.addAction(tr("Call the lot back") if is_back else _command(wanted))
            action.setObjectName(f"lotState_{wanted.value}")
            action.triggered.connect(lambda _checked=False, w=wanted: self.choose(w))
        self.menu.addSeparator()
        for line in history_of(lot.store.metadata)[-5:]:
            self.menu.addAction(_line(line)).setEnabled(False)

    @guarded
    def choose(self, wanted: LotState) -> None:
        """Ask for what must be said, then change the state."""
        lot = self._lot()
        if lot is None:
            return
        if wanted in (LotState.REJECTED, LotState.ASSIGNED):
            dialog = StateDialog(wanted, lot.review.item_id, self._window)
            if dialog.exec() == QDialog.DialogCode.Accepted:
                self.change(lot, wanted, dialog.comment, dialog.items)
            return
        self.change(lot, wanted)

    def change(self, lot: OpenLot, wanted: LotState, comment: str = "", items: tuple[int, ...] = ()) -> None:
        """Change the state, and say so.

        Raises:
            OcsgeError: it may not follow, or the lot is not what its journal says.
        """
        if wanted is LotState.REJECTED:
            reject(lot.store, items, comment)
        elif not self._changed(lot, wanted, comment):
            return
        lot.review.refresh()
        for item in items:
            lot.review.item_changed.emit(item)
        self.messages.success(_done(wanted, lot.name))

    def _changed(self, lot: OpenLot, wanted: LotState, comment: str) -> bool:
        """Change the state behind a bar, which a large lot needs; False if the user stopped it."""
        bar = QProgressDialog(tr("Checking the lot against its journal…"), tr("Stop"), 0, 100, self._window)
        bar.setWindowModality(Qt.WindowModality.WindowModal)

        def goes_on(share: float) -> bool:
            bar.setValue(int(100 * share))
            return not bar.wasCanceled()

        try:
            change_state(lot.store, wanted, comment, goes_on)
        except InterruptedError:
            return False
        finally:
            bar.close()
            bar.deleteLater()
        return True


class StateDialog(QDialog):
    """Asks why, and which items have to be decided again.

    Args:
        wanted: the state to come.
        item_id: number of the item in front, or None.
        parent: its window.
    """

    def __init__(self, wanted: LotState, item_id: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_command(wanted))
        form = QFormLayout(self)
        self.items_line = QLineEdit("" if item_id is None else str(item_id))
        self.items_line.setPlaceholderText(tr("numbers of the queue, for instance 12 15"))
        self.comment_text = QPlainTextEdit()
        self.comment_text.setMaximumHeight(90)
        if wanted is LotState.REJECTED:
            form.addRow(tr("Items to decide again"), self.items_line)
            form.addRow(tr("Why"), self.comment_text)
        else:
            form.addRow(tr("Handed to"), self.comment_text)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def comment(self) -> str:
        """What was written."""
        return self.comment_text.toPlainText().strip()

    @property
    def items(self) -> tuple[int, ...]:
        """Numbers of items.

        Raises:
            UnknownItemError: something else than numbers.
        """
        words = self.items_line.text().replace(",", " ").split()
        for word in words:
            if not word.isdigit():
                raise UnknownItemError(item=word)
        return tuple(int(word) for word in words)


def state_name(state: LotState) -> str:
    """A state in the user's language."""
    return {
        LotState.PREPARED: tr("prepared"),
        LotState.ASSIGNED: tr("assigned"),
        LotState.IN_INTERPRETATION: tr("in interpretation"),
        LotState.DELIVERED: tr("delivered"),
        LotState.IN_CONTROL: tr("in control"),
        LotState.ACCEPTED: tr("accepted"),
        LotState.REJECTED: tr("rejected"),
    }[state]


def _command(wanted: LotState) -> str:
    return {
        LotState.PREPARED: tr("Take the lot back"),
        LotState.ASSIGNED: tr("Hand the lot to somebody…"),
        LotState.IN_INTERPRETATION: tr("Work on the lot"),
        LotState.DELIVERED: tr("Deliver the lot"),
        LotState.IN_CONTROL: tr("Begin the control"),
        LotState.ACCEPTED: tr("Accept the lot"),
        LotState.REJECTED: tr("Reject the lot…"),
    }[wanted]


def _done(wanted: LotState, name: str) -> str:
    if wanted is LotState.DELIVERED:
        text = tr("{} is delivered: it was checked against its journal. Close it and send the file.")
        return text.format(name)
    return tr("{}: this lot is now {}.").format(name, state_name(wanted))


def _line(line: dict[str, str]) -> str:
    when = line["time_utc"][:16].replace("T", " ")
    said = f" – {line['comment']}" if line.get("comment") else ""
    who = f" ({line['by']})" if line.get("by") else ""
    return f"{when}  {state_name(LotState(line['state']))}{who}{said}"
