# SPDX-License-Identifier: GPL-2.0-or-later
"""Flood fill."""

from __future__ import annotations

from qgis.gui import QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt

from ocsge_annotator.map_tools.patch_tool import PatchTool
from ocsge_common.slots import guarded


class FillTool(PatchTool):
    """Gives the chosen class to the connected pixels that are as the one clicked."""

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Left fills, right picks the class."""
        point = self.pixel_of(event)
        if point is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self.session.fill(point, self.session.value)
        elif event.button() == Qt.MouseButton.RightButton:
            self.pick(point)
