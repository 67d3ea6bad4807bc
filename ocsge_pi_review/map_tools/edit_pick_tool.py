# SPDX-License-Identifier: GPL-2.0-or-later
"""A click on the map chooses an edit."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import Qt

from ocsge_common.slots import guarded


class EditPickTool(QgsMapTool):
    """Hands on the point clicked.

    Args:
        canvas: the map.
        pick: receives it, in the CRS of the map.
    """

    def __init__(self, canvas: QgsMapCanvas, pick: Callable[[QgsPointXY], None]) -> None:
        super().__init__(canvas)
        self._pick = pick
        self.setCursor(Qt.CursorShape.WhatsThisCursor)

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Choose what is there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pick(QgsPointXY(event.mapPoint()))
