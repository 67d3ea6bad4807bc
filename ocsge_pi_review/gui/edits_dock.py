# SPDX-License-Identifier: GPL-2.0-or-later
"""The dock of the second look: there while a lot is open and somebody asked for it."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.gui import QgsDockWidget, QgsMapCanvas
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QWidget

from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.open_lot import OpenLot
from ocsge_pi_review.gui.edits import EditsDesk
from ocsge_pi_review.gui.edits_panel import EditsPanel


class EditsDock(QObject):
    """Shows the edits of the open lot, and forgets them with it.

    Args:
        window: parent of the dock.
        canvas: the map.
        messages: where to speak.

    Attributes:
        dock: to be put into the window.
        desk: the second look in progress, None without.
    """

    def __init__(self, window: QWidget, canvas: QgsMapCanvas, messages: MessageLog) -> None:
        super().__init__(window)
        self.messages = messages
        self._canvas = canvas
        self.panel = EditsPanel()
        self.dock = QgsDockWidget(tr("Second look at the edits"), window)
        self.dock.setObjectName("OcsgeReviewEditsDock")
        self.dock.setWidget(self.panel)
        self.dock.hide()
        self.dock.closed.connect(self.forget)
        self.desk: EditsDesk | None = None

    def show(self, lot: OpenLot) -> None:
        """Look at the edits of a lot.

        Raises:
            LotError: its journal cannot be read.
        """
        self.forget()
        self.desk = EditsDesk(self.panel, self._canvas, QgsProject.instance(), lot, self.messages)
        self.dock.show()
        self.dock.raise_()

    @guarded
    def forget(self, layers_are_leaving: bool = False) -> None:
        """Leave the lot, which is about to close; safe to call again."""
        if self.desk is None:
            return
        self.desk.close(layers_are_leaving=layers_are_leaving)
        self.desk.deleteLater()
        self.desk = None
        self.dock.hide()
