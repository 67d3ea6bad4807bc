# SPDX-License-Identifier: GPL-2.0-or-later
"""A second look at the place of the main map, with the labels of the patch where wanted."""

from __future__ import annotations

from qgis.core import QgsMapLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtWidgets import QWidget

from ocsge_annotator.map_tools.label_overlay import LabelOverlay
from ocsge_common.following_canvas import FollowingCanvas


class ViewCanvas(FollowingCanvas):
    """A view that can show labels.

    Args:
        title: translated.
        layer: what it shows; this view owns it from now on.
        main: the map to keep step with.
        parent: owner.
    """

    def __init__(
        self, title: str, layer: QgsMapLayer, main: QgsMapCanvas, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, layer, main, parent=parent)
        self.overlay = LabelOverlay(self.canvas)
        self.overlay.setVisible(False)
