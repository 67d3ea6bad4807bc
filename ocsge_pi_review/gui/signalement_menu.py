# SPDX-License-Identifier: GPL-2.0-or-later
"""The submenu of remarks in the panel's menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QDialog, QFileDialog, QMenu, QWidget

from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.open_lot import OpenLot
from ocsge_pi_review.adapters.signalement_outbox import waiting
from ocsge_pi_review.adapters.signalement_settings import signalement_settings
from ocsge_pi_review.gui.signalement_bench import Find
from ocsge_pi_review.gui.signalement_fetch import FetchDialog
from ocsge_pi_review.gui.signalement_list import SignalementList


class SignalementMenu(QObject):
    """Commands on the remarks of the open lot.

    Args:
        menu: the panel's menu.
        lot: gives the open lot, None without one.
        find: gives its remarks, None without a lot.
        messages: where to speak.
        window: parent of dialogs.
    """

    def __init__(
        self,
        menu: QMenu,
        lot: Callable[[], OpenLot | None],
        find: Find,
        messages: MessageLog,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.messages, self._lot, self._find, self._window = messages, lot, find, window
        self.menu = QMenu(tr("Remarks of the territory"), menu)
        menu.addMenu(self.menu)
        for name, text, slot in (
            ("Fetch", tr("Fetch from the collaborative service…"), self.fetch),
            ("Import", tr("Import a file…"), self.import_file),
            ("Send", tr("Send the answers"), self.send),
            ("List", tr("List and statistics…"), self.show_list),
        ):
            action = self.menu.addAction(text)
            action.setObjectName(f"remarks{name}")
            action.triggered.connect(slot)
        menu.aboutToShow.connect(self.fill)

    @guarded
    def fill(self) -> None:
        """Say how many answers wait."""
        lot = self._lot()
        self.menu.setEnabled(lot is not None)
        if lot is not None:
            left = len(waiting(lot.store, signalement_settings().load().url))
            send = self.menu.findChild(QObject, "remarksSend")
            send.setText(tr("Send the answers ({})").format(left))
            send.setEnabled(left > 0)

    @guarded
    def fetch(self) -> None:
        """Ask where from, then read in the background."""
        bench = self._find()
        if bench is None:
            return
        dialog = FetchDialog(signalement_settings().load(), self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            signalement_settings().save(dialog.settings)
            bench.fetch()

    @guarded
    def import_file(self) -> None:
        """Bring in the remarks of a file."""
        bench = self._find()
        kinds = tr("Layers of remarks (*.gpkg *.geojson *.json *.sqlite *.fgb *.shp)")
        path, _ = (
            ("", "")
            if bench is None
            else QFileDialog.getOpenFileName(self._window, tr("Import a file of remarks"), "", kinds)
        )
        if path:
            bench.import_file(Path(path))

    @guarded
    def send(self) -> None:
        """Send what waits in the outbox."""
        bench = self._find()
        if bench is not None:
            bench.sender.start()

    @guarded
    def show_list(self) -> None:
        """Show all remarks and what became of them."""
        lot = self._lot()
        if lot is None:
            return
        dialog = SignalementList(lot.store.signalements.all(), self._window)
        dialog.item_wanted.connect(lot.review.show_item)
        bench = self._find()
        if bench is not None:
            dialog.answer_wanted.connect(bench.answer)
        dialog.exec()
