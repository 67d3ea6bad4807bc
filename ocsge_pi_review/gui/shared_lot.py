# SPDX-License-Identifier: GPL-2.0-or-later
"""Opening a lot of a database, and saying what happens to the items in hand meanwhile."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime

from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QDateTime, QLocale, QObject
from qgis.PyQt.QtWidgets import QDialog, QWidget

from ocsge_common.messages import MessageLog
from ocsge_common.settings import SettingsStore
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.hold_keeper import HoldKeeper
from ocsge_pi_review.adapters.open_lot import OpenLot
from ocsge_pi_review.adapters.open_shared_lot import open_shared_lot
from ocsge_pi_review.adapters.postgis_address import LotAddress
from ocsge_pi_review.adapters.postgis_holds import HoldNotice
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.domain.errors import JournalError
from ocsge_pi_review.gui.connect_postgis import ConnectDialog


class SharedLotDoor(QObject):
    """Lets the user choose a lot of a database, opens it and keeps its holds.

    Args:
        canvas: the map, whose mouse tells of work.
        project: where layers go.
        store: the operator's settings.
        messages: where to speak.
        leave: closes the lot that is open.
        show: puts an opened lot on the screen.
        window: parent of the dialog.
    """

    def __init__(
        self,
        canvas: QgsMapCanvas,
        project: QgsProject,
        store: SettingsStore[ReviewSettings],
        messages: MessageLog,
        leave: Callable[[], None],
        show: Callable[[OpenLot], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.messages = messages
        self._canvas, self._project, self._settings = canvas, project, store
        self._leave, self._show, self._window = leave, show, window
        self.keeper: HoldKeeper | None = None

    @guarded
    def choose(self) -> None:
        """Let the user choose a lot and open it."""
        settings = self._settings.load()
        dialog = ConnectDialog(settings.last_connection, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.address is not None:
            self._settings.save(dataclasses.replace(settings, last_connection=dialog.connection))
            self.open(dialog.address)

    def open(self, address: LotAddress) -> None:
        """Open a lot of a database in place of the present one.

        Raises:
            LotError, ProfileError, JournalError: it cannot be opened; nothing is open then.
        """
        self._leave()
        lot = open_shared_lot(address, self._settings.load().operator_name, self._project)
        signs = (
            lot.review.focus_changed,
            lot.review.performed,
            self._canvas.xyCoordinates,
            self._canvas.keyPressed,
        )
        keeper = HoldKeeper(lot.store, signs, self)
        keeper.noticed.connect(self._on_notice)
        keeper.ended.connect(self._on_ended)
        keeper.failed.connect(self._on_failed)
        lot.on_close = self._stop
        self.keeper = keeper
        self._show(lot)

    def _stop(self) -> None:
        if self.keeper is not None:
            self.keeper.stop()
            self.keeper.deleteLater()
            self.keeper = None

    @guarded
    def _on_notice(self, notice: HoldNotice) -> None:
        if notice.kind == "taken_over":
            text = tr("Item {} was with {} until {}; nobody renewed it, it is yours now.")
            self.messages.info(text.format(notice.rank, notice.who, clock_text(notice.until)))
        else:
            text = tr("Item {} is with {} now: you had left it for too long. Go to the next item.")
            self.messages.warning(text.format(notice.rank, notice.who))

    @guarded
    def _on_ended(self) -> None:
        self.messages.warning(
            tr(
                "Nothing was done for a while: your items can now be taken by others. Going on takes them up "
                "again where nobody did."
            )
        )

    @guarded
    def _on_failed(self, error: JournalError) -> None:
        self.messages.warning(error.text(user_language()))


def clock_text(time_utc: str) -> str:
    """Time of day here, from a time in UTC; empty for none."""
    if not time_utc:
        return ""
    moment = datetime.fromisoformat(time_utc.replace("Z", "+00:00"))
    there = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return str(QLocale().toString(there.time(), QLocale.FormatType.ShortFormat))
