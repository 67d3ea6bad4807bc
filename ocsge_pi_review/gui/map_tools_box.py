# SPDX-License-Identifier: GPL-2.0-or-later
"""The three map tools of a lot, and which one is on."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.map_tools.merge_tool import MergeTool
from ocsge_pi_review.map_tools.pick_tool import PickTool
from ocsge_pi_review.map_tools.split_tool import SplitTool


class MapToolsBox(QObject):
    """Switches between picking, merging and splitting.

    Signals:
        changed(str): `pick`, `merge` or `split` is on now.

    Args:
        canvas: the map.
        review: what the tools act on.
    """

    changed = pyqtSignal(str)

    def __init__(self, canvas: QgsMapCanvas, review: Review, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._removed = False
        self._earlier = canvas.mapTool()
        self.pick, self.merge, self.split = (
            PickTool(canvas, review),
            MergeTool(canvas, review),
            SplitTool(canvas, review),
        )
        self.merge.finished.connect(self.rest)
        self.split.finished.connect(self.rest)

    def take(self, name: str) -> None:
        """Switch to a tool by name."""
        self._canvas.setMapTool(getattr(self, name))
        self.changed.emit(name)

    def rest(self) -> None:
        """Back to picking."""
        self.take("pick")

    def remove(self) -> None:
        """Give the canvas back its earlier tool and leave nothing on the map; safe to call again."""
        if self._removed:
            return
        self._removed = True
        if self._canvas.mapTool() in (self.pick, self.merge, self.split):
            self._canvas.unsetMapTool(self._canvas.mapTool())
            if self._earlier is not None:
                self._canvas.setMapTool(self._earlier)
        self.merge.remove()
        self.split.remove()
        # The canvas owns its tools: without this each lot would leave three behind.
        for tool in (self.pick, self.merge, self.split):
            tool.deleteLater()
