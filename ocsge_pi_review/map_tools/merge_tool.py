# SPDX-License-Identifier: GPL-2.0-or-later
"""A click on a neighbour lets it absorb the polygon in front."""

from __future__ import annotations

from functools import partial

from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt

from ocsge_common.slots import guarded
from ocsge_pi_review.map_tools.desk import ToolDesk
from ocsge_pi_review.map_tools.plan_tool import PlanTool


class MergeTool(PlanTool):
    """Picks the neighbour; what the merged polygon would be lights up under the mouse."""

    def __init__(self, canvas: QgsMapCanvas, desk: ToolDesk) -> None:
        super().__init__(canvas, desk)
        self._under: str | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @guarded
    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Light up what a click would make."""
        row = self.review.store.row_at(self.lot_point(event))
        under = None if row is None or row.id == self.review.polygon_id else row.id
        if under != self._under:
            self._under = under
            self.think(None if under is None else partial(self.gestures.merge, under))

    @guarded
    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Merge into the polygon clicked; the right button gives up."""
        if event.button() == Qt.MouseButton.RightButton:
            self.finished.emit()
            return
        row = self.review.store.row_at(self.lot_point(event))
        if row is not None and row.id != self.review.polygon_id:
            self.make(partial(self.gestures.merge, row.id))

    def give_up(self) -> None:
        """Put everything out."""
        self._under = None
        super().give_up()
